package io.sepiola.osd.daemon;

import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The groups that an OSD finds in its store when it starts. */
final class StoredGroups {
    private static final int BATCH_COUNT = 256;

    private final ObjectStore store;
    private final List<SpgId> halfMade = new ArrayList<>();

    StoredGroups(ObjectStore store) {
        this.store = store;
    }

    /** Reads them, in order; but not the collections that a split was about to fill. */
    List<LedgerDisk.Loaded> load() {
        TreeSet<SpgId> found = new TreeSet<>();
        for (CollectionId collection : store.collections()) {
            if (collection instanceof CollectionId.Pg(SpgId pg)) {
                found.add(pg);
            }
        }
        List<LedgerDisk.Loaded> loaded = new ArrayList<>();
        for (SpgId pg : found) {
            CollectionId collection = new CollectionId.Pg(pg);
            if (LedgerDisk.isThere(store, collection, pg)) {
                loaded.add(LedgerDisk.load(store, collection, pg));
            } else {
                Mark.hit("a crash left a split half done");
                halfMade.add(pg);
            }
        }
        return loaded;
    }

    /**
     * Removes collections that were begun and that no group will fill any more: theirs is gone,
     * with its pool, say. As long as it is here it may hold the step to the map that splits it
     * still to come.
     */
    void sweep(Set<SpgId> groups, Shard shard, Consumer<Throwable> failed) {
        for (SpgId pg : halfMade) {
            if (!groups.contains(pg) && !hasAncestor(pg.pg(), groups)) {
                remove(new CollectionId.Pg(pg), shard, failed);
            }
        }
    }

    private static boolean hasAncestor(PgId pg, Set<SpgId> groups) {
        int seed = pg.seed();
        while (seed != 0) {
            seed &= ~Integer.highestOneBit(seed);
            if (groups.contains(SpgId.replicated(new PgId(pg.pool(), seed)))) {
                return true;
            }
        }
        return false;
    }

    private void remove(CollectionId collection, Shard shard, Consumer<Throwable> failed) {
        try {
            while (true) {
                List<GhObject> some = store.list(collection, GhObject.of(HObject.MIN), BATCH_COUNT);
                List<Transaction.Op> ops = new ArrayList<>();
                some.forEach(object -> ops.add(new Transaction.Remove(collection, object)));
                if (some.size() < BATCH_COUNT) {
                    ops.add(new Transaction.RemoveCollection(collection));
                    store.submit(new Transaction(ops), shard, () -> {});
                    return;
                }
                store.submit(new Transaction(ops), shard, () -> {});
            }
        } catch (StoreException | StoreGone failure) {
            failed.accept(failure);
        }
    }
}
