package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.Tunables;
import io.sepiola.monitor.text.CrushText;
import io.sepiola.monitor.text.CrushTree;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.OsdMap;

import tools.jackson.databind.node.ArrayNode;

import java.util.List;

/** The CRUSH map as a whole: shown, replaced, and how it chooses. */
final class CrushCommands {
    private CrushCommands() {}

    static List<Row> rows() {
        String tunable = "tunable:CephChoices=straw_calc_version";
        return List.of(
                show("osd crush dump", "", "shows the whole map", CrushCommands::dump),
                show(
                        "osd crush tree",
                        "shadow:CephChoices:opt=--show-shadow",
                        "shows the hierarchy",
                        CrushCommands::tree),
                show(
                        "osd crush show-tunables",
                        "",
                        "shows how choosing goes",
                        CrushCommands::tunables),
                show(
                        "osd crush get-tunable",
                        tunable,
                        "shows one tunable",
                        CrushCommands::getTunable),
                show(
                        "osd crush ls",
                        "node:CephString",
                        "lists what a bucket holds",
                        CrushCommands::list),
                change(
                        "osd crush set-tunable",
                        tunable + " value:CephInt",
                        "sets one tunable",
                        CrushCommands::setTunable),
                change(
                        "osd crush tunables",
                        "profile:CephChoices=legacy|argonaut|bobtail|firefly|hammer|jewel|optimal"
                                + "|default",
                        "sets how choosing goes",
                        CrushCommands::setTunables),
                change(
                        "osd setcrushmap",
                        "prior_version:CephInt:opt",
                        "takes the encoded map given as input",
                        CrushCommands::setMap));
    }

    private static Row show(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "r", 0, help, action);
    }

    private static Row change(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static Reply dump(Call call) {
        return CrushChange.lined(call, CrushText.whole(CrushChange.map(call)));
    }

    private static Reply tree(Call call) {
        boolean shadows = call.arguments().has("shadow");
        OsdMap map = call.state().osdMaps().newest();
        CrushTree tree = CrushTree.ofCrush(map, shadows);
        return call.format().reply(tree::plain, tree::json);
    }

    private static Reply tunables(Call call) {
        return CrushChange.lined(call, CrushText.tunables(CrushChange.map(call)));
    }

    private static Reply getTunable(Call call) {
        int version = CrushChange.map(call).tunables().strawCalcVersion();
        return call.format()
                .reply(
                        () -> version + "\n",
                        () -> JsonText.object().put("straw_calc_version", version));
    }

    private static Reply setTunable(Call call) {
        long value = call.arguments().number("value");
        if (value != 0 && value != 1) {
            throw Refused.invalid("value must be 0 or 1; got " + value);
        }
        Tunables t = CrushChange.map(call).tunables();
        CrushChange.edit(
                call,
                editor ->
                        editor.tunables(
                                new Tunables(
                                        t.chooseLocalTries(),
                                        t.chooseLocalFallbackTries(),
                                        t.chooseTotalTries(),
                                        t.chooseleafDescendOnce(),
                                        t.chooseleafVaryR(),
                                        (int) value,
                                        t.allowedBucketAlgorithms(),
                                        t.chooseleafStable())));
        return Reply.said("adjusted tunable straw_calc_version to " + value);
    }

    private static Reply setTunables(Call call) {
        String profile = call.arguments().text("profile");
        Tunables tunables =
                switch (profile) {
                    case "legacy", "argonaut" -> Tunables.LEGACY;
                    case "bobtail" -> Tunables.BOBTAIL;
                    case "firefly" -> Tunables.FIREFLY;
                    case "hammer" -> Tunables.HAMMER;
                    default -> Tunables.JEWEL;
                };
        CrushChange.edit(call, editor -> editor.tunables(tunables));
        return Reply.said("adjusted tunables profile to " + profile);
    }

    private static Reply list(Call call) {
        CrushMap map = CrushChange.map(call);
        String name = call.arguments().text("node");
        int id =
                map.itemId(name)
                        .orElseThrow(() ->
                                Refused.missing(
                                        "node '"
                                                + PoolShowCommands.shortened(name)
                                                + "' does not exist"));
        ArrayNode all = JsonText.array();
        map.bucket(id)
                .ifPresentOrElse(
                        bucket -> {
                            for (int item : bucket.items()) {
                                all.add(map.itemName(item));
                            }
                        },
                        () -> all.add(name));
        StringBuilder plain = new StringBuilder();
        all.forEach(item -> plain.append(item.asString()).append('\n'));
        return call.format().reply(plain::toString, () -> all);
    }

    private static Reply setMap(Call call) {
        OsdMap map = call.state().osdMaps().newest();
        long prior = call.arguments().number("prior_version", map.crushVersion());
        if (call.input().isEmpty()) {
            throw Refused.invalid("the input holds no CRUSH map; give one with -i");
        }
        CrushMap given = decoded(call);
        if (prior == map.crushVersion() - 1L && given.equals(map.crush())) {
            return Reply.said(Integer.toString(map.crushVersion())); // said again, already done
        }
        if (prior != map.crushVersion()) {
            throw new Refused(
                    Errno.EPERM,
                    "prior_version " + prior + " != crush version " + map.crushVersion());
        }
        refuseUnfit(map, given);
        call.draft().osdMapStep().crush(given);
        return Reply.said(Integer.toString(map.crushVersion() + 1));
    }

    private static CrushMap decoded(Call call) {
        try {
            return CrushMap.CODEC.fromBytes(call.input());
        } catch (Malformed malformed) {
            throw Refused.invalid("Failed to parse crushmap: " + malformed.getMessage());
        }
    }

    /** A map by which some pool could not be placed at all would take its data out of reach. */
    private static void refuseUnfit(OsdMap map, CrushMap given) {
        map.pools()
                .forEach((id, pool) -> {
                    boolean serves =
                            given.rule(pool.crushRule())
                                    .filter(rule -> rule.type() == pool.type())
                                    .isPresent();
                    if (!serves) {
                        throw Refused.invalid(
                                "the map lacks rule "
                                        + pool.crushRule()
                                        + ", which pool "
                                        + id
                                        + " '"
                                        + map.poolName(id).orElse("")
                                        + "' uses; add it, or give the pool another rule"
                                        + " first");
                    }
                });
        if (given.deviceCountMax() > map.osdMax()) {
            throw new Refused(
                    Errno.ERANGE,
                    "the map has devices up to "
                            + (given.deviceCountMax() - 1)
                            + ", but max_osd is "
                            + map.osdMax());
        }
    }
}
