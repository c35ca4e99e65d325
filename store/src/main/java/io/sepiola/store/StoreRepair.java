package io.sepiola.store;

import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Mends what a store can mend by itself: never by taking damaged data for good. Nobody else may use
 * the store meanwhile.
 */
final class StoreRepair {
    private static final int BATCH_COUNT = 1000;

    private final BlockEngine engine;
    private final BlockState state;

    StoreRepair(BlockEngine engine) {
        this.engine = engine;
        this.state = engine.state();
    }

    void run(Shard owner) {
        for (Map.Entry<CollectionId, List<GhObject>> lost : strays().entrySet()) {
            engine.submit(mended(lost.getKey(), lost.getValue()), owner, () -> {});
        }
        removeOrphans();
    }

    /** Objects by the collection that is not there. */
    private Map<CollectionId, List<GhObject>> strays() {
        Map<CollectionId, List<GhObject>> strays = new TreeMap<>(CollectionOrder.ORDER);
        scan(
                IndexKeys.OBJECTS,
                IndexKeys.OBJECTS_END,
                (key, value) -> {
                    CollectionId collection = IndexKeys.collectionOf(key);
                    if (!state.exists(collection)) {
                        strays.computeIfAbsent(collection, any -> new ArrayList<>())
                                .add(IndexKeys.objectOf(key));
                    }
                    return true;
                });
        return strays;
    }

    private void scan(byte[] first, byte[] end, IndexView.Visitor visitor) {
        state.lock.lock();
        try {
            state.check();
            state.index().scan(first, end, visitor);
        } finally {
            state.lock.unlock();
        }
    }

    /**
     * A collection whose group's own object is there was lost, not removed: it is named again.
     * Without that object no group could ever use the rest, and it goes.
     */
    private static Transaction mended(CollectionId collection, List<GhObject> objects) {
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.MakeCollection(collection, 0));
        boolean whole =
                collection.equals(CollectionId.META)
                        || objects.stream().anyMatch(object -> object.object().name().isEmpty());
        if (!whole) {
            objects.forEach(object -> ops.add(new Transaction.Remove(collection, object)));
            ops.add(new Transaction.RemoveCollection(collection));
        }
        return new Transaction(ops);
    }

    /**
     * Past the log: keys that are nobody's are in no transaction, and removed again after a crash.
     * An object that cannot be read may own any of them, so then all stay.
     */
    private void removeOrphans() {
        Set<Long> nids = new HashSet<>();
        try {
            scan(IndexKeys.OBJECTS, IndexKeys.OBJECTS_END, (key, value) -> addNid(key, nids));
        } catch (Malformed unreadable) {
            return;
        }
        List<Index.Change> orphans = new ArrayList<>();
        scan(
                IndexKeys.OMAPS,
                IndexKeys.OMAPS_END,
                (key, value) -> {
                    if (!nids.contains(IndexKeys.omapNidOf(key))) {
                        orphans.add(new Index.Change(key, null));
                    }
                    return true;
                });
        for (int from = 0; from < orphans.size(); from += BATCH_COUNT) {
            int to = Math.min(orphans.size(), from + BATCH_COUNT);
            engine.writeIndex(orphans.subList(from, to));
        }
    }

    private boolean addNid(byte[] key, Set<Long> nids) {
        ObjectName name = new ObjectName(IndexKeys.collectionOf(key), IndexKeys.objectOf(key));
        Onode onode = state.onodeOrNull(name);
        if (onode != null) {
            nids.add(onode.nid());
        }
        return true;
    }
}
