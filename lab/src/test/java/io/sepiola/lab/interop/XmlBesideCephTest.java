package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The genuine {@code ceph --format xml} at a genuine cluster and at ours, at the same time: the
 * elements have the same names, one within the other. The lines are in {@code xml.txt}.
 */
@Tag("interop")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class XmlBesideCephTest {
    private static final int PORTS = 29_300;

    /** Names are no XML in Ceph either: a version in braces is one. */
    private static final Pattern TAG = Pattern.compile("<(/?)([^>]+)>");

    @TempDir static Path home;

    @Test
    void elementsAreNamedAsCephNamesThem() throws IOException {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        Beside<Map<String, String>> answers =
                Beside.both(XmlBesideCephTest::genuine, XmlBesideCephTest::ours);
        Map<String, String> genuine = answers.genuine();
        Map<String, String> ours = answers.ours();
        SoftAssertions all = new SoftAssertions();
        ours.forEach((line, xml) -> compare(all, line, genuine.getOrDefault(line, ""), xml));
        assertThat(ours).hasSizeGreaterThan(40);
        all.assertAll();
    }

    private static Map<String, String> genuine() throws IOException {
        try (GenuineCluster cluster =
                GenuineCluster.start(
                        home, PORTS, 3, "osd objectstore = memstore", GenuineCluster.HASTE)) {
            return type(cluster.conf());
        }
    }

    private static Map<String, String> ours() throws IOException {
        try (LocalCluster cluster = LocalCluster.start(home, "xml", "--osds", "3")) {
            return type(cluster.conf());
        }
    }

    private static void compare(SoftAssertions all, String line, String genuine, String ours) {
        SortedSet<String> here = elements(ours);
        SortedSet<String> there = elements(genuine);
        if (line.startsWith("~")) {
            all.assertThat(root(ours)).as("%s\n%s", line, ours).isEqualTo(root(genuine));
            return;
        }
        all.assertThat(here).as("%s\n%s\n%s", line, genuine, ours).isEqualTo(there);
    }

    private static Map<String, String> type(Path conf) throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        for (String line : lines()) {
            boolean prepares = line.startsWith("!");
            String words = line.replaceFirst("^[!~]", "");
            Object[] arguments = ("-c " + conf + " --format xml " + words).split(" ");
            Program.Result result = Program.of("ceph", arguments).run();
            if (!prepares) {
                // A refusal has an output, too; what is said beside is no XML.
                String refusal = "exit code " + result.code() + ": " + result.err();
                answers.put(line, result.out() + (result.code() == 0 ? "" : refusal));
            } else {
                result.ok();
            }
        }
        return answers;
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = XmlBesideCephTest.class.getResourceAsStream("xml.txt")) {
            byte[] text = Objects.requireNonNull(in).readAllBytes();
            return new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }

    private static String root(String xml) {
        Matcher tag = TAG.matcher(xml);
        return tag.find() ? tag.group(2) : "none";
    }

    /** All ways from the outermost element to another. */
    private static SortedSet<String> elements(String xml) {
        SortedSet<String> all = new TreeSet<>();
        ArrayDeque<String> open = new ArrayDeque<>();
        Matcher tag = TAG.matcher(xml);
        while (tag.find()) {
            String name = tag.group(2);
            if (tag.group(1).isEmpty()) {
                open.addLast(name);
                all.add(
                        open.stream()
                                .map(XmlBesideCephTest::named)
                                .collect(Collectors.joining("/")));
            } else {
                all.add(name.equals(open.pollLast()) ? "well nested" : "badly nested: " + xml);
            }
        }
        all.add("left open: " + open);
        return all;
    }

    /** Names that are values, and those that Ceph writes with a blank. */
    private static String named(String name) {
        return name.startsWith("ceph_version_")
                ? "VERSION"
                : name.replaceAll("^(hdd|ssd)$", "CLASS")
                        .replaceAll("^-?[0-9]+$", "#")
                        .replaceAll(": $", ":_");
    }
}
