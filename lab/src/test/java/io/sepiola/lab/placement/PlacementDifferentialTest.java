package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushText;
import io.sepiola.crush.RuleRun;
import io.sepiola.lab.interop.Program;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Random maps through genuine {@code crushtool} and through ours: equal binary maps, equal texts,
 * equal mappings. {@code -Dplacement.seed=N} replays one map, {@code -Dplacement.maps=N} takes more
 * of them, {@code -Dplacement.first=N} begins elsewhere.
 */
class PlacementDifferentialTest {
    private static final int INPUTS = 1000;

    @TempDir Path folder;

    @BeforeAll
    static void needsCrushtool() {
        Program.need("crushtool");
    }

    @Test
    void mapsLikeCrushtool() throws IOException {
        long first = Long.getLong("placement.first", 1);
        int maps = Integer.getInteger("placement.maps", 300);
        Long only = Long.getLong("placement.seed");
        long compared = 0;
        for (long seed = only == null ? first : only; maps > 0; seed++, maps--) {
            try {
                compared += compare(seed);
            } catch (AssertionError | RuntimeException difference) {
                fail(
                        "map of seed " + seed + " differs; replay it with\n  " + replay(seed),
                        difference);
            }
            if (only != null) {
                break;
            }
        }
        System.out.println("placement: " + compared + " mappings compared, 0 differences");
    }

    private static String replay(long seed) {
        return "mvn -ntp -B -q -Dfast -pl lab -am test -Dtest=PlacementDifferentialTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dplacement.seed="
                + seed;
    }

    private long compare(long seed) throws IOException {
        RandomMap random = new RandomMap(seed);
        int count = random.count();
        Map<Integer, String> weights = random.weights();
        Path text = Files.writeString(folder.resolve("map.txt"), random.text());
        Path binary = folder.resolve("map.bin");
        List<Object> arguments =
                new ArrayList<>(
                        List.of(
                                "-c",
                                text,
                                "-o",
                                binary,
                                "--test",
                                "--show-mappings",
                                "--min-x",
                                0));
        arguments.addAll(List.of("--max-x", INPUTS - 1, "--num-rep", count));
        weights.forEach((device, weight) -> arguments.addAll(List.of("--weight", device, weight)));
        Program.Result theirs = Program.of("crushtool", arguments.toArray()).run();
        assertThat(theirs.code()).as("%s", theirs).isZero();
        CrushMap map = CrushText.compile(random.text());
        assertThat(map.toBytes().toHex())
                .as("compiled map")
                .isEqualTo(Bytes.of(Files.readAllBytes(binary)).toHex());
        if (seed % 3 == 0) {
            String printed = Program.of("crushtool", "-d", binary).run().ok();
            CrushMap read = CrushMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(binary)));
            assertThat(CrushText.decompile(read)).as("decompiled text").isEqualTo(printed);
        }
        return mappings(map, count, weights, theirs.out());
    }

    private static long mappings(
            CrushMap map, int count, Map<Integer, String> weights, String theirs) {
        List<String> lines = theirs.lines().filter(line -> line.startsWith("CRUSH")).toList();
        int at = 0;
        for (int rule = 0; rule < map.ruleSlots(); rule++) {
            if (map.rule(rule).isEmpty()) {
                continue;
            }
            RuleRun run =
                    new RuleRun(
                            map,
                            map.rule(rule).get(),
                            count,
                            deviceWeights(map, weights),
                            map.chooseArgsOfPoolOrNull(0));
            int[] devices = new int[count];
            for (int x = 0; x < INPUTS; x++) {
                int size = run.map(x, devices);
                String ours =
                        "CRUSH rule "
                                + rule
                                + " x "
                                + x
                                + " "
                                + Arrays.toString(Arrays.copyOf(devices, size)).replace(" ", "");
                assertThat(ours).isEqualTo(lines.get(at++));
            }
        }
        assertThat(at).isEqualTo(lines.size());
        return at;
    }

    /** As the tool sets them out: devices that no bucket holds are out. */
    private static int[] deviceWeights(CrushMap map, Map<Integer, String> given) {
        int[] weights =
                IntStream.range(0, map.deviceCountMax())
                        .map(device -> map.isPlaced(device) ? 0x10000 : 0)
                        .toArray();
        given.forEach((device, weight) -> {
            if (device < weights.length) {
                weights[device] = (int) (Float.parseFloat(weight) * 0x10000);
            }
        });
        return weights;
    }
}
