package io.sepiola.monitor;

import io.sepiola.protocol.map.OsdMap;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who says since when that an OSD does not answer. Bounded by the OSDs that there are. Owned by the
 * monitor's shard.
 */
final class FailureReports {
    private final Function<String, String> settings;
    private final SortedMap<Integer, SortedMap<Integer, DownDecision.Report>> reports =
            new TreeMap<>();

    /** With the values of options. */
    FailureReports(Function<String, String> settings) {
        this.settings = settings;
    }

    /** An OSD reports another; a later report does not make the silence shorter. */
    void add(int osd, int reporter, Instant since, Instant now) {
        reports.computeIfAbsent(osd, key -> new TreeMap<>())
                .merge(
                        reporter,
                        new DownDecision.Report(since, now),
                        (old, next) -> new DownDecision.Report(old.since(), next.heard()));
    }

    /** An OSD takes its report back. */
    void withdraw(int osd, int reporter) {
        SortedMap<Integer, DownDecision.Report> known = reports.get(osd);
        if (known != null) {
            known.remove(reporter);
        }
    }

    /** What an OSD said, and what was said of it, is void: it was marked down, or starts. */
    void forget(int osd) {
        reports.remove(osd);
        reports.values().forEach(known -> known.remove(osd));
    }

    /** Those who are reported, in order. */
    List<Integer> reported() {
        return List.copyOf(reports.keySet());
    }

    /** Why an OSD is to be marked down now; nothing when it is not. */
    Optional<String> judge(int osd, OsdMap map, Instant now) {
        SortedMap<Integer, DownDecision.Report> known = reports.get(osd);
        if (known == null) {
            return Optional.empty();
        }
        Duration kept = Duration.ofSeconds(number("mon_osd_report_timeout"));
        known.entrySet()
                .removeIf(entry ->
                        !map.isUp(entry.getKey())
                                || now.isAfter(entry.getValue().heard().plus(kept)));
        if (known.isEmpty()) {
            reports.remove(osd);
        }
        return DownDecision.decide(osd, known, map, options(), now);
    }

    private DownDecision.Options options() {
        return new DownDecision.Options(
                Duration.ofSeconds(number("osd_heartbeat_grace")),
                (int) number("mon_osd_min_down_reporters"),
                settings.apply("mon_osd_reporter_subtree_level"),
                settings.apply("mon_osd_adjust_heartbeat_grace").equals("true"),
                Duration.ofSeconds(number("mon_osd_laggy_halflife")));
    }

    private long number(String option) {
        return Long.parseLong(settings.apply(option));
    }
}
