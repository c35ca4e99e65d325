package io.sepiola.osd.daemon;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an OSD can be told, by name. Filled at birth. */
final class TellTable {
    /** What a command does. */
    @FunctionalInterface
    interface Action {
        /**
         * Answers with what is printed as JSON, or a future of it; null for nothing.
         *
         * @throws Refusal when there is an error to be told
         */
        @Nullable Object run(JsonNode request);
    }

    /** An answer with something said beside. */
    record Said(String text, Object output) {}

    /** An error as the answer. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int result;

        Refusal(int result, String why) {
            super(why, null, false, false);
            this.result = result;
        }

        int result() {
            return result;
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * One command.
     *
     * @param signature as clients check it
     * @param module osd, or pg for what a group is told
     */
    private record Row(
            String prefix, List<Object> signature, String module, String help, Action action) {}

    private final List<Row> rows = new ArrayList<>();

    /**
     * One more command.
     *
     * @param arguments each {@code name:type[:opt][:N][=choices]}, blanks between
     */
    void add(String prefix, String arguments, String help, Action action) {
        add(prefix, arguments, "osd", help, action);
    }

    /** The same, of a placement group. */
    void addOfGroup(String prefix, String arguments, String help, Action action) {
        add(prefix, arguments, "pg", help, action);
    }

    private void add(String prefix, String arguments, String module, String help, Action action) {
        List<Object> signature = new ArrayList<>(List.of(prefix.split(" ")));
        Arrays.stream(arguments.split(" "))
                .filter(text -> !text.isEmpty())
                .map(TellTable::argument)
                .forEach(signature::add);
        rows.add(new Row(prefix, signature, module, help, action));
    }

    private static Map<String, String> argument(String text) {
        int equals = text.indexOf('=');
        String[] parts = (equals < 0 ? text : text.substring(0, equals)).split(":");
        Map<String, String> argument = new LinkedHashMap<>();
        argument.put("name", parts[0]);
        argument.put("type", parts[1]);
        for (String mark : List.of(parts).subList(2, parts.length)) {
            argument.put(mark.equals("opt") ? "req" : "n", mark.equals("opt") ? "false" : mark);
        }
        if (equals >= 0) {
            argument.put("strings", text.substring(equals + 1));
        }
        return argument;
    }

    /** The command of that name. */
    Optional<Action> find(String prefix) {
        return rows.stream().filter(row -> row.prefix.equals(prefix)).map(Row::action).findFirst();
    }

    /** All names. */
    List<String> names() {
        return rows.stream().map(Row::prefix).toList();
    }

    /** What {@code help} shows. */
    SortedMap<String, String> help() {
        SortedMap<String, String> all = new TreeMap<>();
        rows.forEach(row -> all.putIfAbsent(row.prefix, row.help));
        return all;
    }

    /** What {@code get_command_descriptions} answers. */
    Map<String, Object> descriptions() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Row row : rows) {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("sig", row.signature);
            description.put("help", row.help);
            description.put("module", row.module);
            description.put("perm", "rw");
            description.put("flags", 0);
            all.put(String.format(Locale.ROOT, "cmd%03d", all.size()), description);
        }
        return all;
    }
}
