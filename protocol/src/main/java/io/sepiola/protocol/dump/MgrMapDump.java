package io.sepiola.protocol.dump;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.map.MgrMap;

import java.util.Collection;
import java.util.List;

/** The managers and their modules. */
final class MgrMapDump {
    private static final String[] TYPES = {
        "uint",
        "int",
        "str",
        "float",
        "bool",
        "addr",
        "addrvec",
        "uuid",
        "size",
        "secs",
        "millisecs"
    };
    private static final String[] LEVELS = {"basic", "advanced", "dev"};

    private MgrMapDump() {}

    static void map(MgrMap map, JsonDump out) {
        out.unsigned("epoch", map.epoch()).put("active_gid", map.activeGid());
        out.put("active_name", map.activeName());
        AddrDump.addrs("active_addrs", map.activeAddrs(), out);
        out.put("active_addr", Texts.legacy(map.activeAddrs()));
        out.put("active_change", Texts.stamp(map.activeChange()));
        out.unsigned("active_mgr_features", map.activeFeatures());
        out.put("available", map.available());
        out.array(
                "standbys",
                () -> map.standbys().values().forEach(it -> out.object(() -> standby(it, out))));
        texts("modules", map.modules(), out);
        modules(map.availableModules(), out);
        out.object("services", () -> map.services().forEach(out::put));
        out.object(
                "always_on_modules",
                () ->
                        map.alwaysOnModules()
                                .forEach((release, names) ->
                                        texts(Texts.release(release), names, out)));
        out.unsigned("last_failure_osd_epoch", map.lastFailureOsdEpoch());
        out.array("active_clients", () -> clients(map, out));
    }

    private static void clients(MgrMap map, JsonDump out) {
        int index = 0;
        for (EntityAddrVec addrs : map.clients()) {
            String name = index < map.clientNames().size() ? map.clientNames().get(index) : "";
            out.object(() -> {
                out.put("name", name);
                AddrDump.addrs(addrs, out);
            });
            index++;
        }
    }

    private static void standby(MgrMap.Standby standby, JsonDump out) {
        out.put("gid", standby.gid()).put("name", standby.name());
        out.unsigned("mgr_features", standby.features());
        modules(standby.availableModules(), out);
    }

    private static void modules(List<MgrMap.ModuleInfo> modules, JsonDump out) {
        out.array(
                "available_modules",
                () -> modules.forEach(it -> out.object(() -> moduleFields(it, out))));
    }

    /** A module by itself, which Ceph shows within one more object. */
    static void module(MgrMap.ModuleInfo info, JsonDump out) {
        out.object("module", () -> moduleFields(info, out));
    }

    private static void moduleFields(MgrMap.ModuleInfo info, JsonDump out) {
        out.put("name", info.name()).put("can_run", info.canRun());
        out.put("error_string", info.error());
        out.object(
                "module_options",
                () ->
                        info.options()
                                .forEach((name, it) -> out.object(name, () -> option(it, out))));
    }

    static void option(MgrMap.ModuleOption option, JsonDump out) {
        out.put("name", option.name());
        out.put("type", word(TYPES, option.type())).put("level", word(LEVELS, option.level()));
        out.unsigned("flags", option.flags()).put("default_value", option.defaultValue());
        out.put("min", option.min()).put("max", option.max());
        texts("enum_allowed", option.choices(), out);
        out.put("desc", option.description()).put("long_desc", option.longDescription());
        texts("tags", option.tags(), out);
        texts("see_also", option.seeAlso(), out);
    }

    private static String word(String[] words, int number) {
        return number < words.length ? words[number] : "unknown";
    }

    private static void texts(String name, Collection<String> texts, JsonDump out) {
        out.array(name, () -> texts.forEach(text -> out.put("", text)));
    }
}
