package io.sepiola.monitor.command;

import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ManagerSuccession;
import io.sepiola.monitor.text.AddrText;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.map.MgrMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The managers. */
final class MgrCommands {
    private MgrCommands() {}

    static List<Row> rows() {
        return List.of(
                row("mgr stat", "", "r", "shows the active manager", MgrCommands::stat),
                row(
                        "mgr dump",
                        "epoch:CephInt:opt[0]",
                        "r",
                        "shows the managers' map",
                        MgrCommands::dump),
                row("mgr services", "", "r", "shows what modules serve", MgrCommands::services),
                row("mgr module ls", "", "r", "lists modules", MgrCommands::modules),
                row(
                        "mgr metadata",
                        "who:CephString:opt",
                        "r",
                        "shows what managers say about themselves",
                        MgrCommands::metadata),
                row("mgr versions", "", "r", "counts managers by release", MgrCommands::versions),
                row(
                        "mgr count-metadata",
                        "property:CephString",
                        "r",
                        "counts managers by something they say",
                        MgrCommands::countMetadata),
                row(
                        "mgr fail",
                        "who:CephString:opt",
                        "rw",
                        "makes the active manager give way",
                        MgrCommands::fail));
    }

    private static Row row(
            String prefix, String arguments, String access, String help, Row.Action action) {
        return Row.of(prefix, arguments, "mgr", access, 0, help, action);
    }

    private static Reply stat(Call call) {
        MgrMap map = call.state().mgrMap();
        return call.format()
                .reply(
                        JsonText.object()
                                .put("epoch", map.epoch())
                                .put("available", map.available())
                                .put("active_name", map.activeName())
                                .put("num_standby", map.standbys().size()));
    }

    private static Reply dump(Call call) {
        MgrMap map = call.state().mgrMap();
        if (call.arguments().number("epoch", map.epoch()) != map.epoch()) {
            throw Refused.missing("there is no map for epoch " + call.arguments().number("epoch"));
        }
        ObjectNode node = JsonText.object();
        node.put("epoch", map.epoch()).put("active_gid", map.activeGid());
        node.put("active_name", map.activeName());
        node.set("active_addrs", AddrText.json(map.activeAddrs()));
        node.put("active_addr", AddrText.legacy(map.activeAddrs()));
        node.put("active_change", Units.stamp(map.activeChange()));
        node.put("active_mgr_features", map.activeFeatures()).put("available", map.available());
        ArrayNode standbys = node.putArray("standbys");
        map.standbys()
                .values()
                .forEach(standby ->
                        standbys.addObject()
                                .put("gid", standby.gid())
                                .put("name", standby.name())
                                .put("mgr_features", standby.features())
                                .putArray("available_modules"));
        ArrayNode modules = node.putArray("modules");
        map.modules().forEach(modules::add);
        ArrayNode available = node.putArray("available_modules");
        map.availableModules().forEach(info -> available.add(module(info)));
        ObjectNode services = node.putObject("services");
        map.services().forEach(services::put);
        ObjectNode always = node.putObject("always_on_modules");
        map.alwaysOnModules()
                .forEach((release, names) -> {
                    ArrayNode list =
                            always.putArray(io.sepiola.monitor.text.OsdMapText.release(release));
                    names.forEach(list::add);
                });
        node.put("last_failure_osd_epoch", map.lastFailureOsdEpoch());
        ArrayNode clients = node.putArray("active_clients");
        map.clients().forEach(addrs -> clients.add(AddrText.json(addrs)));
        return StatusCommands.lined(call, () -> JsonText.pretty(node), node);
    }

    private static ObjectNode module(MgrMap.ModuleInfo info) {
        ObjectNode node = JsonText.object();
        node.put("name", info.name())
                .put("can_run", info.canRun())
                .put("error_string", info.error());
        node.putObject("module_options");
        return node;
    }

    private static Reply services(Call call) {
        ObjectNode node = JsonText.object();
        call.state().mgrMap().services().forEach(node::put);
        return call.format().reply(node);
    }

    private static Reply modules(Call call) {
        MgrMap map = call.state().mgrMap();
        ObjectNode node = JsonText.object();
        ArrayNode always = node.putArray("always_on_modules");
        map.alwaysOnModules().values().forEach(names -> names.forEach(always::add));
        ArrayNode enabled = node.putArray("enabled_modules");
        map.modules().forEach(enabled::add);
        ArrayNode disabled = node.putArray("disabled_modules");
        map.availableModules().stream()
                .filter(info -> !map.modules().contains(info.name()))
                .forEach(info -> disabled.add(module(info)));
        return StatusCommands.lined(call, () -> JsonText.pretty(node), node);
    }

    private static ObjectNode described(String name, SortedMap<String, String> metadata) {
        ObjectNode node = JsonText.object().put("name", name);
        metadata.forEach(node::put);
        return node;
    }

    private static Reply metadata(Call call) {
        SortedMap<String, SortedMap<String, String>> known = call.state().mgrMetadata();
        if (call.arguments().has("who")) {
            String who = call.arguments().text("who");
            SortedMap<String, String> metadata = known.get(who);
            if (metadata == null) {
                throw Refused.missing("mgr." + who + " does not exist");
            }
            return call.format().reply(described(who, metadata));
        }
        ArrayNode all = JsonText.array();
        known.forEach((name, metadata) -> all.add(described(name, metadata)));
        return call.format().reply(all);
    }

    private static Reply counted(Call call, String property) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        call.state()
                .mgrMetadata()
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

    private static Reply fail(Call call) {
        MgrMap map = call.state().mgrMap();
        String who = call.arguments().textIfGiven("who").orElse(map.activeName());
        if (who.isEmpty()) {
            return Reply.said("Currently no active mgr");
        }
        if (map.activeGid() != 0
                && (who.equals(map.activeName()) || who.equals("" + map.activeGid()))) {
            return replaced(call, ManagerSuccession.withoutActive(map, call.facts().now()));
        }
        for (MgrMap.Standby standby : map.standbys().values()) {
            if (who.equals(standby.name()) || who.equals("" + standby.gid())) {
                return replaced(call, ManagerSuccession.withoutStandby(map, standby.gid()));
            }
        }
        return Reply.said("Daemon not found '" + who + "', already failed?");
    }

    private static Reply replaced(Call call, MgrMap next) {
        call.draft().propose(new Change.MgrMapReplaced(next));
        return Reply.said("");
    }
}
