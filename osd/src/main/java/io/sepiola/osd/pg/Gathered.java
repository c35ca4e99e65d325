package io.sepiola.osd.pg;

import io.sepiola.osd.peering.Entries;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.Transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The objects of which this disk has some parts, and awaits more, in this interval. Owned by the
 * group.
 */
final class Gathered {
    private final Set<HObject> objects = new HashSet<>();

    /** Whether a part can be put beside those that came before. */
    boolean fits(PushOp part) {
        return part.before().first() || objects.contains(part.object());
    }

    /** A part is put on this disk. */
    void put(PushOp part) {
        if (Transfers.isLast(part)) {
            objects.remove(part.object());
        } else {
            objects.add(part.object());
        }
    }

    /** What an entry deletes or gives up is gathered no more. */
    void drop(PgLogEntry entry, CollectionId collection, List<Transaction.Op> all) {
        if ((Entries.deletes(entry) || Entries.givesUp(entry)) && objects.remove(entry.object())) {
            all.add(new Transaction.Remove(collection, Transfers.gathering(entry.object())));
        }
    }

    /** The disk was swept. */
    void clear() {
        objects.clear();
    }
}
