package io.sepiola.monitor.command;

import io.sepiola.monitor.text.JsonText;

import tools.jackson.databind.JsonNode;

import java.util.function.Supplier;

/** How the output of a command is wanted. */
public enum Format {
    /** For people. */
    PLAIN,
    /** JSON in one line. */
    JSON,
    /** JSON for people. */
    JSON_PRETTY;

    /**
     * The format of that name.
     *
     * @throws Refused for an unknown one
     */
    public static Format of(String name) {
        return switch (name) {
            case "", "plain" -> PLAIN;
            case "json", "xml", "xml-pretty" -> JSON; // XML is made of it
            case "json-pretty" -> JSON_PRETTY;
            default ->
                    throw Refused.invalid(
                            "format '"
                                    + name
                                    + "' is not known; there are plain, json, json-pretty, xml,"
                                    + " xml-pretty");
        };
    }

    /** Whether JSON is wanted. */
    public boolean isJson() {
        return this != PLAIN;
    }

    /** The JSON in this format; pretty for PLAIN, as commands without a plain form answer. */
    public String print(JsonNode node) {
        return this == JSON ? JsonText.compact(node) : JsonText.pretty(node);
    }

    /** An output with a plain and a JSON form; JSON in one line gets no end of line. */
    public Reply reply(Supplier<String> plain, Supplier<? extends JsonNode> json) {
        return Reply.shown(isJson() ? print(json.get()) : plain.get());
    }

    /** An output that is JSON whatever is asked for. */
    public Reply reply(JsonNode json) {
        return Reply.shown(print(json));
    }
}
