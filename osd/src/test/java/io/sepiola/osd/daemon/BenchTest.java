package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Simulation;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.MemoryStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A bench writes what it is told to, within bounds, and leaves nothing. */
class BenchTest {
    private static final RunningOptions DEFAULTS = new RunningOptions(List.of());

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd.0");
    private final MemoryStore store =
            new MemoryStore(
                    new MemoryStore.Options(
                            new MemoryStore.CommitDelay.Between(
                                    Duration.ofMillis(1),
                                    Duration.ofMillis(2),
                                    simulation.random()),
                            64L << 20));
    private final Bench bench = new Bench(store, shard, simulation.random());

    @BeforeEach
    void format() {
        Transaction.Op make = new Transaction.MakeCollection(CollectionId.META, 0);
        shard.execute(() -> store.submit(new Transaction(List.of(make)), shard, () -> {}));
        simulation.run(Duration.ofSeconds(1));
    }

    private CompletableFuture<Map<String, Object>> start(Bench.Plan plan) {
        CompletableFuture<Map<String, Object>> started = new CompletableFuture<>();
        shard.execute(() -> {
            try {
                bench.run(plan, DEFAULTS)
                        .whenComplete((measured, failure) -> {
                            if (failure == null) {
                                started.complete(measured);
                            } else {
                                started.completeExceptionally(failure);
                            }
                        });
            } catch (TellTable.Refusal refusal) {
                started.completeExceptionally(refusal);
            }
        });
        return started;
    }

    private List<GhObject> left() {
        return store.list(CollectionId.META, GhObject.of(HObject.MIN), 100);
    }

    @Test
    void blocksAreWrittenMeasuredAndRemoved() {
        CompletableFuture<Map<String, Object>> done =
                start(new Bench.Plan(1 << 20, 64 << 10, 0, 0));
        AtomicInteger most = new AtomicInteger();
        simulation.runUntil(
                () -> {
                    most.accumulateAndGet(left().size(), Math::max);
                    return done.isDone();
                },
                Duration.ofSeconds(10));
        Map<String, Object> measured = done.join();
        assertThat(List.copyOf(measured.keySet()))
                .containsExactly(
                        "bytes_written", "blocksize", "elapsed_sec", "bytes_per_sec", "iops");
        assertThat(measured).containsEntry("bytes_written", 1L << 20);
        assertThat((BigDecimal) measured.get("elapsed_sec"))
                .isBetween(new BigDecimal("0.004"), new BigDecimal("0.1"));
        assertThat((BigDecimal) measured.get("iops")).isPositive();
        assertThat(most.get()).as("objects at once").isEqualTo(16);
        assertThat(left()).isEmpty();
    }

    @Test
    void objectsCanBeMadeBeforehandAndBlocksAreNoLarger() {
        CompletableFuture<Map<String, Object>> done =
                start(new Bench.Plan(1 << 20, 64 << 10, 16 << 10, 3));
        AtomicInteger most = new AtomicInteger();
        simulation.runUntil(
                () -> {
                    most.accumulateAndGet(left().size(), Math::max);
                    return done.isDone();
                },
                Duration.ofSeconds(10));
        assertThat(done.join()).containsEntry("blocksize", 16L << 10);
        assertThat(most.get()).isEqualTo(3);
        assertThat(left()).isEmpty();
    }

    @Test
    void oneRunsAtATime() {
        CompletableFuture<Map<String, Object>> first =
                start(new Bench.Plan(1 << 20, 64 << 10, 0, 0));
        CompletableFuture<Map<String, Object>> second =
                start(new Bench.Plan(1 << 20, 64 << 10, 0, 0));
        simulation.runUntil(() -> first.isDone() && second.isDone(), Duration.ofSeconds(10));
        assertThat(first).isCompleted();
        assertThat(refusal(second).result()).isEqualTo(-16);
        CompletableFuture<Map<String, Object>> third = start(new Bench.Plan(0, 1, 0, 0));
        simulation.runUntil(third::isDone, Duration.ofSeconds(10));
        assertThat(third.join()).containsEntry("bytes_per_sec", new BigDecimal("0.000000"));
    }

    private static TellTable.Refusal refusal(CompletableFuture<?> done) {
        return (TellTable.Refusal) done.exceptionNow();
    }

    @ParameterizedTest
    @CsvSource({
        "1048576, 1, 0, 0, -22, osd_bench_small_size_max_iops",
        "12288001, 4096, 0, 0, -22, osd_bench_small_size_max_iops",
        "3145728001, 4194304, 0, 0, -22, osd_bench_large_size_max_throughput",
        "1048576, 67108865, 0, 0, -22, osd_bench_max_block_size",
        "1048576, 4096, 67108865, 1, -22, osd_bench_max_block_size",
        "5, 0, 0, 0, -22, positive",
        "-1, 4096, 0, 0, -22, positive",
        "1048576, 4096, 4096, 100001, -22, objects",
        "1073741824, 4194304, 0, 0, -28, bytes"
    })
    void whatIsTooMuchIsRefused(
            long bytes, long block, long objectSize, long objects, int result, String why) {
        CompletableFuture<Map<String, Object>> done =
                start(new Bench.Plan(bytes, block, objectSize, objects));
        simulation.run(Duration.ofSeconds(1));
        assertThat(refusal(done).result()).isEqualTo(result);
        assertThat(refusal(done).why()).contains(why);
        assertThat(left()).isEmpty();
    }

    @Test
    void boundsFollowTheOptions() {
        RunningOptions strict =
                new RunningOptions(
                        List.of(
                                new RunningOptions.Layer(
                                        "mon",
                                        new TreeMap<>(Map.of("osd_bench_max_block_size", "10")))));
        assertThatThrownBy(() -> bench.run(new Bench.Plan(10, 11, 0, 0), strict))
                .isInstanceOf(TellTable.Refusal.class);
    }
}
