package io.sepiola.messenger;

import io.sepiola.base.Bytes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The connections of golden/handshake: what a genuine client and genuine daemons said. */
final class Recording {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Recording() {}

    static JsonNode file(String name) {
        return JSON.readTree(Path.of(System.getProperty("golden"), "handshake", name));
    }

    /** One connection. */
    record Conversation(JsonNode json) {
        static List<Conversation> all(String file) {
            List<Conversation> all = new ArrayList<>();
            file(file).forEach(node -> all.add(new Conversation(node)));
            return all;
        }

        String server() {
            return json.get("server").asString();
        }

        ConnectionMode mode() {
            return ConnectionMode.of(json.get("con_mode").asInt());
        }

        /** An unsigned 64-bit number. */
        long number(String name) {
            return new BigInteger(json.get(name).asString()).longValue();
        }

        String text(String name) {
            return json.get(name).asString();
        }

        List<Line> lines() {
            List<Line> lines = new ArrayList<>();
            json.get("frames").forEach(node -> lines.add(new Line(node)));
            return lines;
        }

        Line first(String name, boolean fromClient) {
            return lines().stream()
                    .filter(line -> line.name().equals(name) && line.fromClient() == fromClient)
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return mode() + " " + server() + " " + json.get("global_id");
        }
    }

    /** One frame. */
    record Line(JsonNode json) {
        boolean fromClient() {
            return json.get("dir").asString().equals("c>s");
        }

        String name() {
            return json.has("name") ? json.get("name").asString() : "BANNER";
        }

        /** Long frames were cut when they were recorded. */
        boolean isWhole() {
            return !json.get("wire").asString().contains("...");
        }

        Bytes wire() {
            return Bytes.hex(json.get("wire").asString());
        }

        List<Bytes> segments() {
            List<Bytes> segments = new ArrayList<>();
            json.get("segments").forEach(node -> segments.add(Bytes.hex(node.asString())));
            return segments;
        }

        int tag() {
            return json.get("tag").asInt();
        }
    }
}
