package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Simulation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RecoverySlotsTest {
    private static final Duration TOOK = Duration.ofMillis(20);
    private static final Duration REST = TOOK.multipliedBy(RecoverySlots.REST);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd.0");
    private final RecoverySlots slots = new RecoverySlots(2, shard);
    private final List<String> woken = new ArrayList<>();

    private boolean take(String who) {
        return slots.take(() -> woken.add(who));
    }

    private void pass(Duration time) {
        simulation.run(time);
    }

    @Test
    void firstComeFirstServed() {
        assertThat(take("first")).isTrue();
        assertThat(take("second")).isTrue();
        assertThat(take("third")).isFalse();
        assertThat(take("fourth")).isFalse();
        slots.give();
        assertThat(woken).containsExactly("third");
    }

    @Test
    void whoNeedsNoSlotAnyMoreLetsTheNextOneHaveIt() {
        take("first");
        take("second");
        slots.take(() -> {
            woken.add("third");
            slots.pass();
        });
        take("fourth");
        slots.give();
        assertThat(woken).containsExactly("third", "fourth");
        assertThat(take("fifth")).isTrue();
    }

    @Test
    void whileClientsAreServedAPortionMovesAtATimeAndARestFollows() {
        slots.clientCame();
        assertThat(take("first")).isTrue();
        slots.moves(RecoverySlots.PORTION_SIZE);
        assertThat(take("second")).isFalse();
        pass(TOOK);
        slots.give();
        assertThat(woken).as("in the rest").isEmpty();
        assertThat(take("third")).as("in the rest").isFalse();
        pass(REST.minus(MOMENT));
        assertThat(woken).as("just before its end").isEmpty();
        pass(MOMENT.multipliedBy(2));
        assertThat(woken).containsExactly("second");
        assertThat(take("second")).isTrue();
    }

    @Test
    void smallObjectsShareAPortionAndHardlyRest() {
        slots.clientCame();
        int all = RecoverySlots.PORTION_SIZE / RecoverySlots.OBJECT_SIZE;
        assertThat(take("first")).isTrue();
        for (int i = 1; i < all; i++) {
            assertThat(take("another")).as("%d", i).isTrue();
            slots.give();
        }
        assertThat(take("last")).isFalse();
        pass(TOOK);
        slots.give();
        assertThat(woken).isEmpty();
        pass(MOMENT.multipliedBy(2));
        assertThat(woken).containsExactly("last");
    }

    @Test
    void afterLittleTheRestIsShort() {
        slots.clientCame();
        assertThat(take("first")).isTrue();
        slots.moves(RecoverySlots.PORTION_SIZE / 4 - RecoverySlots.OBJECT_SIZE);
        pass(TOOK);
        slots.give();
        assertThat(take("second")).isFalse();
        pass(REST.dividedBy(4).minus(MOMENT));
        assertThat(woken).isEmpty();
        pass(MOMENT.multipliedBy(2));
        assertThat(woken).containsExactly("second");
    }

    @Test
    void whatAClientWaitsForDoesNotRest() {
        slots.clientCame();
        assertThat(take("first")).isTrue();
        slots.moves(RecoverySlots.PORTION_SIZE);
        assertThat(slots.takeAtOnce(() -> woken.add("awaited"))).isTrue();
        assertThat(slots.takeAtOnce(() -> woken.add("awaited too"))).isFalse();
        assertThat(take("second")).isFalse();
        pass(TOOK);
        slots.give();
        assertThat(woken).containsExactly("awaited too");
    }

    @Test
    void withoutClientsNothingRests() {
        slots.clientCame();
        pass(RecoverySlots.CLIENTS.plus(MOMENT));
        assertThat(take("first")).isTrue();
        assertThat(take("second")).isTrue();
        assertThat(take("third")).isFalse();
        pass(TOOK);
        slots.give();
        assertThat(woken).containsExactly("third");
    }

    @Test
    void whatWasHeldUpForLongDoesNotRestForEver() {
        slots.clientCame();
        take("first");
        slots.moves(RecoverySlots.PORTION_SIZE);
        take("second");
        pass(Duration.ofMinutes(5));
        slots.clientCame();
        slots.give();
        pass(RecoverySlots.REST_MAX.plus(MOMENT));
        assertThat(woken).containsExactly("second");
    }

    @Test
    void whileClientsAreServedPartsAreSmallAndRestToo() {
        assertThat(slots.partSize(8 << 20)).isEqualTo(8 << 20);
        slots.clientCame();
        assertThat(slots.partSize(8 << 20)).isEqualTo(RecoverySlots.PORTION_SIZE);
        assertThat(slots.partSize(4096)).isEqualTo(4096);
        take("object");
        slots.moves(RecoverySlots.PORTION_SIZE);
        pass(TOOK);
        RecoverySlots.Pause pause = slots.pause(false, () -> woken.add("part 2"));
        assertThat(pause.isOver()).isFalse();
        pass(REST.minus(MOMENT));
        assertThat(woken).isEmpty();
        pass(MOMENT.multipliedBy(2));
        assertThat(woken).containsExactly("part 2");
        assertThat(pause.isOver()).isTrue();
        slots.clientCame();
        slots.moves(RecoverySlots.PORTION_SIZE);
        pass(TOOK);
        RecoverySlots.Pause hurried = slots.pause(false, () -> woken.add("part 3"));
        hurried.end();
        pass(REST.multipliedBy(2));
        assertThat(woken).as("once").containsExactly("part 2", "part 3");
        assertThat(slots.pause(true, () -> woken.add("part 4")).isOver()).isTrue();
        assertThat(woken).hasSize(3);
    }
}
