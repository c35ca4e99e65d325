package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Simulation;
import io.sepiola.osd.pg.FakeConnection;
import io.sepiola.protocol.Message;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ClientThrottleTest {
    private static final class Client extends FakeConnection {
        boolean reading = true;

        @Override
        public void send(Message message) {
            throw new AssertionError("nothing is to be sent");
        }

        @Override
        public void reading(boolean wanted) {
            reading = wanted;
        }
    }

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd");
    private final ClientThrottle throttle =
            new ClientThrottle(8000, () -> this.held, shard.timers());
    private final Client greedy = new Client();
    private final Client quiet = new Client();
    private long held;

    private void send(Client client, int bytes) {
        held += bytes;
        throttle.received(client, bytes);
    }

    @Test
    void whoBringsMoreThanMayWaitIsNotReadUntilThereIsRoom() {
        for (int i = 0; i < 8; i++) {
            send(greedy, 1000);
        }
        assertThat(greedy.reading).as("8000 may wait").isTrue();
        send(greedy, 1000);
        assertThat(greedy.reading).isFalse();
        assertThat(quiet.reading).as("has brought nothing").isTrue();
        send(quiet, 10);
        assertThat(quiet.reading).isFalse();

        held = 6500; // less than the bound, more than three quarters of it
        simulation.run(Duration.ofSeconds(1));
        assertThat(greedy.reading).isFalse();
        held = 6000;
        simulation.run(Duration.ofSeconds(1));
        assertThat(greedy.reading).isTrue();
        assertThat(quiet.reading).isTrue();
    }

    @Test
    void whatIsAnsweredAtOnceHindersNobody() {
        for (int i = 0; i < 1000; i++) {
            throttle.received(greedy, 1000);
            assertThat(greedy.reading).isTrue();
        }
    }

    @Test
    void aConnectionThatEndedIsForgotten() {
        send(greedy, 9000);
        assertThat(greedy.reading).isFalse();
        throttle.gone(greedy);
        held = 0;
        simulation.run(Duration.ofSeconds(1));
        assertThat(greedy.reading).as("untouched").isFalse();
        send(quiet, 9000);
        assertThat(quiet.reading).as("bounded again").isFalse();
    }
}
