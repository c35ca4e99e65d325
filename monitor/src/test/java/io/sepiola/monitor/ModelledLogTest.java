package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A leader's log keeps what every log keeps, over changes of the leader. */
final class ModelledLogTest extends ReplicatedLogContract {
    private final ModelledQuorum quorum =
            new ModelledQuorum(
                    simulation.shard("quorum"), simulation.random(), 3, (from, to) -> true);
    private final List<Quorum> places = new ArrayList<>();
    private final List<ReplicatedLog> led = new ArrayList<>();

    /** All three die and come back; whoever leads then, its log is meant. */
    @Override
    ReplicatedLog open() {
        places.forEach(Quorum::close);
        places.clear();
        led.clear();
        for (int rank = 0; rank < 3; rank++) {
            Quorum place = quorum.place(rank, owner);
            places.add(place);
            place.join(
                    new Quorum.Listener() {
                        @Override
                        public void leads(ReplicatedLog log) {
                            led.add(log);
                        }

                        @Override
                        public void follows() {
                            throw new AssertionError("nothing happened to the leader");
                        }
                    });
        }
        assertThat(simulation.runUntil(() -> !led.isEmpty(), Duration.ofSeconds(10)))
                .as("somebody is elected")
                .isTrue();
        return led.getFirst();
    }
}
