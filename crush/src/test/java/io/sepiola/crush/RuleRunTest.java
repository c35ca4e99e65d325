package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class RuleRunTest {
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
