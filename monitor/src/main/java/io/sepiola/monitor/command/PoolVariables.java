package io.sepiola.monitor.command;

import io.sepiola.protocol.map.PoolOption;

import java.util.List;
import java.util.Set;

/** The variables of pools that can be shown and set. */
final class PoolVariables {
    /** Variables that {@code osd pool get} knows. */
    static final String GET =
            "size|min_size|pg_num|pgp_num|crush_rule|hashpspool|nodelete|nopgchange|nosizechange"
                + "|write_fadvise_dontneed|noscrub|nodeep-scrub|use_gmt_hitset|erasure_code_profile|all"
                + "|fast_read|scrub_min_interval|scrub_max_interval|deep_scrub_interval"
                + "|recovery_priority|recovery_op_priority|scrub_priority|compression_mode"
                + "|compression_algorithm|compression_required_ratio|compression_max_blob_size"
                + "|compression_min_blob_size|csum_type|csum_min_block|csum_max_block"
                + "|allow_ec_overwrites|pg_autoscale_mode|pg_autoscale_bias|pg_num_min|pg_num_max"
                + "|target_size_bytes|target_size_ratio|bulk";

    /** Variables that {@code osd pool set} knows. */
    static final String SET =
            "size|min_size|pg_num|pgp_num|crush_rule|hashpspool|nodelete|nopgchange|nosizechange"
                + "|write_fadvise_dontneed|noscrub|nodeep-scrub|fast_read|scrub_min_interval"
                + "|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority"
                + "|scrub_priority|compression_mode|compression_algorithm|compression_required_ratio"
                + "|compression_max_blob_size|compression_min_blob_size|csum_type|csum_min_block"
                + "|csum_max_block|pg_autoscale_mode|pg_autoscale_bias|pg_num_min|pg_num_max"
                + "|target_size_bytes|target_size_ratio|bulk";

    /** Those kept as a pool's options. */
    static final List<String> OPTIONS =
            List.of(
                    "scrub_min_interval",
                    "scrub_max_interval",
                    "deep_scrub_interval",
                    "recovery_priority",
                    "recovery_op_priority",
                    "scrub_priority",
                    "compression_mode",
                    "compression_algorithm",
                    "compression_required_ratio",
                    "compression_max_blob_size",
                    "compression_min_blob_size",
                    "csum_type",
                    "csum_max_block",
                    "csum_min_block",
                    "pg_num_min",
                    "pg_num_max",
                    "target_size_bytes",
                    "target_size_ratio",
                    "pg_autoscale_bias");

    private static final Set<String> TEXTS = Set.of("compression_mode", "compression_algorithm");
    private static final Set<String> REALS =
            Set.of(
                    "scrub_min_interval",
                    "scrub_max_interval",
                    "deep_scrub_interval",
                    "compression_required_ratio",
                    "target_size_ratio",
                    "pg_autoscale_bias");

    private PoolVariables() {}

    /**
     * The value of an option.
     *
     * @throws Refused when it is not of the option's kind
     */
    static PoolOption option(String name, String value) {
        if (TEXTS.contains(name)) {
            if (!value.matches("[a-z0-9_-]{1,32}")) {
                throw Refused.invalid(
                        "unrecognized " + name + " '" + PoolShowCommands.shortened(value) + "'");
            }
            return new PoolOption.Text(value);
        }
        if (REALS.contains(name)) {
            return new PoolOption.Real(real(value));
        }
        return new PoolOption.Whole(whole(value));
    }

    /**
     * A whole number that is not negative.
     *
     * @throws Refused when it is none
     */
    static long whole(String value) {
        if (!value.matches("[0-9]{1,18}")) {
            throw Refused.invalid(
                    "error parsing integer value '"
                            + PoolShowCommands.shortened(value)
                            + "': a whole number expected");
        }
        return Long.parseLong(value);
    }

    private static double real(String value) {
        if (!value.matches("[0-9]{1,15}(\\.[0-9]{1,15})?")) {
            throw Refused.invalid(
                    "error parsing floating point value '"
                            + PoolShowCommands.shortened(value)
                            + "': a number expected");
        }
        return Double.parseDouble(value);
    }

    /**
     * A truth value.
     *
     * @throws Refused when it is none
     */
    static boolean truth(String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Refused.invalid("expecting value 'true', 'false', '0', or '1'");
        };
    }
}
