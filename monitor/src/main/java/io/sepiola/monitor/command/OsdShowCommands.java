package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushMap;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.CrushTree;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.UpActing;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The OSDs and where data belong. */
final class OsdShowCommands {
    private static final String EPOCH = "epoch:CephInt:opt[0]";

    private OsdShowCommands() {}

    static List<Row> rows() {
        return List.of(
                row("osd stat", "", "counts OSDs", OsdShowCommands::stat),
                row("osd dump", EPOCH, "shows the OSD map", OsdShowCommands::dump),
                row(
                        "osd info",
                        "id:CephOsdName:opt",
                        "shows an OSD's line of the map",
                        OsdShowCommands::info),
                row(
                        "osd tree",
                        EPOCH + " states:CephChoices:opt:N=up|down|in|out|destroyed",
                        "shows the OSDs in their hierarchy",
                        OsdShowCommands::tree),
                row(
                        "osd tree-from",
                        EPOCH
                                + " bucket:CephString"
                                + " states:CephChoices:opt:N=up|down|in|out|destroyed",
                        "shows the OSDs below a bucket",
                        OsdShowCommands::treeFrom),
                row(
                        "osd ls-tree",
                        EPOCH + " name:CephString",
                        "lists the OSDs below a bucket",
                        OsdShowCommands::listTree),
                row("osd ls", EPOCH, "lists the OSDs' ids", OsdShowCommands::list),
                row("osd getmap", EPOCH, "gives the OSD map, encoded", OsdShowCommands::getMap),
                row(
                        "osd getcrushmap",
                        EPOCH,
                        "gives the CRUSH map, encoded",
                        OsdShowCommands::getCrushMap),
                row(
                        "osd getmaxosd",
                        "",
                        "shows one more than the highest OSD",
                        OsdShowCommands::getMax),
                row(
                        "osd last-stat-seq",
                        "id:CephOsdName",
                        "shows the number of an OSD's last report",
                        OsdShowCommands::lastReport),
                row("osd find", "id:CephOsdName", "shows where an OSD is", OsdShowCommands::find),
                row(
                        "osd metadata",
                        "id:CephOsdName:opt",
                        "shows what OSDs say about themselves",
                        OsdShowCommands::metadata),
                row("osd versions", "", "counts OSDs by release", OsdShowCommands::versions),
                row(
                        "osd count-metadata",
                        "property:CephString",
                        "counts OSDs by something they say",
                        OsdShowCommands::countMetadata),
                row(
                        "osd map",
                        "pool:CephPoolname object:CephObjectname nspace:CephString:opt",
                        "shows where an object belongs",
                        OsdShowCommands::map),
                Row.of(
                        "pg map",
                        "pgid:CephPgid",
                        "pg",
                        "r",
                        0,
                        "shows where a placement group belongs",
                        OsdShowCommands::pgMap),
                row("osd blocklist ls", "", "lists addresses shut out", OsdShowCommands::blocklist),
                row(
                        "osd get-require-min-compat-client",
                        "",
                        "shows the oldest release of client",
                        OsdShowCommands::minCompatClient),
                row(
                        "osd utilization",
                        "",
                        "shows how evenly placement groups are spread",
                        OsdShowCommands::utilization));
    }

    private static Row row(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", 0, help, action);
    }

    private static OsdMap asked(Call call) {
        if (!call.arguments().has("epoch")) {
            return call.state().osdMaps().newest();
        }
        long epoch = call.arguments().number("epoch");
        return call.state()
                .osdMaps()
                .at((int) Math.min(epoch, Integer.MAX_VALUE))
                .orElseThrow(() -> Refused.missing("there is no map for epoch " + epoch));
    }

    private static OsdMap newest(Call call) {
        return call.state().osdMaps().newest();
    }

    private static int existing(Call call, OsdMap map) {
        int osd = call.arguments().osd("id");
        if (!map.exists(osd)) {
            throw Refused.missing("osd." + osd + " does not exist");
        }
        return osd;
    }

    private static IntStream osds(OsdMap map) {
        return existing(map);
    }

    /** The ids of all OSDs. */
    static IntStream existing(OsdMap map) {
        return IntStream.range(0, map.osdMax()).filter(map::exists);
    }

    private static Reply stat(Call call) {
        OsdMap map = newest(call);
        StatusText text = new StatusText(call.state(), call.facts());
        return call.format()
                .reply(
                        () ->
                                text.osds(map, call.facts().now())
                                        + "; epoch: e"
                                        + map.epoch()
                                        + "\n",
                        () -> StatusText.osdStat(map));
    }

    private static Reply dump(Call call) {
        OsdMap map = asked(call);
        return StatusCommands.lined(call, () -> OsdMapText.plain(map), OsdMapText.json(map));
    }

    private static Reply info(Call call) {
        OsdMap map = newest(call);
        if (call.arguments().has("id")) {
            int osd = call.arguments().osd("id");
            if (!map.exists(osd)) {
                throw Refused.invalid("osd." + osd + " does not exist");
            }
            return StatusCommands.lined(
                    call, () -> OsdMapText.osdLine(map, osd) + "\n", OsdMapText.osdJson(map, osd));
        }
        return call.format()
                .reply(
                        () ->
                                osds(map)
                                        .mapToObj(osd -> OsdMapText.osdLine(map, osd) + "\n")
                                        .collect(Collectors.joining()),
                        () -> {
                            ArrayNode all = JsonText.array();
                            osds(map).forEach(osd -> all.add(OsdMapText.osdJson(map, osd)));
                            return all;
                        });
    }

    private static Reply tree(Call call) {
        OsdMap map = asked(call);
        return tree(call, CrushTree.ofOsds(map, wantedOrNull(call, map), OptionalInt.empty()));
    }

    private static Reply treeFrom(Call call) {
        OsdMap map = asked(call);
        int root = bucket(map, call.arguments().text("bucket"), "bucket '%s' does not exist");
        return tree(call, CrushTree.ofOsds(map, wantedOrNull(call, map), OptionalInt.of(root)));
    }

    private static Reply tree(Call call, CrushTree tree) {
        return StatusCommands.lined(call, tree::plain, tree.json());
    }

    private static int bucket(OsdMap map, String name, String sentence) {
        return map.crush()
                .itemId(name)
                .orElseThrow(() ->
                        Refused.missing(sentence.formatted(PoolShowCommands.shortened(name))));
    }

    /** Which OSDs the states that were asked for leave; null for all of them. */
    private static @Nullable IntPredicate wantedOrNull(Call call, OsdMap map) {
        List<String> states = call.arguments().texts("states");
        if (states.stream().filter(List.of("up", "down", "destroyed")::contains).count() > 1) {
            throw Refused.invalid("can specify only one of 'up', 'down' and 'destroyed'");
        }
        if (states.contains("in") && states.contains("out")) {
            throw Refused.invalid("cannot specify both 'in' and 'out'");
        }
        IntPredicate wanted = null;
        for (String state : states) {
            IntPredicate one =
                    switch (state) {
                        case "up" -> map::isUp;
                        case "down" -> osd -> !map.isUp(osd) && !isDestroyed(map, osd);
                        case "in" -> map::isIn;
                        case "out" -> map::isOut;
                        default -> osd -> isDestroyed(map, osd);
                    };
            wanted = wanted == null ? one : wanted.and(one);
        }
        return wanted;
    }

    private static boolean isDestroyed(OsdMap map, int osd) {
        return (map.state(osd) & OsdMap.STATE_DESTROYED) != 0;
    }

    private static Reply listTree(Call call) {
        OsdMap map = asked(call);
        TreeSet<Integer> osds = new TreeSet<>();
        collect(map, bucket(map, call.arguments().text("name"), "\"%s\" does not exist"), osds);
        return listed(call, osds.stream().toList());
    }

    private static void collect(OsdMap map, int item, TreeSet<Integer> into) {
        if (item >= 0 && map.exists(item)) {
            into.add(item);
        }
        map.crush()
                .bucket(item)
                .ifPresent(bucket -> {
                    for (int below : bucket.items()) {
                        collect(map, below, into);
                    }
                });
    }

    private static Reply list(Call call) {
        return listed(call, osds(asked(call)).boxed().toList());
    }

    private static Reply listed(Call call, List<Integer> osds) {
        ArrayNode ids = JsonText.array();
        osds.forEach(ids::add);
        String plain = osds.stream().map(osd -> osd + "\n").collect(Collectors.joining());
        return switch (call.format()) {
            case PLAIN -> Reply.shown(plain);
            case JSON -> Reply.shown(JsonText.compact(ids) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(ids));
        };
    }

    private static Reply getMap(Call call) {
        OsdMap map = asked(call);
        return Reply.of("got osdmap epoch " + map.epoch(), map.encoded());
    }

    private static Reply getCrushMap(Call call) {
        OsdMap map = asked(call);
        return Reply.of(Integer.toString(map.crushVersion()), map.crush().toBytes());
    }

    private static Reply lastReport(Call call) {
        int osd = call.arguments().osd("id");
        List<Long> reports = call.facts().digest().lastReports();
        return Reply.shown((osd < reports.size() ? reports.get(osd) : 0) + "\n");
    }

    private static Reply getMax(Call call) {
        OsdMap map = newest(call);
        return call.format()
                .reply(
                        () -> "max_osd = " + map.osdMax() + " in epoch " + map.epoch() + "\n",
                        () ->
                                JsonText.object()
                                        .put("epoch", map.epoch())
                                        .put("max_osd", map.osdMax()));
    }

    /** What existing OSDs say about themselves. */
    static SortedMap<Integer, SortedMap<String, String>> described(MonitorState state) {
        SortedMap<Integer, SortedMap<String, String>> described =
                new TreeMap<>(state.osdMetadata());
        described.keySet().removeIf(osd -> !state.osdMaps().newest().exists(osd));
        return described;
    }

    private static Reply find(Call call) {
        OsdMap map = newest(call);
        int osd = existing(call, map);
        SortedMap<String, String> metadata =
                call.state().osdMetadata().getOrDefault(osd, new TreeMap<>());
        ObjectNode node = JsonText.object();
        node.put("osd", osd).set("addrs", AddrText.json(map.addrs(osd)));
        node.put("osd_fsid", map.uuid(osd).toString());
        if (metadata.containsKey("hostname")) {
            node.put("host", metadata.get("hostname"));
        }
        ObjectNode location = node.putObject("crush_location");
        location(map.crush(), osd).forEach(location::put);
        return call.format().reply(node);
    }

    /** The buckets above an item, by the name of their type. */
    static SortedMap<String, String> location(CrushMap crush, int item) {
        SortedMap<String, String> location = new TreeMap<>();
        var above = crush.parent(item);
        while (above.isPresent()) {
            int id = above.get().id();
            location.put(crush.typeName(above.get().type()), crush.itemName(id));
            above = crush.parent(id);
        }
        return location;
    }

    private static ObjectNode described(int osd, SortedMap<String, String> metadata) {
        ObjectNode node = JsonText.object().put("id", osd);
        metadata.forEach(node::put);
        return node;
    }

    private static Reply metadata(Call call) {
        if (call.arguments().has("id")) {
            int osd = existing(call, newest(call));
            return call.format()
                    .reply(
                            described(
                                    osd,
                                    call.state().osdMetadata().getOrDefault(osd, new TreeMap<>())));
        }
        ArrayNode all = JsonText.array();
        osds(newest(call))
                .forEach(osd ->
                        all.add(
                                described(
                                        osd,
                                        call.state()
                                                .osdMetadata()
                                                .getOrDefault(osd, new TreeMap<>()))));
        return call.format().reply(all);
    }

    private static Reply counted(Call call, String property) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        described(call.state())
                .values()
                .forEach(metadata ->
                        counts.merge(metadata.getOrDefault(property, "unknown"), 1, Integer::sum));
        ObjectNode node = JsonText.object();
        counts.forEach(node::put);
        return call.format().reply(node);
    }

    private static Reply versions(Call call) {
        return counted(call, "ceph_version");
    }

    private static Reply countMetadata(Call call) {
        return counted(call, call.arguments().text("property"));
    }

    private static Reply map(Call call) {
        OsdMap map = newest(call);
        String poolName = call.arguments().text("pool");
        long pool =
                map.poolId(poolName)
                        .orElseThrow(() -> Refused.missing("pool " + poolName + " does not exist"));
        String object = call.arguments().text("object");
        String namespace = call.arguments().textIfGiven("nspace").orElse("");
        PgId raw =
                map.rawPg(
                        new io.sepiola.protocol.map.ObjectLocator(pool, "", namespace, -1), object);
        PgId pg = map.actualPg(raw);
        UpActing osds = map.map(pg);
        String shownName = namespace.isEmpty() ? object : namespace + "/" + object;
        ObjectNode node = JsonText.object();
        node.put("epoch", map.epoch()).put("pool", poolName).put("pool_id", pool);
        node.put("objname", shownName).put("raw_pgid", raw.toString()).put("pgid", pg.toString());
        numbers(node.putArray("up"), osds.up());
        node.put("up_primary", osds.upPrimary());
        numbers(node.putArray("acting"), osds.acting());
        node.put("acting_primary", osds.actingPrimary());
        return call.format()
                .reply(
                        () ->
                                "osdmap e"
                                        + map.epoch()
                                        + " pool '"
                                        + poolName
                                        + "' ("
                                        + pool
                                        + ") object '"
                                        + shownName
                                        + "' -> pg "
                                        + raw
                                        + " ("
                                        + pg
                                        + ") -> up ("
                                        + list(osds.up())
                                        + ", p"
                                        + osds.upPrimary()
                                        + ") acting ("
                                        + list(osds.acting())
                                        + ", p"
                                        + osds.actingPrimary()
                                        + ")\n",
                        () -> node);
    }

    private static void numbers(ArrayNode node, int[] osds) {
        Arrays.stream(osds).forEach(node::add);
    }

    private static String list(int[] osds) {
        return Arrays.stream(osds)
                .mapToObj(osd -> osd == CrushMap.ITEM_NONE ? "NONE" : Integer.toString(osd))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static Reply pgMap(Call call) {
        OsdMap map = newest(call);
        PgId raw;
        try {
            raw = PgId.parse(call.arguments().text("pgid"));
        } catch (Malformed notOne) {
            throw Refused.invalid(String.valueOf(notOne.getMessage()));
        }
        if (map.pool(raw.pool()).isEmpty()) {
            throw Refused.missing("pgid '" + raw + "' does not exist");
        }
        PgId pg = map.actualPg(raw);
        UpActing osds = map.map(pg);
        ObjectNode node = JsonText.object();
        node.put("epoch", map.epoch()).put("raw_pgid", raw.toString()).put("pgid", pg.toString());
        numbers(node.putArray("up"), osds.up());
        numbers(node.putArray("acting"), osds.acting());
        return call.format()
                .reply(
                        () ->
                                "osdmap e"
                                        + map.epoch()
                                        + " pg "
                                        + raw
                                        + " ("
                                        + pg
                                        + ") -> up "
                                        + list(osds.up())
                                        + " acting "
                                        + list(osds.acting())
                                        + "\n",
                        () -> node);
    }

    private static Reply blocklist(Call call) {
        OsdMap map = newest(call);
        ArrayNode all = JsonText.array();
        StringBuilder plain = new StringBuilder();
        map.blocklist()
                .forEach((addr, until) -> {
                    all.addObject()
                            .put("addr", AddrText.legacy(addr))
                            .put("until", Units.stamp(until));
                    plain.append(AddrText.legacy(addr))
                            .append(' ')
                            .append(Units.stamp(until))
                            .append('\n');
                });
        Reply shown = call.format().reply(plain::toString, () -> all);
        return Reply.of("listed " + map.blocklist().size() + " entries", shown.output());
    }

    private static Reply minCompatClient(Call call) {
        return Reply.shown(OsdMapText.release(newest(call).minCompatClient()) + "\n");
    }

    private static Reply utilization(Call call) {
        OsdMap map = newest(call);
        int[] counts = new int[map.osdMax()];
        map.pools()
                .forEach((id, pool) -> {
                    for (int seed = 0; seed < pool.pgNum(); seed++) {
                        for (int osd : map.map(new PgId(id, seed)).acting()) {
                            if (osd >= 0 && osd < counts.length) {
                                counts[osd]++;
                            }
                        }
                    }
                });
        List<Integer> in = osds(map).filter(map::isIn).boxed().toList();
        if (in.isEmpty()) {
            return call.format().reply(() -> "avg 0\n", () -> JsonText.object().put("avg_pgs", 0));
        }
        double average = in.stream().mapToInt(osd -> counts[osd]).average().orElse(0);
        double deviation =
                Math.sqrt(
                        in.stream()
                                .mapToDouble(osd -> Math.pow(counts[osd] - average, 2))
                                .average()
                                .orElse(0));
        double expected = Math.sqrt(average * (1 - 1.0 / in.size()));
        int least = in.stream().min((a, b) -> Integer.compare(counts[a], counts[b])).orElseThrow();
        int most = in.stream().max((a, b) -> Integer.compare(counts[a], counts[b])).orElseThrow();
        return call.format()
                .reply(
                        () ->
                                "avg "
                                        + number(average)
                                        + "\nstddev "
                                        + number(deviation)
                                        + " (expected baseline "
                                        + number(expected)
                                        + ")\nmin osd."
                                        + least
                                        + " with "
                                        + counts[least]
                                        + " pgs ("
                                        + number(counts[least] / Math.max(average, 1e-9))
                                        + " * mean)\nmax osd."
                                        + most
                                        + " with "
                                        + counts[most]
                                        + " pgs ("
                                        + number(counts[most] / Math.max(average, 1e-9))
                                        + " * mean)\n",
                        () ->
                                JsonText.object()
                                        .put("avg_pgs", average)
                                        .put("std_dev", deviation)
                                        .put("expected_baseline_std_dev", expected)
                                        .put("min_osd", least)
                                        .put("min_osd_pgs", counts[least])
                                        .put("max_osd", most)
                                        .put("max_osd_pgs", counts[most]));
    }

    private static String number(double value) {
        return JsonText.significant(value, 6);
    }
}
