package io.sepiola.monitor.command;

import io.sepiola.monitor.state.Ciphers;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.map.MonMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The monitors themselves. */
final class MonCommands {
    private static final List<String> FEATURES =
            List.of(
                    "kraken",
                    "luminous",
                    "mimic",
                    "osdmap-prune",
                    "nautilus",
                    "octopus",
                    "pacific",
                    "elector-pinging");

    private MonCommands() {}

    static List<Row> rows() {
        String epoch = "epoch:CephInt:opt[0]";
        return List.of(
                row("mon dump", epoch, 0, "shows the monitors", MonCommands::dump),
                row("mon stat", "", 0, "shows the monitors in one line", MonCommands::stat),
                row("mon getmap", epoch, 0, "gives the monitor map, encoded", MonCommands::getMap),
                row(
                        "mon metadata",
                        "id:CephString:opt",
                        0,
                        "shows what monitors say about themselves",
                        MonCommands::metadata),
                row("mon versions", "", 0, "counts monitors by release", MonCommands::versions),
                row("mon feature ls", "", 0, "lists the monitors' features", MonCommands::features),
                row("quorum_status", "", 0, "shows the quorum", MonCommands::quorumStatus),
                row("mon_status", "", Row.TELL, "shows this monitor", MonCommands::status));
    }

    private static Row row(
            String prefix, String arguments, int flags, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mon", "r", flags, help, action);
    }

    private static MonMap asked(Call call) {
        MonMap map = call.state().monMap();
        if (call.arguments().number("epoch", map.epoch()) != map.epoch()) {
            throw Refused.missing("there is no map for epoch " + call.arguments().number("epoch"));
        }
        return map;
    }

    private static Reply dump(Call call) {
        MonMap map = asked(call);
        ObjectNode node = json(map);
        ArrayNode quorum = node.putArray("quorum");
        call.facts().quorum().forEach(rank -> quorum.add((int) rank));
        Ciphers ciphers = call.state().auth().ciphers();
        CipherCommands.show(node, ciphers);
        Reply shown =
                StatusCommands.lined(call, () -> plain(map) + CipherCommands.plain(ciphers), node);
        return Reply.of("dumped monmap epoch " + map.epoch(), shown.output());
    }

    private static String plain(MonMap map) {
        StringBuilder out = new StringBuilder();
        out.append("epoch ").append(map.epoch()).append('\n');
        out.append("fsid ").append(map.fsid()).append('\n');
        out.append("last_changed ").append(Units.stamp(map.changed())).append('\n');
        out.append("created ").append(Units.stamp(map.created())).append('\n');
        out.append("min_mon_release ").append(map.minMonRelease());
        out.append(" (").append(OsdMapText.release(map.minMonRelease())).append(")\n");
        out.append("election_strategy: ").append(map.strategy()).append('\n');
        for (int rank = 0; rank < map.size(); rank++) {
            MonMap.MonInfo info = map.byRank(rank).orElseThrow();
            out.append(rank)
                    .append(": ")
                    .append(info.addrs())
                    .append(" mon.")
                    .append(info.name())
                    .append('\n');
        }
        return out.toString();
    }

    /** The map without the quorum. */
    static ObjectNode json(MonMap map) {
        ObjectNode node = JsonText.object();
        node.put("epoch", map.epoch()).put("fsid", map.fsid().toString());
        node.put("modified", Units.stampZulu(map.changed()));
        node.put("created", Units.stampZulu(map.created()));
        node.put("min_mon_release", map.minMonRelease());
        node.put("min_mon_release_name", OsdMapText.release(map.minMonRelease()));
        node.put("election_strategy", map.strategy());
        // The odd blanks and colons are Ceph's.
        node.put("disallowed_leaders: ", String.join(",", map.disallowedLeaders()));
        node.put("stretch_mode", map.stretchMode()).put("tiebreaker_mon", map.tiebreaker());
        node.put(
                "removed_ranks: ",
                map.removedRanks().stream().map(Object::toString).collect(Collectors.joining(",")));
        ObjectNode features = node.putObject("features");
        ArrayNode persistent = features.putArray("persistent");
        features(map).forEach(persistent::add);
        features.putArray("optional");
        ArrayNode monitors = node.putArray("mons");
        for (int rank = 0; rank < map.size(); rank++) {
            MonMap.MonInfo info = map.byRank(rank).orElseThrow();
            ObjectNode monitor = monitors.addObject().put("rank", rank).put("name", info.name());
            monitor.set("public_addrs", AddrText.json(info.addrs()));
            monitor.put("addr", AddrText.legacy(info.addrs()));
            monitor.put("public_addr", AddrText.legacy(info.addrs()));
            monitor.put("priority", info.priority()).put("weight", info.weight());
            monitor.put("crush_location", "{}");
        }
        return node;
    }

    static List<String> features(MonMap map) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < FEATURES.size(); bit++) {
            if ((map.persistentFeatures() & 1L << bit) != 0) {
                names.add(FEATURES.get(bit));
            }
        }
        return names;
    }

    private static Reply stat(Call call) {
        MonMap map = call.state().monMap();
        List<Integer> quorum = call.facts().quorum();
        String leader = call.facts().name();
        ObjectNode node = JsonText.object();
        node.put("epoch", map.epoch());
        node.put("min_mon_release_name", OsdMapText.release(map.minMonRelease()));
        node.put("num_mons", map.size()).put("leader", leader);
        ArrayNode members = node.putArray("quorum");
        quorum.forEach(
                rank -> members.addObject().put("rank", rank).put("name", map.ranks().get(rank)));
        return StatusCommands.lined(call, () -> statLine(call, map, leader), node);
    }

    private static String statLine(Call call, MonMap map, String leader) {
        List<Integer> quorum = call.facts().quorum();
        String places =
                map.ranks().stream()
                        .map(name -> name + "=" + map.byRank(map.rank(name)).orElseThrow().addrs())
                        .collect(Collectors.joining(","));
        return "e"
                + map.epoch()
                + ": "
                + map.size()
                + " mons at {"
                + places
                + "} removed_ranks: {}, election epoch "
                + call.facts().electionEpoch()
                + ", leader "
                + map.rank(leader)
                + " "
                + leader
                + ", quorum "
                + quorum.stream().map(Object::toString).collect(Collectors.joining(","))
                + " "
                + quorum.stream()
                        .map(rank -> map.ranks().get(rank))
                        .collect(Collectors.joining(","))
                + "\n";
    }

    private static Reply getMap(Call call) {
        MonMap map = asked(call);
        return Reply.of("got monmap epoch " + map.epoch(), MonMap.CODEC.toBytes(map));
    }

    private static Reply metadata(Call call) {
        SortedMap<String, Map<String, String>> monitors = call.facts().monitors();
        if (call.arguments().has("id")) {
            String id = call.arguments().text("id");
            Map<String, String> one = monitors.get(id);
            if (one == null) {
                throw Refused.missing(
                        call.state().monMap().rank(id) < 0
                                ? "requested mon not found"
                                : "mon." + id + " is not in the quorum at present");
            }
            ObjectNode node = JsonText.object();
            one.forEach(node::put);
            return call.format().reply(node);
        }
        ArrayNode all = JsonText.array();
        monitors.forEach((name, metadata) -> all.add(described(name, metadata)));
        return call.format().reply(all);
    }

    private static ObjectNode described(String name, Map<String, String> metadata) {
        ObjectNode node = JsonText.object().put("name", name);
        metadata.forEach(node::put);
        return node;
    }

    private static Reply versions(Call call) {
        return counted(call, "ceph_version");
    }

    static Reply counted(Call call, String property) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        call.facts()
                .monitors()
                .values()
                .forEach(metadata ->
                        counts.merge(metadata.getOrDefault(property, "unknown"), 1, Integer::sum));
        ObjectNode node = JsonText.object();
        counts.forEach(node::put);
        return call.format().reply(node);
    }

    private static Reply features(Call call) {
        ObjectNode node = JsonText.object();
        ObjectNode all = node.putObject("all");
        ArrayNode supported = all.putArray("supported");
        FEATURES.forEach(supported::add);
        ArrayNode kept = all.putArray("persistent");
        FEATURES.forEach(kept::add);
        ObjectNode here = node.putObject("monmap");
        ArrayNode persistent = here.putArray("persistent");
        here.putArray("optional");
        ArrayNode required = here.putArray("required");
        for (String feature : features(call.state().monMap())) {
            persistent.add(feature);
            required.add(feature);
        }
        return call.format().reply(() -> plainFeatures(call.state().monMap()), () -> node);
    }

    private static String plainFeatures(MonMap map) {
        String known = "[" + String.join(",", FEATURES) + "]\n";
        String here = "[" + String.join(",", features(map)) + "]\n";
        return "all features\n\tsupported: "
                + known
                + "\tpersistent: "
                + known
                + "on current monmap (epoch "
                + map.epoch()
                + ")\n\tpersistent: "
                + here
                + "\trequired: "
                + here;
    }

    private static Reply quorumStatus(Call call) {
        ObjectNode node = MonStatus.quorum(call.state(), call.facts());
        return StatusCommands.lined(call, () -> JsonText.compact(node) + "\n", node);
    }

    static Reply status(Call call) {
        return call.format().reply(MonStatus.json(call.state(), call.facts()));
    }
}
