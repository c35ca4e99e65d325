package io.sepiola.osd.op;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a client may do on an OSD (OSDCap), read from the text in its ticket. Immutable.
 *
 * <p>Grammar: {@code caps := grant *(("," | ";") grant)}; {@code grant := "allow" (match | spec)* |
 * "profile" NAME match*}; {@code match := "pool" ["="] NAME | "namespace" ["="] NAME |
 * "object_prefix" ["="] TEXT | "tag" APP KEY "=" VALUE | "network" CIDR}; {@code spec := "*" |
 * "all" | letters of rwx | "class-read" | "class-write" | "class" NAME [METHOD]}. A namespace that
 * ends in {@code *} matches by prefix. Each grant is held against the whole operation.
 */
public final class OsdCaps {
    /** Nothing is allowed. */
    public static final OsdCaps NONE = new OsdCaps(List.of());

    /** Everything is allowed. */
    public static final OsdCaps ALL = parse("allow *");

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int CLASS_READ = 4;
    private static final int CLASS_WRITE = 8;
    private static final int ANY = 16;
    private static final int TEXT_SIZE_MAX = 64 << 10;

    private final List<Grant> grants;

    private OsdCaps(List<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /** An object class's method as an operation calls it. */
    public record ClassCall(String name, String method, boolean reads, boolean writes) {}

    /**
     * What an operation touches.
     *
     * @param applications of the pool, with their keys and values
     */
    public record Target(
            String pool,
            String namespace,
            String object,
            Map<String, ? extends Map<String, String>> applications) {}

    private record Tag(String application, String key, String value) {}

    private static final class Grant {
        @Nullable String pool;
        @Nullable String namespace;
        @Nullable String prefix;
        @Nullable Tag tag;
        @Nullable String className;
        @Nullable String classMethod;
        int allow;

        boolean matches(Target target) {
            return (pool == null || pool.equals(target.pool))
                    && (namespace == null || namespaceMatches(namespace, target.namespace))
                    && (prefix == null || target.object.startsWith(prefix))
                    && (tag == null || tagMatches(tag, target));
        }

        boolean allows(boolean read, boolean write, List<ClassCall> calls) {
            if ((allow & ANY) != 0) {
                return true;
            }
            if (read && (allow & READ) == 0 || write && (allow & WRITE) == 0) {
                return false;
            }
            for (ClassCall call : calls) {
                boolean named =
                        className != null
                                && className.equals(call.name)
                                && (classMethod == null || classMethod.equals(call.method));
                if (!named
                        && (call.reads && (allow & CLASS_READ) == 0
                                || call.writes && (allow & CLASS_WRITE) == 0)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static boolean namespaceMatches(String wanted, String actual) {
        return wanted.endsWith("*")
                ? actual.startsWith(wanted.substring(0, wanted.length() - 1))
                : wanted.equals(actual);
    }

    private static boolean tagMatches(Tag tag, Target target) {
        Map<String, String> values = target.applications.get(tag.application);
        if (values == null) {
            return false;
        }
        return tag.key.equals("*")
                || (tag.value.equals("*")
                        ? values.containsKey(tag.key)
                        : tag.value.equals(values.get(tag.key)));
    }

    /**
     * Whether one grant covers the whole operation.
     *
     * @param read whether objects are read, other than by a class
     * @param write whether objects are changed, other than by a class
     */
    public boolean allow(Target target, boolean read, boolean write, List<ClassCall> calls) {
        for (Grant grant : grants) {
            if (grant.matches(target) && grant.allows(read, write, calls)) {
                return true;
            }
        }
        return false;
    }

    /** Whether everything is allowed everywhere. */
    public boolean allowAll() {
        for (Grant grant : grants) {
            if ((grant.allow & ANY) != 0
                    && grant.pool == null
                    && grant.namespace == null
                    && grant.prefix == null
                    && grant.tag == null) {
                return true;
            }
        }
        return false;
    }

    /** Reads a ticket's caps: one encoded string; {@link #NONE} for what cannot be read. */
    public static OsdCaps of(Bytes caps, boolean allowAll) {
        if (allowAll) {
            return ALL;
        }
        if (caps.isEmpty()) {
            return NONE;
        }
        try {
            return parse(new Decoder(caps).string());
        } catch (Malformed unreadable) {
            return NONE;
        }
    }

    /**
     * Reads the text.
     *
     * @throws Malformed when it does not follow the grammar
     */
    public static OsdCaps parse(String text) {
        if (text.length() > TEXT_SIZE_MAX) {
            throw new Malformed("OSD caps of " + text.length() + " characters");
        }
        List<Grant> grants = new ArrayList<>();
        List<String> words = words(text);
        int at = 0;
        while (at < words.size()) {
            int end = at;
            while (end < words.size() && !isSeparator(words.get(end))) {
                end++;
            }
            if (end > at) {
                grants.add(grant(new Words(words.subList(at, end), text)));
            }
            at = end + 1;
        }
        return new OsdCaps(grants);
    }

    private static boolean isSeparator(String word) {
        return word.equals(",") || word.equals(";");
    }

    private static final class Words {
        private final List<String> words;
        private final String text;
        private int at;

        Words(List<String> words, String text) {
            this.words = words;
            this.text = text;
        }

        boolean hasMore() {
            return at < words.size();
        }

        String next() {
            if (!hasMore()) {
                throw new Malformed("OSD caps '" + text + "' end too early");
            }
            return words.get(at++);
        }

        String peek() {
            return hasMore() ? words.get(at) : "";
        }

        String value() {
            if (peek().equals("=")) {
                at++;
            }
            return next();
        }
    }

    private static Grant grant(Words words) {
        Grant grant = new Grant();
        String verb = words.next();
        if (verb.equals("profile")) {
            profile(grant, words.value());
        } else if (!verb.equals("allow")) {
            throw new Malformed("OSD caps '" + words.text + "' must begin with allow or profile");
        }
        while (words.hasMore()) {
            term(grant, words.next(), words);
        }
        return grant;
    }

    private static void profile(Grant grant, String name) {
        grant.allow |=
                switch (name) {
                    case "osd", "crash" -> ANY;
                    case "rbd" -> READ | WRITE | CLASS_READ | CLASS_WRITE;
                    case "rbd-read-only" -> READ | CLASS_READ;
                    case "rbd-mirror", "rbd-mirror-peer" -> READ | WRITE | CLASS_READ | CLASS_WRITE;
                    default -> throw new Malformed("unknown OSD caps profile '" + name + "'");
                };
    }

    private static void term(Grant grant, String word, Words words) {
        switch (word) {
            case "*", "all" -> grant.allow |= ANY;
            case "class-read" -> grant.allow |= CLASS_READ;
            case "class-write" -> grant.allow |= CLASS_WRITE;
            case "pool" -> grant.pool = words.value();
            case "namespace" -> grant.namespace = words.value();
            case "object_prefix" -> grant.prefix = words.value();
            case "network" -> words.value(); // every client is taken to be in the network
            case "tag" -> {
                String application = words.next();
                String key = words.next();
                grant.tag = new Tag(application, key, words.value());
            }
            case "class" -> {
                grant.className = words.value();
                if (words.hasMore()) {
                    grant.classMethod = words.next();
                }
            }
            default -> letters(grant, word, words);
        }
    }

    private static void letters(Grant grant, String word, Words words) {
        for (int i = 0; i < word.length(); i++) {
            grant.allow |=
                    switch (word.charAt(i)) {
                        case 'r' -> READ;
                        case 'w' -> WRITE;
                        case 'x' -> CLASS_READ | CLASS_WRITE;
                        default ->
                                throw new Malformed(
                                        "OSD caps '"
                                                + words.text
                                                + "': '"
                                                + word
                                                + "' is not understood");
                    };
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '=' || c == ',' || c == ';') {
                words.add(String.valueOf(c));
                at++;
            } else if (c == '"' || c == '\'') {
                int end = text.indexOf(c, at + 1);
                if (end < 0) {
                    throw new Malformed("OSD caps '" + text + "': a quote is not closed");
                }
                words.add(text.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < text.length() && " \t\n\r=,;".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                words.add(text.substring(at, end));
                at = end;
            }
        }
        return words;
    }
}
