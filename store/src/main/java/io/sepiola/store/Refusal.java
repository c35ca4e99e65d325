package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

/** What no store accepts in a transaction. */
final class Refusal {
    /** No object grows beyond this. */
    static final long OBJECT_SIZE_MAX = 0xffffffffL;

    private Refusal() {}

    static StoreException of(Transaction.Op op, String why) {
        return invalid(op.getClass().getSimpleName() + " in " + op.collection() + ": " + why);
    }

    static StoreException noCollection(CollectionId collection) {
        return invalid("there is no collection " + collection);
    }

    static void checkRange(long offset, long length) {
        if (offset < 0 || length < 0 || offset > OBJECT_SIZE_MAX - length) {
            throw invalid(
                    "offset " + offset + " and length " + length + " leave 0.." + OBJECT_SIZE_MAX);
        }
    }

    /** Reads may begin anywhere; beyond the end they find nothing. */
    static void checkRead(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw invalid("offset " + offset + " and length " + length + " of a read");
        }
    }

    /** Where a range ends, or the highest number. */
    static long end(long offset, long length) {
        return offset > Long.MAX_VALUE - length ? Long.MAX_VALUE : offset + length;
    }

    /** Whether a split moves the object. */
    static boolean splits(Transaction.SplitCollection op, GhObject object) {
        int mask = op.bits() >= 32 ? -1 : (1 << op.bits()) - 1;
        return (object.object().hash() & mask) == (op.remainder() & mask);
    }

    private static StoreException invalid(String message) {
        return new StoreException(StoreException.Kind.INVALID, message);
    }
}
