package io.sepiola.monitor.state;

import io.sepiola.base.Malformed;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Defaults of options under Ceph's names: of those that the monitors act on, and of the OSDs'
 * compression.
 */
public final class MonitorDefaults {
    private static final Map<String, String> VALUES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("bluestore_compression_algorithm", "snappy"),
                            Map.entry("bluestore_compression_max_blob_size", "0"),
                            Map.entry("bluestore_compression_min_blob_size", "0"),
                            Map.entry("bluestore_compression_mode", "none"),
                            Map.entry("bluestore_compression_required_ratio", "0.875"),
                            Map.entry("mon_allow_pool_delete", "false"),
                            Map.entry("mon_allow_pool_size_one", "false"),
                            Map.entry("mon_max_pg_per_osd", "250"),
                            Map.entry("mon_max_pool_pg_num", "65536"),
                            Map.entry("mon_osd_down_out_interval", "600"),
                            Map.entry("mon_osd_adjust_down_out_interval", "true"),
                            Map.entry("mon_osd_adjust_heartbeat_grace", "true"),
                            Map.entry("mon_osd_auto_mark_auto_out_in", "true"),
                            Map.entry("mon_osd_auto_mark_in", "false"),
                            Map.entry("mon_osd_auto_mark_new_in", "true"),
                            Map.entry("mon_osd_down_out_subtree_limit", "rack"),
                            Map.entry("mon_osd_laggy_halflife", "3600"),
                            Map.entry("mon_osd_laggy_max_interval", "300"),
                            Map.entry("mon_osd_laggy_weight", "0.3"),
                            Map.entry("mon_osd_min_down_reporters", "2"),
                            Map.entry("mon_osd_min_up_ratio", "0.3"),
                            Map.entry("mon_osd_reporter_subtree_level", "host"),
                            Map.entry("mon_osd_min_in_ratio", "0.75"),
                            Map.entry("mon_osd_report_timeout", "900"),
                            Map.entry("mon_min_osdmap_epochs", "500"),
                            Map.entry("mon_mgr_beacon_grace", "30"),
                            Map.entry("mon_warn_on_pool_no_app", "true"),
                            Map.entry("mon_warn_on_pool_no_redundancy", "true"),
                            Map.entry("osd_crush_chooseleaf_type", "1"),
                            Map.entry("osd_heartbeat_grace", "20"),
                            Map.entry("osd_pool_default_size", "3"),
                            Map.entry("osd_pool_default_min_size", "0"),
                            Map.entry("osd_pool_default_pg_num", "32"),
                            Map.entry("osd_pool_default_pgp_num", "0"),
                            Map.entry("osd_pool_default_crush_rule", "-1"),
                            Map.entry("osd_pool_default_pg_autoscale_mode", "off")));

    private MonitorDefaults() {}

    /** The default of an option; empty when it is none of these. */
    public static Optional<String> of(String option) {
        return Optional.ofNullable(VALUES.get(option));
    }

    /** The names of these options, sorted. */
    public static List<String> names() {
        return List.copyOf(VALUES.keySet());
    }

    /**
     * Holds a new value against the kind of its option's default; other options take any value.
     *
     * @throws Malformed when it does not fit
     */
    public static void check(String option, String value) {
        String standard = VALUES.get(option);
        if (standard == null) {
            return;
        }
        boolean fits =
                switch (standard) {
                    case "true", "false" -> List.of("true", "false").contains(value);
                    case "off" -> List.of("on", "off", "warn").contains(value);
                    case "none" ->
                            List.of("none", "passive", "aggressive", "force").contains(value);
                    case "snappy" ->
                            List.of("none", "snappy", "zlib", "zstd", "lz4").contains(value);
                    case "host", "rack" -> value.matches("[A-Za-z0-9_.-]{0,64}");
                    default -> value.matches(number(option, standard));
                };
        if (!fits) {
            throw new Malformed(
                    "error parsing value: '"
                            + value
                            + "' does not fit "
                            + option
                            + ", whose default is "
                            + standard);
        }
    }

    private static String number(String option, String standard) {
        if (standard.contains(".")) {
            return "[0-9]{1,6}(\\.[0-9]{1,9})?";
        }
        return option.endsWith("_blob_size") ? "[0-9]{1,9}([KMG]i?)?B?" : "-?[0-9]{1,9}";
    }
}
