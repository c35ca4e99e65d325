package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.ThreadShard;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * How fast one store is alone on this machine: arguments are a directory to work in, which is left
 * full, and the seconds per line. CPU is of the whole process.
 */
final class StoreBenchmark {
    private static final int OBJECT_COUNT = 4000;

    private final BlockStore store;
    private final ThreadShard shard =
            new ThreadShard("benchmark", (s, failure) -> failure.printStackTrace());
    private final long nanos;

    private StoreBenchmark(BlockStore store, double seconds) {
        this.store = store;
        this.nanos = (long) (seconds * 1e9);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "store");
        double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 3;
        UUID owner = new UUID(1, 2);
        BlockStore.format(directory.resolve("osd"), owner, 0, 10L << 30);
        try (StoreMemory cache = new StoreMemory(16 << 20)) {
            BlockStore store =
                    BlockStore.open(
                            new BlockStore.Options(
                                    directory.resolve("osd"),
                                    owner,
                                    0,
                                    BlockStore.DISK_RESERVE_BYTES,
                                    cache,
                                    Throwable::printStackTrace));
            new StoreBenchmark(store, seconds).run();
            long start = System.nanoTime();
            store.close();
            System.out.printf(Locale.ROOT, "close: %.0f ms%n", (System.nanoTime() - start) / 1e6);
        }
        System.exit(0);
    }

    private void run() {
        store.submit(
                new Transaction(
                        List.of(
                                new Transaction.MakeCollection(ObjectStoreContract.PG, 0),
                                new Transaction.Touch(ObjectStoreContract.PG, name(-1)))),
                shard,
                () -> {});
        for (int round = 0; round < 2; round++) {
            for (int inFlight : new int[] {1, 16, 64}) {
                writes("4 KiB", 4096, inFlight, OBJECT_COUNT, true);
            }
        }
        writes("4 KiB, data only,", 4096, 16, OBJECT_COUNT, false);
        writes("4 KiB, new objects,", 4096, 16, Integer.MAX_VALUE, true);
        writes("4 KiB, new objects,", 4096, 16, Integer.MAX_VALUE, true);
        reads("4 KiB", 4096, OBJECT_COUNT);
        writes("4 MiB", 4 << 20, 4, 100, true);
        reads("4 MiB", 4 << 20, 100);
    }

    private static GhObject name(int number) {
        return ObjectStoreContract.object("o" + number, number * 0x9e3779b1);
    }

    /** As an OSD writes: data, two attributes, an entry of the log, and one entry trimmed. */
    private Transaction transaction(long number, Bytes data, int objectCount, boolean whole) {
        GhObject object = name((int) (number % objectCount));
        Transaction.Write write = new Transaction.Write(ObjectStoreContract.PG, object, 0, data, 0);
        if (!whole) {
            return new Transaction(List.of(write));
        }
        TreeMap<String, Bytes> log = new TreeMap<>(Utf8::compare);
        log.put(String.format("%016d", number), Bytes.zeros(180));
        log.put("_info", Bytes.zeros(200));
        TreeMap<String, Bytes> attrs = new TreeMap<>(Utf8::compare);
        attrs.put("_", Bytes.zeros(270));
        attrs.put("snapset", Bytes.zeros(35));
        TreeMap<String, Bytes> none = new TreeMap<>(Utf8::compare);
        none.put(String.format("%016d", number - 3000), Bytes.EMPTY);
        return new Transaction(
                List.of(
                        write,
                        new Transaction.SetAttrs(ObjectStoreContract.PG, object, attrs),
                        new Transaction.OmapSet(ObjectStoreContract.PG, name(-1), log),
                        new Transaction.OmapRemove(
                                ObjectStoreContract.PG,
                                name(-1),
                                new java.util.TreeSet<>(none.keySet()))));
    }

    private void writes(String what, int size, int inFlight, int objectCount, boolean whole) {
        Semaphore room = new Semaphore(inFlight);
        Bytes data = ObjectStoreContract.bytes(size, 1);
        long start = System.nanoTime();
        long cpu = cpuNanos();
        long count = 0;
        while (System.nanoTime() - start < nanos) {
            room.acquireUninterruptibly();
            store.submit(transaction(count++, data, objectCount, whole), shard, room::release);
        }
        room.acquireUninterruptibly(inFlight);
        report(what + " writes, " + inFlight + " in flight", start, cpu, count, size);
    }

    private void reads(String what, int size, int objectCount) {
        Random random = new Random(5);
        long start = System.nanoTime();
        long cpu = cpuNanos();
        long count = 0;
        while (System.nanoTime() - start < nanos) {
            Bytes read =
                    store.read(ObjectStoreContract.PG, name(random.nextInt(objectCount)), 0, size);
            count += read.size() == size ? 1 : 0;
        }
        report(what + " reads, one thread", start, cpu, count, size);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static void report(String what, long start, long cpu, long count, int size) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros = (cpuNanos() - cpu) / 1e3;
        System.out.printf(
                Locale.ROOT,
                "%-40s %9.0f/s %8.1f MB/s %8.1f us CPU each%n",
                what,
                count / seconds,
                count * (double) size / seconds / 1e6,
                cpuMicros / count);
    }
}
