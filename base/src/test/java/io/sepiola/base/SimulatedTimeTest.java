package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clocks of their own, and processes that stand still. */
class SimulatedTimeTest {
    private final Simulation simulation = new Simulation(1);

    @Test
    void aFastClockGoesOffEarly() {
        SimulatedClock fast = simulation.hostClock();
        fast.rate(2);
        List<Long> rang = new ArrayList<>();
        simulation
                .shard("fast", fast)
                .timers()
                .after(Duration.ofSeconds(10), () -> rang.add(simulation.clock().nanos()));
        simulation.run(Duration.ofSeconds(20));
        assertThat(rang).containsExactly(Duration.ofSeconds(5).toNanos());
        assertThat(fast.nanos()).isEqualTo(Duration.ofSeconds(40).toNanos());
        fast.rate(1);
        simulation.run(Duration.ofSeconds(1));
        assertThat(fast.nanos()).isEqualTo(Duration.ofSeconds(41).toNanos());
    }

    @Test
    void aClockThatIsSetShowsAnotherTimeOfDayAndMeasuresTheSameSpans() {
        SimulatedClock clock = simulation.hostClock();
        clock.set(Duration.ofHours(-1));
        simulation.run(Duration.ofSeconds(3));
        assertThat(clock.now()).isEqualTo(Simulation.START.plusSeconds(3 - 3600));
        assertThat(clock.nanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
    }

    @Test
    void whoStandsStillDoesEverythingAfterwardsInOrder() {
        Simulation.SimulatedShard shard = simulation.shard("still");
        List<String> done = new ArrayList<>();
        shard.stop(Duration.ofSeconds(5));
        shard.execute(() -> done.add("first"));
        shard.execute(() -> done.add("second"));
        shard.timers().after(Duration.ofSeconds(6), () -> done.add("third"));
        simulation.run(Duration.ofSeconds(4));
        assertThat(done).isEmpty();
        assertThat(simulation.waitingCount()).isEqualTo(3);
        simulation.run(Duration.ofSeconds(3));
        assertThat(done).containsExactly("first", "second", "third");
        assertThat(simulation.waitingCount()).isZero();
    }
}
