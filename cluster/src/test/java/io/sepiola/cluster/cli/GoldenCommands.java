package io.sepiola.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command signatures of a real monitor, as the golden table keeps them. */
final class GoldenCommands {
    private GoldenCommands() {}

    /**
     * Rows are prefix, arguments, flags, module, perm; arguments
     * name:type[:opt][:N][=choices][range].
     */
    static CommandTable table() throws IOException {
        Path file = Path.of(System.getProperty("golden"), "cli/mon-commands.tsv");
        List<Signature> signatures = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                signatures.add(signature(line.split("\t", -1)));
            }
        }
        return new CommandTable(signatures);
    }

    private static Signature signature(String[] columns) {
        List<Object> sig = new ArrayList<>(List.of(columns[0].split(" ")));
        for (String argument : columns[1].split(" ")) {
            if (!argument.isEmpty()) {
                sig.add(argument(argument));
            }
        }
        return Signature.of(
                Map.of("sig", sig, "help", "help", "flags", Integer.valueOf(columns[2])));
    }

    private static Map<String, String> argument(String text) {
        Map<String, String> description = new LinkedHashMap<>();
        String rest = text;
        int bracket = rest.indexOf('[');
        if (bracket > 0 && rest.endsWith("]")) {
            description.put("range", rest.substring(bracket + 1, rest.length() - 1));
            rest = rest.substring(0, bracket);
        }
        int equals = rest.indexOf('=');
        if (equals > 0) {
            description.put("strings", rest.substring(equals + 1));
            rest = rest.substring(0, equals);
        }
        String[] parts = rest.split(":");
        description.put("name", parts[0]);
        description.put("type", parts[1]);
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].equals("opt")) {
                description.put("req", "false");
            } else {
                description.put("n", parts[i]);
            }
        }
        return description;
    }
}
