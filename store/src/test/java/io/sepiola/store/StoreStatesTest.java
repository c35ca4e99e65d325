package io.sepiola.store;

import static io.sepiola.store.ObjectStoreContract.A;
import static io.sepiola.store.ObjectStoreContract.B;
import static io.sepiola.store.ObjectStoreContract.PG;
import static io.sepiola.store.ObjectStoreContract.bytes;
import static io.sepiola.store.ObjectStoreContract.entries;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Every crash and every fault at every step of every short sequence of operations, against the
 * obvious twin. The number of states is printed, and is not to shrink.
 */
class StoreStatesTest {
    private static final BlockEngine.Limits SMALL =
            new BlockEngine.Limits(64 << 10, 3, 200 << 10, 100, 50, 12 << 10);
    private static final long BLOCK_BYTES = 256 << 10;

    private static final List<Transaction> BASE =
            List.of(
                    one(new Transaction.MakeCollection(PG, 0)),
                    one(
                            write(0, 14_000, 1),
                            new Transaction.SetAttrs(PG, A, entries("_", "first")),
                            new Transaction.OmapSet(PG, A, entries("a", "1", "b", "2"))));

    /** Nothing stands for a checkpoint. */
    private static final List<Transaction> STEPS =
            List.of(
                    one(), // the checkpoint
                    one(write(100, 300, 2)), // over a block, by the log
                    one(new Transaction.Write(PG, B, 4000, bytes(5000, 3), 0)), // new blocks
                    one(write(4096, 16_384, 4)), // long, past the log
                    one(new Transaction.Write(PG, A, 4096, Bytes.zeros(20_480), 0)), // compressed
                    one(new Transaction.Clone(PG, A, B), write(8192, 4096, 5)),
                    one(new Transaction.CloneRange(PG, A, B, 4096, 4196, 0)),
                    one(new Transaction.Truncate(PG, A, 5000), write(12_288, 10, 6)),
                    one(new Transaction.Remove(PG, A)),
                    one(
                            new Transaction.OmapRemove(PG, A, ObjectStoreContract.keys("a")),
                            new Transaction.SetAttrs(PG, A, entries("_", "later")),
                            new Transaction.TryRename(PG, A, B)));

    private static Transaction one(Transaction.Op... ops) {
        return new Transaction(List.of(ops));
    }

    private static Transaction.Op write(long offset, int size, int seed) {
        return new Transaction.Write(PG, A, offset, bytes(size, seed), 0);
    }

    /** A disk as it was at some moment, and what was submitted and acknowledged by then. */
    private record State(
            FakeDisk disk, MemoryIndex index, List<Transaction> submitted, int acknowledged) {}

    private final InlineShard shard = new InlineShard();
    private FakeDisk disk = new FakeDisk();
    private MemoryIndex index = new MemoryIndex();
    private List<Transaction> submitted = new ArrayList<>();
    private int acknowledged;
    private BlockEngine engine;
    private BlockStore store;
    private State base;

    @BeforeEach
    void makeBase() throws IOException {
        open();
        for (Transaction each : BASE) {
            submit(each);
            engine.commitStep();
        }
        engine.checkpointStep();
        base = state();
    }

    private void open() throws IOException {
        engine =
                new BlockEngine(
                        new BlockEngine.Parts(
                                disk,
                                index,
                                77,
                                BLOCK_BYTES,
                                0,
                                new ReadBuffers(0),
                                SMALL,
                                failure -> {},
                                () -> {}),
                        null);
        store = new BlockStore(engine);
        store.compression(
                Map.of(
                        1L,
                        new CompressionOptions(
                                CompressionOptions.Mode.FORCE,
                                Compression.LZ4,
                                0.875,
                                8192,
                                65_536)));
    }

    private State state() {
        return new State(disk.copy(), index.copy(), List.copyOf(submitted), acknowledged);
    }

    private void begin(State from) throws IOException {
        disk = from.disk.copy();
        index = from.index.copy();
        submitted = new ArrayList<>(from.submitted);
        acknowledged = from.acknowledged;
        open();
    }

    private void submit(Transaction transaction) {
        submitted.add(transaction);
        int number = submitted.size();
        try {
            store.submit(transaction, shard, () -> acknowledged = number);
        } catch (StoreException refused) { // an earlier step removed its source, or the disk lied
            submitted.removeLast();
            assertThat(refused.kind())
                    .isIn(StoreException.Kind.INVALID, StoreException.Kind.CORRUPT);
        }
    }

    private void play(Transaction step, boolean commit) throws IOException {
        if (step.ops().isEmpty()) {
            engine.checkpointStep();
        } else {
            submit(step);
            if (commit) {
                engine.commitStep();
            }
        }
    }

    /**
     * What is found has to be some prefix of what was submitted, with all that was acknowledged.
     */
    private void assertPrefix(int least) {
        AssertionError why = null;
        for (int count = submitted.size(); count >= least; count--) {
            try {
                StoreComparison.same(store, twin(count));
                assertThat(store.check()).isEmpty();
                return;
            } catch (AssertionError different) {
                why = different;
            }
        }
        throw new AssertionError("no prefix from " + least + " on fits", why);
    }

    private MemoryState twin(int count) {
        MemoryState twin = new MemoryState();
        submitted.subList(0, count).forEach(each -> twin.apply(each, Long.MAX_VALUE));
        return twin;
    }

    private static List<List<Transaction>> sequences(int length) {
        List<List<Transaction>> all = List.of(List.of());
        for (int i = 0; i < length; i++) {
            List<List<Transaction>> longer = new ArrayList<>();
            for (List<Transaction> each : all) {
                for (Transaction step : STEPS) {
                    List<Transaction> next = new ArrayList<>(each);
                    next.add(step);
                    longer.add(next);
                }
            }
            all = longer;
        }
        return all;
    }

    /** The crash points of all but the last step are those of a shorter sequence. */
    private List<State> crashPoints(List<Transaction> steps, boolean eachCommitted)
            throws IOException {
        begin(base);
        for (Transaction step : steps.subList(0, steps.size() - 1)) {
            play(step, eachCommitted);
        }
        List<State> states = new ArrayList<>();
        FakeDisk observed = disk;
        observed.observe(() -> states.add(state()));
        play(steps.getLast(), true);
        observed.observe(() -> {});
        states.add(state());
        return states;
    }

    @Test
    void everyCrashPointOfEverySequenceOfThree() throws IOException {
        long start = System.nanoTime();
        int count = 0;
        for (int length = 1; length <= 3; length++) {
            for (List<Transaction> steps : sequences(length)) {
                for (boolean eachCommitted : length == 1 ? new boolean[] {true} : BOTH) {
                    List<State> states = crashPoints(steps, eachCommitted);
                    for (int i = 0; i < states.size(); i++) {
                        for (int chance = 0; chance < 4 - length; chance++) {
                            crash(steps, states.get(i), i, count++);
                        }
                    }
                }
            }
        }
        print("crash states", count, start);
        assertThat(count).isGreaterThanOrEqualTo(2000);
    }

    private static final boolean[] BOTH = {true, false};

    private void crash(List<Transaction> steps, State state, int point, int seed)
            throws IOException {
        Random random = new Random(seed);
        disk = state.disk.copy();
        submitted = state.submitted();
        disk.restore(random);
        index = state.index.copy().crash(random);
        try {
            open();
            assertPrefix(state.acknowledged);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "seed " + seed + ", crash point " + point + " of " + steps, failure);
        }
    }

    @Test
    void everyFaultAtEveryStepOfEverySequenceOfTwo() throws IOException {
        long start = System.nanoTime();
        int count = 0;
        Map<FakeDisk.Fault, Integer> refused = new EnumMap<>(FakeDisk.Fault.class);
        for (List<Transaction> pair : sequences(2)) {
            List<Transaction> steps = new ArrayList<>(pair);
            steps.add(one()); // a checkpoint is where most goes wrong
            for (FakeDisk.Fault fault : FakeDisk.Fault.values()) {
                for (int at = 0; faulted(steps, fault, at, refused); at++) {
                    count++;
                }
            }
        }
        print("states after a fault", count, start);
        assertThat(count).isGreaterThanOrEqualTo(2000);
        assertThat(refused).containsKeys(FakeDisk.Fault.LOST, FakeDisk.Fault.MISDIRECTED);
    }

    /** Whether the fault came at all. */
    private boolean faulted(
            List<Transaction> steps,
            FakeDisk.Fault fault,
            int at,
            Map<FakeDisk.Fault, Integer> refused)
            throws IOException {
        begin(base);
        disk.fault(at, fault);
        boolean failed = false;
        try {
            for (Transaction step : steps) {
                play(step, true);
            }
        } catch (IOException | UncheckedIOException ended) { // the daemon stops
            failed = true;
        }
        if (!disk.isFaultSpent()) {
            return false;
        }
        boolean lied =
                !failed && (fault == FakeDisk.Fault.LOST || fault == FakeDisk.Fault.MISDIRECTED);
        try {
            int bad = failed ? 0 : StoreComparison.sameOrRefused(store, twin(submitted.size()));
            assertThat(bad == 0 || lied).as("refused without a reason").isTrue();
            Random random = new Random(at);
            disk.restore(random);
            index = index.crash(random);
            open();
            bad += lied ? refusedInSomePrefix() : 0;
            if (!lied) {
                assertPrefix(acknowledged);
            }
            refused.merge(fault, bad, Integer::sum);
        } catch (StoreException named) {
            assertThat(named.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
            assertThat(lied).as("did not open: %s", named.getMessage()).isTrue();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(fault + " at " + at + " of " + steps, failure);
        }
        return true;
    }

    private int refusedInSomePrefix() {
        AssertionError why = null;
        for (int count = submitted.size(); count >= 0; count--) {
            try {
                return StoreComparison.sameOrRefused(store, twin(count));
            } catch (AssertionError different) {
                why = different;
            }
        }
        throw new AssertionError("no prefix fits", why);
    }

    @Test
    void readsThatFailOrComeFromElsewhereAreNamed() throws IOException {
        int refused = 0;
        for (List<Transaction> steps : sequences(2)) {
            begin(base);
            for (Transaction step : steps) {
                play(step, true);
            }
            for (int shift : new int[] {0, 4096, 8192}) {
                disk.faultReads(shift);
                refused += StoreComparison.sameOrRefused(store, twin(submitted.size()));
                try {
                    store.submit(one(write(20, 10, 7)), shard, () -> {}); // has to read
                    submitted.add(one(write(20, 10, 7)));
                } catch (StoreException named) {
                    assertThat(named.kind())
                            .isIn(StoreException.Kind.CORRUPT, StoreException.Kind.IO);
                }
                disk.faultReads(-1);
                StoreComparison.same(store, twin(submitted.size()));
            }
        }
        assertThat(refused).isPositive();
    }

    private static void print(String what, int count, long start) {
        System.out.printf("%d %s in %.1f s%n", count, what, (System.nanoTime() - start) / 1e9);
    }
}
