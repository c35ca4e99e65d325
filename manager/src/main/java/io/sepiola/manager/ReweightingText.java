package io.sepiola.manager;

import io.sepiola.manager.Reweighting.Bounds;
import io.sepiola.manager.Reweighting.Change;
import io.sepiola.manager.Reweighting.Utilization;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What a change of weights does, as Ceph shows it. */
final class ReweightingText {
    private static final int DIGITS = 6;

    private final Bounds bounds;
    private final Utilization utilization;
    private final List<Change> changes;
    private final OsdMap before;
    private final OsdMap after;

    ReweightingText(
            Bounds bounds,
            Utilization utilization,
            List<Change> changes,
            OsdMap before,
            OsdMap after) {
        this.bounds = bounds;
        this.utilization = utilization;
        this.changes = changes;
        this.before = before;
        this.after = after;
    }

    /**
     * How many copies of groups OSDs have, before and after.
     *
     * @param moved copies that lie elsewhere after it
     * @param osds those that are up and in; least and most are two of them, by what they have
     *     before
     */
    private record Spread(
            int moved, int total, int[] before, int[] after, int[] osds, int least, int most) {
        static Spread of(OsdMap old, OsdMap changed, Set<Long> pools) {
            int[] before = new int[old.osdMax()];
            int[] after = new int[old.osdMax()];
            int moved = 0;
            int total = 0;
            SortedMap<PgId, int[]> then = Reweighting.up(changed, pools);
            for (Map.Entry<PgId, int[]> entry : Reweighting.up(old, pools).entrySet()) {
                int[] now = entry.getValue();
                int[] later = Objects.requireNonNull(then.get(entry.getKey()));
                total += old.pool(entry.getKey().pool()).orElseThrow().size();
                count(now, before);
                count(later, after);
                moved +=
                        (int)
                                Arrays.stream(now)
                                        .filter(osd -> IntStream.of(later).noneMatch(o -> o == osd))
                                        .count();
            }
            int[] osds =
                    IntStream.range(0, old.osdMax())
                            .filter(osd -> old.isUp(osd) && old.weight(osd) != 0)
                            .toArray();
            return new Spread(
                    moved,
                    total,
                    before,
                    after,
                    osds,
                    extreme(osds, osd -> before[osd]),
                    extreme(osds, osd -> -before[osd]));
        }

        private static void count(int[] osds, int[] counts) {
            for (int osd : osds) {
                if (osd >= 0 && osd < counts.length) {
                    counts[osd]++;
                }
            }
        }

        private static int extreme(int[] osds, ToIntFunction<Integer> measure) {
            int best = -1;
            for (int osd : osds) {
                if (best < 0 || measure.applyAsInt(osd) < measure.applyAsInt(best)) {
                    best = osd;
                }
            }
            return best;
        }

        double mean() {
            return (double) total / osds.length;
        }

        double deviation(int[] counts) {
            return Math.sqrt(
                    IntStream.of(osds)
                            .mapToDouble(osd -> Math.pow(counts[osd] - mean(), 2))
                            .average()
                            .orElse(0));
        }

        /** What chance alone would make of it. */
        double expected() {
            return Math.sqrt(mean() * (1 - 1.0 / osds.length));
        }
    }

    String json(Command command, Set<Long> pools) {
        JsonOut out = command.out().object();
        out.put("overload_min", bounds.overload());
        out.put("max_change", bounds.change());
        out.put("max_change_osds", bounds.count());
        out.put("average_utilization", utilization.mean());
        out.put("overload_utilization", bounds.threshold(utilization));
        out.array("reweights");
        for (Change change : changes) {
            out.object().put("osd", change.osd());
            out.put("weight", Reweighting.weight(change.before()));
            out.put("new_weight", Reweighting.weight(change.after())).end();
        }
        out.end();
        Spread spread = Spread.of(before, after, pools);
        if (spread.osds.length > 0) {
            out.object("utilization");
            out.put("moved_pgs", spread.moved).put("total_pgs", spread.total);
            out.put("avg_pgs", spread.mean()).put("std_dev", spread.deviation(spread.before));
            out.put("expected_baseline_std_dev", spread.expected());
            out.put("new_std_dev", spread.deviation(spread.after));
            end(out, spread, "min", spread.least);
            end(out, spread, "max", spread.most);
            out.end();
        }
        return out.end().toString();
    }

    private static void end(JsonOut out, Spread spread, String which, int osd) {
        out.put(which + "_osd", osd).put(which + "_osd_pgs", spread.before[osd]);
        out.put("new_" + which + "_osd_pgs", spread.after[osd]);
    }

    String plain(Set<Long> pools) {
        StringBuilder text = new StringBuilder();
        Spread spread = Spread.of(before, after, pools);
        if (spread.osds.length > 0) {
            double percent = spread.total == 0 ? 0 : 100.0 * spread.moved / spread.total;
            line(text, "moved ", spread.moved, " / ", spread.total, " (", brief(percent), "%)");
            line(text, "avg ", brief(spread.mean()));
            line(
                    text,
                    "stddev ",
                    brief(spread.deviation(spread.before)),
                    " -> ",
                    brief(spread.deviation(spread.after)),
                    " (expected baseline ",
                    brief(spread.expected()),
                    ")");
            end(text, spread, "min", spread.least);
            end(text, spread, "max", spread.most);
        }
        line(text);
        line(text, "oload ", bounds.overload());
        line(text, "max_change ", brief(bounds.change()));
        line(text, "max_change_osds ", bounds.count());
        line(text, "average_utilization ", fixed(utilization.mean()));
        line(text, "overload_utilization ", fixed(bounds.threshold(utilization)));
        for (Change change : changes) {
            String from = fixed(Reweighting.weight(change.before()));
            String to = fixed(Reweighting.weight(change.after()));
            line(text, "osd.", change.osd(), " weight ", from, " -> ", to);
        }
        return text.toString();
    }

    private static void end(StringBuilder text, Spread spread, String which, int osd) {
        line(
                text,
                which + " osd.",
                osd,
                " with ",
                spread.before[osd],
                " -> ",
                spread.after[osd],
                " pgs (",
                brief(spread.before[osd] / spread.mean()),
                " -> ",
                brief(spread.after[osd] / spread.mean()),
                " * mean)");
    }

    private static void line(StringBuilder text, Object... parts) {
        for (Object part : parts) {
            text.append(part);
        }
        text.append('\n');
    }

    private static String brief(double value) {
        return TextUnits.significant(value, DIGITS);
    }

    private static String fixed(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
