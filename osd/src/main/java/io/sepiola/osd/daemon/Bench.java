package io.sepiola.osd.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * {@code ceph tell osd.N bench}: writes blocks to objects of its own, through the store, and
 * removes them. A few writes are under way at a time, so that the OSD goes on serving. One bench
 * runs at a time. Owned by the OSD's shard.
 */
final class Bench {
    private static final int EINVAL = -22;
    private static final int EBUSY = -16;
    private static final int ENOSPC = -28;
    private static final int EIO = -5;
    private static final int UNDER_WAY_MAX = 4;
    private static final int REMOVED_MAX = 1_000; // in one transaction
    private static final int OBJECTS_MAX = 100_000;
    private static final long SMALL = 1 << 20; // blocks below are bounded by their number
    private static final long BLOCK_BYTES_MAX = 256 << 20; // whatever the option says
    private static final int RATE_DIGITS = 6;

    private final ObjectStore store;
    private final Shard shard;
    private final RandomGenerator random;
    private boolean isRunning;

    Bench(ObjectStore store, Shard shard, RandomGenerator random) {
        this.store = store;
        this.shard = shard;
        this.random = random;
    }

    /**
     * What is to be written.
     *
     * @param bytes in all
     * @param block of each write
     * @param objectSize of each object, where they are made beforehand; 0 for one to each write
     * @param objects how many are made beforehand; 0 for none
     */
    record Plan(long bytes, long block, long objectSize, long objects) {
        static final Plan DEFAULT = new Plan(1 << 30, 4 << 20, 0, 0);

        boolean isPrepared() {
            return objectSize > 0 && objects > 0;
        }

        long writes() {
            return bytes / block;
        }
    }

    /**
     * Runs it.
     *
     * @return what was measured, once all is removed; fails with {@link TellTable.Refusal} when the
     *     store refuses a write
     * @throws TellTable.Refusal when it is beyond what the options allow
     */
    CompletableFuture<Map<String, Object>> run(Plan asked, RunningOptions options) {
        check(asked, options);
        if (isRunning) {
            throw new TellTable.Refusal(EBUSY, "a bench is running");
        }
        Plan plan =
                asked.objectSize > 0 && asked.block > asked.objectSize
                        ? new Plan(asked.bytes, asked.objectSize, asked.objectSize, asked.objects)
                        : asked;
        long room = plan.isPrepared() ? plan.objectSize * plan.objects : plan.bytes;
        if (room > store.availableBytes()) {
            throw new TellTable.Refusal(
                    ENOSPC,
                    "the bench needs " + room + " bytes; there are " + store.availableBytes());
        }
        isRunning = true;
        return new Run(plan).begin();
    }

    private static void check(Plan plan, RunningOptions options) {
        long blockMax = Math.min(number(options, "osd_bench_max_block_size"), BLOCK_BYTES_MAX);
        if (plan.bytes < 0 || plan.block < 1 || plan.objectSize < 0 || plan.objects < 0) {
            throw new TellTable.Refusal(EINVAL, "numbers of a bench are positive");
        }
        if (plan.block > blockMax || plan.objectSize > blockMax) {
            throw new TellTable.Refusal(
                    EINVAL, "at most " + blockMax + " bytes a block: osd_bench_max_block_size");
        }
        if (plan.objects > OBJECTS_MAX) {
            throw new TellTable.Refusal(EINVAL, "at most " + OBJECTS_MAX + " objects");
        }
        long seconds = number(options, "osd_bench_duration");
        boolean small = plan.block < SMALL;
        String limit =
                small ? "osd_bench_small_size_max_iops" : "osd_bench_large_size_max_throughput";
        long most = saturated(number(options, limit), small ? plan.block : 1, seconds);
        if (plan.bytes > most) {
            throw new TellTable.Refusal(
                    EINVAL,
                    "at most "
                            + most
                            + " bytes in blocks of "
                            + plan.block
                            + ": "
                            + limit
                            + " and osd_bench_duration");
        }
    }

    private static long saturated(long first, long second, long third) {
        try {
            return Math.multiplyExact(Math.multiplyExact(first, second), third);
        } catch (ArithmeticException tooMany) {
            return Long.MAX_VALUE;
        }
    }

    private static long number(RunningOptions options, String name) {
        return Long.parseLong(options.value(name).orElse("0"));
    }

    /** One bench: objects are made, blocks are written, objects are removed. */
    private final class Run {
        private final Plan plan;
        private final Bytes data;
        private final CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        private final SortedSet<Integer> made = new TreeSet<>();
        private long begun;
        private @Nullable StoreException failure;
        private @Nullable Steps current;

        Run(Plan plan) {
            this.plan = plan;
            byte[] block = new byte[Math.toIntExact(plan.block)];
            random.nextBytes(block);
            this.data = Bytes.of(block);
        }

        CompletableFuture<Map<String, Object>> begin() {
            if (plan.isPrepared()) {
                Bytes empty = Bytes.zeros(Math.toIntExact(plan.objectSize));
                new Steps(plan.objects, object -> write((int) object, 0, empty), this::write).go();
            } else {
                write();
            }
            return answer;
        }

        private void write() {
            begun = shard.clock().nanos();
            new Steps(plan.writes(), this::write, this::written).go();
        }

        private void write(long number) {
            if (plan.isPrepared()) {
                long places = Math.max(1, plan.objectSize / plan.block);
                write(
                        (int) random.nextLong(plan.objects),
                        random.nextLong(places) * plan.block,
                        data);
            } else {
                write((int) number, 0, data);
            }
        }

        private void write(int object, long offset, Bytes bytes) {
            made.add(object);
            underWay(
                    List.of(
                            new Transaction.Write(
                                    CollectionId.META, name(object), offset, bytes, 0)));
        }

        private GhObject name(int object) {
            return MetaNames.bench(object);
        }

        private void written() {
            long nanos = shard.clock().nanos() - begun;
            List<Integer> all = List.copyOf(made);
            long times = (all.size() + REMOVED_MAX - 1) / REMOVED_MAX;
            StoreException earlier = failure;
            failure = null; // what is there is removed all the same
            new Steps(
                            times,
                            time -> remove(all, (int) time * REMOVED_MAX),
                            () -> done(nanos, earlier != null ? earlier : failure))
                    .go();
        }

        private void remove(List<Integer> all, int first) {
            List<Transaction.Op> ops = new ArrayList<>();
            all.subList(first, Math.min(all.size(), first + REMOVED_MAX))
                    .forEach(object ->
                            ops.add(new Transaction.Remove(CollectionId.META, name(object))));
            underWay(ops);
        }

        private void done(long nanos, @Nullable StoreException why) {
            isRunning = false;
            if (why != null) {
                int result = why.kind() == StoreException.Kind.FULL ? ENOSPC : EIO;
                answer.completeExceptionally(
                        new TellTable.Refusal(result, String.valueOf(why.getMessage())));
                return;
            }
            double rate = plan.bytes * 1e9 / Math.max(1, nanos);
            Map<String, Object> measured = new LinkedHashMap<>();
            measured.put("bytes_written", plan.bytes);
            measured.put("blocksize", plan.block);
            measured.put("elapsed_sec", BigDecimal.valueOf(nanos, 9));
            measured.put("bytes_per_sec", rounded(rate));
            measured.put("iops", rounded(rate / plan.block));
            answer.complete(measured);
        }

        private BigDecimal rounded(double rate) {
            return BigDecimal.valueOf(rate).setScale(RATE_DIGITS, RoundingMode.HALF_UP);
        }

        private void underWay(List<Transaction.Op> ops) {
            Steps steps = current;
            if (steps == null) {
                return;
            }
            steps.underWay++;
            try {
                store.submit(new Transaction(ops), shard, steps::ended);
            } catch (StoreException refused) {
                steps.underWay--;
                failure = refused;
            }
        }

        /** So many transactions, a few at a time, and what comes then; a failure is the last. */
        private final class Steps {
            private final long count;
            private final LongConsumer step;
            private final Runnable then;
            private long next;
            private int underWay;

            Steps(long count, LongConsumer step, Runnable then) {
                this.count = count;
                this.step = step;
                this.then = then;
            }

            void go() {
                current = this;
                while (next < count && underWay < UNDER_WAY_MAX && failure == null) {
                    step.accept(next++);
                }
                if (underWay == 0) {
                    then.run();
                }
            }

            private void ended() {
                underWay--;
                go();
            }
        }
    }
}
