package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RecoverySlotsTest {
    private final RecoverySlots slots = new RecoverySlots(1);
    private final List<String> woken = new ArrayList<>();

    @Test
    void firstComeFirstServed() {
        assertThat(slots.take(() -> woken.add("first"))).isTrue();
        assertThat(slots.take(() -> woken.add("second"))).isFalse();
        assertThat(slots.take(() -> woken.add("third"))).isFalse();
        slots.give();
        assertThat(woken).containsExactly("second");
    }

    @Test
    void whoNeedsNoSlotAnyMoreLetsTheNextOneHaveIt() {
        slots.take(() -> {});
        slots.take(() -> {
            woken.add("second");
            slots.pass();
        });
        slots.take(() -> woken.add("third"));
        slots.give();
        assertThat(woken).containsExactly("second", "third");
        assertThat(slots.take(() -> {})).isTrue();
    }
}
