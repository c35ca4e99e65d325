package io.sepiola.manager;

import io.sepiola.base.Invariant;
import io.sepiola.protocol.caps.MgrCaps;
import io.sepiola.protocol.osd.MonCommandSignature;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands that the manager serves, from {@code commands.txt}. Immutable. */
final class CommandTable {
    /** Served by the manager. */
    private static final int FLAG_MGR = 8;

    /**
     * One command.
     *
     * @param module by which caps speak of it
     * @param access what it needs, of r, w and x
     */
    record Row(
            String prefix,
            List<Command.Parameter> parameters,
            String module,
            String access,
            String help) {
        /** What Python serves in Ceph, and caps know by the name of its module there. */
        private static final List<String> MODULES =
                List.of("balancer", "crash", "progress", "status");

        boolean isAllowed(MgrCaps caps, Command command) {
            if (prefix.equals("get_command_descriptions")) {
                return true; // says nothing about this cluster
            }
            String first = prefix.contains(" ") ? prefix.substring(0, prefix.indexOf(' ')) : prefix;
            first = prefix.equals("osd status") ? "status" : first;
            boolean python = MODULES.contains(first);
            return caps.allows(
                    python ? "py" : module, python ? first : "", prefix, command.texts(), access);
        }
    }

    static final CommandTable STANDARD = new CommandTable();

    private final Map<String, Row> rows;

    private CommandTable() {
        Map<String, Row> read = new LinkedHashMap<>();
        try (InputStream resource = CommandTable.class.getResourceAsStream("commands.txt")) {
            Invariant.that(resource != null, "commands.txt is missing");
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().map(CommandTable::row).forEach(row -> read.put(row.prefix, row));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        rows = Collections.unmodifiableMap(read);
    }

    private static Row row(String line) {
        String[] cells =
                // Choices hold bars too, but no blank follows those.
                Arrays.stream(line.split("\\| ", -1)).map(String::strip).toArray(String[]::new);
        List<Command.Parameter> parameters =
                cells[1].isEmpty()
                        ? List.of()
                        : Arrays.stream(cells[1].split(" ", -1))
                                .map(Command.Parameter::parse)
                                .toList();
        return new Row(cells[0], parameters, cells[2], cells[3], cells[4]);
    }

    Optional<Row> row(Command command) {
        return Optional.ofNullable(rows.get(command.prefix()));
    }

    /** What {@code get_command_descriptions} answers. */
    String descriptions() {
        return descriptions(List.of());
    }

    /** The same, after those of one manager alone. */
    String descriptions(List<Row> own) {
        JsonOut out = new JsonOut(false);
        out.object();
        int index = 0;
        List<Row> all = new ArrayList<>(own);
        all.addAll(rows.values());
        for (Row row : all) {
            out.object(String.format(Locale.ROOT, "cmd%03d", index++)).array("sig");
            for (String word : row.prefix.split(" ", -1)) {
                out.add(word);
            }
            for (Command.Parameter parameter : row.parameters) {
                out.object();
                parameter.fields().forEach(out::put);
                out.end();
            }
            out.end().put("help", row.help).put("module", row.module);
            out.put("perm", row.access).put("flags", index <= own.size() ? 0 : FLAG_MGR).end();
        }
        return out.end().toString();
    }

    /** As the beacon tells the monitors. */
    List<MonCommandSignature> signatures() {
        return rows.values().stream()
                .filter(row -> !row.prefix.equals("get_command_descriptions"))
                .map(row ->
                        new MonCommandSignature(
                                signature(row), row.help, row.module, row.access, FLAG_MGR))
                .toList();
    }

    private static String signature(Row row) {
        return row.prefix
                + row.parameters.stream()
                        .map(parameter ->
                                " "
                                        + parameter.fields().entrySet().stream()
                                                .map(e -> e.getKey() + "=" + e.getValue())
                                                .collect(Collectors.joining(",")))
                        .collect(Collectors.joining());
    }
}
