package io.sepiola.cluster.cli;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.PgId;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a word must be to stand for an argument. Names and rules are those of Ceph's descriptions.
 */
sealed interface ArgumentType {
    /**
     * The value as it goes into the command's JSON.
     *
     * @param partial whether the beginning of a literal or choice is enough
     * @throws Mismatch when the word is none of this type
     */
    Object read(String word, boolean partial) throws Mismatch;

    /** As usage messages show it. */
    String shown();

    /** A word of the command itself. */
    record Literal(String word) implements ArgumentType {
        @Override
        public Object read(String given, boolean partial) throws Mismatch {
            if (partial ? word.startsWith(given) : word.equals(given)) {
                return given;
            }
            throw new Mismatch(Mismatch.Kind.OTHER_COMMAND, "no match for " + given);
        }

        @Override
        public String shown() {
            return word;
        }
    }

    /** A whole number, optionally bounded. */
    record Int(List<Long> range) implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            try {
                long value = Long.decode(word.replace("_", ""));
                require(
                        (range.isEmpty() || value >= range.getFirst())
                                && (range.size() < 2 || value <= range.get(1)),
                        value + " not in range " + range);
                return value;
            } catch (NumberFormatException notNumber) {
                throw wrong(word + " doesn't represent an int");
            }
        }

        @Override
        public String shown() {
            return "<int" + Ranges.shown(range) + ">";
        }
    }

    /** A number, optionally bounded. */
    record Float(List<Double> range) implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            try {
                double value = new BigDecimal(word.strip()).doubleValue();
                require(
                        (range.isEmpty() || value >= range.getFirst())
                                && (range.size() < 2 || value <= range.get(1)),
                        value + " not in range " + range);
                return value;
            } catch (NumberFormatException notNumber) {
                throw wrong(word + " doesn't represent a float");
            }
        }

        @Override
        public String shown() {
            return "<float" + Ranges.shown(range) + ">";
        }
    }

    /** Any text, or text of certain characters. */
    record Text(String goodCharacters, @Nullable Pattern patternOrNull) implements ArgumentType {
        static Text of(String goodCharacters) {
            try {
                return new Text(
                        goodCharacters,
                        goodCharacters.isEmpty() ? null : Pattern.compile(goodCharacters));
            } catch (PatternSyntaxException bad) {
                throw new Malformed("'" + goodCharacters + "' is no class of characters", bad);
            }
        }

        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            if (patternOrNull != null) {
                StringBuilder bad = new StringBuilder();
                word.codePoints()
                        .mapToObj(Character::toString)
                        .filter(c -> !patternOrNull.matcher(c).lookingAt())
                        .distinct()
                        .forEach(bad::append);
                require(bad.isEmpty(), "invalid chars " + bad + " in " + word);
            }
            return word;
        }

        @Override
        public String shown() {
            return goodCharacters.isEmpty()
                    ? "<string>"
                    : "<string(goodchars " + goodCharacters + ")>";
        }
    }

    /** One of several words. */
    record Choices(List<String> words) implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            require(
                    partial
                            ? words.stream().anyMatch(choice -> choice.startsWith(word))
                            : words.contains(word),
                    word + " not in " + shown());
            return word;
        }

        @Override
        public String shown() {
            return String.join("|", words);
        }
    }

    /** True or false; as a flag its mere presence is true. */
    record Bool() implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            if (word.equalsIgnoreCase("true") || word.equals("1")) {
                return true;
            }
            if (word.equalsIgnoreCase("false") || word.equals("0")) {
                return false;
            }
            throw wrong(word + " not one of 'true', 'false'");
        }

        @Override
        public String shown() {
            return "<bool>";
        }
    }

    /** {@code type.id}, or {@code *}. */
    record Name() implements ArgumentType {
        private static final List<String> TYPES = List.of("osd", "mon", "client", "mds", "mgr");

        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            if (word.equals("*") || word.equals("mgr") || word.equals("mon")) {
                return word;
            }
            int dot = word.indexOf('.');
            require(dot >= 0, "CephName: no . in " + word);
            String type = word.substring(0, dot);
            String id = word.substring(dot + 1);
            require(TYPES.contains(type), "unknown type " + type);
            require(
                    !type.equals("osd") || id.equals("*") || id.matches("[+-]?[0-9]+"),
                    "osd id " + id + " not integer");
            return word;
        }

        @Override
        public String shown() {
            return "<name (type.id)>";
        }
    }

    /** {@code 3}, {@code osd.3}, or {@code *}. */
    record OsdName() implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            if (word.equals("*")) {
                return word;
            }
            int dot = word.indexOf('.');
            require(
                    dot < 0 || word.substring(0, dot).equals("osd"),
                    "unknown type " + word.substring(0, Math.max(dot, 0)));
            String id = word.substring(dot + 1);
            try {
                long number = Long.parseLong(id);
                require(number >= 0, "osd id " + id + " is less than 0");
                return number;
            } catch (NumberFormatException notNumber) {
                throw wrong("osd id " + id + " not integer");
            }
        }

        @Override
        public String shown() {
            return "<osdname (id|osd.id)>";
        }
    }

    /** A placement group. */
    record Pgid() implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            require(word.indexOf('.') >= 0, "pgid has no .");
            try {
                require(PgId.parse(word).pool() >= 0, "pool of " + word + " < 0");
                return word;
            } catch (Malformed bad) {
                throw wrong("pgid " + word + " is not POOL.HEX");
            }
        }

        @Override
        public String shown() {
            return "<pgid>";
        }
    }

    /** A UUID. */
    record Uuid() implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            try {
                UUID.fromString(word);
                return word;
            } catch (IllegalArgumentException bad) {
                throw wrong("invalid UUID " + word);
            }
        }

        @Override
        public String shown() {
            return "<uuid>";
        }
    }

    /** An IP address with an optional port and, where allowed, a nonce. */
    record Address(boolean nonceAllowed) implements ArgumentType {
        private static final Pattern FOUR =
                Pattern.compile(
                        "(?:(?:v1|v2|any):)?((?:[0-9]{1,3}\\.){3}[0-9]{1,3})(?::([0-9]+))?");
        private static final Pattern SIX =
                Pattern.compile(
                        "(?:(?:v1|v2|any):)?(?:\\[([0-9a-fA-F:.]+)](?::([0-9]+))?|([0-9a-fA-F:.]*:[0-9a-fA-F:.]*))");

        @Override
        public Object read(String word, boolean partial) throws Mismatch {
            int slash = word.indexOf('/');
            String address = slash < 0 ? word : word.substring(0, slash);
            if (slash >= 0) {
                require(
                        nonceAllowed && word.substring(slash + 1).matches("[0-9]+"),
                        word
                                + ": invalid entity, nonce "
                                + word.substring(slash + 1)
                                + " not integer > 0");
            }
            var four = FOUR.matcher(address);
            var six = SIX.matcher(address);
            String port;
            if (four.matches()) {
                for (String part : four.group(1).split("\\.")) {
                    require(Integer.parseInt(part) <= 255, word + ": invalid IPv4 address");
                }
                port = four.group(2);
            } else if (six.matches()) {
                port = six.group(2);
            } else {
                throw wrong(word + ": invalid IP address");
            }
            require(
                    port == null || port.length() <= 5 && Integer.parseInt(port) <= 65_535,
                    port + " not a valid port number");
            return word;
        }

        @Override
        public String shown() {
            return nonceAllowed ? "<EntityAddr>" : "<IPaddr[:port]>";
        }
    }

    /** A pool, an object or a file: any text, shown by what it is. */
    record Plain(String shown) implements ArgumentType {
        @Override
        public Object read(String word, boolean partial) {
            return word;
        }
    }

    /**
     * The type of a description.
     *
     * @param type its name in Ceph
     * @param details the description's other members
     * @throws Malformed for a type that Ceph does not have
     */
    static ArgumentType of(String type, Map<String, ?> details) {
        return switch (type) {
            case "CephInt" -> new Int(Ranges.read(details, Long::valueOf));
            case "CephFloat" -> new Float(Ranges.read(details, Double::valueOf));
            case "CephString" -> Text.of(text(details, "goodchars"));
            case "CephChoices" ->
                    new Choices(Arrays.asList(text(details, "strings").split("\\|", -1)));
            case "CephBool" -> new Bool();
            case "CephName" -> new Name();
            case "CephOsdName" -> new OsdName();
            case "CephPgid" -> new Pgid();
            case "CephUUID" -> new Uuid();
            case "CephIPAddr" -> new Address(false);
            case "CephEntityAddr" -> new Address(true);
            case "CephPoolname" -> new Plain("<poolname>");
            case "CephObjectname" -> new Plain("<objectname>");
            case "CephFilepath" -> new Plain("<outfilename>");
            case "CephSocketpath" -> new Plain("<admin-socket-path>");
            case "CephFragment" -> new Plain("<CephFS fragment ID (0xvvv/bbb)>");
            default -> throw new Malformed("unknown type " + type + " in a command's description");
        };
    }

    private static String text(Map<String, ?> details, String key) {
        Object value = details.get(key);
        return value == null ? "" : value.toString();
    }

    private static void require(boolean holds, String otherwise) throws Mismatch {
        if (!holds) {
            throw wrong(otherwise);
        }
    }

    private static Mismatch wrong(String message) {
        return new Mismatch(Mismatch.Kind.WRONG, message);
    }

    /** {@code MIN|MAX} or {@code MIN}. */
    final class Ranges {
        private Ranges() {}

        static <N> List<N> read(Map<String, ?> details, java.util.function.Function<String, N> of) {
            String range = text(details, "range");
            return range.isEmpty() ? List.of() : Arrays.stream(range.split("\\|")).map(of).toList();
        }

        static String shown(List<? extends Number> range) {
            return switch (range.size()) {
                case 0 -> "";
                case 1 -> "[" + range.getFirst() + "-]";
                default -> "[" + range.getFirst() + "-" + range.get(1) + "]";
            };
        }
    }
}
