package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** Members die and are cut off at random; each leader appends as fast as it can. */
class ModelledQuorumTest {
    private static final int MEMBERS = 3;
    private static final int ROUNDS = 200;

    private final class Member implements Quorum.Listener {
        private final int rank;
        private Simulation.SimulatedShard shard;
        private Quorum place;
        private ReplicatedLog log;

        Member(int rank) {
            this.rank = rank;
        }

        void live() {
            shard = simulation.shard("m" + rank);
            place = quorum.place(rank, shard);
            place.join(this);
        }

        void die() {
            shard.kill();
            place.close();
            place = null;
            log = null;
        }

        @Override
        public void leads(ReplicatedLog given) {
            log = given;
            List<String> found = given.recover().records().stream().map(Bytes::toUtf8).toList();
            assertThat(found.subList(0, agreed.size()))
                    .as("a new leader has all that was told committed")
                    .isEqualTo(agreed);
            agreed.clear();
            agreed.addAll(found);
            leaders++;
            append(given);
        }

        private void append(ReplicatedLog to) {
            String record = rank + "." + ++appended;
            to.append(
                    Bytes.utf8(record),
                    version -> {
                        assertThat(log).as("told while it leads").isSameAs(to);
                        assertThat(version).isEqualTo(agreed.size() + 1);
                        agreed.add(record);
                        shard.timers()
                                .after(
                                        Duration.ofMillis(50),
                                        () -> {
                                            if (log == to) {
                                                append(to);
                                            }
                                        });
                    });
        }

        @Override
        public void follows() {
            assertThat(log).as("it led").isNotNull();
            log.close();
            log = null;
        }
    }

    private Simulation simulation;
    private ModelledQuorum quorum;
    private final boolean[][] cut = new boolean[MEMBERS][MEMBERS];
    private final List<String> agreed = new ArrayList<>();
    private long appended;
    private int leaders;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatWasToldCommittedStays(long seed) {
        simulation = new Simulation(seed);
        RandomGenerator random = simulation.random();
        quorum =
                new ModelledQuorum(
                        simulation.shard("quorum"),
                        simulation.random(),
                        MEMBERS,
                        (from, to) -> !cut[from][to]);
        List<Member> members = new ArrayList<>();
        for (int rank = 0; rank < MEMBERS; rank++) {
            members.add(new Member(rank));
            members.getLast().live();
        }
        for (int round = 0; round < ROUNDS; round++) {
            Member one = members.get(random.nextInt(MEMBERS));
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (one.place == null) {
                        one.live();
                    } else {
                        one.die();
                    }
                }
                case 1 -> cut[one.rank][random.nextInt(MEMBERS)] = true;
                default -> {
                    for (boolean[] row : cut) {
                        row[random.nextInt(MEMBERS)] = false;
                    }
                }
            }
            simulation.run(Duration.ofMillis(random.nextInt(3000)));
        }
        for (boolean[] row : cut) {
            java.util.Arrays.fill(row, false);
        }
        members.stream().filter(member -> member.place == null).forEach(Member::live);
        int before = agreed.size();
        simulation.run(Duration.ofSeconds(10));
        assertThat(agreed.size()).as("it goes on in the end").isGreaterThan(before);
        assertThat(leaders).as("leaders change").isGreaterThan(5);
        assertThat(quorum.committed()).isGreaterThanOrEqualTo(agreed.size());
        assertThat(Objects.requireNonNull(members.get(quorum.leader())).log).isNotNull();
    }
}
