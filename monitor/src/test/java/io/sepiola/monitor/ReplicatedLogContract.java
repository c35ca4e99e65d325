package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What every log promises. */
abstract class ReplicatedLogContract {
    final Simulation simulation = new Simulation(1);
    final Simulation.SimulatedShard owner = simulation.shard("owner");
    final List<Long> committed = new ArrayList<>();
    private ReplicatedLog log;

    /** Opens the same log again, as after a restart. */
    abstract ReplicatedLog open() throws Exception;

    @BeforeEach
    void start() throws Exception {
        log = open();
        assertThat(log.recover().isEmpty()).isTrue();
    }

    @AfterEach
    void stop() {
        log.close();
    }

    void append(String... records) {
        owner.execute(() -> {
            for (String record : records) {
                log.append(Bytes.utf8(record), committed::add);
            }
        });
        simulation.run(Duration.ofSeconds(1));
    }

    void snapshot(long version, String state) {
        owner.execute(() -> log.snapshot(version, Bytes.utf8(state)));
        simulation.run(Duration.ofSeconds(1));
    }

    ReplicatedLog.Recovered reopen() throws Exception {
        log.close();
        log = open();
        return log.recover();
    }

    @Test
    void commitsInOrderAndFindsItAgain() throws Exception {
        append("a", "b");
        append("c");
        assertThat(committed).containsExactly(1L, 2L, 3L);
        ReplicatedLog.Recovered found = reopen();
        assertThat(found.version()).isEqualTo(3);
        assertThat(found.records()).extracting(Bytes::toUtf8).containsExactly("a", "b", "c");
        append("d");
        assertThat(committed).last().isEqualTo(4L);
        assertThat(reopen().records()).hasSize(4);
    }

    @Test
    void snapshotStandsForWhatCameBefore() throws Exception {
        append("a", "b");
        snapshot(2, "ab");
        append("c");
        ReplicatedLog.Recovered found = reopen();
        assertThat(found.version()).isEqualTo(3);
        assertThat(found.snapshot().toUtf8()).isEqualTo("ab");
        assertThat(found.records()).extracting(Bytes::toUtf8).containsExactly("c");
        snapshot(3, "abc");
        found = reopen();
        assertThat(found.version()).isEqualTo(3);
        assertThat(found.snapshot().toUtf8()).isEqualTo("abc");
        assertThat(found.records()).isEmpty();
        append("d");
        assertThat(committed).last().isEqualTo(4L);
        assertThat(reopen().records()).hasSize(1);
    }
}
