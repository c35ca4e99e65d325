package io.sepiola.monitor.command;

import io.sepiola.crush.ChooseArgs;
import io.sepiola.crush.WeightSetEditor;
import io.sepiola.monitor.text.CrushText;
import io.sepiola.protocol.map.OsdMap;

import java.util.List;
import java.util.function.Consumer;

/** Weight sets: weights by which one pool, or all of them, are placed in place of CRUSH's own. */
final class WeightSetCommands {
    private WeightSetCommands() {}

    static List<Row> rows() {
        return List.of(
                show("osd crush weight-set ls", "lists weight sets", WeightSetCommands::list),
                show("osd crush weight-set dump", "shows weight sets", WeightSetCommands::dump),
                change(
                        "osd crush weight-set create-compat",
                        "",
                        "makes the weight set of all pools",
                        WeightSetCommands::createCompat),
                change(
                        "osd crush weight-set create",
                        "pool:CephPoolname mode:CephChoices=flat|positional",
                        "makes a pool's weight set",
                        WeightSetCommands::create),
                change(
                        "osd crush weight-set rm-compat",
                        "",
                        "removes the weight set of all pools",
                        WeightSetCommands::removeCompat),
                change(
                        "osd crush weight-set rm",
                        "pool:CephPoolname",
                        "removes a pool's weight set",
                        WeightSetCommands::remove),
                change(
                        "osd crush weight-set reweight-compat",
                        "item:CephString weight:CephFloat:N[0.0]",
                        "sets an item's weight in the weight set of all pools",
                        WeightSetCommands::reweightCompat),
                change(
                        "osd crush weight-set reweight",
                        "pool:CephPoolname item:CephString weight:CephFloat:N[0.0]",
                        "sets an item's weight in a pool's weight set",
                        WeightSetCommands::reweight));
    }

    private static Row show(String prefix, String help, Row.Action action) {
        return Row.of(prefix, "", "osd", "r", 0, help, action);
    }

    private static Row change(String prefix, String arguments, String help, Row.Action action) {
        return Row.of(prefix, arguments, "osd", "rw", 0, help, action);
    }

    private static Reply list(Call call) {
        var all = io.sepiola.monitor.text.JsonText.array();
        StringBuilder plain = new StringBuilder();
        OsdMap map = call.state().osdMaps().newest();
        map.crush()
                .chooseArgs()
                .forEach((id, args) -> {
                    String name =
                            id == ChooseArgs.DEFAULT_ID ? "(compat)" : map.poolName(id).orElse("");
                    if (!name.isEmpty()) {
                        all.add(name);
                        plain.append(name).append('\n');
                    }
                });
        return call.format().reply(plain::toString, () -> all);
    }

    private static Reply dump(Call call) {
        return call.format().reply(CrushText.weightSets(CrushChange.map(call)));
    }

    private static void edit(Call call, Consumer<WeightSetEditor> change) {
        CrushChange.replace(
                call,
                map -> {
                    WeightSetEditor editor = new WeightSetEditor(map);
                    change.accept(editor);
                    return editor.build();
                });
    }

    private static boolean has(Call call, long id) {
        return CrushChange.map(call).chooseArgs().containsKey(id);
    }

    private static long pool(Call call) {
        String name = call.arguments().text("pool");
        return call.state()
                .osdMaps()
                .newest()
                .poolId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "pool '" + PoolShowCommands.shortened(name) + "' not found"));
    }

    private static Reply createCompat(Call call) {
        if (has(call, ChooseArgs.DEFAULT_ID)) {
            return Reply.said("compat weight-set already created");
        }
        edit(call, editor -> editor.create(ChooseArgs.DEFAULT_ID, 1));
        return Reply.said("");
    }

    private static Reply create(Call call) {
        long pool = pool(call);
        if (has(call, pool)) {
            return Reply.said(
                    "weight-set for pool '" + call.arguments().text("pool") + "' already created");
        }
        boolean flat = call.arguments().text("mode").equals("flat");
        int size = call.state().osdMaps().newest().pool(pool).orElseThrow().size();
        edit(call, editor -> editor.create(pool, flat ? 1 : size));
        return Reply.said("");
    }

    private static Reply removeCompat(Call call) {
        edit(call, editor -> editor.remove(ChooseArgs.DEFAULT_ID));
        return Reply.said("");
    }

    private static Reply remove(Call call) {
        long pool = pool(call);
        edit(call, editor -> editor.remove(pool));
        return Reply.said("");
    }

    private static int item(Call call) {
        String name = call.arguments().text("item");
        return CrushChange.map(call)
                .itemId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "item '" + PoolShowCommands.shortened(name) + "' does not exist"));
    }

    private static Reply reweightCompat(Call call) {
        if (!has(call, ChooseArgs.DEFAULT_ID)) {
            throw Refused.missing("no backward-compatible weight-set");
        }
        int item = item(call);
        int[] weights = CrushChange.weights(call);
        if (weights.length != 1) {
            throw Refused.missing(
                    "the compat weight-set takes exactly 1 weight, not " + weights.length);
        }
        edit(call, editor -> editor.reweight(ChooseArgs.DEFAULT_ID, item, weights));
        return Reply.said("");
    }

    private static Reply reweight(Call call) {
        long pool = pool(call);
        if (!has(call, pool)) {
            throw Refused.missing("no weight-set for pool '" + call.arguments().text("pool") + "'");
        }
        int item = item(call);
        edit(call, editor -> editor.reweight(pool, item, CrushChange.weights(call)));
        return Reply.said("");
    }
}
