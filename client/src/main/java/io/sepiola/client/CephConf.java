package io.sepiola.client;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration file in Ceph's syntax, read on behalf of one entity. A value is looked for in
 * what was given beside the file, then in the sections {@code [type.id]}, {@code [type]} and {@code
 * [global]}. Immutable; may be shared.
 *
 * <p>A key may be written with blanks, underscores or hyphens between its words. {@code $cluster},
 * {@code $name}, {@code $type}, {@code $id} and any {@code $key} are expanded, with or without
 * braces.
 */
public final class CephConf {
    private static final int EXPANSION_DEPTH_MAX = 10;
    private static final long FILE_SIZE_MAX = 16 << 20;

    private final String cluster;
    private final AuthName name;
    private final Map<String, Map<String, String>> sections;
    private final Map<String, String> overrides;

    private CephConf(
            String cluster,
            AuthName name,
            Map<String, Map<String, String>> sections,
            Map<String, String> overrides) {
        this.cluster = cluster;
        this.name = name;
        this.sections = sections;
        this.overrides = overrides;
    }

    /** Nothing set; for {@code name} in a cluster called {@code ceph}. */
    public static CephConf empty(AuthName name) {
        return new CephConf("ceph", name, Map.of(), Map.of());
    }

    /**
     * Reads the text of a file.
     *
     * @throws Malformed naming the line that is neither section, setting nor comment
     */
    public static CephConf parse(String text, String cluster, AuthName name) {
        return new CephConf(cluster, name, IniText.parse(text), Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws RadosException when it cannot be read
     * @throws Malformed as {@link #parse} does
     */
    public static CephConf load(Path file, String cluster, AuthName name) {
        try {
            if (Files.size(file) > FILE_SIZE_MAX) {
                throw new Malformed(file + " is larger than any configuration file");
            }
            return parse(Files.readString(file, StandardCharsets.UTF_8), cluster, name);
        } catch (Malformed malformed) {
            throw new Malformed(file + ": " + malformed.getMessage(), malformed);
        } catch (IOException unreadable) {
            throw new RadosException(
                    Errno.ENOENT, "cannot read the configuration file " + file + ": " + unreadable);
        }
    }

    /** The cluster's name, {@code ceph} unless told otherwise. */
    public String cluster() {
        return cluster;
    }

    /** On whose behalf the file is read. */
    public AuthName name() {
        return name;
    }

    /** The same file, read on behalf of another entity. */
    public CephConf as(AuthName other) {
        return new CephConf(cluster, other, sections, overrides);
    }

    /** The same with one value set before everything in the file. */
    public CephConf with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(overrides);
        more.put(IniText.normalKey(key), value);
        return new CephConf(cluster, name, sections, more);
    }

    /** The value, expanded. */
    public Optional<String> get(String key) {
        return raw(IniText.normalKey(key)).map(value -> expand(value, 0));
    }

    /** The value, expanded, or the (expanded) alternative. */
    public String get(String key, String otherwise) {
        return get(key).orElseGet(() -> expand(otherwise, 0));
    }

    /**
     * A whole number.
     *
     * @throws Malformed when the value is none
     */
    public long number(String key, long otherwise) {
        Optional<String> value = get(key);
        try {
            return value.isEmpty() ? otherwise : Long.parseLong(value.get());
        } catch (NumberFormatException notNumber) {
            throw new Malformed(
                    key + " = '" + value.get() + "' in the configuration is not a whole number",
                    notNumber);
        }
    }

    /** Everything that is set for the entity, expanded, by key with underscores. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> all = new TreeMap<>();
        for (String section : List.of("global", name.type().label(), name.toString())) {
            all.putAll(sections.getOrDefault(section, Map.of()));
        }
        all.putAll(overrides);
        all.replaceAll((key, value) -> expand(value, 0));
        return all;
    }

    /** A value in one section only, unexpanded. */
    public Optional<String> inSection(String section, String key) {
        return Optional.ofNullable(
                sections.getOrDefault(section, Map.of()).get(IniText.normalKey(key)));
    }

    /** What one section sets, unexpanded, by key with underscores. */
    public SortedMap<String, String> section(String section) {
        return new TreeMap<>(sections.getOrDefault(section, Map.of()));
    }

    /** The names of the sections, in the file's order. */
    public List<String> sections() {
        return List.copyOf(sections.keySet());
    }

    /**
     * The monitors, as {@code mon_host} gives them.
     *
     * @throws RadosException when there is none, saying what to do
     * @throws Malformed when the value is no list of addresses
     */
    public List<EntityAddrVec> monitors() {
        return get("mon_host")
                .map(MonitorAddresses::parse)
                .filter(list -> !list.isEmpty())
                .orElseThrow(() ->
                        new RadosException(
                                Errno.ENOENT,
                                "no monitor is named: set 'mon_host' in the configuration"
                                        + " file, or give -m ADDRESS"));
    }

    /** Replaces {@code $name} and its like in a text. */
    public String expand(String text) {
        return expand(text, 0);
    }

    private Optional<String> raw(String key) {
        String own = overrides.get(key);
        if (own != null) {
            return Optional.of(own);
        }
        for (String section : List.of(name.toString(), name.type().label(), "global")) {
            String value = sections.getOrDefault(section, Map.of()).get(key);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private String expand(String text, int depth) {
        if (depth > EXPANSION_DEPTH_MAX || text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
                continue;
            }
            int from = at + 1;
            boolean braced = from < text.length() && text.charAt(from) == '{';
            int start = braced ? from + 1 : from;
            int end = start;
            while (end < text.length() && isVariableCharacter(text.charAt(end))) {
                end++;
            }
            boolean closed = !braced || end < text.length() && text.charAt(end) == '}';
            Optional<String> value =
                    closed ? variable(text.substring(start, end), depth) : Optional.empty();
            int next = closed && braced ? end + 1 : Math.max(end, from);
            out.append(value.orElse(text.substring(at, next)));
            at = next;
        }
        return out.toString();
    }

    private static boolean isVariableCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private Optional<String> variable(String variable, int depth) {
        return switch (variable) {
            case "" -> Optional.empty();
            case "cluster" -> Optional.of(cluster);
            case "name" -> Optional.of(name.toString());
            case "type" -> Optional.of(name.type().label());
            case "id", "num" -> Optional.of(name.id());
            default -> raw(IniText.normalKey(variable)).map(value -> expand(value, depth + 1));
        };
    }

    /** Reads the file's syntax: sections, settings, comments, quotes and continued lines. */
    static final class IniText {
        private IniText() {}

        static String normalKey(String key) {
            return key.strip().replaceAll("[\\s_-]+", "_");
        }

        static Map<String, Map<String, String>> parse(String text) {
            Map<String, Map<String, String>> sections = new LinkedHashMap<>();
            Map<String, String> section =
                    sections.computeIfAbsent("global", key -> new LinkedHashMap<>());
            int number = 0;
            List<Integer> numbers = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            StringBuilder continued = new StringBuilder();
            for (String line : text.split("\r?\n", -1)) {
                number++;
                if (line.endsWith("\\")) {
                    continued.append(line, 0, line.length() - 1);
                    continue;
                }
                lines.add(continued.append(line).toString());
                numbers.add(number);
                continued.setLength(0);
            }
            lines.add(continued.toString());
            numbers.add(number);
            for (int i = 0; i < lines.size(); i++) {
                String line = withoutComment(lines.get(i)).strip();
                if (line.isEmpty()) {
                    continue;
                }
                if (line.startsWith("[") && line.endsWith("]")) {
                    String title = line.substring(1, line.length() - 1).strip();
                    section = sections.computeIfAbsent(title, key -> new LinkedHashMap<>());
                    continue;
                }
                int equals = line.indexOf('=');
                if (equals <= 0) {
                    throw new Malformed(
                            "line "
                                    + numbers.get(i)
                                    + " is neither '[section]', 'key = value' nor a comment: '"
                                    + line
                                    + "'");
                }
                section.put(
                        normalKey(line.substring(0, equals)),
                        unquoted(line.substring(equals + 1).strip()));
            }
            return sections;
        }

        private static String withoutComment(String line) {
            char quote = 0;
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '"' || c == '\'') {
                    quote = c;
                } else if (c == '#' || c == ';') {
                    return line.substring(0, i);
                }
            }
            return line;
        }

        private static String unquoted(String value) {
            if (value.length() >= 2) {
                char first = value.charAt(0);
                if ((first == '"' || first == '\'') && value.charAt(value.length() - 1) == first) {
                    return unescaped(value.substring(1, value.length() - 1));
                }
            }
            return unescaped(value);
        }

        private static String unescaped(String value) {
            if (value.indexOf('\\') < 0) {
                return value;
            }
            StringBuilder out = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                out.append(c == '\\' && i + 1 < value.length() ? value.charAt(++i) : c);
            }
            return out.toString();
        }
    }
}
