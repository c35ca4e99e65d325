package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.OsdMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/** {@code ceph osd erasure-code-profile}: how erasure-coded pools are to be cut. */
final class ErasureProfileCommands {
    private static final int SIZE_MAX = 16 << 10;

    private ErasureProfileCommands() {}

    static List<Row> rows() {
        return List.of(
                row("ls", "", "r", "lists erasure code profiles", ErasureProfileCommands::profiles),
                row(
                        "get",
                        "name:CephString",
                        "r",
                        "shows an erasure code profile",
                        ErasureProfileCommands::profile),
                row(
                        "set",
                        "name:CephString profile:CephString:opt:N force:CephBool:opt",
                        "rw",
                        "makes an erasure code profile of KEY=VALUE..., or changes it",
                        ErasureProfileCommands::set),
                row(
                        "rm",
                        "name:CephString",
                        "rw",
                        "removes an erasure code profile that no pool uses",
                        ErasureProfileCommands::remove));
    }

    private static Row row(
            String verb, String arguments, String access, String help, Row.Action action) {
        return Row.of(
                "osd erasure-code-profile " + verb, arguments, "osd", access, 0, help, action);
    }

    private static OsdMap map(Call call) {
        return call.state().osdMaps().newest();
    }

    private static Reply profiles(Call call) {
        ArrayNode all = JsonText.array();
        map(call).ecProfiles().keySet().forEach(all::add);
        String plain =
                map(call).ecProfiles().keySet().stream()
                        .map(name -> name + "\n")
                        .collect(Collectors.joining());
        return lined(call, plain, all);
    }

    private static Reply lined(Call call, String plain, JsonNode json) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown(plain);
            case JSON -> Reply.shown(JsonText.compact(json) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(json));
        };
    }

    private static Reply profile(Call call) {
        String name = call.arguments().text("name");
        NavigableMap<String, String> profile = map(call).ecProfiles().get(name);
        if (profile == null) {
            throw Refused.missing(
                    "unknown erasure code profile '" + PoolShowCommands.shortened(name) + "'");
        }
        ObjectNode node = JsonText.object();
        profile.forEach(node::put);
        String plain =
                profile.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining());
        return lined(call, plain, node);
    }

    private static Reply set(Call call) {
        String name = call.arguments().text("name");
        List<String> words = call.arguments().texts("profile");
        int size = name.length() + words.stream().mapToInt(String::length).sum();
        if (size > SIZE_MAX) {
            throw Refused.invalid("a profile of " + size + " characters; at most " + SIZE_MAX);
        }
        boolean force = call.arguments().flag("force");
        NavigableMap<String, String> wanted =
                ErasureProfile.complete(ErasureProfile.parse(words), force);
        NavigableMap<String, String> before = map(call).ecProfiles().get(name);
        if (before != null) {
            NavigableMap<String, String> known = completeIfKnown(before);
            if (known.equals(wanted)) {
                return Reply.said("");
            }
            if (!force) {
                throw new Refused(
                        Errno.EPERM,
                        "will not override erasure code profile "
                                + name
                                + " because the existing profile "
                                + ErasureProfile.text(known)
                                + " is different from the proposed profile "
                                + ErasureProfile.text(wanted));
            }
        }
        call.draft().osdMapStep().newEcProfile(name, wanted);
        return Reply.said("");
    }

    /** A profile from elsewhere may be of a plugin that is not here. */
    private static NavigableMap<String, String> completeIfKnown(
            NavigableMap<String, String> profile) {
        try {
            return ErasureProfile.complete(profile, true);
        } catch (Refused unknown) {
            return profile;
        }
    }

    private static Reply remove(Call call) {
        String name = call.arguments().text("name");
        OsdMap map = map(call);
        String users =
                map.pools().entrySet().stream()
                        .filter(pool -> pool.getValue().erasureCodeProfile().equals(name))
                        .filter(pool -> pool.getValue().isErasure())
                        .map(pool -> map.poolName(pool.getKey()).orElse(""))
                        .collect(Collectors.joining(", "));
        if (!users.isEmpty()) {
            throw new Refused(
                    Errno.EBUSY,
                    users
                            + " pool(s) are using the erasure code profile '"
                            + PoolShowCommands.shortened(name)
                            + "'");
        }
        if (!map.ecProfiles().containsKey(name)) {
            return Reply.said(
                    "erasure-code-profile " + PoolShowCommands.shortened(name) + " does not exist");
        }
        call.draft().osdMapStep().oldEcProfile(name);
        return Reply.said("");
    }
}
