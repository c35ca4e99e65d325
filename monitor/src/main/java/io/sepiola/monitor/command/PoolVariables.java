package io.sepiola.monitor.command;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The variables of pools that can be shown and set. */
final class PoolVariables {
    /** Variables that {@code osd pool get} knows. */
    static final String GET =
            "size|min_size|pg_num|pgp_num|crush_rule|hashpspool|nodelete|nopgchange|nosizechange"
                + "|write_fadvise_dontneed|noscrub|nodeep-scrub|hit_set_type|hit_set_period"
                + "|hit_set_count|hit_set_fpp|use_gmt_hitset|target_max_objects|target_max_bytes"
                + "|cache_target_dirty_ratio|cache_target_dirty_high_ratio|cache_target_full_ratio"
                + "|cache_min_flush_age|cache_min_evict_age|erasure_code_profile"
                + "|min_read_recency_for_promote|all|min_write_recency_for_promote|fast_read"
                + "|hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval"
                + "|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority"
                + "|scrub_priority|compression_mode|compression_algorithm"
                + "|compression_required_ratio|compression_max_blob_size"
                + "|compression_min_blob_size|csum_type|csum_min_block"
                + "|csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode"
                + "|pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio"
                + "|dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk";

    /** Variables that {@code osd pool set} knows. */
    static final String SET =
            "size|min_size|pg_num|pgp_num|pgp_num_actual|crush_rule|hashpspool|nodelete"
                + "|nopgchange|nosizechange|write_fadvise_dontneed|noscrub|nodeep-scrub"
                + "|hit_set_type|hit_set_period|hit_set_count|hit_set_fpp|use_gmt_hitset"
                + "|target_max_bytes|target_max_objects|cache_target_dirty_ratio"
                + "|cache_target_dirty_high_ratio|cache_target_full_ratio"
                + "|cache_min_flush_age|cache_min_evict_age"
                + "|min_read_recency_for_promote|min_write_recency_for_promote|fast_read"
                + "|hit_set_grade_decay_rate|hit_set_search_last_n|scrub_min_interval"
                + "|scrub_max_interval|deep_scrub_interval|recovery_priority|recovery_op_priority"
                + "|scrub_priority|compression_mode|compression_algorithm"
                + "|compression_required_ratio|compression_max_blob_size"
                + "|compression_min_blob_size|csum_type|csum_min_block"
                + "|csum_max_block|allow_ec_overwrites|fingerprint_algorithm|pg_autoscale_mode"
                + "|pg_autoscale_bias|pg_num_min|pg_num_max|target_size_bytes|target_size_ratio"
                + "|dedup_tier|dedup_chunk_algorithm|dedup_cdc_chunk_size|bulk";

    /** Those of cache tiers, which there are none of. */
    static final Set<String> TIER =
            Set.of(
                    "hit_set_type",
                    "hit_set_period",
                    "hit_set_count",
                    "hit_set_fpp",
                    "target_max_objects",
                    "target_max_bytes",
                    "cache_target_dirty_ratio",
                    "cache_target_dirty_high_ratio",
                    "cache_target_full_ratio",
                    "cache_min_flush_age",
                    "cache_min_evict_age",
                    "min_read_recency_for_promote",
                    "min_write_recency_for_promote",
                    "hit_set_grade_decay_rate",
                    "hit_set_search_last_n");

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
                    "fingerprint_algorithm",
                    "dedup_tier",
                    "dedup_chunk_algorithm",
                    "dedup_cdc_chunk_size",
                    "pg_num_min",
                    "pg_num_max",
                    "target_size_bytes",
                    "target_size_ratio",
                    "pg_autoscale_bias");

    /** Options with a fraction. */
    static final Set<String> REALS =
            Set.of(
                    "scrub_min_interval",
                    "scrub_max_interval",
                    "deep_scrub_interval",
                    "compression_required_ratio",
                    "target_size_ratio",
                    "pg_autoscale_bias");

    private PoolVariables() {}

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

    /**
     * A number that may end with K, M, G, T or P.
     *
     * @param binary whether these stand for powers of 1024
     * @throws Refused when it is none
     */
    static long quantity(String text, boolean binary) {
        var found =
                Pattern.compile(
                                binary
                                        ? "([0-9]{1,12})([KMGTP]?)(i|B)?"
                                        : "([0-9]{1,12})([KMGTP]?)")
                        .matcher(text);
        if (!found.matches()) {
            throw Refused.invalid(
                    "error parsing value '"
                            + PoolShowCommands.shortened(text)
                            + "': a number is expected, such as 100 or 10M");
        }
        long step = binary ? 1024 : 1000;
        long factor = 1;
        for (int i = 0; i <= "KMGTP".indexOf(found.group(2)) && !found.group(2).isEmpty(); i++) {
            factor *= step;
        }
        try {
            return Math.multiplyExact(Long.parseLong(found.group(1)), factor);
        } catch (ArithmeticException tooLarge) {
            throw new Refused(Errno.ERANGE, "'" + text + "' is too large");
        }
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
