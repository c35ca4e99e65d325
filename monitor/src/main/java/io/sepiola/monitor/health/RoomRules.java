package io.sepiola.monitor.health;

import io.sepiola.monitor.health.Health.Check;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** What the map says about OSDs and pools that are short of room, in Ceph's words. Pure. */
final class RoomRules {
    /** Ceph's osd_failsafe_full_ratio. */
    private static final float FAILSAFE = 0.97f;

    private RoomRules() {}

    static void check(SortedMap<String, Check> checks, OsdMap map) {
        ratios(checks, map);
        osds(checks, map);
        pools(checks, map);
    }

    private static void ratios(SortedMap<String, Check> checks, OsdMap map) {
        List<String> detail = new ArrayList<>();
        order(
                detail,
                "backfillfull_ratio",
                map.backfillfullRatio(),
                "nearfull_ratio",
                map.nearfullRatio());
        order(detail, "full_ratio", map.fullRatio(), "backfillfull_ratio", map.backfillfullRatio());
        order(detail, "osd_failsafe_full_ratio", FAILSAFE, "full_ratio", map.fullRatio());
        add(checks, "OSD_OUT_OF_ORDER_FULL", Severity.ERR, "full ratio(s) out of order", detail);
    }

    private static void order(
            List<String> detail, String name, float value, String lowerName, float lower) {
        if (value < lower) {
            detail.add(
                    name
                            + " ("
                            + text(value)
                            + ") < "
                            + lowerName
                            + " ("
                            + text(lower)
                            + "), increased");
        }
    }

    private static String text(float ratio) {
        String digits = String.format(Locale.ROOT, "%.6f", ratio);
        return digits.replaceAll("\\.?0+$", "");
    }

    private static void osds(SortedMap<String, Check> checks, OsdMap map) {
        List<String> full = new ArrayList<>();
        List<String> backfillFull = new ArrayList<>();
        List<String> nearFull = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            if (!map.isUp(osd) || !map.isIn(osd)) {
                continue;
            }
            if ((map.state(osd) & OsdMap.STATE_FULL) != 0) {
                full.add("osd." + osd + " is full");
            } else if ((map.state(osd) & OsdMap.STATE_BACKFILLFULL) != 0) {
                backfillFull.add("osd." + osd + " is backfill full");
            } else if ((map.state(osd) & OsdMap.STATE_NEARFULL) != 0) {
                nearFull.add("osd." + osd + " is near full");
            }
        }
        add(checks, "OSD_FULL", Severity.ERR, full.size() + " full osd(s)", full);
        add(
                checks,
                "OSD_BACKFILLFULL",
                Severity.WARN,
                backfillFull.size() + " backfillfull osd(s)",
                backfillFull);
        add(checks, "OSD_NEARFULL", Severity.WARN, nearFull.size() + " nearfull osd(s)", nearFull);
    }

    private static void pools(SortedMap<String, Check> checks, OsdMap map) {
        List<String> full = new ArrayList<>();
        List<String> backfillFull = new ArrayList<>();
        List<String> nearFull = new ArrayList<>();
        map.pools()
                .forEach((id, pool) -> {
                    String name = "pool '" + map.poolName(id).orElse("") + "' is ";
                    if (pool.hasFlag(PgPool.FLAG_FULL)) {
                        boolean quota = pool.hasFlag(PgPool.FLAG_FULL_QUOTA);
                        full.add(
                                name + (quota ? "full (running out of quota)" : "full (no space)"));
                    } else if (pool.hasFlag(PgPool.FLAG_BACKFILLFULL)) {
                        backfillFull.add(name + "backfillfull");
                    } else if (pool.hasFlag(PgPool.FLAG_NEARFULL)) {
                        nearFull.add(name + "nearfull");
                    }
                });
        add(checks, "POOL_FULL", Severity.WARN, full.size() + " pool(s) full", full);
        add(
                checks,
                "POOL_BACKFILLFULL",
                Severity.WARN,
                backfillFull.size() + " pool(s) backfillfull",
                backfillFull);
        add(
                checks,
                "POOL_NEARFULL",
                Severity.WARN,
                nearFull.size() + " pool(s) nearfull",
                nearFull);
    }

    private static void add(
            SortedMap<String, Check> checks,
            String code,
            Severity severity,
            String summary,
            List<String> detail) {
        if (!detail.isEmpty()) {
            checks.put(code, new Check(severity, summary, detail.size(), detail));
        }
    }
}
