package io.sepiola.lab.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.cluster.maptool.OsdmaptoolVerb;
import io.sepiola.lab.interop.Program;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgRun;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Maps that genuine {@code osdmaptool} and {@code crushtool} made at random, shown and tried out by
 * the genuine tool and by ours: equal output, equal exit codes. {@code -Dmaps.seed=N} replays one,
 * {@code -Dmaps.count=N} takes more of them.
 */
class OsdmaptoolDifferentialTest {
    @TempDir Path folder;

    @BeforeAll
    static void needsTools() {
        Program.need("osdmaptool", "crushtool");
    }

    private record Answer(int code, String out) {}

    private static Answer ours(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                OsdmaptoolVerb.run(
                        arguments.toArray(String[]::new),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Answer(code, out.toString(StandardCharsets.UTF_8));
    }

    private static Answer genuine(List<String> arguments) {
        Program.Result result = Program.of("osdmaptool", arguments.toArray()).run();
        // It calls itself as it was called, which here is with its directory.
        String out = result.out().replaceAll("(?m)^/\\S*/osdmaptool:", "osdmaptool:");
        return new Answer(result.code(), out);
    }

    private void compare(long seed, String map, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addFirst(map);
        assertThat(ours(arguments))
                .as("-Dmaps.seed=%s osdmaptool %s", seed, String.join(" ", arguments))
                .isEqualTo(genuine(arguments));
    }

    @Test
    void showsAndMapsLikeOsdmaptool() throws IOException {
        Long only = Long.getLong("maps.seed");
        long first = only == null ? 1 : only;
        int count = only == null ? Integer.getInteger("maps.count", 8) : 1;
        for (long seed = first; seed < first + count; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int osds = 3 + random.nextInt(60);
            String map = make(seed, osds, random);
            compare(seed, map, "--print");
            compare(seed, map, "--dump", "json");
            compare(seed, map, "--dump", "json-pretty");
            compare(seed, map, "--tree", "plain");
            compare(seed, map, "--tree", "json");
            compare(seed, map, "--mark-up-in", "--test-map-pgs");
            compare(seed, map, "--mark-up-in", "--test-map-pgs-dump-all");
            String out = "" + random.nextInt(osds);
            compare(seed, map, "--mark-up-in", "--mark-out", out, "--test-map-pgs-dump");
            compare(seed, map, "--mark-up-in", "--test-map-object", "object" + seed);
            compare(seed, map, "--test-map-pg", "1." + Integer.toHexString(random.nextInt(9999)));
        }
        System.out.println("osdmaptool: maps of seeds " + first + " to " + (first + count - 1));
    }

    private String make(long seed, int osds, SplittableRandom random) throws IOException {
        String map = folder.resolve("map" + seed).toString();
        Program.of(
                        "osdmaptool",
                        "--createsimple",
                        osds,
                        "--with-default-pool",
                        "--pg-bits",
                        1 + random.nextInt(4),
                        map)
                .run()
                .ok();
        Path text = folder.resolve("crush" + seed + ".txt");
        Files.writeString(text, hierarchy(osds, random));
        String crush = folder.resolve("crush" + seed).toString();
        Program.of("crushtool", "-c", text, "-o", crush).run().ok();
        Program.of("osdmaptool", map, "--import-crush", crush).run().ok();
        return map;
    }

    /** Hosts of one to five devices of two classes, in racks of two. */
    private static String hierarchy(int osds, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        text.append("tunable choose_total_tries 50\ntunable choose_local_tries 0\n");
        text.append("tunable choose_local_fallback_tries 0\n");
        text.append("tunable chooseleaf_descend_once 1\ntunable chooseleaf_vary_r 1\n");
        text.append("tunable chooseleaf_stable ").append(random.nextInt(2)).append('\n');
        for (int osd = 0; osd < osds; osd++) {
            String type = random.nextInt(4) == 0 ? "ssd" : "hdd";
            text.append("device " + osd + " osd." + osd + " class " + type + "\n");
        }
        text.append("type 0 osd\ntype 1 host\ntype 3 rack\ntype 11 root\n");
        String algorithm = random.nextInt(3) == 0 ? "straw" : "straw2";
        String bucket = "{\n alg " + algorithm + "\n hash 0\n";
        int hosts = 0;
        for (int osd = 0; osd < osds; hosts++) {
            text.append("host h" + hosts + " ").append(bucket);
            int end = Math.min(osds, osd + 1 + random.nextInt(5));
            for (; osd < end; osd++) {
                text.append(" item osd." + osd + " weight " + (1 + random.nextInt(8)) / 4.0 + "\n");
            }
            text.append("}\n");
        }
        int racks = 0;
        for (int host = 0; host < hosts; racks++) {
            text.append("rack r" + racks + " ").append(bucket);
            for (int end = Math.min(hosts, host + 2); host < end; host++) {
                text.append(" item h" + host + "\n");
            }
            text.append("}\n");
        }
        text.append("root default ").append(bucket);
        for (int rack = 0; rack < racks; rack++) {
            text.append(" item r" + rack + "\n");
        }
        String apart = random.nextBoolean() ? "rack" : "host";
        text.append("}\nrule replicated_rule {\n id 0\n type replicated\n min_size 1\n");
        text.append(" max_size 10\n step take default\n step chooseleaf firstn 0 type ");
        return text.append(apart).append("\n step emit\n}\n").toString();
    }

    /** Exceptions that ours makes are allowed to the genuine tool, and leave it nothing to do. */
    @Test
    void exceptionsThatOursMakesAreValidAndEven() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        String map = make(7, 40, random);
        OsdMap made = OsdMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(Path.of(map))));
        var up = made.edit();
        for (int osd = 0; osd < made.osdMax(); osd++) {
            up.addState(osd, OsdMap.STATE_EXISTS | OsdMap.STATE_UP).weight(osd, OsdMap.WEIGHT_IN);
        }
        Files.write(Path.of(map), up.build().encoded().toArray());
        String file = folder.resolve("upmaps").toString();
        List<String> arguments =
                List.of(
                        map,
                        "--upmap",
                        file,
                        "--upmap-deviation",
                        "2",
                        "--upmap-max",
                        "9999",
                        "--save");
        assertThat(ours(arguments).code()).isZero();
        assertThat(Files.readString(Path.of(file))).contains("ceph osd pg-upmap-items 1.");
        Program.Result cleanup = Program.of("osdmaptool", map, "--upmap-cleanup", "-").run();
        assertThat(cleanup.ok()).isEqualTo("checking for upmap cleanups\n");
        Program.Result more =
                Program.of("osdmaptool", map, "--upmap", "-", "--upmap-deviation", "2").run();
        assertThat(more.ok()).contains("prepared 0/10 changes");
        OsdMap balanced = OsdMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(Path.of(map))));
        PgRun run = balanced.run(1);
        for (int seed = 0; seed < run.pool().pgNum(); seed++) {
            run.map(seed);
            assertThat(run.upSize()).isEqualTo(run.rawSize());
        }
    }
}
