package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A session of genuine Ceph's {@code ceph} program, typed at a genuine cluster and at ours at the
 * same time: exit codes are equal, JSON has the same keys and types, and what is printed has the
 * same shape. What differs all the same is marked in {@code session.txt}, with the reason. {@code
 * -Dsession.answers=DIR} keeps what was answered, and takes it from there the next time.
 */
@Tag("interop")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CephSessionTest {
    private static final int PORTS = 28_700;
    private static final int LINES_MIN = 150;

    /** What a monitor and its OSDs are told on both sides. */
    private static final String[] SETTINGS = {
        "osd pool default min size = 2",
        "mon allow pool delete = true",
        "mon warn on pool no redundancy = false"
    };

    @TempDir static Path home;

    @Test
    void theProgramSeesNoDifference() throws IOException {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        Path script = resource("type-session.py");
        Path lines = resource("session.txt");
        Beside<List<JsonNode>> answers =
                Beside.both(() -> genuine(script, lines), () -> ours(script, lines));
        List<JsonNode> genuine = answers.genuine();
        List<JsonNode> ours = answers.ours();
        assertThat(ours).hasSameSizeAs(genuine).hasSizeGreaterThan(LINES_MIN);
        SoftAssertions all = new SoftAssertions();
        for (int i = 0; i < ours.size(); i++) {
            compare(all, genuine.get(i), ours.get(i));
        }
        all.assertAll();
    }

    private static Path answers(String name) {
        return Path.of(System.getProperty("session.answers", home.toString()))
                .resolve(name + ".jsonl");
    }

    private static List<JsonNode> ours(Path script, Path lines) throws IOException {
        if (Files.exists(answers("ours"))) {
            return read("ours");
        }
        Path here = Files.createDirectory(home.resolve("ours"));
        try (DaemonCluster cluster =
                new DaemonCluster(here, PORTS, 3, String.join("\n", SETTINGS))) {
            cluster.create();
            return type(script, cluster.conf(), lines, "ours");
        }
    }

    private static List<JsonNode> genuine(Path script, Path lines) throws IOException {
        if (Files.exists(answers("genuine"))) {
            return read("genuine");
        }
        try (GenuineCluster cluster =
                GenuineCluster.start(
                        home, PORTS + 100, 3, "osd objectstore = memstore", GenuineCluster.HASTE)) {
            return type(script, cluster.conf(), lines, "genuine");
        }
    }

    private static List<JsonNode> type(Path script, Path conf, Path lines, String name)
            throws IOException {
        Program.of("/usr/bin/python3", script, conf, lines, answers(name))
                .within(Duration.ofMinutes(12))
                .run()
                .ok();
        return read(name);
    }

    private static List<JsonNode> read(String name) throws IOException {
        JsonMapper mapper = new JsonMapper();
        return Files.readAllLines(answers(name)).stream().map(mapper::readTree).toList();
    }

    private static Path resource(String name) throws IOException {
        Path file = home.resolve(name);
        try (InputStream in = CephSessionTest.class.getResourceAsStream(name)) {
            Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
        }
        return file;
    }

    private static void compare(SoftAssertions all, JsonNode genuine, JsonNode ours) {
        String line = ours.path("line").asString();
        String marks = ours.path("marks").asString();
        if (!marks.contains("c")) {
            all.assertThat(ours.path("code").asInt())
                    .as("code of '%s', which says %s", line, ours.path("error"))
                    .isEqualTo(genuine.path("code").asInt());
        }
        if (!marks.contains("j")) {
            all.assertThat(jsonShape(ours.path("json").asString()))
                    .as("JSON of '%s'", line)
                    .isEqualTo(jsonShape(genuine.path("json").asString()));
        }
        if (!marks.contains("o")) {
            all.assertThat(plainShape(ours.path("output").asString()))
                    .as("output of '%s'", line)
                    .isEqualTo(plainShape(genuine.path("output").asString()));
        }
        boolean bothDid = genuine.path("code").asInt() == 0 && ours.path("code").asInt() == 0;
        if (!marks.contains("e") && bothDid) {
            all.assertThat(plainShape(ours.path("error").asString()))
                    .as("what '%s' says", line)
                    .isEqualTo(plainShape(genuine.path("error").asString()));
        }
    }

    /** Keys and types, each as a path; lists count by what is in them. */
    private static SortedSet<String> jsonShape(String text) {
        SortedSet<String> paths = new TreeSet<>();
        String json = text.strip();
        if (json.startsWith("{") || json.startsWith("[")) {
            try {
                shape(new JsonMapper().readTree(json), "", paths);
            } catch (JacksonException plain) {
                paths.add("no JSON"); // such as "[Complete]: ..."
            }
        }
        return paths;
    }

    private static void shape(JsonNode node, String path, SortedSet<String> paths) {
        if (node.isObject()) {
            paths.add(path + "{}");
            node.properties()
                    .forEach(field ->
                            shape(field.getValue(), path + "/" + name(field.getKey()), paths));
        } else if (node.isArray()) {
            paths.add(path + "[]");
            node.forEach(each -> shape(each, path + "[]", paths));
        } else {
            paths.add(path + (node.isNumber() ? " number" : node.isString() ? " text" : " truth"));
        }
    }

    /** Keys that are values: releases, groups, classes of devices. */
    private static String name(String key) {
        return key.startsWith("ceph version ")
                ? "VERSION"
                : key.matches("hdd|ssd") ? "CLASS" : key.replaceAll("^[0-9.]+$", "#");
    }

    /** Lines without their numbers, times, addresses, keys and spaces; the same ones once. */
    private static List<String> plainShape(String text) {
        String bare =
                text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27}", "UUID")
                        .replaceAll("AQ[A-Za-z0-9+/]{20,}=*", "KEY")
                        .replaceAll("\\[?v2:[0-9.:/]+(,v1:[0-9.:/]+)?\\]?", "ADDR")
                        .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+-]+", "TIME")
                        .replaceAll("ceph version 16[^\"\\n]*\\(stable\\)", "VERSION")
                        .replaceAll("[0-9.]+(?=[smhd]\\b)|-?[0-9]+(\\.[0-9]+)?", "#")
                        .replaceAll("#[smhd]\\b", "SPAN")
                        .replaceAll("# ?([KMGTkmgt]i?B?|B|bytes)\\b", "SIZE")
                        .replaceAll("\\b(hdd|ssd)\\b", "CLASS")
                        .replaceAll("-{3,}", "---");
        List<String> lines = new ArrayList<>();
        for (String line : bare.split("\n")) {
            String squeezed = line.replaceAll("[ \t]+", " ").strip();
            if (lines.isEmpty() || !lines.getLast().equals(squeezed)) {
                lines.add(squeezed);
            }
        }
        return lines;
    }
}
