package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.ThreadShard;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/**
 * Writes to a store until it is killed, and says what was acknowledged: "collection number" per
 * line. The transaction of a number can be told from the number alone.
 */
final class KilledWriter {
    static final UUID OWNER = UUID.fromString("6b3c5a5e-0f0f-4f5e-8f6e-2f5a5f0f6b3c");
    static final int COLLECTION_COUNT = 3;
    static final int OBJECT_COUNT = 16;
    static final GhObject JOURNAL = object(-1);

    private KilledWriter() {}

    static CollectionId collection(int index) {
        return new CollectionId.Pg(SpgId.replicated(new PgId(1, index)));
    }

    static GhObject object(int number) {
        int hash = number * 0x9e3779b1;
        return GhObject.of(new HObject("", "o" + number, "", HObject.HEAD, hash, 1, false));
    }

    /** Short ones, and now and then a long one. */
    static Bytes data(int number) {
        int size = number % 20 == 7 ? 300_000 : 500 + number * 37 % 9000;
        return ObjectStoreContract.bytes(size, number);
    }

    static String key(int number) {
        return String.format("%08d", number);
    }

    static Transaction transaction(CollectionId in, int number) {
        GhObject object = object(number % OBJECT_COUNT);
        TreeMap<String, Bytes> entry = new TreeMap<>(Utf8::compare);
        entry.put(key(number), Bytes.utf8("entry " + number));
        return new Transaction(
                List.of(
                        new Transaction.Truncate(in, object, 0),
                        new Transaction.Write(in, object, 0, data(number), 0),
                        new Transaction.SetAttr(in, object, "number", Bytes.utf8("" + number)),
                        new Transaction.OmapSet(in, JOURNAL, entry)));
    }

    static BlockStore open(Path directory, StoreMemory memory) {
        return BlockStore.open(
                new BlockStore.Options(
                        directory, OWNER, 3, 1 << 20, memory, failure -> System.exit(9)));
    }

    /** Arguments: the directory, and per collection the number to begin with. */
    public static void main(String[] arguments) {
        BlockStore store = open(Path.of(arguments[0]), new StoreMemory(8 << 20));
        PrintStream out = System.out;
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < COLLECTION_COUNT; i++) {
            int index = i;
            int first = Integer.parseInt(arguments[1 + i]);
            writers.add(Thread.ofPlatform().start(() -> write(store, index, first, out)));
        }
        out.println("ready");
    }

    private static void write(BlockStore store, int index, int first, PrintStream out) {
        ThreadShard shard = new ThreadShard("writer-" + index, (s, failure) -> System.exit(8));
        Semaphore room = new Semaphore(8);
        for (int number = first; ; number++) {
            int acknowledged = number;
            room.acquireUninterruptibly();
            store.submit(
                    transaction(collection(index), number),
                    shard,
                    () -> {
                        out.println(index + " " + acknowledged);
                        room.release();
                    });
        }
    }
}
