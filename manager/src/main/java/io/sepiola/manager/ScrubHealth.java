package io.sepiola.manager;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** What scrubs have found, and where there were none for too long, as Ceph judges. Pure. */
final class ScrubHealth {
    private static final double WEEK_SECONDS = 604_800;
    private static final double SHALLOW_RATIO = 0.5; // mon_warn_pg_not_scrubbed_ratio
    private static final double DEEP_RATIO = 0.75; // mon_warn_pg_not_deep_scrubbed_ratio
    private static final int REPAIRS_MAX = 10; // mon_osd_warn_num_repaired
    private static final int MAX_INTERVAL = 1; // keys of pool_opts_t
    private static final int DEEP_INTERVAL = 2;
    private static final int DETAIL_MAX = 50;

    private ScrubHealth() {}

    /** Adds what is not well. */
    static void add(PgMap map, Instant now, SortedMap<String, HealthCheck> checks) {
        long errors = 0;
        for (PgStat stat : map.groups().values()) {
            errors += stat.stats().sum().scrubErrors();
        }
        if (errors > 0) {
            checks.put(
                    "OSD_SCRUB_ERRORS",
                    new HealthCheck(
                            HealthCheck.ERROR, errors + " scrub errors", List.of(), errors));
        }
        repairs(map, checks);
        late(map, now, checks);
    }

    private static void repairs(PgMap map, SortedMap<String, HealthCheck> checks) {
        List<String> details = new ArrayList<>();
        map.osds()
                .forEach((osd, stat) -> {
                    if (repaired(stat) > REPAIRS_MAX) {
                        details.add("osd." + osd + " had " + repaired(stat) + " reads repaired");
                    }
                });
        if (!details.isEmpty()) {
            checks.put(
                    "OSD_TOO_MANY_REPAIRS",
                    new HealthCheck(
                            HealthCheck.WARNING,
                            "Too many repaired reads on " + details.size() + " OSDs",
                            details,
                            details.size()));
        }
    }

    private static long repaired(OsdStat stat) {
        return stat.shardsRepaired();
    }

    private static void late(PgMap map, Instant now, SortedMap<String, HealthCheck> checks) {
        List<String> shallow = new ArrayList<>();
        List<String> deep = new ArrayList<>();
        for (var entry : map.groups().entrySet()) {
            PgId pg = entry.getKey();
            PgStat stat = entry.getValue();
            PgPool pool = map.osdMap().pools().get(pg.pool());
            if (pool == null || stat.state() == 0) {
                continue;
            }
            if (isLate(stat.lastScrubStamp(), pool, MAX_INTERVAL, SHALLOW_RATIO, now)) {
                shallow.add(
                        "pg "
                                + pg
                                + " not scrubbed since "
                                + TextUnits.stamp(stat.lastScrubStamp()));
            }
            if (isLate(stat.lastDeepScrubStamp(), pool, DEEP_INTERVAL, DEEP_RATIO, now)) {
                deep.add(
                        "pg "
                                + pg
                                + " not deep-scrubbed since "
                                + TextUnits.stamp(stat.lastDeepScrubStamp()));
            }
        }
        add(checks, "PG_NOT_SCRUBBED", "scrubbed", shallow);
        add(checks, "PG_NOT_DEEP_SCRUBBED", "deep-scrubbed", deep);
    }

    private static boolean isLate(Utime last, PgPool pool, int key, double ratio, Instant now) {
        double interval =
                pool.option(key)
                        .filter(PoolOption.Real.class::isInstance)
                        .map(option -> ((PoolOption.Real) option).value())
                        .filter(seconds -> seconds > 0)
                        .orElse(WEEK_SECONDS);
        double age = now.getEpochSecond() - last.toInstant().getEpochSecond();
        return age > interval * (1 + ratio);
    }

    private static void add(
            SortedMap<String, HealthCheck> checks, String code, String word, List<String> late) {
        if (!late.isEmpty()) {
            checks.put(
                    code,
                    new HealthCheck(
                            HealthCheck.WARNING,
                            late.size() + " pgs not " + word + " in time",
                            List.copyOf(late.subList(0, Math.min(late.size(), DETAIL_MAX))),
                            late.size()));
        }
    }
}
