package io.sepiola.monitor.health;

import io.sepiola.monitor.health.Health.Check;
import io.sepiola.monitor.health.Health.Severity;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Finds out what is wrong. Pure but for remembering since when placement groups have been inactive.
 */
public final class HealthRules {
    /**
     * Groups that were made or moved a moment ago are no reason to worry; Ceph's
     * mon_pg_stuck_threshold.
     */
    private static final Duration STUCK = Duration.ofSeconds(60);

    private static final Duration MGR_PATIENCE = Duration.ofSeconds(120);
    private static final int FLAGS_WARNED =
            OsdMapFlags.PAUSERD
                    | OsdMapFlags.PAUSEWR
                    | OsdMapFlags.NOUP
                    | OsdMapFlags.NODOWN
                    | OsdMapFlags.NOIN
                    | OsdMapFlags.NOOUT
                    | OsdMapFlags.NOBACKFILL
                    | OsdMapFlags.NOREBALANCE
                    | OsdMapFlags.NORECOVER
                    | OsdMapFlags.NOSCRUB
                    | OsdMapFlags.NODEEP_SCRUB
                    | OsdMapFlags.NOTIERAGENT
                    | OsdMapFlags.NOSNAPTRIM;

    private final Function<String, String> settings;
    private Instant inactiveSince = Instant.MAX;

    /** With the values of options. */
    public HealthRules(Function<String, String> settings) {
        this.settings = settings;
    }

    /** Hears what the manager last said. */
    public void heard(PgDigest digest, Instant now) {
        boolean inactive = digest.inactiveCount() + digest.unknownCount() > 0;
        if (!inactive) {
            inactiveSince = Instant.MAX;
        } else if (inactiveSince.equals(Instant.MAX)) {
            inactiveSince = now;
        }
    }

    /**
     * The checks that fail.
     *
     * @param reported by the manager; where both find the same, the manager's holds
     */
    public Health check(
            MonitorState state, PgDigest digest, SortedMap<String, Check> reported, Instant now) {
        SortedMap<String, Check> checks = new TreeMap<>();
        OsdMap map = state.osdMaps().newest();
        osds(checks, map);
        flags(checks, map);
        pools(checks, map, digest);
        RoomRules.check(checks, map);
        KeyRules.check(checks, state.auth());
        groups(checks, digest, now);
        manager(checks, state, now);
        checks.putAll(reported);
        return new Health(checks, state.mutes());
    }

    private static void warn(
            SortedMap<String, Check> checks, String code, String summary, List<String> detail) {
        checks.put(code, new Check(Severity.WARN, summary, detail.size(), detail));
    }

    private void osds(SortedMap<String, Check> checks, OsdMap map) {
        DownRules.check(checks, map);
        long wanted = Long.parseLong(settings.apply("osd_pool_default_size"));
        if (map.osdCount() < wanted) {
            String summary = "OSD count " + map.osdCount() + " < osd_pool_default_size " + wanted;
            checks.put(
                    "TOO_FEW_OSDS",
                    new Check(Severity.WARN, summary, wanted - map.osdCount(), List.of()));
        }
    }

    private static void flags(SortedMap<String, Check> checks, OsdMap map) {
        int set = map.flags() & FLAGS_WARNED;
        if (set != 0) {
            String summary = OsdMapFlags.names(set) + " flag(s) set";
            checks.put(
                    "OSDMAP_FLAGS",
                    new Check(Severity.WARN, summary, Integer.bitCount(set), List.of()));
        }
        if ((map.flags() & 1 << 1) != 0) {
            checks.put("OSDMAP_FULL", new Check(Severity.ERR, "full flag set", 1, List.of()));
        }
        List<String> groups = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            told(groups, "osd." + osd, map.state(osd));
        }
        map.crushNodeFlags()
                .forEach((id, flags) ->
                        told(groups, map.crush().itemNames().getOrDefault(id, ""), flags));
        map.deviceClassFlags()
                .forEach((id, flags) -> {
                    String name = map.crush().classNames().get(id);
                    told(groups, name == null ? "" : "device class '" + name + "'", flags);
                });
        if (!groups.isEmpty()) {
            warn(
                    checks,
                    "OSD_FLAGS",
                    groups.size()
                            + " OSDs or CRUSH {nodes, device-classes} have"
                            + " {NOUP,NODOWN,NOIN,NOOUT} flags set",
                    groups);
        }
    }

    private static void told(List<String> groups, String name, int flags) {
        int told = flags & OsdMap.STATES_OF_GROUPS;
        if (told != 0 && !name.isEmpty()) {
            List<String> words = OsdMapText.states(told).stream().sorted().toList();
            groups.add(name + " has flags " + String.join(",", words));
        }
    }

    private void pools(SortedMap<String, Check> checks, OsdMap map, PgDigest digest) {
        List<String> bare = new ArrayList<>();
        List<String> single = new ArrayList<>();
        for (var entry : map.pools().entrySet()) {
            PgPool pool = entry.getValue();
            String name = map.poolName(entry.getKey()).orElse("");
            if (pool.applications().isEmpty() && digest.pool(entry.getKey()).objects() > 0) {
                bare.add("application not enabled on pool '" + name + "'");
            }
            if (pool.isReplicated() && pool.size() == 1) {
                single.add("pool '" + name + "' has no replicas configured");
            }
        }
        if (!bare.isEmpty() && settings.apply("mon_warn_on_pool_no_app").equals("true")) {
            List<String> detail = new ArrayList<>(bare);
            detail.add(
                    "use 'ceph osd pool application enable <pool-name> <app-name>', where"
                            + " <app-name> is 'cephfs', 'rbd', 'rgw', or freeform for custom"
                            + " applications.");
            String summary = bare.size() + " pool(s) do not have an application enabled";
            checks.put(
                    "POOL_APP_NOT_ENABLED", new Check(Severity.WARN, summary, bare.size(), detail));
        }
        if (!single.isEmpty() && settings.apply("mon_warn_on_pool_no_redundancy").equals("true")) {
            warn(
                    checks,
                    "POOL_NO_REDUNDANCY",
                    single.size() + " pool(s) have no replicas configured",
                    single);
        }
    }

    private void groups(SortedMap<String, Check> checks, PgDigest digest, Instant now) {
        PgDigest.Usage all = digest.all();
        long inactive = digest.inactiveCount() + digest.unknownCount();
        boolean stuck =
                !inactiveSince.equals(Instant.MAX) && !now.isBefore(inactiveSince.plus(STUCK));
        if (inactive > 0 && stuck) {
            String summary =
                    "Reduced data availability: "
                            + inactive
                            + (inactive == 1 ? " pg" : " pgs")
                            + " inactive";
            checks.put("PG_AVAILABILITY", new Check(Severity.WARN, summary, inactive, List.of()));
        }
        if (all.degraded() > 0 && all.copies() > 0) {
            String summary =
                    String.format(
                            Locale.ROOT,
                            "Degraded data redundancy: %d/%d objects degraded (%.3f%%)",
                            all.degraded(),
                            all.copies(),
                            100.0 * all.degraded() / all.copies());
            long groups =
                    digest.byState().entrySet().stream()
                            .filter(entry -> (entry.getKey() & 1L << 10) != 0)
                            .mapToLong(entry -> entry.getValue())
                            .sum();
            if (groups > 0) {
                summary += ", " + groups + (groups == 1 ? " pg degraded" : " pgs degraded");
            }
            checks.put("PG_DEGRADED", new Check(Severity.WARN, summary, all.degraded(), List.of()));
        }
        if (all.unfound() > 0 && all.objects() > 0) {
            String summary =
                    String.format(
                            Locale.ROOT,
                            "%d/%d objects unfound (%.3f%%)",
                            all.unfound(),
                            all.objects(),
                            100.0 * all.unfound() / all.objects());
            checks.put(
                    "OBJECT_UNFOUND", new Check(Severity.WARN, summary, all.unfound(), List.of()));
        }
    }

    private static void manager(SortedMap<String, Check> checks, MonitorState state, Instant now) {
        boolean young =
                state.mgrMetadata().isEmpty()
                        && now.isBefore(state.monMap().created().toInstant().plus(MGR_PATIENCE));
        if (state.mgrMap().activeGid() == 0 && !young) {
            checks.put("MGR_DOWN", new Check(Severity.WARN, "no active mgr", 1, List.of()));
        }
    }

    /** Lines for the cluster log that lead from one state of health to the next. */
    public static List<LogLine> transition(Health before, Health after) {
        List<LogLine> lines = new ArrayList<>();
        after.checks()
                .forEach((code, check) -> {
                    Check old = before.checks().get(code);
                    int level = check.severity() == Severity.ERR ? 4 : 3;
                    if (old == null) {
                        lines.add(
                                new LogLine(
                                        level,
                                        "Health check failed: "
                                                + check.summary()
                                                + " ("
                                                + code
                                                + ")"));
                    } else if (!old.summary().equals(check.summary())) {
                        lines.add(
                                new LogLine(
                                        level,
                                        "Health check update: "
                                                + check.summary()
                                                + " ("
                                                + code
                                                + ")"));
                    }
                });
        before.checks()
                .forEach((code, check) -> {
                    if (!after.checks().containsKey(code)) {
                        lines.add(
                                new LogLine(
                                        1,
                                        "Health check cleared: "
                                                + code
                                                + " (was: "
                                                + check.summary()
                                                + ")"));
                    }
                });
        if (after.checks().isEmpty() && !before.checks().isEmpty()) {
            lines.add(new LogLine(1, "Cluster is now healthy"));
        }
        return lines;
    }

    /** One line. */
    public record LogLine(int level, String text) {}
}
