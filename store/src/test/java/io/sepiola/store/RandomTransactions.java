package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Transactions of every kind over few objects, from a seed; some of them cannot be applied. */
final class RandomTransactions {
    private final SplittableRandom random;

    RandomTransactions(long seed) {
        random = new SplittableRandom(seed);
    }

    Transaction next() {
        List<Transaction.Op> ops = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            ops.add(op());
        }
        return new Transaction(ops);
    }

    private Transaction.Op op() {
        CollectionId in = collection();
        GhObject object = object();
        return switch (random.nextInt(32)) {
            case 0, 1, 2, 3, 4, 5 -> new Transaction.Write(in, object, offset(), data(9000), 0);
            case 6, 7, 8 -> new Transaction.Write(in, object, offset(), data(200_000), 0);
            case 9 -> new Transaction.Write(in, object, offset() & -4096L, Bytes.zeros(4096), 0);
            case 10 -> new Transaction.Zero(in, object, offset(), random.nextInt(100_000));
            case 11 -> new Transaction.Truncate(in, object, offset());
            case 12, 13 -> new Transaction.Remove(in, object);
            case 14 ->
                    random.nextBoolean()
                            ? new Transaction.Touch(in, object)
                            : new Transaction.SetAttr(in, object, key(), data(40));
            case 15, 16 -> new Transaction.SetAttrs(in, object, entries());
            case 17 -> new Transaction.RemoveAttr(in, object, key());
            case 18 -> new Transaction.RemoveAttrs(in, object);
            case 19, 20, 21 -> new Transaction.OmapSet(in, object, entries());
            case 22 -> new Transaction.OmapRemove(in, object, new TreeSet<>(entries().keySet()));
            case 23 -> new Transaction.OmapRemoveRange(in, object, key(), key());
            case 24 -> new Transaction.OmapClear(in, object);
            case 25 -> new Transaction.OmapSetHeader(in, object, data(50));
            case 26, 27 -> new Transaction.Clone(in, object, object());
            case 28 ->
                    new Transaction.CloneRange(
                            in,
                            object,
                            object(),
                            offset() / 8 & (random.nextBoolean() ? -4096 : -1),
                            random.nextInt(80_000),
                            offset());
            case 29 ->
                    random.nextInt(3) == 0
                            ? new Transaction.TryRename(in, object, object())
                            : new Transaction.MoveRename(in, object, collection(), object());
            case 30 -> new Transaction.MakeCollection(in, 0);
            default ->
                    random.nextBoolean()
                            ? new Transaction.RemoveCollection(in)
                            : new Transaction.SplitCollection(
                                    in, 1 + random.nextInt(2), random.nextInt(4), collection());
        };
    }

    private CollectionId collection() {
        int seed = Math.max(0, random.nextInt(6) - 3);
        return new CollectionId.Pg(SpgId.replicated(new PgId(1, seed)));
    }

    private GhObject object() {
        int number = random.nextInt(6);
        return GhObject.of(
                new HObject(
                        "", "object" + number, "", HObject.HEAD, number * 0x9e3779b1, 1, false));
    }

    private long offset() {
        long offset = random.nextInt(300_000);
        return random.nextInt(3) == 0 ? offset & -4096L : offset;
    }

    private Bytes data(int sizeMax) {
        int size =
                random.nextInt(3) == 0
                        ? Math.max(1, random.nextInt(sizeMax) & -4096)
                        : 1 + random.nextInt(sizeMax);
        byte[] array = new byte[size];
        random.nextBytes(array);
        if (random.nextBoolean()) { // so that it can be compressed
            for (int i = 0; i < size; i++) {
                array[i] &= (byte) (i % 64 < 60 ? 0 : 0xff);
            }
        }
        return Bytes.of(array);
    }

    private TreeMap<String, Bytes> entries() {
        TreeMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            entries.put(key(), data(40));
        }
        return entries;
    }

    private String key() {
        return "k" + (char) random.nextInt(2) + random.nextInt(30);
    }
}
