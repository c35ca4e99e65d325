package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Transaction := S(9/9){data:blob ops:blob map&lt;CollectionId, u32 index&gt; map&lt;GhObject, u32
 * index&gt; u64 ops, u32 longest write, u32 its offset, u32 where its bytes are in data, u32
 * advice}.
 *
 * <p>ops is a row of 72-byte records: u32 code, u32 collection, u32 object, u64 offset, u64 length,
 * u32 target collection, u32 target object, u64 target offset, u32 hint, u64 expected object size,
 * u64 expected write size, u32 split bits, u32 split remainder. What has no fixed size stands in
 * data, in the order of the ops. Collections and objects are numbered in the order of their first
 * use.
 */
final class TransactionCodec implements Codec<Transaction> {
    private static final int OP_SIZE = 72;
    private static final Comparator<CollectionId> COLLECTIONS =
            Comparator.comparing((CollectionId id) ->
                    id instanceof CollectionId.Pg group
                            ? group.pg()
                            : new io.sepiola.protocol.SpgId(
                                    new io.sepiola.protocol.PgId(Long.MIN_VALUE, 0), 0));

    private static final int NOP = 0;
    private static final int CREATE = 7;
    private static final int TOUCH = 9;
    private static final int WRITE = 10;
    private static final int ZERO = 11;
    private static final int TRUNCATE = 12;
    private static final int REMOVE = 13;
    private static final int SETATTR = 14;
    private static final int SETATTRS = 15;
    private static final int RMATTR = 16;
    private static final int CLONE = 17;
    private static final int MKCOLL = 20;
    private static final int RMCOLL = 21;
    private static final int RMATTRS = 28;
    private static final int CLONERANGE2 = 30;
    private static final int OMAP_CLEAR = 31;
    private static final int OMAP_SETKEYS = 32;
    private static final int OMAP_RMKEYS = 33;
    private static final int OMAP_SETHEADER = 34;
    private static final int SPLIT = 36;
    private static final int OMAP_RMKEYRANGE = 37;
    private static final int MOVE_RENAME = 38;
    private static final int ALLOC_HINT = 39;
    private static final int COLL_HINT = 40;
    private static final int TRY_RENAME = 41;

    @Override
    public void encode(Transaction transaction, Encoder out) {
        Writer writer = new Writer();
        for (Transaction.Op op : transaction.ops()) {
            writer.write(op);
        }
        out.struct(9, 9, body -> writer.finish(transaction.ops().size(), body));
    }

    @Override
    public Transaction decode(Decoder in) {
        return in.struct(9, (version, body) -> new Reader(version, body).read());
    }

    /** Numbers collections and objects and fills the two blobs. Used for one transaction. */
    private static final class Writer {
        private final Encoder data = new Encoder();
        private final Encoder ops = new Encoder(8 * OP_SIZE);
        private final Map<CollectionId, Integer> collections = new TreeMap<>(COLLECTIONS);
        private final Map<GhObject, Integer> objects = new TreeMap<>();
        private int longestSize;
        private int longestOffset;
        private int longestAt;
        private int advice;

        void write(Transaction.Op op) {
            switch (op) {
                case Transaction.Nop _ -> ops.zeros(OP_SIZE); // touches nothing, so numbers nothing
                case Transaction.Create o -> plain(CREATE, o, o.object(), 0, 0);
                case Transaction.Touch o -> plain(TOUCH, o, o.object(), 0, 0);
                case Transaction.Write o -> write(o);
                case Transaction.Zero o -> plain(ZERO, o, o.object(), o.offset(), o.length());
                case Transaction.Truncate o -> plain(TRUNCATE, o, o.object(), o.size(), 0);
                case Transaction.Remove o -> plain(REMOVE, o, o.object(), 0, 0);
                case Transaction.SetAttr o -> {
                    plain(SETATTR, o, o.object(), 0, 0);
                    data.string(o.name()).blob(o.value());
                }
                case Transaction.SetAttrs o -> {
                    plain(SETATTRS, o, o.object(), 0, 0);
                    data.map(o.attrs(), Primitives.STRING, Primitives.BLOB);
                }
                case Transaction.RemoveAttr o -> {
                    plain(RMATTR, o, o.object(), 0, 0);
                    data.string(o.name());
                }
                case Transaction.RemoveAttrs o -> plain(RMATTRS, o, o.object(), 0, 0);
                case Transaction.Clone o -> clone(o);
                case Transaction.CloneRange o -> cloneRange(o);
                case Transaction.MakeCollection o ->
                        op(MKCOLL, number(o.collection()), 0, 0, 0, 0, 0, 0, o.bits(), 0);
                case Transaction.RemoveCollection o ->
                        op(RMCOLL, number(o.collection()), 0, 0, 0, 0, 0, 0, 0, 0);
                case Transaction.CollectionHint o -> {
                    ops.u32(COLL_HINT)
                            .u32(number(o.collection()))
                            .zeros(36)
                            .u32(o.kind())
                            .zeros(24);
                    data.blob(o.hint());
                }
                case Transaction.MoveRename o -> move(o);
                case Transaction.TryRename o -> rename(o);
                case Transaction.OmapSet o -> {
                    plain(OMAP_SETKEYS, o, o.object(), 0, 0);
                    data.map(o.entries(), Primitives.STRING, Primitives.BLOB);
                }
                case Transaction.OmapRemove o -> {
                    plain(OMAP_RMKEYS, o, o.object(), 0, 0);
                    data.list(o.keys(), Primitives.STRING);
                }
                case Transaction.OmapRemoveRange o -> {
                    plain(OMAP_RMKEYRANGE, o, o.object(), 0, 0);
                    data.string(o.first()).string(o.end());
                }
                case Transaction.OmapClear o -> plain(OMAP_CLEAR, o, o.object(), 0, 0);
                case Transaction.OmapSetHeader o -> {
                    plain(OMAP_SETHEADER, o, o.object(), 0, 0);
                    data.blob(o.header());
                }
                case Transaction.SetAllocationHint o -> {
                    ops.u32(ALLOC_HINT)
                            .u32(number(o.collection()))
                            .u32(number(o.object()))
                            .zeros(32);
                    ops.u32(o.flags())
                            .u64(o.expectedObjectSize())
                            .u64(o.expectedWriteSize())
                            .zeros(8);
                }
                case Transaction.SplitCollection o -> {
                    int from = number(o.collection());
                    op(
                            SPLIT,
                            from,
                            0,
                            0,
                            0,
                            number(o.targetCollection()),
                            0,
                            0,
                            o.bits(),
                            o.remainder());
                }
            }
        }

        private void write(Transaction.Write o) {
            int size = o.data().size();
            plain(WRITE, o, o.object(), o.offset(), size);
            if (size > longestSize) {
                longestSize = size;
                longestOffset = (int) o.offset();
                longestAt = data.size() + 4;
            }
            advice |= o.adviceFlags();
            data.blob(o.data());
        }

        private void clone(Transaction.Clone o) {
            int from = number(o.object());
            op(CLONE, number(o.collection()), from, 0, 0, 0, number(o.target()), 0, 0, 0);
        }

        private void cloneRange(Transaction.CloneRange o) {
            int from = number(o.object());
            int to = number(o.target());
            int in = number(o.collection());
            op(CLONERANGE2, in, from, o.offset(), o.length(), 0, to, o.targetOffset(), 0, 0);
        }

        private void move(Transaction.MoveRename o) {
            int in = number(o.collection());
            int from = number(o.object());
            int to = number(o.targetCollection());
            op(MOVE_RENAME, in, from, 0, 0, to, number(o.target()), 0, 0, 0);
        }

        private void rename(Transaction.TryRename o) {
            int in = number(o.collection());
            int from = number(o.object());
            op(TRY_RENAME, in, from, 0, 0, 0, number(o.target()), 0, 0, 0);
        }

        private void plain(int code, Transaction.Op op, GhObject object, long offset, long length) {
            op(code, number(op.collection()), number(object), offset, length, 0, 0, 0, 0, 0);
        }

        private void op(
                int code,
                int collection,
                int object,
                long offset,
                long length,
                int targetCollection,
                int target,
                long targetOffset,
                int splitBits,
                int splitRemainder) {
            ops.u32(code).u32(collection).u32(object).u64(offset).u64(length);
            ops.u32(targetCollection).u32(target).u64(targetOffset).zeros(20);
            ops.u32(splitBits).u32(splitRemainder);
        }

        private int number(CollectionId collection) {
            Integer known = collections.putIfAbsent(collection, collections.size());
            return known == null ? collections.size() - 1 : known;
        }

        private int number(GhObject object) {
            Integer known = objects.putIfAbsent(object, objects.size());
            return known == null ? objects.size() - 1 : known;
        }

        void finish(int count, Encoder out) {
            out.blob(data.toBytes()).blob(ops.toBytes());
            out.map(collections, CollectionId.CODEC, Primitives.U32);
            out.map(objects, GhObject.CODEC, Primitives.U32);
            out.u64(count).u32(longestSize).u32(longestOffset).u32(longestAt).u32(advice);
        }
    }

    /** Reads one transaction. */
    private static final class Reader {
        private final Decoder data;
        private final Decoder ops;
        private final CollectionId[] collections;
        private final GhObject[] objects;
        private final int advice;
        private int collection;
        private int object;
        private long offset;
        private long length;
        private int targetCollection;
        private int target;
        private long targetOffset;
        private int hint;
        private long objectSize;
        private long writeSize;
        private int splitBits;
        private int splitRemainder;

        Reader(int version, Decoder in) {
            if (version < 9) {
                throw new Malformed("transaction of version " + version);
            }
            data = new Decoder(in.blob());
            Bytes records = in.blob();
            if (records.size() % OP_SIZE != 0) {
                throw new Malformed("transaction's ops of " + records.size() + " bytes");
            }
            ops = new Decoder(records);
            Map<CollectionId, Integer> byCollection = in.map(CollectionId.CODEC, Primitives.U32);
            Map<GhObject, Integer> byObject = in.map(GhObject.CODEC, Primitives.U32);
            collections = new CollectionId[byCollection.size()];
            byCollection.forEach(
                    (id, number) -> collections[checked(number, collections.length)] = id);
            objects = new GhObject[byObject.size()];
            byObject.forEach((id, number) -> objects[checked(number, objects.length)] = id);
            long count = in.u64();
            if (count != records.size() / OP_SIZE) {
                throw new Malformed(
                        "transaction counts " + count + " ops in " + records.size() + " bytes");
            }
            in.skip(12); // about the longest write, for aligning it
            advice = in.u32();
        }

        private static int checked(int number, int bound) {
            if (number < 0 || number >= bound) {
                throw new Malformed("number " + number + " of " + bound + " in a transaction");
            }
            return number;
        }

        Transaction read() {
            List<Transaction.Op> read = new ArrayList<>(ops.remaining() / OP_SIZE);
            while (ops.hasMore()) {
                read.add(next());
            }
            data.expectEnd();
            return new Transaction(read);
        }

        private CollectionId in() {
            return at(collections, collection);
        }

        private GhObject it() {
            return at(objects, object);
        }

        private static <T> T at(T[] numbered, int number) {
            T value = numbered.length == 0 ? null : numbered[checked(number, numbered.length)];
            if (value == null) {
                throw new Malformed("nothing has number " + number + " in a transaction");
            }
            return value;
        }

        private Transaction.Op next() {
            final int code = ops.u32();
            collection = ops.u32();
            object = ops.u32();
            offset = ops.u64();
            length = ops.u64();
            targetCollection = ops.u32();
            target = ops.u32();
            targetOffset = ops.u64();
            hint = ops.u32();
            objectSize = ops.u64();
            writeSize = ops.u64();
            splitBits = ops.u32();
            splitRemainder = ops.u32();
            return switch (code) {
                case NOP -> new Transaction.Nop(CollectionId.META);
                case CREATE -> new Transaction.Create(in(), it());
                case TOUCH -> new Transaction.Touch(in(), it());
                case WRITE -> write();
                case ZERO -> new Transaction.Zero(in(), it(), offset, length);
                case TRUNCATE -> new Transaction.Truncate(in(), it(), offset);
                case REMOVE -> new Transaction.Remove(in(), it());
                case SETATTR -> new Transaction.SetAttr(in(), it(), data.string(), data.blob());
                case SETATTRS -> new Transaction.SetAttrs(in(), it(), entries());
                case RMATTR -> new Transaction.RemoveAttr(in(), it(), data.string());
                case RMATTRS -> new Transaction.RemoveAttrs(in(), it());
                case CLONE -> new Transaction.Clone(in(), it(), at(objects, target));
                case CLONERANGE2 ->
                        new Transaction.CloneRange(
                                in(), it(), at(objects, target), offset, length, targetOffset);
                case MKCOLL -> new Transaction.MakeCollection(in(), splitBits);
                case RMCOLL -> new Transaction.RemoveCollection(in());
                case COLL_HINT -> new Transaction.CollectionHint(in(), hint, data.blob());
                case MOVE_RENAME ->
                        new Transaction.MoveRename(
                                in(), it(), at(collections, targetCollection), at(objects, target));
                case TRY_RENAME -> new Transaction.TryRename(in(), it(), at(objects, target));
                case OMAP_SETKEYS -> new Transaction.OmapSet(in(), it(), entries());
                case OMAP_RMKEYS -> new Transaction.OmapRemove(in(), it(), keys());
                case OMAP_RMKEYRANGE ->
                        new Transaction.OmapRemoveRange(in(), it(), data.string(), data.string());
                case OMAP_CLEAR -> new Transaction.OmapClear(in(), it());
                case OMAP_SETHEADER -> new Transaction.OmapSetHeader(in(), it(), data.blob());
                case ALLOC_HINT ->
                        new Transaction.SetAllocationHint(in(), it(), objectSize, writeSize, hint);
                case SPLIT ->
                        new Transaction.SplitCollection(
                                in(), splitBits, splitRemainder, at(collections, targetCollection));
                default -> throw new Malformed("transaction with op " + code);
            };
        }

        private Transaction.Op write() {
            Bytes written = data.blob();
            if (written.size() != length || offset < 0) {
                throw new Malformed(
                        "write of "
                                + length
                                + " bytes at "
                                + offset
                                + " with "
                                + written.size()
                                + " bytes");
            }
            return new Transaction.Write(in(), it(), offset, written, advice);
        }

        private SortedMap<String, Bytes> entries() {
            return Collections.unmodifiableSortedMap(
                    new TreeMap<>(data.map(Primitives.STRING, Primitives.BLOB)));
        }

        private SortedSet<String> keys() {
            return Collections.unmodifiableSortedSet(new TreeSet<>(data.list(Primitives.STRING)));
        }
    }
}
