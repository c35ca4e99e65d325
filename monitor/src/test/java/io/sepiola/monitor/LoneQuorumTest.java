package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;

/** A monitor stands alone until others come. */
class LoneQuorumTest {
    private static final UUID FSID = new UUID(3, 4);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final MemoryLog.Disk kept = new MemoryLog.Disk();
    private final Queue<Runnable> disk = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Grown grown = new Grown();
    private LoneQuorum quorum;
    private ReplicatedLog led;
    private Optional<IOException> refusal = Optional.empty();

    /** What goes on. */
    private final class Grown implements Quorum {
        private Listener listener;

        @Override
        public void join(Listener joining) {
            told.add("joined");
            listener = joining;
        }

        @Override
        public void follow(MonMap map) {
            told.add("follow " + map.ranks());
        }

        @Override
        public void retire(Runnable left) {
            told.add("retire");
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    private final class Leadership implements Quorum.Listener {
        @Override
        public void leads(ReplicatedLog log) {
            told.add("leads from " + log.recover().version());
            led = log;
        }

        @Override
        public void follows() {
            told.add("follows");
            led.close(); // as a monitor does that serves no more
        }
    }

    @BeforeEach
    void join() {
        quorum =
                new LoneQuorum(
                        "a",
                        new MemoryLog(kept, shard, Duration.ofMillis(1)),
                        shard,
                        disk::add,
                        () -> {
                            told.add("begins with " + read().version());
                            if (refusal.isPresent()) {
                                throw refusal.get();
                            }
                            return grown;
                        },
                        failures::add);
        quorum.join(new Leadership());
        append("one");
    }

    private ReplicatedLog.Recovered read() {
        return new MemoryLog(kept, shard, Duration.ZERO).recover();
    }

    private void append(String text) {
        led.append(Bytes.utf8(text), version -> told.add(text + " is " + version));
        pass();
    }

    private void pass() {
        simulation.run(Duration.ofMillis(10));
    }

    private void work() {
        disk.remove().run();
        pass();
    }

    private static MonMap map(String... names) {
        List<MonMap.MonInfo> infos = new ArrayList<>();
        for (String name : names) {
            InetSocketAddress at = new InetSocketAddress("127.0.0.1", 3300 + infos.size());
            infos.add(new MonMap.MonInfo(name, EntityAddrVec.of(EntityAddr.msgr2(at, 0))));
        }
        return MonMap.of(FSID, 1, Utime.ZERO, infos);
    }

    @Test
    void itLeadsAtOnceAndForAsLongAsItIsAlone() {
        quorum.follow(map("a"));
        append("two");
        assertThat(told).containsExactly("leads from 0", "one is 1", "two is 2");
        assertThat(led.present()).containsExactly(0);
        assertThat(disk).isEmpty();
    }

    @Test
    void whatItAgreedWithItselfGoesOnWithOthers() {
        quorum.follow(map("a", "b"));
        assertThat(told).as("whoever asked is answered first").doesNotContain("follows");
        quorum.follow(map("a", "b", "c"));
        pass();
        assertThat(told).endsWith("one is 1", "follows");
        append("lost"); // by a monitor that did not stop yet
        work();
        assertThat(told).endsWith("follows", "begins with 1", "joined");
        assertThat(disk).isEmpty();
        quorum.follow(map("a", "b"));
        quorum.retire(() -> {});
        quorum.close();
        assertThat(told).endsWith("joined", "follow [a, b]", "retire", "close");
        assertThat(grown.listener).isInstanceOf(Leadership.class);
        assertThat(failures).isEmpty();
    }

    @Test
    void itSaysSoWhenItCannotHandItsLogOver() {
        refusal = Optional.of(new IOException("no room"));
        quorum.follow(map("a", "b"));
        pass();
        work();
        assertThat(failures).containsExactly(refusal.get());
        assertThat(told).endsWith("follows", "begins with 1");
        quorum.close();
        assertThat(told).endsWith("begins with 1");
    }

    @Test
    void itMayEndMeanwhile() {
        quorum.follow(map("a", "b"));
        pass();
        quorum.close();
        work();
        assertThat(told).endsWith("begins with 1", "close").doesNotContain("joined");
    }

    @Test
    void itEndsBeforeItBegins() {
        quorum.follow(map("a", "b"));
        quorum.close();
        pass();
        assertThat(disk).isEmpty();
        append("late");
        assertThat(told).containsExactly("leads from 0", "one is 1");
    }

    @Test
    void itRefusesOthersWhenItsStateIsTooLarge() {
        byte[] noise = new byte[8 << 20];
        new Random(1).nextBytes(noise);
        assertThat(led.whyAlone(() -> Bytes.of(noise)))
                .hasValueSatisfying(why -> assertThat(why).contains("too large"));
        assertThat(led.whyAlone(() -> Bytes.of(new byte[8 << 20]))).isEmpty();
    }
}
