package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One command: what it is called, what it takes, who may, and what it does.
 *
 * @param module by which caps speak of it
 * @param access what it needs, of r, w and x
 * @param flags 4 deprecated, 8 served by the manager, 32 hidden, 1 for this monitor alone
 * @param action null when the manager serves it
 */
record Row(
        String prefix,
        List<Argument> arguments,
        String module,
        String access,
        int flags,
        String help,
        @Nullable Action action) {
    /** Served by the manager. */
    static final int MGR = 8;

    /** Not shown; for this monitor alone. */
    static final int TELL = 33;

    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /**
         * Answers; a call that changes something proposes it, and is answered after the commit.
         *
         * @throws Refused when it is answered with an error
         */
        Reply run(Call call);
    }

    static Row of(
            String prefix,
            String arguments,
            String module,
            String access,
            int flags,
            String help,
            @Nullable Action action) {
        List<Argument> parsed =
                arguments.isEmpty()
                        ? List.of()
                        : Arrays.stream(arguments.split(" ")).map(Argument::parse).toList();
        return new Row(prefix, parsed, module, access, flags, help, action);
    }

    /** Whether it may change something. */
    boolean writes() {
        return access.contains("w");
    }

    /** As the {@code ceph} program wants it described. */
    ObjectNode describe() {
        ObjectNode node = JsonText.object();
        ArrayNode signature = node.putArray("sig");
        for (String word : prefix.split(" ")) {
            signature.add(word);
        }
        for (Argument argument : arguments) {
            signature.add(argument.describe());
        }
        return node.put("help", help).put("module", module).put("perm", access).put("flags", flags);
    }

    /**
     * The arguments among a command's members, checked.
     *
     * @throws Refused when one is missing or does not fit
     */
    Arguments check(ObjectNode members) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Argument argument : arguments) {
            JsonNode value = members.get(argument.name());
            if (value != null && !value.isNull()) {
                values.put(argument.name(), argument.check(value));
            } else if (!argument.optional()) {
                throw Refused.invalid("bad or missing field '" + argument.name() + "'");
            }
        }
        return new Arguments(values);
    }
}
