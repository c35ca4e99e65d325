package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.lab.interop.Program;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How fast inputs are mapped, beside genuine {@code crushtool --test} on the same maps; both in
 * time of the processor. The build runs a small form; {@code lab/bin/bench-crush} the full one.
 */
class PlacementBenchTest {
    private static final boolean FULL = Boolean.getBoolean("bench.full");

    @TempDir Path folder;

    @BeforeAll
    static void needsCrushtool() {
        Program.need("crushtool", "bash");
    }

    @Test
    void printsRatios() throws IOException, RunnerException {
        Map<Integer, Double> ours = ours();
        for (Map.Entry<Integer, Double> measured : ours.entrySet()) {
            double theirs = theirs(measured.getKey());
            System.out.printf(
                    "bench-crush: %d OSDs: %.0f mappings per CPU second, crushtool %.0f, ratio"
                            + " %.2f%n",
                    measured.getKey(), measured.getValue(), theirs, measured.getValue() / theirs);
            assertThat(measured.getValue()).isPositive();
        }
        assertThat(ours).hasSize(FULL ? 3 : 2);
    }

    private static Map<Integer, Double> ours() throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include(PlacementBenchmark.class.getSimpleName())
                        .forks(FULL ? 2 : 0)
                        .warmupIterations(FULL ? 5 : 1)
                        .warmupTime(TimeValue.seconds(FULL ? 2 : 1))
                        .measurementIterations(FULL ? 5 : 1)
                        .measurementTime(TimeValue.seconds(FULL ? 2 : 1))
                        .jvmArgsAppend("-Xmx512m")
                        .verbosity(VerboseMode.SILENT);
        if (!FULL) {
            options.param("devices", "100", "1000");
        }
        Map<Integer, Double> rates = new TreeMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            double mappings = result.getSecondaryResults().get("mappings").getScore();
            double seconds = result.getSecondaryResults().get("cpuNanos").getScore() / 1e9;
            rates.put(Integer.parseInt(result.getParams().getParam("devices")), mappings / seconds);
        }
        return rates;
    }

    /** Mappings for each second of the processor, reading the map not counted. */
    private double theirs(int devices) throws IOException {
        Path text = folder.resolve("map.txt");
        Files.writeString(text, PlacementBenchmark.text(devices));
        Path map = folder.resolve("map");
        Program.of("crushtool", "-c", text, "-o", map).run().ok();
        int inputs = FULL ? 400_000 : 40_000;
        double best = 0;
        for (int round = 0; round < (FULL ? 5 : 2); round++) {
            double spent = cpuSeconds(map, inputs) - cpuSeconds(map, 1);
            best = Math.max(best, inputs / spent);
        }
        return best;
    }

    private static double cpuSeconds(Path map, int inputs) {
        String command =
                "TIMEFORMAT='%U %S'; time crushtool -i "
                        + map
                        + " --test --rule 0 --num-rep 3 --show-statistics --min-x 0 --max-x "
                        + (inputs - 1);
        Program.Result result =
                Program.of("bash", "-c", command).within(Duration.ofMinutes(5)).run();
        result.ok();
        String[] times = result.err().strip().split(" ");
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }
}
