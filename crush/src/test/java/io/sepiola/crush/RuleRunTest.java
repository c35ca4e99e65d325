package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

class RuleRunTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(strings = {"alg-mixed", "alg-uniform", "choose-args", "class", "tun-legacy"})
    void allocatesNothingForAMapping(String name) {
        CrushMap map = CrushMap.CODEC.fromBytes(CrushGolden.bytes("crush/" + name + ".bin"));
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

    @Test
    void oneRunAnswersLikeANewOneForEachInput() {
        CrushMap map = CrushMap.CODEC.fromBytes(CrushGolden.bytes("crush/alg-mixed.bin"));
        int[] weights = new int[map.deviceCountMax()];
        Arrays.fill(weights, 0x10000);
        RuleRun run = new RuleRun(map, map.rule(0).orElseThrow(), 3, weights, null);
        int[] result = new int[3];
        for (int x = 500; x >= 0; x--) {
            int size = run.map(x, result);
            assertThat(Arrays.copyOf(result, size))
                    .isEqualTo(CrushMapper.map(map, 0, x, 3, weights, null));
        }
    }

    @Test
    void aRuleThatTriesForeverEndsInANamedError() {
        CrushMap map =
                CrushText.compile(
                        """
                        tunable choose_total_tries 1000000
                        device 0 osd.0
                        type 0 osd
                        type 1 host
                        type 2 root
                        host a { alg straw2 item osd.0 weight 1 }
                        host b { alg list }
                        root r { alg straw2 item a weight 1 item b weight 1 }
                        rule endless {
                          id 0
                          type replicated
                          min_size 1
                          max_size 10
                          step set_chooseleaf_tries 1000000
                          step take r
                          step chooseleaf indep 1000000 type host
                          step emit
                        }
                        """);
        assertThatThrownBy(() -> CrushMapper.map(map, 0, 1, 10, new int[] {0}, null))
                .isInstanceOf(CrushException.class)
                .hasMessageContaining("the rule's tries or its count of items are too high");
    }
}
