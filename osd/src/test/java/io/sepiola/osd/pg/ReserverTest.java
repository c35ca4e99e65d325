package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ReserverTest {
    private final Reserver places = new Reserver(1);
    private final List<String> heard = new ArrayList<>();

    private static SpgId group(int seed) {
        return SpgId.replicated(new PgId(1, seed));
    }

    private void ask(int group, int priority) {
        places.ask(
                group(group),
                priority,
                () -> heard.add(group + " granted"),
                () -> heard.add(group + " preempted"));
    }

    @Test
    void equalsComeInTheirOrder() {
        ask(1, 180);
        ask(2, 180);
        ask(3, 180);
        assertThat(heard).containsExactly("1 granted");
        places.give(group(1));
        places.give(group(2));
        assertThat(heard).containsExactly("1 granted", "2 granted", "3 granted");
    }

    @Test
    void theHigherPriorityComesFirstAndTakesALowerOnesPlace() {
        ask(1, 100);
        ask(2, 90);
        ask(3, 180);
        assertThat(heard).containsExactly("1 granted", "1 preempted", "3 granted");
        ask(1, 100);
        places.give(group(3));
        assertThat(heard).endsWith("1 granted");
        places.give(group(1));
        assertThat(heard).endsWith("2 granted");
    }

    @Test
    void whoIsRaisedGoesFirstAndWhoIsLoweredGivesWay() {
        ask(1, 100);
        ask(2, 90);
        places.reprioritize(group(2), 254);
        assertThat(heard).containsExactly("1 granted", "1 preempted", "2 granted");
        ask(1, 100);
        places.reprioritize(group(2), 90);
        assertThat(heard).endsWith("2 preempted", "1 granted");
    }

    @Test
    void whoGivesUpWaitingIsNotCalled() {
        ask(1, 180);
        ask(2, 180);
        places.give(group(2));
        places.give(group(1));
        assertThat(heard).containsExactly("1 granted");
        assertThat(places.heldCount() + places.waitingCount()).isZero();
    }

    @Test
    void whoAsksAgainHasOnePlace() {
        ask(1, 180);
        ask(1, 200);
        assertThat(places.heldCount()).isEqualTo(1);
        places.give(group(1));
        assertThat(places.heldCount()).isZero();
    }

    @Test
    void whoIsPreemptedMayAskAtOnce() {
        places.ask(group(1), 100, () -> {}, () -> ask(1, 100));
        ask(2, 255);
        assertThat(heard).containsExactly("2 granted");
        places.give(group(2));
        assertThat(heard).containsExactly("2 granted", "1 granted");
    }
}
