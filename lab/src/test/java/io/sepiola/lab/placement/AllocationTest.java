package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.RuleRun;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Mapping takes no memory once it runs. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"alg-mixed", "alg-uniform", "choose-args", "class", "tun-legacy"})
    void allocatesNothingForAMapping(String name) throws IOException {
        Path file = Path.of(System.getProperty("golden"), "crush", name + ".bin");
        CrushMap map = CrushMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(file)));
        int[] weights = new int[map.deviceCountMax()];
        Arrays.fill(weights, 0x10000);
        for (int rule = 0; rule < map.ruleSlots(); rule++) {
            RuleRun run =
                    new RuleRun(
                            map,
                            map.rule(rule).orElseThrow(),
                            4,
                            weights,
                            map.chooseArgsOfPoolOrNull(0));
            int[] result = new int[4];
            for (int x = 0; x < 2000; x++) {
                run.map(x, result); // makes what it keeps
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int x = 0; x < 2000; x++) {
                run.map(x, result);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes for 2,000 mappings by rule %s", rule).isLessThan(2000);
        }
    }
}
