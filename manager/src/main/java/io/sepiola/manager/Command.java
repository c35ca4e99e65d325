package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.dump.XmlDump;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A command as a client sent it: one JSON object with a prefix.
 *
 * @param json whether JSON is wanted, or XML, which is made of it
 * @param pretty whether it shall be indented
 */
record Command(String prefix, boolean json, boolean pretty, ObjectNode members) {
    private static final int SIZE_MAX = 1 << 20;
    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(16)
                                            .maxStringLength(SIZE_MAX)
                                            .build())
                            .build());

    /**
     * The answer: 0 or a negative errno, a line for people, and the output.
     *
     * @param questionOrNull a command for the monitors, whose answer is to be given instead
     * @param orders commands for the monitors that come first; when one is refused, that is the
     *     answer
     */
    record Answer(
            int result,
            String text,
            Bytes output,
            @Nullable String questionOrNull,
            List<String> orders) {
        Answer(int result, String text, Bytes output) {
            this(result, text, output, null, List.of());
        }

        /** As the answer to what one manager is told. */
        MCommandReply to(MCommand command) {
            return new MCommandReply(command.tid(), result, text, output);
        }

        static Answer asking(String question) {
            return new Answer(0, "", Bytes.EMPTY, question, List.of());
        }

        static Answer after(List<String> orders, Answer said) {
            return new Answer(said.result, said.text, said.output, null, orders);
        }

        static Answer shown(String output) {
            return new Answer(0, "", Bytes.utf8(output));
        }

        static Answer refused(int errno, String text) {
            return new Answer(-errno, text, Bytes.EMPTY);
        }
    }

    /** A command that is answered with an error. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        static final int EPERM = 1;
        static final int ENOENT = 2;
        static final int EAGAIN = 11;
        static final int EACCES = 13;
        static final int EBUSY = 16;
        static final int EINVAL = 22;
        private final int errno;

        Refused(int errno, String message) {
            super(message, null, false, false);
            this.errno = errno;
        }

        Answer answer() {
            return Answer.refused(errno, String.valueOf(getMessage()));
        }
    }

    static Refused invalid(String message) {
        return new Refused(Refused.EINVAL, message);
    }

    /** Reads it; Ceph's clients may cut the text into several strings. */
    static Command parse(List<String> words) {
        String text = String.join("", words);
        if (text.length() > SIZE_MAX) {
            throw invalid("a command of " + text.length() + " characters; at most " + SIZE_MAX);
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException malformed) {
            throw invalid("unparseable JSON");
        }
        if (!(node instanceof ObjectNode members)) {
            throw invalid("unparseable JSON: a command is an object");
        }
        JsonNode prefix = members.get("prefix");
        if (prefix == null || !prefix.isString()) {
            throw invalid("bad or missing field 'prefix'");
        }
        String wanted = format(members);
        return new Command(
                prefix.stringValue(),
                wanted.startsWith("json") || XmlDump.isXml(wanted),
                wanted.equals("json-pretty"),
                members);
    }

    private static String format(ObjectNode members) {
        JsonNode format = members.get("format");
        return format == null || !format.isString() ? "plain" : format.stringValue();
    }

    /**
     * The answer in the format that is wanted; commands know of no XML.
     *
     * @param told who is told the command; empty for one of the cluster's
     */
    Answer shown(Answer answer, String told) {
        String wanted = format(members);
        if (!XmlDump.isXml(wanted) || answer.output().size() == 0) {
            return answer;
        }
        String xml = XmlDump.of(told, prefix, texts(), answer.output().toUtf8(), wanted);
        return new Answer(
                answer.result(),
                answer.text(),
                Bytes.utf8(xml),
                answer.questionOrNull(),
                answer.orders());
    }

    JsonOut out() {
        return new JsonOut(pretty);
    }

    /** The arguments as caps compare them. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (!member.getKey().equals("prefix")) {
                texts.put(member.getKey(), text(member.getValue()));
            }
        }
        return texts;
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream()
                    .map(Command::text)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "1" : "0";
        }
        return value.asString("");
    }

    /** Strings given under that name, one or several; numbers count as their digits. */
    List<String> strings(String name) {
        JsonNode node = members.get(name);
        List<String> all = new ArrayList<>();
        if (node == null || node.isNull()) {
            return all;
        }
        if (node.isArray()) {
            node.forEach(one -> all.add(string(name, one)));
        } else {
            all.add(string(name, node));
        }
        return all;
    }

    private static String string(String name, JsonNode node) {
        if (node.isString() || node.isNumber() || node.isBoolean()) {
            return node.asString();
        }
        throw invalid("bad or missing field '" + name + "'");
    }

    String required(String name) {
        List<String> all = strings(name);
        if (all.size() != 1) {
            throw invalid("bad or missing field '" + name + "'");
        }
        return all.getFirst();
    }

    /** Whether something is said to be so. */
    boolean flag(String name) {
        JsonNode node = members.get(name);
        return node != null && (node.isBoolean() ? node.booleanValue() : isTrue(node));
    }

    private static boolean isTrue(JsonNode node) {
        return node.isString() && node.stringValue().equals("true");
    }

    OptionalLong number(String name) {
        JsonNode node = members.get(name);
        if (node == null || node.isNull()) {
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw invalid("bad or missing field '" + name + "'");
        }
        return OptionalLong.of(node.longValue());
    }

    OptionalDouble decimal(String name) {
        JsonNode node = members.get(name);
        if (node == null || node.isNull()) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber()) {
            throw invalid("bad or missing field '" + name + "'");
        }
        return OptionalDouble.of(node.doubleValue());
    }

    /** An OSD given as its number or {@code osd.N}. */
    static OptionalInt osd(String text) {
        String digits = text.startsWith("osd.") ? text.substring(4) : text;
        return digits.matches("[0-9]{1,9}")
                ? OptionalInt.of(Integer.parseInt(digits))
                : OptionalInt.empty();
    }

    /** One argument's description, and whether the command has it. */
    record Parameter(String name, String type, boolean optional, boolean repeated, String choices) {
        /** Reads {@code name:type:opt:N=choice|choice}. */
        static Parameter parse(String text) {
            int equals = text.indexOf('=');
            String[] parts = (equals < 0 ? text : text.substring(0, equals)).split(":", -1);
            List<String> marks = List.of(parts).subList(2, parts.length);
            return new Parameter(
                    parts[0],
                    parts[1],
                    marks.contains("opt"),
                    marks.contains("N"),
                    equals < 0 ? "" : text.substring(equals + 1));
        }

        void check(Command command) {
            List<String> given = command.strings(name);
            if (given.isEmpty() && !optional || given.size() > 1 && !repeated) {
                throw invalid("bad or missing field '" + name + "'");
            }
            for (String word : given) {
                if (!choices.isEmpty() && !List.of(choices.split("\\|", -1)).contains(word)) {
                    throw invalid("'" + word + "' is not one of " + choices.replace("|", ", "));
                }
            }
            if (type.equals("CephInt")) {
                command.number(name);
            } else if (type.equals("CephFloat")) {
                command.decimal(name);
            }
        }

        Map<String, String> fields() {
            Map<String, String> fields = new java.util.LinkedHashMap<>();
            if (!choices.isEmpty()) {
                fields.put("strings", choices);
            }
            fields.put("name", name);
            fields.put("type", type);
            if (repeated) {
                fields.put("n", "N");
            }
            if (optional) {
                fields.put("req", "false");
            }
            return fields;
        }
    }
}
