package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Simulation;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

class MemoryStoreTest extends ObjectStoreContract {
    @Override
    ObjectStore create() {
        return new MemoryStore(MemoryStore.Options.DEFAULT);
    }

    @Override
    ObjectStore reopen(ObjectStore closing) {
        closing.close();
        return ((MemoryStore) closing).crash(new SplittableRandom(1));
    }

    @Test
    void aCrashKeepsWhatWasCommittedAndAPrefixOfTheRest() {
        boolean lostSome = false;
        boolean keptSome = false;
        for (int seed = 0; seed < 50; seed++) {
            Simulation simulation = new Simulation(seed);
            Simulation.SimulatedShard owner = simulation.shard("osd");
            MemoryStore before =
                    new MemoryStore(
                            new MemoryStore.Options(
                                    new MemoryStore.CommitDelay.Between(
                                            Duration.ofMillis(1),
                                            Duration.ofMillis(5),
                                            simulation.random()),
                                    1 << 20));
            List<CollectionId> groups = List.of(PG, OTHER);
            groups.forEach(pg ->
                    before.submit(
                            new Transaction(List.of(new Transaction.MakeCollection(pg, 0))),
                            owner,
                            () -> {}));
            simulation.run(Duration.ofMillis(10));
            List<List<Integer>> committed = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 20; i++) {
                int number = i;
                owner.timers()
                        .after(
                                Duration.ofMillis(i / 3),
                                () ->
                                        before.submit(
                                                new Transaction(
                                                        List.of(
                                                                new Transaction.Touch(
                                                                        groups.get(number % 2),
                                                                        object(
                                                                                "o" + number,
                                                                                number)))),
                                                owner,
                                                () -> committed.get(number % 2).add(number)));
            }
            simulation.run(Duration.ofMillis(6));
            owner.kill();
            MemoryStore after = before.crash(simulation.random());
            assertThatThrownBy(() -> before.submit(new Transaction(List.of()), owner, () -> {}))
                    .isInstanceOf(StoreGone.class);
            for (int group = 0; group < 2; group++) {
                int parity = group;
                List<Integer> found =
                        after
                                .list(
                                        groups.get(group),
                                        new GhObject(HObject.MIN, 0, SpgId.NO_SHARD),
                                        99)
                                .stream()
                                .map(each -> each.object().hash())
                                .sorted()
                                .toList();
                assertThat(found)
                        .isEqualTo(
                                found.stream()
                                        .map(each -> 2 * found.indexOf(each) + parity)
                                        .toList())
                        .containsAll(committed.get(group));
                lostSome |= found.size() < 10;
                keptSome |= found.size() > committed.get(group).size();
            }
        }
        assertThat(lostSome).isTrue();
        assertThat(keptSome).isTrue();
    }

    @Test
    void refusesToGrowWhenFullButRemoves() {
        store.close();
        store =
                new MemoryStore(
                        new MemoryStore.Options(new MemoryStore.CommitDelay.None(), 100_000));
        commit(new Transaction.MakeCollection(PG, 0), write(A, 0, bytes(90_000, 1)));
        assertThatThrownBy(() -> submit(write(B, 0, bytes(20_000, 1))))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.FULL));
        assertThat(store.size(PG, B)).isEmpty();
        assertThat(store.usage().availableBytes()).isEqualTo(10_000);
        commit(new Transaction.Remove(PG, A));
        commit(write(B, 0, bytes(20_000, 1)));
        assertThat(all(B)).isEqualTo(bytes(20_000, 1));
        assertThat(store.usage().dataBytes()).isEqualTo(20_000);
    }

    @Test
    void usageCountsEachKindAndForgetsWhatWasRefused() {
        store.close();
        store =
                new MemoryStore(
                        new MemoryStore.Options(new MemoryStore.CommitDelay.None(), 100_000));
        commit(
                new Transaction.MakeCollection(PG, 0),
                write(A, 0, bytes(1000, 1)),
                new Transaction.SetAttr(PG, A, "four", bytes(96, 1)),
                new Transaction.OmapSet(PG, A, new TreeMap<>(Map.of("key", bytes(7, 1)))),
                new Transaction.OmapSetHeader(PG, A, bytes(40, 1)));
        assertUsage(1000, 50, 100);
        commit(
                write(A, 500, bytes(1500, 2)),
                new Transaction.OmapSet(PG, A, new TreeMap<>(Map.of("key", bytes(17, 1)))),
                new Transaction.Clone(PG, A, B));
        assertUsage(4000, 120, 200);
        assertThatThrownBy(
                        () -> submit(new Transaction.Remove(PG, A), write(B, 0, bytes(100_000, 1))))
                .isInstanceOf(StoreException.class);
        assertUsage(4000, 120, 200);
        commit(
                new Transaction.Remove(PG, A),
                new Transaction.Truncate(PG, B, 100),
                new Transaction.OmapClear(PG, B),
                new Transaction.RemoveAttrs(PG, B));
        assertUsage(100, 0, 0);
    }

    private void assertUsage(long data, long omap, long others) {
        assertThat(store.usage())
                .isEqualTo(
                        new ObjectStore.Usage(
                                100_000, 100_000 - data - omap - others, data, omap, others));
    }
}
