package io.sepiola.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.osd.PgHistory;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** When a group is scrubbed by itself: by Ceph's defaults, options, pools' options and flags. */
class ScrubScheduleTest {
    private static final Instant LAST = Instant.parse("2026-11-20T21:00:00Z");
    private static final PgPool POOL = PgPool.builder().build();
    private static final ScrubSchedule.Chance SOON = new ScrubSchedule.Chance(0, 1);
    private static final ScrubSchedule.Chance LATE = new ScrubSchedule.Chance(1, 1);

    private final Map<String, String> options = new HashMap<>();
    private PgPool pool = POOL;
    private int flags;
    private ScrubSchedule.Chance chance = SOON;
    private Duration sinceDeep = Duration.ZERO;

    /** "", "scrub" or "deep", so long after the last scrub. */
    private String due(Duration since) {
        Instant now = LAST.plus(since);
        return ScrubSchedule.due(
                        ScrubOptions.of(options),
                        pool,
                        flags,
                        history(now.minus(sinceDeep)),
                        chance,
                        now)
                .map(kind -> kind.deep() ? "deep" : "scrub")
                .orElse("");
    }

    private static PgHistory history(Instant deep) {
        Utime shallow = Utime.of(LAST);
        return new PgHistory(
                1,
                1,
                1,
                0,
                1,
                1,
                1,
                EVersion.ZERO,
                shallow,
                EVersion.ZERO,
                Utime.of(deep),
                shallow,
                0,
                1,
                1,
                1,
                Utime.ZERO);
    }

    private void poolOption(int key, double seconds) {
        pool = POOL.with(builder -> builder.option(key, new PoolOption.Real(seconds)));
    }

    private void poolFlag(long flag) {
        pool = POOL.with(builder -> builder.setFlag(flag));
    }

    @Test
    void onceADayAndByChanceUpToHalfADayLater() {
        assertThat(due(Duration.ofHours(24).minusMillis(1))).isEmpty();
        assertThat(due(Duration.ofHours(24))).isEqualTo("scrub");
        chance = LATE;
        assertThat(due(Duration.ofHours(36).minusMillis(1))).isEmpty();
        assertThat(due(Duration.ofHours(36))).isEqualTo("scrub");
    }

    @Test
    void deepOnceAWeekAndByChanceEarlier() {
        sinceDeep = Duration.ofDays(7);
        assertThat(due(Duration.ofHours(1))).isEqualTo("deep");
        sinceDeep = Duration.ofDays(7).minusMillis(1);
        assertThat(due(Duration.ofHours(1))).isEmpty();
        chance = new ScrubSchedule.Chance(0, 0.1499);
        assertThat(due(Duration.ofHours(1))).isEmpty();
        assertThat(due(Duration.ofHours(24))).isEqualTo("deep");
        chance = new ScrubSchedule.Chance(0, 0.15);
        assertThat(due(Duration.ofHours(24))).isEqualTo("scrub");
    }

    @Test
    void onlyInTheHoursThatAreSetUnlessItIsLate() {
        options.put("osd_scrub_begin_hour", "22");
        options.put("osd_scrub_end_hour", "2"); // past midnight
        assertThat(due(Duration.ofHours(24))).as("at nine in the evening").isEmpty();
        assertThat(due(Duration.ofHours(25))).as("at ten").isEqualTo("scrub");
        assertThat(due(Duration.ofHours(29).minusMillis(1))).as("before two").isEqualTo("scrub");
        assertThat(due(Duration.ofHours(29))).as("at two").isEmpty();
        sinceDeep = Duration.ofDays(8);
        assertThat(due(Duration.ofHours(24))).as("a deep one keeps the hours").isEmpty();
        sinceDeep = Duration.ZERO;
        assertThat(due(Duration.ofDays(7))).as("after a week, whatever the hour").isNotEmpty();
        options.put("osd_scrub_begin_hour", "20");
        options.put("osd_scrub_end_hour", "21");
        assertThat(due(Duration.ofHours(24))).as("the hour of the end is out").isEmpty();
        options.put("osd_scrub_end_hour", "20");
        assertThat(due(Duration.ofHours(24))).as("the same is the whole day").isEqualTo("scrub");
    }

    @Test
    void thePoolsOwnIntervalsGoBeforeTheOptions() {
        poolOption(0, 600);
        assertThat(due(Duration.ofSeconds(600))).isEqualTo("scrub");
        poolOption(2, 3600);
        sinceDeep = Duration.ofHours(1);
        assertThat(due(Duration.ofMinutes(1))).isEqualTo("deep");
        poolOption(2, 0); // not set
        assertThat(due(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void flagsOfTheMapAndOfThePoolHoldBackEachItsKind() {
        sinceDeep = Duration.ofDays(8);
        flags = OsdMapFlags.NODEEP_SCRUB;
        assertThat(due(Duration.ofHours(24))).isEqualTo("scrub");
        flags |= OsdMapFlags.NOSCRUB;
        assertThat(due(Duration.ofDays(30))).isEmpty();
        flags = OsdMapFlags.NOSCRUB;
        assertThat(due(Duration.ofHours(24))).isEqualTo("deep");
        flags = 0;
        poolFlag(PgPool.FLAG_NODEEP_SCRUB);
        assertThat(due(Duration.ofHours(24))).isEqualTo("scrub");
        poolFlag(PgPool.FLAG_NOSCRUB | PgPool.FLAG_NODEEP_SCRUB);
        assertThat(due(Duration.ofDays(30))).isEmpty();
    }

    @Test
    void optionsThatMakeNoSenseAreCephsDefaults() {
        options.putAll(
                Map.of(
                        "osd_scrub_min_interval", "soon",
                        "osd_scrub_interval_randomize_ratio", "NaN"));
        assertThat(due(Duration.ofHours(24).minusMillis(1))).isEmpty();
        assertThat(due(Duration.ofHours(24))).isEqualTo("scrub");
    }
}
