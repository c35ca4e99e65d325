package io.sepiola.store;

import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which blocks changes change in part: what is left of them has to be read before the changes can
 * be made. Pure.
 */
final class PartialBlocks {
    private PartialBlocks() {}

    /** Reads them, or throws what the store throws. */
    static void read(ObjectStore store, List<Transaction.Op> changes) {
        Set<GhObject> replaced = new HashSet<>(); // nothing of them is left to be read
        for (Transaction.Op change : changes) {
            switch (change) {
                case Transaction.Remove o -> replaced.add(o.object());
                case Transaction.Truncate o when o.size() == 0 -> replaced.add(o.object());
                case Transaction.Truncate o when !replaced.contains(o.object()) ->
                        edge(store, o.collection(), o.object(), o.size());
                case Transaction.Write o when !replaced.contains(o.object()) ->
                        edges(store, o.collection(), o.object(), o.offset(), o.data().size());
                case Transaction.Zero o when !replaced.contains(o.object()) ->
                        edges(store, o.collection(), o.object(), o.offset(), o.length());
                default -> {} // reads no data
            }
        }
    }

    private static void edges(
            ObjectStore store, CollectionId in, GhObject object, long offset, long length) {
        edge(store, in, object, offset);
        edge(store, in, object, offset + length);
    }

    private static void edge(ObjectStore store, CollectionId in, GhObject object, long at) {
        long block = at & -Extent.BLOCK_SIZE;
        if (block == at) {
            return;
        }
        Optional<Long> size = store.size(in, object);
        if (size.isPresent() && block < size.get()) {
            store.read(in, object, block, 1);
        }
    }
}
