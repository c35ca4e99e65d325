package io.sepiola.monitor.command;

import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushException;
import io.sepiola.crush.CrushMap;
import io.sepiola.monitor.text.JsonText;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What the commands about the CRUSH map have in common. */
final class CrushChange {
    private static final double WEIGHT_MAX = 65_535;

    private CrushChange() {}

    static CrushMap map(Call call) {
        return call.state().osdMaps().newest().crush();
    }

    /** JSON that is shown to people as well. */
    static Reply lined(Call call, JsonNode node) {
        return switch (call.format()) {
            case PLAIN -> Reply.shown(JsonText.pretty(node) + "\n");
            case JSON -> Reply.shown(JsonText.compact(node) + "\n");
            case JSON_PRETTY -> Reply.shown(JsonText.pretty(node));
        };
    }

    /** Edits the map; what cannot be is answered with the editor's own sentence. */
    static void edit(Call call, Consumer<CrushEditor> change) {
        replace(
                call,
                map -> {
                    CrushEditor editor = new CrushEditor(map);
                    change.accept(editor);
                    return editor.build();
                });
    }

    /** What an editor returns; what cannot be is answered with its own sentence. */
    static boolean checked(BooleanSupplier change) {
        try {
            return change.getAsBoolean();
        } catch (CrushException refused) {
            throw refused(refused);
        }
    }

    /** Puts another map in the place of the present one, unless it is the same. */
    static void replace(Call call, UnaryOperator<CrushMap> change) {
        try {
            CrushMap before = map(call);
            CrushMap after = change.apply(before);
            if (!after.equals(before)) {
                call.draft().osdMapStep().crush(after);
            }
        } catch (CrushException refused) {
            throw refused(refused);
        }
    }

    private static Refused refused(CrushException why) {
        int errno =
                switch (why.kind()) {
                    case INVALID -> Errno.EINVAL;
                    case ABSENT -> Errno.ENOENT;
                    case PRESENT -> Errno.EEXIST;
                    case USED -> Errno.ENOTEMPTY;
                    case LOOP -> Errno.ELOOP;
                };
        return new Refused(errno, String.valueOf(why.getMessage()));
    }

    /** The place that the arguments name, by type. */
    static SortedMap<String, String> place(Call call) {
        SortedMap<String, String> place = new TreeMap<>();
        for (String pair : call.arguments().texts("args")) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw Refused.invalid(
                        "'"
                                + PoolShowCommands.shortened(pair)
                                + "' is not of the form TYPE=NAME, such as host=a");
            }
            place.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return place;
    }

    static String shown(SortedMap<String, String> place) {
        return place.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The weight that the arguments name, 16.16. */
    static int weight(Call call) {
        return fixed(call.arguments().fraction("weight"));
    }

    static int fixed(double weight) {
        if (weight > WEIGHT_MAX) {
            throw new Refused(
                    Errno.EOVERFLOW,
                    "weight " + JsonText.significant(weight, 6) + " is too large; at most 65535");
        }
        return (int) ((float) weight * 0x10000);
    }

    static String weightShown(Call call) {
        return JsonText.significant(call.arguments().fraction("weight"), 6);
    }

    /** Weights as they are given, one or several. */
    static int[] weights(Call call) {
        List<String> given = call.arguments().texts("weight");
        int[] weights = new int[given.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = fixed(Double.parseDouble(given.get(i)));
        }
        return weights;
    }

    /** The item of that name. */
    static int item(Call call, String name) {
        return map(call)
                .itemId(name)
                .orElseThrow(() ->
                        Refused.missing(
                                "item " + PoolShowCommands.shortened(name) + " does not exist"));
    }
}
