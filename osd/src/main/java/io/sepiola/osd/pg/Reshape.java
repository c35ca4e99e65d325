package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.HashBits;
import io.sepiola.osd.peering.Histories;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.LedgerMerge;
import io.sepiola.osd.peering.LedgerSplit;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Splits and merges a member's groups in its store, in place.
 *
 * <p>Objects change their collections batch by batch, and the last transaction writes the ledgers,
 * with the epoch of the new map. What a crash leaves before that is the group as it was, some of
 * its objects in the collection of the other; it still has to take the step to the new map, and
 * then moves the rest. A child's collection has no ledger until then, so that nobody takes it for a
 * group.
 */
public final class Reshape {
    /** Objects moved in one transaction, which the store's log has to hold. */
    static final int BATCH_COUNT = 256;

    private final ObjectStore store;
    private final Pg from;
    private final Map<CollectionId, long[]> moved = new TreeMap<>(Reshape::bySeed);
    private List<Transaction.Op> ops = new ArrayList<>();

    private Reshape(Pg from) {
        this.from = from;
        this.store = from.host().store();
    }

    private static int bySeed(CollectionId a, CollectionId b) {
        return a instanceof CollectionId.Pg(SpgId left) && b instanceof CollectionId.Pg(SpgId right)
                ? left.compareTo(right)
                : 0;
    }

    /**
     * Takes a group to a map in which its pool has more groups.
     *
     * @param seeds of the groups to be split off; none of them is here yet
     * @return these groups, which have reached the map too
     */
    public static List<Pg> split(Pg parent, OsdMap next, List<Integer> seeds) {
        parent.settle();
        long poolId = parent.id().pg().pool();
        PgPool pool = next.pool(poolId).orElseThrow();
        parent.ledger().history = Histories.recut(parent.ledger().history, next.epoch());
        parent.advance(next);
        Reshape reshape = new Reshape(parent);
        List<Ledger> ledgers = new ArrayList<>();
        Map<Integer, CollectionId> targets = new TreeMap<>();
        for (int seed : seeds) {
            SpgId child = SpgId.replicated(new PgId(poolId, seed));
            ledgers.add(
                    LedgerSplit.splitOff(
                            parent.ledger(),
                            child,
                            object -> pool.pgSeed(object.hash()) == seed,
                            next.epoch(),
                            Pg.membership(next, child.pg()).primary()
                                    != parent.peering().members().primary()));
            CollectionId collection = new CollectionId.Pg(child);
            targets.put(seed, collection);
            reshape.makeCollection(collection, HashBits.of(seed, pool.pgNum()));
        }
        reshape.move(object -> targets.get(pool.pgSeed(object.hash())));
        for (Ledger ledger : ledgers) {
            CollectionId collection = new CollectionId.Pg(ledger.pg);
            long[] sums = reshape.moved.getOrDefault(collection, new long[2]);
            LedgerSplit.divide(parent.ledger(), ledger, sums[0], sums[1]);
            GhObject meta = LedgerDisk.metaObject(ledger.pg);
            reshape.ops.add(new Transaction.Touch(collection, meta));
            LedgerDisk.flush(collection, meta, ledger, next.epoch(), reshape.ops);
        }
        parent.flush(reshape.ops);
        reshape.submit();
        List<Pg> children = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            Pg child = new Pg(parent.host(), ledger, next, false);
            child.silentUntilDurable();
            child.peering().announce();
            children.add(child);
        }
        return children;
    }

    /** Takes a group, and those that are to become a part of it, to a map that has them merged. */
    public static void merge(Pg target, List<Pg> sources, OsdMap next) {
        target.settle();
        List<Ledger> ledgers = sources.stream().map(Pg::ledger).toList();
        PgPool pool = next.pool(target.id().pg().pool()).orElseThrow();
        LedgerMerge.takeIn(
                target.ledger(),
                ledgers,
                pool.lastMerge(),
                next.epoch(),
                target.host().options().dupCountMax());
        target.advance(next);
        List<Transaction.Op> last = new ArrayList<>();
        for (Pg source : sources) {
            source.dissolve();
            Reshape reshape = new Reshape(source);
            reshape.move(object -> target.collection());
            last.addAll(reshape.ops);
            last.addAll(Removal.lastStep(source));
        }
        target.flush(last);
        target.submit(last, () -> {});
    }

    private void makeCollection(CollectionId collection, int bits) {
        if (!store.exists(collection)) {
            ops.add(new Transaction.MakeCollection(collection, bits));
            return;
        }
        Mark.hit("a split is done again after a crash");
        GhObject at = GhObject.of(HObject.MIN);
        List<GhObject> page;
        do {
            page = store.list(collection, at, BATCH_COUNT);
            for (GhObject object : page) {
                if (!object.equals(at)) {
                    count(collection, store.size(collection, object).orElse(0L));
                    at = object;
                }
            }
        } while (page.size() == BATCH_COUNT);
    }

    private void count(CollectionId collection, long bytes) {
        long[] sums = moved.computeIfAbsent(collection, any -> new long[2]);
        sums[0]++;
        sums[1] += bytes;
    }

    /** What is left over, less than a batch, stays for the last transaction. */
    private void move(Function<HObject, @Nullable CollectionId> targetOrNull) {
        GhObject at = GhObject.of(HObject.MIN);
        GhObject seen = from.meta();
        while (true) {
            List<GhObject> page = store.list(from.collection(), at, BATCH_COUNT);
            for (GhObject object : page) {
                if (!object.equals(from.meta()) && !object.equals(seen)) {
                    move(object, targetOrNull.apply(object.object()));
                }
            }
            if (page.size() < BATCH_COUNT) {
                return;
            }
            at = page.getLast();
            seen = at;
            submit();
        }
    }

    private void move(GhObject object, @Nullable CollectionId targetOrNull) {
        if (Transfers.isGathering(object.object())) {
            ops.add(new Transaction.Remove(from.collection(), object)); // of an interval now over
        } else if (targetOrNull != null) {
            count(targetOrNull, store.size(from.collection(), object).orElse(0L));
            ops.add(new Transaction.MoveRename(from.collection(), object, targetOrNull, object));
        }
    }

    private void submit() {
        if (!ops.isEmpty()) {
            from.submit(ops, () -> {});
            ops = new ArrayList<>();
        }
    }
}
