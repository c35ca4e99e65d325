package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushTree;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PoolDelta;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** The commands {@code osd ...}. Reads one map; has no state. */
final class OsdCommands {
    private static final OsdStat NOTHING = OsdStat.ZERO;

    private final PgMap map;
    private final Rates.Delta delta;

    OsdCommands(PgMap map, Rates.Delta delta) {
        this.map = map;
        this.delta = delta;
    }

    Answer perf(Command command) {
        if (command.json()) {
            JsonOut out = command.out().object().put("pg_ready", true).object("osdstats");
            out.array("osd_perf_infos");
            map.osds()
                    .descendingMap()
                    .forEach((osd, stat) -> {
                        out.object().put("id", osd);
                        PgJson.latency(out, "perf_stats", stat.latency());
                        out.end();
                    });
            return Answer.shown(out.end().end().end().toString());
        }
        Columns table = new Columns().right("osd").under("commit_latency(ms)", "apply_latency(ms)");
        map.osds()
                .descendingMap()
                .forEach((osd, stat) ->
                        table.row(
                                osd, stat.latency().commitMillis(), stat.latency().applyMillis()));
        return Answer.shown(table.toString());
    }

    Answer poolStats(Command command) {
        List<String> names = command.strings("pool_name");
        OsdMap osdMap = map.osdMap();
        for (String name : names) {
            if (osdMap.poolId(name).isEmpty()) {
                throw new Refused(Refused.ENOENT, "unrecognized pool '" + name + "'");
            }
        }
        JsonOut out = command.out().array();
        StringBuilder plain = new StringBuilder();
        osdMap.poolNames()
                .forEach((id, name) -> {
                    if (names.isEmpty() || names.contains(name)) {
                        poolStats(out, plain, id, name);
                    }
                });
        return Answer.shown(command.json() ? out.end().toString() : plain.toString());
    }

    private void poolStats(JsonOut out, StringBuilder plain, long id, String name) {
        ObjectStatSum sum = Objects.requireNonNull(Digest.pools(map).get(id)).stats().sum();
        PoolDelta change = delta.pools().get(id);
        Load load = Load.of(change);
        out.object().put("pool_name", name).put("pool_id", id).object("recovery");
        List<String> lines = new ArrayList<>();
        share(out, lines, "degraded", sum.degraded(), sum.copies());
        share(out, lines, "misplaced", sum.misplaced(), sum.copies());
        share(out, lines, "unfound", sum.unfound(), sum.objects());
        out.end().object("recovery_rate");
        if (load.recoveredObjects > 0 || load.recoveredBytes > 0) {
            out.put("recovering_objects_per_sec", load.recoveredObjects);
            out.put("recovering_bytes_per_sec", load.recoveredBytes);
            lines.add(
                    "recovery io "
                            + TextUnits.bytes(load.recoveredBytes)
                            + "/s, "
                            + load.recoveredObjects
                            + " objects/s");
        }
        out.end().object("client_io_rate");
        if (load.isBusy()) {
            out.put("read_bytes_sec", load.readBytes).put("write_bytes_sec", load.writeBytes);
            out.put("read_op_per_sec", load.reads).put("write_op_per_sec", load.writes);
            lines.add("client io " + load.text());
        }
        out.end().end();
        plain.append("pool ").append(name).append(" id ").append(id).append('\n');
        if (lines.isEmpty()) {
            lines.add("nothing is going on");
        }
        lines.forEach(line -> plain.append("  ").append(line).append('\n'));
        plain.append('\n');
    }

    private static void share(JsonOut out, List<String> lines, String what, long part, long whole) {
        if (part > 0 && whole > 0) {
            out.put(what + "_objects", part).put(what + "_total", whole);
            out.put(what + "_ratio", (double) part / whole);
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%d/%d objects %s (%.3f%%)",
                            part,
                            whole,
                            what,
                            100.0 * part / whole));
        }
    }

    /** Per second. */
    record Load(
            long readBytes,
            long writeBytes,
            long reads,
            long writes,
            long recoveredBytes,
            long recoveredObjects) {
        static Load of(@org.jspecify.annotations.Nullable PoolDelta change) {
            return change == null
                    ? new Load(0, 0, 0, 0, 0, 0)
                    : of(
                            change.stat().stats().sum(),
                            change.span().seconds() + change.span().nanos() / 1e9);
        }

        static Load of(ObjectStatSum s, double seconds) {
            double span = Math.max(seconds, 0.001);
            return new Load(
                    rate(s.readKib() * 1024, span),
                    rate(s.writeKib() * 1024, span),
                    rate(s.reads(), span),
                    rate(s.writes(), span),
                    rate(s.bytesRecovered(), span),
                    rate(s.objectsRecovered(), span));
        }

        private static long rate(long count, double seconds) {
            return Math.max(0, (long) (count / seconds));
        }

        boolean isBusy() {
            return (readBytes | writeBytes | reads | writes) != 0;
        }

        String text() {
            List<String> parts = new ArrayList<>();
            if (readBytes > 0) {
                parts.add(TextUnits.bytes(readBytes) + "/s rd");
            }
            if (writeBytes > 0) {
                parts.add(TextUnits.bytes(writeBytes) + "/s wr");
            }
            parts.add(reads + " op/s rd");
            parts.add(writes + " op/s wr");
            return String.join(", ", parts);
        }
    }

    Answer df(Command command) {
        List<String> method = command.strings("output_method");
        boolean tree = method.contains("tree");
        List<CrushTree.Node> nodes = chosen(command, tree);
        Usage usage = new Usage(map, nodes);
        return Answer.shown(
                command.json() ? usage.json(command, nodes, tree) : usage.plain(nodes, tree));
    }

    private List<CrushTree.Node> chosen(Command command, boolean tree) {
        List<String> by = command.strings("filter_by");
        List<String> filter = command.strings("filter");
        OsdMap osdMap = map.osdMap();
        List<CrushTree.Node> all = CrushTree.nodes(osdMap.crush(), false);
        SortedSet<Integer> osds = new TreeSet<>();
        for (CrushTree.Node node : all) {
            if (node.id() >= 0 && osdMap.exists(node.id())) {
                osds.add(node.id());
            }
        }
        if (by.contains("class")) {
            String name = filter.isEmpty() ? "" : filter.getFirst();
            if (osdMap.crush().classId(name).isEmpty()) {
                throw Command.invalid("unknown class '" + name + "'");
            }
            osds.removeIf(osd -> !osdMap.crush().classOf(osd).orElse("").equals(name));
        } else if (by.contains("name")) {
            String name = filter.isEmpty() ? "" : filter.getFirst();
            int item =
                    osdMap.crush()
                            .itemId(name)
                            .orElseThrow(() -> Command.invalid("unknown item '" + name + "'"));
            SortedSet<Integer> below = new TreeSet<>();
            CrushTree.below(osdMap.crush(), item).forEach(node -> below.add(node.id()));
            osds.retainAll(below);
        }
        return all.stream()
                .filter(node -> node.id() < 0 ? tree : osds.contains(node.id()))
                .sorted(tree ? (a, b) -> 0 : java.util.Comparator.comparingInt(CrushTree.Node::id))
                .toList();
    }

    /** How full OSDs are, and their mean. */
    private static final class Usage {
        private final PgMap map;
        private final OsdStat sum;
        private final double mean;
        private final SortedMap<Integer, PgCount> counts;
        private double least = Double.MAX_VALUE;
        private double most;
        private double deviation;

        Usage(PgMap map, List<CrushTree.Node> nodes) {
            this.map = map;
            counts = Digest.byOsd(map);
            List<OsdStat> stats = new ArrayList<>();
            nodes.stream().filter(n -> n.id() >= 0).forEach(n -> stats.add(stat(n.id())));
            sum = Digest.osdSum(stats);
            mean = percent(sum);
            double squares = 0;
            int count = 0;
            for (OsdStat stat : stats) {
                if (stat.kib() > 0) {
                    double variance = variance(stat);
                    least = Math.min(least, variance);
                    most = Math.max(most, variance);
                    squares += Math.pow(percent(stat) - mean, 2);
                    count++;
                }
            }
            least = count == 0 ? 0 : least;
            deviation = count == 0 ? 0 : Math.sqrt(squares / count);
        }

        private OsdStat stat(int osd) {
            return map.osds().getOrDefault(osd, NOTHING);
        }

        private OsdStat below(CrushTree.Node node) {
            if (node.id() >= 0) {
                return stat(node.id());
            }
            List<OsdStat> all = new ArrayList<>();
            CrushTree.below(map.osdMap().crush(), node.id()).stream()
                    .filter(n -> n.id() >= 0)
                    .forEach(n -> all.add(stat(n.id())));
            return Digest.osdSum(all);
        }

        private static double percent(OsdStat stat) {
            return stat.kib() == 0 ? 0 : 100.0 * stat.kibUsed() / stat.kib();
        }

        private double variance(OsdStat stat) {
            return mean == 0 ? 1 : percent(stat) / mean;
        }

        private static double fixed(int weight) {
            return (double) (weight & 0xffffffffL) / 0x10000;
        }

        String plain(List<CrushTree.Node> nodes, boolean tree) {
            Columns table =
                    new Columns()
                            .left("ID")
                            .under("CLASS", "WEIGHT", "REWEIGHT", "SIZE", "RAW USE", "DATA", "OMAP")
                            .under("META", "AVAIL", "%USE", "VAR", "PGS", "STATUS");
            if (tree) {
                table.left("TYPE NAME");
            }
            for (CrushTree.Node node : nodes) {
                row(table, node, tree);
            }
            table.row(
                    "",
                    "",
                    "",
                    "TOTAL",
                    kib(sum.kib()),
                    kib(sum.kibUsed()),
                    kib(sum.kibUsedData()),
                    kib(sum.kibUsedOmap()),
                    kib(sum.kibUsedMetadata()),
                    kib(sum.kibAvailable()),
                    decimal(mean, 2),
                    "",
                    "",
                    "");
            return table
                    + "MIN/MAX VAR: "
                    + decimal(least, 2)
                    + "/"
                    + decimal(most, 2)
                    + "  STDDEV: "
                    + (deviation < 0.005 ? "0" : decimal(deviation, 2))
                    + "\n";
        }

        private void row(Columns table, CrushTree.Node node, boolean tree) {
            OsdMap osdMap = map.osdMap();
            int id = node.id();
            OsdStat stat = below(node);
            PgCount count = counts.getOrDefault(id, new PgCount(0, 0, 0));
            String reweight = id < 0 ? "-" : decimal(fixed(osdMap.weight(id)), 5);
            String name =
                    "    ".repeat(node.depth())
                            + (id < 0 ? typeOf(node) + " " : "")
                            + osdMap.crush().itemName(id);
            List<Object> cells = new ArrayList<>();
            Collections.addAll(
                    cells,
                    id < 0 ? Integer.toString(id) : String.format(Locale.ROOT, "%2d", id),
                    osdMap.crush().classOf(id).orElse(""),
                    decimal(fixed(node.weight()), 5),
                    reweight,
                    kib(stat.kib()),
                    kib(stat.kibUsed()),
                    kib(stat.kibUsedData()),
                    kib(stat.kibUsedOmap()),
                    kib(stat.kibUsedMetadata()),
                    kib(stat.kibAvailable()),
                    decimal(percent(stat), 2),
                    decimal(variance(stat), 2),
                    id < 0 ? "-" : count.acting(),
                    id < 0 ? "" : osdMap.isUp(id) ? "up" : "down");
            if (tree) {
                cells.add(name);
            }
            table.row(cells.toArray());
        }

        private String typeOf(CrushTree.Node node) {
            CrushMap crush = map.osdMap().crush();
            return node.id() >= 0
                    ? crush.typeName(0)
                    : crush.bucket(node.id()).map(b -> crush.typeName(b.type())).orElse("");
        }

        String json(Command command, List<CrushTree.Node> nodes, boolean tree) {
            JsonOut out = command.out().object().array("nodes");
            nodes.forEach(node -> node(out, node, tree));
            out.end().array("stray").end().object("summary");
            out.put("total_kb", sum.kib()).put("total_kb_used", sum.kibUsed());
            out.put("total_kb_used_data", sum.kibUsedData());
            out.put("total_kb_used_omap", sum.kibUsedOmap());
            out.put("total_kb_used_meta", sum.kibUsedMetadata());
            out.put("total_kb_avail", sum.kibAvailable()).put("average_utilization", mean);
            out.put("min_var", least).put("max_var", most).put("dev", deviation);
            return out.end().end() + "\n";
        }

        private void node(JsonOut out, CrushTree.Node node, boolean tree) {
            OsdMap osdMap = map.osdMap();
            int id = node.id();
            OsdStat stat = below(node);
            out.object().put("id", id);
            osdMap.crush().classOf(id).ifPresent(name -> out.put("device_class", name));
            out.put("name", osdMap.crush().itemName(id)).put("type", typeOf(node));
            out.put(
                    "type_id",
                    id >= 0 ? 0 : osdMap.crush().bucket(id).map(b -> b.type()).orElse(0));
            if (id >= 0) {
                out.put("crush_weight", fixed(node.weight())).put("depth", node.depth());
                out.object("pool_weights").end().put("reweight", fixed(osdMap.weight(id)));
            } else {
                out.put("reweight", -1);
            }
            out.put("kb", stat.kib()).put("kb_used", stat.kibUsed());
            out.put("kb_used_data", stat.kibUsedData()).put("kb_used_omap", stat.kibUsedOmap());
            out.put("kb_used_meta", stat.kibUsedMetadata()).put("kb_avail", stat.kibAvailable());
            out.put("utilization", percent(stat)).put("var", variance(stat));
            out.put("pgs", counts.getOrDefault(id, new PgCount(0, 0, 0)).acting());
            if (id >= 0) {
                out.put("status", osdMap.isUp(id) ? "up" : "down");
            } else if (tree) {
                out.array("children");
                node.children().forEach(child -> out.add((long) child));
                out.end();
            }
            out.end();
        }

        private static String kib(long kib) {
            return TextUnits.bytes(kib * 1024);
        }

        private static String decimal(double value, int digits) {
            return String.format(Locale.ROOT, "%." + digits + "f", value);
        }
    }
}
