package io.sepiola.monitor.command;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.dump.XmlDump;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A command as a client sent it: one JSON object with a prefix. */
public record CommandLine(String prefix, Format format, ObjectNode members) {
    private static final int SIZE_MAX = 4 << 20;
    private static final JsonMapper MAPPER =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder()
                                            .maxNestingDepth(16)
                                            .maxNumberLength(64)
                                            .maxNameLength(1024)
                                            .maxStringLength(SIZE_MAX)
                                            .build())
                            .build());

    /**
     * Reads it; Ceph's clients may cut the text into several strings.
     *
     * @throws Refused when it is no such object
     */
    public static CommandLine parse(List<String> words) {
        long size = words.stream().mapToLong(String::length).sum();
        if (size == 0) {
            throw Refused.invalid("no command");
        }
        if (size > SIZE_MAX) {
            throw Refused.invalid("a command of " + size + " characters; at most " + SIZE_MAX);
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(String.join("", words));
        } catch (JacksonException malformed) {
            throw Refused.invalid("unparseable JSON: " + sentence(malformed.getOriginalMessage()));
        }
        if (!(node instanceof ObjectNode members)) {
            throw Refused.invalid("unparseable JSON: a command is an object");
        }
        return new CommandLine(
                word(members, "prefix", true), Format.of(word(members, "format", false)), members);
    }

    /**
     * The answer in the format that is wanted; commands know of no XML.
     *
     * @param told who is told the command; empty for one of the cluster's
     */
    Reply shown(Reply reply, String told) {
        String wanted = word(members, "format", false);
        if (!XmlDump.isXml(wanted)) {
            return reply;
        }
        String xml = XmlDump.of(told, prefix, texts(), reply.output().toUtf8(), wanted);
        return new Reply(reply.result(), reply.text(), Bytes.utf8(xml));
    }

    /** The arguments as caps compare them: each kind of caps by itself, as {@code caps_mon}. */
    public Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            JsonNode value = member.getValue();
            if (member.getKey().equals("caps")) {
                for (int i = 0; i + 1 < value.size(); i += 2) {
                    texts.put("caps_" + value.get(i).asString(""), value.get(i + 1).asString(""));
                }
            } else if (!member.getKey().equals("prefix")) {
                texts.put(member.getKey(), text(value));
            }
        }
        return texts;
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream()
                    .map(CommandLine::text)
                    .collect(Collectors.joining(",", "[", "]"));
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "1" : "0";
        }
        return value.asString("");
    }

    private static String word(ObjectNode members, String name, boolean required) {
        JsonNode node = members.get(name);
        if (node == null && !required) {
            return "";
        }
        if (node == null || !node.isString()) {
            throw Refused.invalid("bad or missing field '" + name + "'");
        }
        return node.stringValue();
    }

    /** What the parser says, up to where it goes on about itself. */
    private static String sentence(String message) {
        String line =
                message.lines()
                        .findFirst()
                        .orElse("")
                        .split(" \\((start|from|maximum)|, from ", 2)[0];
        return line.length() > 200 ? line.substring(0, 200) : line;
    }
}
