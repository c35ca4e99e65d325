package io.sepiola.monitor.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Our table against the 584 signatures of a real monitor. */
final class CommandTableTest {
    /** Ours is laxer, so that clients that leave the argument out are understood. */
    private static final List<String> LAXER =
            List.of(
                    "config get",
                    "config log",
                    "config show",
                    "osd blocklist",
                    "osd create",
                    "osd pool application get");

    /** What Ceph 19.2.6 and 20.2.4 have, in the words of their documentation, and 16.2 has not. */
    private static final List<String> NEWER =
            List.of(
                    "auth add\tentity:CephString caps:CephString:opt:N key_type:CephString:opt",
                    "auth get-or-create\t"
                            + "entity:CephString caps:CephString:opt:N key_type:CephString:opt",
                    "auth get-or-create-key\t"
                            + "entity:CephString caps:CephString:opt:N key_type:CephString:opt",
                    "auth rotate\tentity:CephString key_type:CephString:opt");

    private record Signature(
            Map<String, String> arguments, int flags, String module, String access) {}

    @Test
    void everyCommandIsOneOfCephs() throws Exception {
        Map<String, List<Signature>> golden = golden();
        SoftAssertions all = new SoftAssertions();
        for (JsonNode row : CommandTable.STANDARD.descriptions()) {
            all.check(() -> isCephs(row, golden));
        }
        all.assertAll();
    }

    private static void isCephs(JsonNode row, Map<String, List<Signature>> golden) {
        String prefix = prefix(row);
        assertThat(golden).as("a command that Ceph lacks").containsKey(prefix);
        assertThat(golden.get(prefix))
                .as(prefix)
                .anySatisfy(signature -> {
                    assertThat(row.get("perm").stringValue()).isEqualTo(signature.access);
                    assertThat(row.get("module").stringValue()).isEqualTo(signature.module);
                    arguments(row, prefix, signature.arguments);
                });
    }

    private static void arguments(JsonNode row, String prefix, Map<String, String> known) {
        for (JsonNode word : row.get("sig")) {
            if (word.isObject()) {
                String name = word.get("name").stringValue();
                assertThat(known).as(prefix).containsKey(name);
                assertThat(word.get("type").stringValue())
                        .as(prefix + " " + name)
                        .isEqualTo(known.get(name).split(":")[0]);
                if (!LAXER.contains(prefix)) {
                    assertThat(word.has("req"))
                            .as(prefix + " " + name + " optional")
                            .isEqualTo(known.get(name).contains(":opt"));
                }
            }
        }
    }

    private static String prefix(JsonNode row) {
        return row.get("sig")
                .valueStream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .collect(Collectors.joining(" "));
    }

    private static Map<String, List<Signature>> golden() throws Exception {
        Map<String, List<Signature>> all = new LinkedHashMap<>();
        List<String> lines =
                new ArrayList<>(
                        Files.readAllLines(
                                Path.of(System.getProperty("golden"), "cli", "mon-commands.tsv")));
        NEWER.forEach(line -> lines.add(line + "\t0\tauth\trwx"));
        lines.add("mon set\tname:CephChoices value:CephString\t0\tmon\trw");
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\t");
            Map<String, String> arguments = new LinkedHashMap<>();
            Arrays.stream(cells[1].split(" "))
                    .filter(word -> word.contains(":"))
                    .forEach(word -> {
                        int colon = word.indexOf(':');
                        arguments.put(
                                word.substring(0, colon),
                                word.substring(colon + 1).split("[=\\[]")[0]);
                    });
            Signature signature =
                    new Signature(arguments, Integer.parseInt(cells[2]), cells[3], cells[4]);
            all.merge(
                    cells[0],
                    List.of(signature),
                    (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
        }
        return all;
    }
}
