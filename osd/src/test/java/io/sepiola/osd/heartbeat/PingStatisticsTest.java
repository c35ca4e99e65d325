package io.sepiola.osd.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.osd.PingTimes;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is said of pings to osd.1 that come every ten seconds. */
class PingStatisticsTest {
    private static final Instant START = Instant.ofEpochSecond(1_000_000);

    private final PingStatistics statistics = new PingStatistics();
    private int seconds;

    /** A minute of answers that take so long on the cluster network, and 1 ms on the other. */
    private void minute(int backMillis) {
        for (int i = 0; i < 6; i++) {
            seconds += 10;
            answered(true, 1);
            answered(false, backMillis);
        }
    }

    private void answered(boolean onFront, int millis) {
        statistics.answered(
                1,
                onFront,
                Duration.ofMillis(millis),
                Duration.ofSeconds(seconds).toNanos(),
                START.plusSeconds(seconds));
    }

    @Test
    void nothingIsSaidBeforeAMinuteIsOver() {
        minute(5);
        assertThat(statistics.times()).isEmpty();
        minute(5);
        PingTimes times = statistics.times().get(1);
        assertThat(times.averages(false)).containsExactly(5000, 5000, 5000);
        assertThat(times.averages(true)).containsExactly(1000, 1000, 1000);
        assertThat(times.lastUpdate()).isGreaterThan(1_000_000);
    }

    @Test
    void theLastMinutesWeighMore() {
        for (int i = 0; i < 20; i++) {
            minute(10);
        }
        minute(1000);
        minute(1000);
        long[] averages = statistics.times().get(1).averages(false);
        assertThat(averages[0]).isGreaterThan(averages[1]);
        assertThat(averages[1]).isGreaterThan(averages[2]);
        assertThat(averages[2]).isGreaterThan(10_000);
    }

    @Test
    void whoIsNoPeerAnyMoreIsForgotten() {
        minute(5);
        minute(5);
        statistics.retain(List.of(2));
        assertThat(statistics.times()).isEmpty();
    }
}
