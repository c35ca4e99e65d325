package io.sepiola.manager;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is not well with the placement groups, as Ceph judges: some states at once, others when they
 * last. Pure.
 */
final class PgHealth {
    private static final int STUCK_SECONDS = 60;
    private static final int DETAIL_MAX = 50;

    private enum Kind {
        AVAILABILITY("PG_AVAILABILITY", HealthCheck.WARNING, "Reduced data availability: "),
        DEGRADED("PG_DEGRADED", HealthCheck.WARNING, "Degraded data redundancy: "),
        DAMAGED("PG_DAMAGED", HealthCheck.ERROR, "Possible data damage: "),
        RECOVERY_FULL("PG_RECOVERY_FULL", HealthCheck.ERROR, "Full OSDs blocking recovery: "),
        BACKFILL_FULL(
                "PG_BACKFILL_FULL",
                HealthCheck.WARNING,
                "Low space hindering backfill (add storage if this doesn't resolve itself): ");

        private final String code;
        private final int severity;
        private final String summary;

        Kind(String code, int severity, String summary) {
            this.code = code;
            this.severity = severity;
            this.summary = summary;
        }
    }

    private record Rule(PgState state, Kind kind) {}

    private static final List<Rule> AT_ONCE =
            List.of(
                    new Rule(PgState.INCONSISTENT, Kind.DAMAGED),
                    new Rule(PgState.INCOMPLETE, Kind.AVAILABILITY),
                    new Rule(PgState.SNAP_TRIM_ERROR, Kind.DAMAGED),
                    new Rule(PgState.RECOVERY_UNFOUND, Kind.DAMAGED),
                    new Rule(PgState.BACKFILL_UNFOUND, Kind.DAMAGED),
                    new Rule(PgState.BACKFILL_TOO_FULL, Kind.BACKFILL_FULL),
                    new Rule(PgState.RECOVERY_TOO_FULL, Kind.RECOVERY_FULL),
                    new Rule(PgState.DEGRADED, Kind.DEGRADED),
                    new Rule(PgState.DOWN, Kind.AVAILABILITY));

    private final PgMap map;
    private final Instant cutoff;
    private final Instant now;
    private final Limits limits;
    private final SortedMap<Kind, SortedMap<String, Integer>> counts = new TreeMap<>();
    private final SortedMap<Kind, List<String>> details = new TreeMap<>();

    /**
     * From where on something is not well.
     *
     * @param stuck how long a group may be as it is (mon_pg_stuck_threshold)
     * @param slowPingMicros what heartbeats take on average
     */
    record Limits(Duration stuck, long slowPingMicros) {
        /** Ceph's defaults. */
        static final Limits DEFAULT =
                new Limits(Duration.ofSeconds(STUCK_SECONDS), PingHealth.SLOW_MICROS);

        static Limits of(ModuleOptions options) {
            int stuck =
                    options.number("mon_pg_stuck_threshold", STUCK_SECONDS, 1, Integer.MAX_VALUE);
            return new Limits(Duration.ofSeconds(stuck), PingHealth.slowMicros(options));
        }
    }

    private PgHealth(PgMap map, Instant now, Limits limits) {
        this.map = map;
        this.now = now;
        this.limits = limits;
        this.cutoff = now.minus(limits.stuck);
    }

    static HealthChecks of(PgMap map, Instant now, Limits limits) {
        return new PgHealth(map, now, limits).checks();
    }

    private HealthChecks checks() {
        map.groups().forEach(this::judge);
        SortedMap<String, HealthCheck> checks = new TreeMap<>();
        ObjectStatSum sum = Digest.sum(Digest.pools(map).values()).stats().sum();
        for (Kind kind : Kind.values()) {
            SortedMap<String, Integer> words = counts.getOrDefault(kind, new TreeMap<>());
            List<String> parts = new ArrayList<>();
            if (kind == Kind.DEGRADED && sum.degraded() > 0 && sum.copies() > 0) {
                parts.add(share(sum.degraded(), sum.copies(), "objects degraded"));
            }
            words.forEach(
                    (word, count) -> parts.add(count + (count == 1 ? " pg " : " pgs ") + word));
            if (!parts.isEmpty()) {
                int count = words.values().stream().mapToInt(n -> n).sum();
                checks.put(
                        kind.code,
                        new HealthCheck(
                                kind.severity,
                                kind.summary + String.join(", ", parts),
                                details.getOrDefault(kind, List.of()),
                                count));
            }
        }
        if (sum.misplaced() > 0 && sum.copies() > 0) {
            String summary = share(sum.misplaced(), sum.copies(), "objects misplaced");
            checks.put(
                    "OBJECT_MISPLACED",
                    new HealthCheck(HealthCheck.WARNING, summary, List.of(), 1));
        }
        if (sum.unfound() > 0 && sum.objects() > 0) {
            String summary = share(sum.unfound(), sum.objects(), "objects unfound");
            checks.put(
                    "OBJECT_UNFOUND",
                    new HealthCheck(HealthCheck.WARNING, summary, unfound(), sum.unfound()));
        }
        ScrubHealth.add(map, now, checks);
        PingHealth.add(map, now, limits.slowPingMicros, checks);
        return new HealthChecks(checks);
    }

    private List<String> unfound() {
        return map.groups().entrySet().stream()
                .filter(entry -> entry.getValue().stats().sum().unfound() > 0)
                .limit(DETAIL_MAX)
                .map(entry ->
                        "pg "
                                + entry.getKey()
                                + " has "
                                + entry.getValue().stats().sum().unfound()
                                + " unfound objects")
                .toList();
    }

    private static String share(long part, long whole, String what) {
        return String.format(
                Locale.ROOT, "%d/%d %s (%.3f%%)", part, whole, what, 100.0 * part / whole);
    }

    private void judge(PgId pg, PgStat stat) {
        long state = stat.state();
        for (Rule rule : AT_ONCE) {
            if (rule.state.isIn(state)) {
                note(
                        rule.kind,
                        rule.state.word(),
                        "pg " + pg + " is " + PgState.text(state) + ", acting " + acting(stat));
            }
        }
        lasting(
                pg,
                stat,
                PgState.PEERING.isIn(state),
                "peering",
                stat.lastPeered(),
                Kind.AVAILABILITY);
        lasting(
                pg,
                stat,
                PgState.STALE.isIn(state),
                "stale",
                stat.lastUnstale(),
                Kind.AVAILABILITY);
        lasting(
                pg,
                stat,
                !PgState.ACTIVE.isIn(state),
                "inactive",
                stat.lastActive(),
                Kind.AVAILABILITY);
        lasting(
                pg,
                stat,
                PgState.UNDERSIZED.isIn(state),
                "undersized",
                stat.lastFullSized(),
                Kind.DEGRADED);
    }

    private void lasting(
            PgId pg, PgStat stat, boolean is, String word, Utime lastOtherwise, Kind kind) {
        if (!is) {
            return;
        }
        // Of a group never heard of, the cluster's last change tells how long that has lasted.
        Instant since =
                lastOtherwise.equals(Utime.ZERO)
                        ? map.osdMap().modified().toInstant()
                        : lastOtherwise.toInstant();
        if (since.isAfter(cutoff)) {
            return;
        }
        String span = TextUnits.age(Duration.between(since, now));
        note(
                kind,
                word,
                "pg "
                        + pg
                        + " is stuck "
                        + word
                        + " for "
                        + span
                        + ", current state "
                        + PgState.text(stat.state())
                        + ", last acting "
                        + acting(stat));
    }

    private static String acting(PgStat stat) {
        return TextUnits.osds(stat.acting());
    }

    private void note(Kind kind, String word, String detail) {
        counts.computeIfAbsent(kind, k -> new TreeMap<>()).merge(word, 1, Integer::sum);
        List<String> lines = details.computeIfAbsent(kind, k -> new ArrayList<>());
        if (lines.size() < DETAIL_MAX) {
            lines.add(detail);
        }
    }
}
