package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Mark;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Power is lost at any moment, again and again; what was acknowledged stays. */
class BlockStoreCrashTest {
    private static final BlockEngine.Limits SMALL =
            new BlockEngine.Limits(64 << 10, 3, 200 << 10, 100, 50, 32 << 10);
    private static final long BLOCK_BYTES = 12 << 20;

    private final FakeDisk disk = new FakeDisk();
    private final InlineShard shard = new InlineShard();
    private final List<StoreException> failures = Collections.synchronizedList(new ArrayList<>());
    private MemoryIndex index = new MemoryIndex();
    private BlockEngine engine;
    private BlockStore store;
    private CompressionOptions compression;

    private void open(BlockEngine.Limits limits, String threads) throws IOException {
        engine =
                new BlockEngine(
                        new BlockEngine.Parts(
                                disk,
                                index,
                                77,
                                BLOCK_BYTES,
                                0,
                                new ReadBuffers(4),
                                limits,
                                failures::add,
                                () -> {}),
                        threads);
        store = new BlockStore(engine);
        if (compression != null) {
            store.compression(Map.of(1L, compression));
        }
    }

    private static Transaction one(Transaction.Op... ops) {
        return new Transaction(List.of(ops));
    }

    /** One life: transactions until the power is gone. */
    private final class Life {
        final List<Transaction> submitted;
        int acknowledged;

        Life(List<Transaction> before) {
            this.submitted = new ArrayList<>(before);
            this.acknowledged = before.size();
        }

        void live(RandomTransactions transactions, Random random, int steps) throws IOException {
            disk.loseAfter(random.nextInt(steps));
            try {
                for (int i = 0; i < steps; i++) {
                    switch (random.nextInt(5)) {
                        case 0 -> engine.commitStep();
                        case 1 -> {
                            if (random.nextInt(6) == 0) {
                                engine.checkpointStep();
                            }
                        }
                        default -> submit(transactions.next());
                    }
                }
            } catch (FakeDisk.PowerLost expected) {
                return;
            }
            disk.loseAfter(0);
        }

        private void submit(Transaction transaction) {
            int number = submitted.size() + 1;
            submitted.add(transaction);
            try {
                store.submit(transaction, shard, () -> acknowledged = number);
            } catch (StoreException refused) {
                submitted.removeLast();
                assertThat(refused.kind()).isEqualTo(StoreException.Kind.INVALID);
            }
        }

        /** What is found after the crash: a prefix with all that was acknowledged. */
        List<Transaction> survivors() {
            AssertionError why = null;
            for (int count = submitted.size(); count >= acknowledged; count--) {
                MemoryState twin = new MemoryState();
                submitted.subList(0, count).forEach(each -> twin.apply(each, Long.MAX_VALUE));
                try {
                    StoreComparison.same(store, twin);
                    return List.copyOf(submitted.subList(0, count));
                } catch (AssertionError different) {
                    why = different;
                }
            }
            throw new AssertionError(
                    "no prefix from " + acknowledged + " to " + submitted.size() + " fits", why);
        }
    }

    private void reopen(Random random) throws IOException {
        while (true) {
            disk.restore(random);
            index = index.crash(random);
            if (random.nextInt(3) == 0) {
                disk.loseAfter(random.nextInt(8));
            }
            try {
                open(SMALL, null);
                disk.loseAfter(Integer.MAX_VALUE);
                return;
            } catch (FakeDisk.PowerLost again) {
                Mark.hit("power lost during recovery");
            }
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesEveryCrash() throws IOException {
        int seedCount = Integer.getInteger("store.crash.seeds", 40);
        for (int seed = 0; seed < seedCount; seed++) {
            lives(seed);
        }
        assertThat(Mark.count("power lost during recovery")).isPositive();
        assertThat(Mark.count("the last batch of the log was torn")).isPositive();
    }

    private void lives(int seed) throws IOException {
        Random random = new Random(seed);
        Compression[] algorithms = Compression.values();
        compression =
                seed % 2 == 0
                        ? null
                        : new CompressionOptions(
                                CompressionOptions.Mode.FORCE,
                                algorithms[seed / 2 % algorithms.length],
                                0.875,
                                8192,
                                65_536);
        RandomTransactions transactions = new RandomTransactions(seed);
        disk.clear();
        index = new MemoryIndex();
        open(SMALL, null);
        List<Transaction> before = List.of();
        try {
            for (int crash = 0; crash < 4; crash++) {
                Life life = new Life(before);
                life.live(transactions, random, 150);
                reopen(random);
                before = life.survivors();
                assertThat(store.check()).isEmpty();
            }
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "seed " + seed + " of whatWasAcknowledgedSurvivesEveryCrash", failure);
        }
        store.close();
    }

    @Test
    void aDamagedLogIsNotTakenForATornOne() throws IOException {
        open(BlockEngine.Limits.DEFAULT, null);
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        engine.commitStep();
        Bytes data = ObjectStoreContract.bytes(5000, 1);
        for (int i = 0; i < 3; i++) {
            store.submit(
                    one(
                            new Transaction.Write(
                                    ObjectStoreContract.PG, ObjectStoreContract.A, i, data, 0)),
                    shard,
                    () -> {});
            engine.commitStep();
        }
        index = index.crash(new Random(1));
        index = new MemoryIndex();
        disk.flip("log/0", 4096 + 200); // the second of four batches
        int open = disk.openCount();
        assertThatThrownBy(() -> open(BlockEngine.Limits.DEFAULT, null))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                .hasMessageContaining("damaged");
        assertThat(disk.openCount()).isEqualTo(open);
        disk.flip("log/0", 4096 + 200);
        disk.flip("log/0", 4096); // its header
        assertThatThrownBy(() -> open(BlockEngine.Limits.DEFAULT, null))
                .isInstanceOf(StoreException.class);
        disk.flip("log/0", 4096);
        open(BlockEngine.Limits.DEFAULT, null);
        assertThat(store.size(ObjectStoreContract.PG, ObjectStoreContract.A)).contains(5002L);
    }

    @Test
    void aFailedSyncStopsTheStoreForGood() throws Exception {
        open(BlockEngine.Limits.DEFAULT, "test");
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        store.close(); // so that this is durable, and not what fails
        open(BlockEngine.Limits.DEFAULT, "test");
        disk.failSyncs();
        List<String> committed = new ArrayList<>();
        store.submit(
                one(new Transaction.Touch(ObjectStoreContract.PG, ObjectStoreContract.A)),
                shard,
                () -> committed.add("never"));
        store.close(); // waits for the threads
        assertThat(failures)
                .singleElement()
                .satisfies(e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.IO));
        assertThat(committed).isEmpty();
        assertThatThrownBy(() -> store.submit(one(), shard, () -> {}))
                .isInstanceOf(StoreGone.class)
                .hasMessageContaining("Input/output error");
        assertThatThrownBy(store::collections).isInstanceOf(StoreGone.class);
    }

    /** What it says of an object would be taken for that object's damage. */
    @Test
    void aDiskOfWhichNothingCanBeReadStopsTheStore() throws Exception {
        open(BlockEngine.Limits.DEFAULT, null);
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        store.submit(write(1, 100_000), shard, () -> {});
        store.close();
        open(BlockEngine.Limits.DEFAULT, null);
        disk.faultReads(0);
        assertThatThrownBy(() -> store.read(ObjectStoreContract.PG, name(1), 0, 100_000))
                .as("one place is bad, the disk is there")
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.IO));
        assertThat(failures).isEmpty();
        disk.disappear();
        List<ReadAnswer> answers = new ArrayList<>();
        store.read(ObjectStoreContract.PG, name(1), 0, 100_000, shard, answers::add);
        store.close(); // waits for the readers
        assertThat(failures).hasSize(1);
        assertThat(answers).isEmpty();
        assertThatThrownBy(() -> store.read(ObjectStoreContract.PG, name(1), 0, 100_000))
                .isInstanceOf(StoreGone.class)
                .hasMessageContaining("Input/output error");
        assertThatThrownBy(() -> store.attrs(ObjectStoreContract.PG, name(1)))
                .isInstanceOf(StoreGone.class);
    }

    @Test
    void aSyncThatFailsOnceStopsTheStoreForGood() throws Exception {
        open(BlockEngine.Limits.DEFAULT, "test");
        List<String> committed = new ArrayList<>();
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        store.close();
        open(BlockEngine.Limits.DEFAULT, "test");
        disk.fault(1, FakeDisk.Fault.SYNC_FAILS_ONCE); // after the write of the batch
        store.submit(
                one(new Transaction.Touch(ObjectStoreContract.PG, ObjectStoreContract.A)),
                shard,
                () -> committed.add("never"));
        while (failures.isEmpty()) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 3; i++) { // though every later sync would succeed
            assertThatThrownBy(() -> store.submit(one(), shard, () -> committed.add("never")))
                    .hasMessageContaining("Input/output error");
        }
        store.close();
        assertThat(failures).hasSize(1);
        assertThat(committed).isEmpty();
        disk.restore(new Random(1));
        index = index.crash(new Random(1));
        open(BlockEngine.Limits.DEFAULT, null);
        assertThat(store.exists(ObjectStoreContract.PG)).isTrue();
        assertThat(store.size(ObjectStoreContract.PG, ObjectStoreContract.A)).isEmpty();
    }

    @Test
    void closingWaitsForAllThatWasSubmitted() throws IOException {
        open(SMALL, "test");
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        for (int i = 0; i < 200; i++) {
            store.submit(write(i, 5000 + i * 100), shard, () -> {});
        }
        store.close();
        assertThat(failures).isEmpty();
        disk.restore(new Random(1));
        index = index.crash(new Random(1));
        open(SMALL, null);
        for (int i = 0; i < 200; i++) {
            assertThat(store.read(ObjectStoreContract.PG, name(i), 0, 1 << 20))
                    .isEqualTo(ObjectStoreContract.bytes(5000 + i * 100, i));
        }
    }

    @Test
    void aFullStoreRefusesThenTakesAgain() throws IOException {
        open(BlockEngine.Limits.DEFAULT, "test");
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        int stored = 0;
        while (true) {
            try {
                store.submit(write(stored, 1 << 20), shard, () -> {});
                stored++;
            } catch (StoreException full) {
                assertThat(full.kind()).isEqualTo(StoreException.Kind.FULL);
                break;
            }
        }
        assertThat(stored).isBetween(10, 12);
        assertThat(store.size(ObjectStoreContract.PG, name(stored))).isEmpty();
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < stored; i++) {
                assertThat(store.read(ObjectStoreContract.PG, name(i), 0, 1 << 20))
                        .isEqualTo(ObjectStoreContract.bytes(1 << 20, i));
                store.submit(
                        one(new Transaction.Remove(ObjectStoreContract.PG, name(i))),
                        shard,
                        () -> {});
                store.submit(write(i, 1 << 20), shard, () -> {}); // waits for the space to be free
            }
        }
        for (int i = 0; i < stored; i++) {
            store.submit(
                    one(new Transaction.Remove(ObjectStoreContract.PG, name(i))), shard, () -> {});
        }
        assertThat(store.usage().dataBytes()).isZero();
        assertThat(store.check()).isEmpty();
        store.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void onAFullDiskBlocksThatWereUsedBeforeServeAgain() throws IOException {
        open(BlockEngine.Limits.DEFAULT, "test");
        store.submit(
                one(new Transaction.MakeCollection(ObjectStoreContract.PG, 0)), shard, () -> {});
        for (int i = 0; i < 4; i++) {
            store.submit(write(i, 1 << 20), shard, () -> {});
        }
        assertThat(store.availableBytes()).isPositive();
        assertThat(store.indexAvailableBytes()).isPositive();
        disk.freeBytes(0); // noticed soon, not at once
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100; i++) {
                                store.submit(write(100 + i, 4096), shard, () -> {});
                            }
                        })
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the disk has");
        assertThat(store.availableBytes()).isZero();
        store.submit(one(new Transaction.Remove(ObjectStoreContract.PG, name(0))), shard, () -> {});
        assertThat(store.availableBytes()).isEqualTo(1 << 20);
        assertThat(store.indexAvailableBytes()).as("blocks are of no use to it").isZero();
        store.submit(write(5, 1 << 20), shard, () -> {}); // in the place of the removed one
        store.close();

        open(BlockEngine.Limits.DEFAULT, "test");
        store.submit(one(new Transaction.Remove(ObjectStoreContract.PG, name(5))), shard, () -> {});
        store.submit(write(6, 1 << 20), shard, () -> {});
        assertThat(store.read(ObjectStoreContract.PG, name(6), 0, 1 << 20))
                .isEqualTo(ObjectStoreContract.bytes(1 << 20, 6));
        assertThatThrownBy(() -> store.submit(write(7, 1 << 20), shard, () -> {}))
                .hasMessageContaining("the disk has");
        assertThat(store.check()).isEmpty();
        store.close();
        assertThat(failures).isEmpty();
    }

    private static io.sepiola.protocol.osd.GhObject name(int number) {
        return ObjectStoreContract.object("o" + number, number);
    }

    private static Transaction write(int number, int size) {
        return one(
                new Transaction.Write(
                        ObjectStoreContract.PG,
                        name(number),
                        0,
                        ObjectStoreContract.bytes(size, number),
                        0));
    }
}
