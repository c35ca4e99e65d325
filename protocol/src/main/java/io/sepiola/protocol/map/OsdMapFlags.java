package io.sepiola.protocol.map;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The flags of a whole cluster (CEPH_OSDMAP_*). */
public final class OsdMapFlags {
    /** Reads wait. */
    public static final int PAUSERD = 1 << 2;

    /** Writes wait. */
    public static final int PAUSEWR = 1 << 3;

    /** No recovery but what clients wait for. */
    public static final int PAUSEREC = 1 << 4;

    /** No OSD comes up. */
    public static final int NOUP = 1 << 5;

    /** No OSD is marked down. */
    public static final int NODOWN = 1 << 6;

    /** No OSD is marked out. */
    public static final int NOOUT = 1 << 7;

    /** No OSD is marked in. */
    public static final int NOIN = 1 << 8;

    /** No backfill. */
    public static final int NOBACKFILL = 1 << 9;

    /** No recovery. */
    public static final int NORECOVER = 1 << 10;

    /** No scrub. */
    public static final int NOSCRUB = 1 << 11;

    /** No deep scrub. */
    public static final int NODEEP_SCRUB = 1 << 12;

    /** No cache tiering. */
    public static final int NOTIERAGENT = 1 << 13;

    /** No rebalancing. */
    public static final int NOREBALANCE = 1 << 14;

    /** Objects sort by the reversed bits of their hash; always so. */
    public static final int SORTBITWISE = 1 << 15;

    /** Recovery deletes through messages; always so. */
    public static final int RECOVERY_DELETES = 1 << 19;

    /** Old snapshot directories are gone; always so. */
    public static final int PURGED_SNAPDIRS = 1 << 20;

    /** No snapshot trimming. */
    public static final int NOSNAPTRIM = 1 << 21;

    /** Placement group logs are bounded hard; always so. */
    public static final int PGLOG_HARDLIMIT = 1 << 22;

    /** Flags of requirements that newer releases keep elsewhere. */
    static final int LEGACY_REQUIRE = 1 << 16 | 1 << 17 | 1 << 18;

    /** Of a new cluster. */
    public static final int INITIAL =
            SORTBITWISE | RECOVERY_DELETES | PURGED_SNAPDIRS | PGLOG_HARDLIMIT;

    private static final Map<Integer, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(1, "nearfull");
        NAMES.put(1 << 1, "full");
        NAMES.put(PAUSERD, "pauserd");
        NAMES.put(PAUSEWR, "pausewr");
        NAMES.put(PAUSEREC, "pauserec");
        NAMES.put(NOUP, "noup");
        NAMES.put(NODOWN, "nodown");
        NAMES.put(NOOUT, "noout");
        NAMES.put(NOIN, "noin");
        NAMES.put(NOBACKFILL, "nobackfill");
        NAMES.put(NOREBALANCE, "norebalance");
        NAMES.put(NORECOVER, "norecover");
        NAMES.put(NOSCRUB, "noscrub");
        NAMES.put(NODEEP_SCRUB, "nodeep-scrub");
        NAMES.put(NOTIERAGENT, "notieragent");
        NAMES.put(NOSNAPTRIM, "nosnaptrim");
        NAMES.put(SORTBITWISE, "sortbitwise");
        NAMES.put(1 << 16, "require_jewel_osds");
        NAMES.put(1 << 17, "require_kraken_osds");
        NAMES.put(1 << 18, "require_luminous_osds");
        NAMES.put(RECOVERY_DELETES, "recovery_deletes");
        NAMES.put(PURGED_SNAPDIRS, "purged_snapdirs");
        NAMES.put(PGLOG_HARDLIMIT, "pglog_hardlimit");
    }

    private OsdMapFlags() {}

    /** Ceph's words, comma separated, in Ceph's order. */
    public static String names(int flags) {
        return NAMES.entrySet().stream()
                .filter(entry -> (flags & entry.getKey()) != 0)
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
    }
}
