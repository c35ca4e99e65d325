package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The same lines typed at a genuine Ceph and at ours, at the same time: exit codes, messages but
 * for their numbers, and the keys and types of JSON are the same.
 */
@Tag("interop")
@Timeout(value = 12, unit = TimeUnit.MINUTES)
class CommandsBesideCephTest {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("root"), "lab/bin/reference-cluster");

    @TempDir static Path home;

    @Test
    void everyLineIsAnsweredAlike() throws IOException {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        Path script = resource("type-lines.py");
        Path lines = resource("commands.txt");
        Beside<List<JsonNode>> answers =
                Beside.both(() -> genuine(script, lines), () -> ours(script, lines));
        List<JsonNode> genuine = answers.genuine();
        List<JsonNode> ours = answers.ours();
        assertThat(ours).hasSameSizeAs(genuine).hasSizeGreaterThan(300);
        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < ours.size(); i++) {
            compare(all, genuine.get(i), ours.get(i));
        }
        all.assertAll();
    }

    private static List<JsonNode> ours(Path script, Path lines) throws IOException {
        try (LocalCluster cluster = LocalCluster.start(home, "beside", "--osds", "6")) {
            return type(script, cluster.conf(), lines, "ours");
        }
    }

    private static List<JsonNode> genuine(Path script, Path lines) throws IOException {
        Path directory = home.resolve("ceph");
        try {
            Program.of(
                            LAUNCHER.toString(),
                            "up",
                            directory,
                            "--port",
                            24_900,
                            "--osds",
                            6,
                            "--store",
                            "memstore",
                            "--set",
                            GenuineCluster.HASTE)
                    .within(Duration.ofMinutes(3))
                    .run()
                    .ok();
            return type(script, directory.resolve("ceph.conf"), lines, "genuine");
        } finally {
            Program.of(LAUNCHER.toString(), "down", directory).within(Duration.ofMinutes(1)).run();
        }
    }

    private static List<JsonNode> type(Path script, Path conf, Path lines, String name)
            throws IOException {
        Path answers = home.resolve(name + ".jsonl");
        Program.of("/usr/bin/python3", script, conf, lines, answers)
                .within(Duration.ofMinutes(8))
                .run()
                .ok();
        JsonMapper mapper = new JsonMapper();
        return Files.readAllLines(answers).stream().map(mapper::readTree).toList();
    }

    private static Path resource(String name) throws IOException {
        Path file = home.resolve(name);
        try (InputStream in = CommandsBesideCephTest.class.getResourceAsStream(name)) {
            Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
        }
        return file;
    }

    private static void compare(SoftAssertions all, JsonNode genuine, JsonNode ours) {
        String line = ours.get("line").stringValue();
        String said = ours.get("text").stringValue();
        all.assertThat(ours.get("result").intValue())
                .as("code of '%s', which says '%s'", line, said)
                .isEqualTo(genuine.get("result").intValue());
        if (ours.get("loose").booleanValue()) {
            return;
        }
        String sentence = genuine.get("text").stringValue();
        if (!sentence.matches("\\(\\d+\\) .*") && !sentence.isEmpty()) { // else Ceph says no why
            all.assertThat(numberless(said)).as(line).isEqualTo(numberless(sentence));
        }
        all.assertThat(ours.get("output").booleanValue())
                .as("output of '%s'", line)
                .isEqualTo(genuine.get("output").booleanValue());
        all.assertThat(shape(ours)).as(line).isEqualTo(shape(genuine));
    }

    private static String numberless(String text) {
        return text.replaceAll("-?[0-9]+(\\.[0-9]+)?", "#");
    }

    private static String shape(JsonNode answer) {
        String json = answer.get("json").stringValue();
        return json.startsWith("{") || json.startsWith("[")
                ? shapeOf(new JsonMapper().readTree(json))
                : "";
    }

    private static String shapeOf(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, String> keys = new TreeMap<>();
            node.properties().forEach(field -> keys.put(field.getKey(), shapeOf(field.getValue())));
            return keys.toString();
        }
        if (node.isArray()) {
            return node.isEmpty() ? "[]" : "[" + shapeOf(node.get(0)) + "]";
        }
        return node.isNumber() ? "number" : node.isString() ? "string" : "truth";
    }
}
