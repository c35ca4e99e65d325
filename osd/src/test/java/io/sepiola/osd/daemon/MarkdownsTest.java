package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** When an OSD that is marked down again and again ends. */
class MarkdownsTest {
    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void fiveWithinTenMinutesAreBorneAndTheSixthIsNot() {
        Markdowns markdowns = new Markdowns(5, Duration.ofSeconds(600));
        for (int time = 0; time < 5; time++) {
            assertThat(markdowns.again(seconds(100 * time))).isFalse();
        }
        assertThat(markdowns.again(seconds(599))).isTrue();
        assertThat(markdowns.reason(3))
                .contains("osd.3", "6 times within 600 s", "cluster address");
    }

    @Test
    void thoseOfLongAgoDoNotCount() {
        Markdowns markdowns = new Markdowns(5, Duration.ofSeconds(600));
        for (int time = 0; time < 20; time++) {
            assertThat(markdowns.again(seconds(121 * time))).isFalse();
        }
    }

    @Test
    void noneMayBeBorne() {
        assertThat(new Markdowns(0, Duration.ofSeconds(600)).again(-5)).isTrue();
    }
}
