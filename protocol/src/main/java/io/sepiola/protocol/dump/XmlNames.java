package io.sepiola.protocol.dump;

import io.sepiola.base.Malformed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The names that Ceph's XML has and its JSON has not: of the outermost element, and of what is in
 * an array. Read once from {@code xml-names.txt}, which tells its own grammar.
 */
final class XmlNames {
    static final XmlNames STANDARD = read("xml-names.txt");

    /** A line for elements of arrays. */
    private record Item(boolean words, boolean whole, List<String> path, String name) {
        boolean fits(List<String> way, boolean word) {
            int above = way.size() - path.size();
            if (word != words || above < 0 || (whole && above != 1)) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (!path.get(i).equals("*") && !path.get(i).equals(way.get(above + i))) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Map<String, String> roots = new HashMap<>();
    private final List<Item> items = new ArrayList<>();

    private static XmlNames read(String resource) {
        try (InputStream in = XmlNames.class.getResourceAsStream(resource)) {
            byte[] text = Objects.requireNonNull(in, resource).readAllBytes();
            XmlNames names = new XmlNames();
            new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(names::line);
            return names;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void line(String line) {
        String[] sides = line.split(" = ", 2);
        String[] words = sides[0].split(" ", 2);
        switch (words[0]) {
            case "root" -> roots.put(words[1], sides[1]);
            case "item", "word" -> {
                boolean whole = words[1].startsWith("/");
                List<String> path = List.of(words[1].substring(whole ? 1 : 0).split("/"));
                items.add(new Item(words[0].equals("word"), whole, path, sides[1]));
            }
            default -> throw new Malformed("no line of names: " + line);
        }
    }

    /**
     * The outermost element of what a command gives; nothing when Ceph gives no XML there.
     *
     * @param told who is told it; empty for a command of the cluster
     */
    Optional<String> root(
            String told, String command, Map<String, String> arguments, boolean array) {
        String known = roots.get((told.isEmpty() ? "-" : told) + " " + command);
        if (known == null) {
            return told.isEmpty() ? Optional.empty() : Optional.of(command.replace(' ', '_'));
        }
        int bar = known.indexOf('|');
        if (bar >= 0) {
            return Optional.of(array ? known.substring(bar + 1) : known.substring(0, bar));
        }
        return Arrays.stream(known.split(":"))
                .map(name -> name.startsWith("$") ? arguments.get(name.substring(1)) : name)
                .filter(name -> name != null && !name.equals("all"))
                .findFirst();
    }

    /**
     * What an element of an array is called.
     *
     * @param way the command, and the names from the outermost element to the array
     * @param word whether it is a text or a number
     */
    String item(List<String> way, boolean word) {
        for (Item item : items) {
            if (item.fits(way, word)) {
                return item.name;
            }
        }
        String array = way.getLast();
        boolean many = array.length() > 1 && array.endsWith("s");
        return many ? array.substring(0, array.length() - 1) : "item";
    }
}
