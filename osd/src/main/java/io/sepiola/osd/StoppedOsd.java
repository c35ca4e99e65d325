package io.sepiola.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.osd.daemon.MetaNames;
import io.sepiola.osd.peering.Account;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an OSD that does not run has in its store: itself, its maps, its placement groups. For the
 * tools that look and mend offline; what they change comes back as operations, which the caller
 * submits. Owned by one caller.
 *
 * <p>A group that is being put in or taken out carries a mark until it is whole or gone, as Ceph's
 * do ({@code _remove}), so that no crash makes an OSD take half a group for a whole one: see {@link
 * #unfinished}.
 */
public final class StoppedOsd {
    private static final String REMOVE = "_remove";
    private static final int REMOVE_BATCH_COUNT = 256;
    private static final int SUPERBLOCK_SIZE_MAX = 1 << 20;
    private static final int MAP_SIZE_MAX = 256 << 20;

    private final ObjectStore store;

    /** Of that store, which no OSD has open. */
    public StoppedOsd(ObjectStore store) {
        this.store = store;
    }

    /**
     * A group in Ceph's own types.
     *
     * @param epoch of the map that it had reached
     */
    public record Group(
            PgInfo info, PgLog log, PgMissing missing, PastIntervals pastIntervals, int epoch) {
        /** The same with another info and past. */
        public Group with(PgInfo newInfo, PastIntervals newPast) {
            return new Group(newInfo, log, missing, newPast, epoch);
        }

        private Account account() {
            return new Account(info, log, missing, pastIntervals, epoch);
        }
    }

    /**
     * Who the OSD is.
     *
     * @throws StoreException when the store is no OSD's
     */
    public OsdSuperblock superblock() {
        return own(MetaNames.SUPERBLOCK, SUPERBLOCK_SIZE_MAX)
                .map(OsdSuperblock.CODEC::fromBytes)
                .orElseThrow(() ->
                        new StoreException(
                                StoreException.Kind.UNUSABLE,
                                "Failure to read OSD superblock: (2) No such file or directory"));
    }

    /** The whole map of an epoch, encoded. */
    public Optional<Bytes> map(int epoch) {
        return own(MetaNames.map(epoch), MAP_SIZE_MAX);
    }

    /** The change that led to the map of an epoch, encoded. */
    public Optional<Bytes> change(int epoch) {
        return own(MetaNames.change(epoch), MAP_SIZE_MAX);
    }

    private Optional<Bytes> own(GhObject name, int sizeMax) {
        try {
            return Optional.of(store.read(CollectionId.META, name, 0, sizeMax));
        } catch (NoSuchObject absent) {
            return Optional.empty();
        }
    }

    /** Replaces the superblock. */
    public static List<Transaction.Op> writeSuperblock(OsdSuperblock superblock) {
        return write(MetaNames.SUPERBLOCK, OsdSuperblock.CODEC.toBytes(superblock));
    }

    /** Replaces the map of an epoch. */
    public static List<Transaction.Op> writeMap(int epoch, Bytes map) {
        return write(MetaNames.map(epoch), map);
    }

    /** Replaces the change of an epoch. */
    public static List<Transaction.Op> writeChange(int epoch, Bytes change) {
        return write(MetaNames.change(epoch), change);
    }

    private static List<Transaction.Op> write(GhObject name, Bytes data) {
        return List.of(
                new Transaction.Truncate(CollectionId.META, name, 0),
                new Transaction.Write(CollectionId.META, name, 0, data, 0));
    }

    /** The object that a group keeps its log in. */
    public static GhObject metaObject(SpgId pg) {
        return LedgerDisk.metaObject(pg);
    }

    /** Groups that are half put in or half taken out, and shall go. */
    public List<SpgId> unfinished() {
        List<SpgId> marked = new ArrayList<>();
        for (CollectionId collection : store.collections()) {
            if (collection instanceof CollectionId.Pg(SpgId pg) && isMarked(collection, pg)) {
                marked.add(pg);
            }
        }
        return marked.stream().sorted().toList();
    }

    private boolean isMarked(CollectionId collection, SpgId pg) {
        try {
            return !store.omap(collection, metaObject(pg), new TreeSet<>(List.of(REMOVE)))
                    .isEmpty();
        } catch (NoSuchObject bare) {
            return false; // as a store that no OSD has written
        }
    }

    /** Whether the group is here, or a half of it. */
    public boolean isThere(SpgId pg) {
        return store.exists(new CollectionId.Pg(pg));
    }

    /**
     * A group's account of itself; nothing when it is not here.
     *
     * @throws Malformed when the account does not follow the format
     */
    public Optional<Group> group(SpgId pg) {
        if (!isThere(pg)) {
            return Optional.empty();
        }
        LedgerDisk.Loaded loaded = LedgerDisk.load(store, new CollectionId.Pg(pg), pg);
        Account account = Account.of(loaded.ledger(), loaded.epoch());
        return Optional.of(
                new Group(
                        account.info(),
                        account.log(),
                        account.missing(),
                        account.pastIntervals(),
                        loaded.epoch()));
    }

    /** Makes a group's collection, marked, for its objects to be written into. */
    public static List<Transaction.Op> begin(SpgId pg) {
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.MakeCollection(new CollectionId.Pg(pg), 0));
        ops.addAll(mark(pg));
        return ops;
    }

    /** Marks a group for removal. */
    public static List<Transaction.Op> mark(SpgId pg) {
        SortedMap<String, Bytes> mark = new TreeMap<>();
        mark.put(REMOVE, Bytes.of(new byte[] {1}));
        return List.of(new Transaction.OmapSet(new CollectionId.Pg(pg), metaObject(pg), mark));
    }

    /**
     * Writes a group's account over what there is of one, and takes the mark away: the group is
     * whole.
     *
     * @throws Malformed when its log does not fit together
     */
    public static List<Transaction.Op> finish(Group group) {
        Account account = group.account();
        Ledger ledger = account.ledger();
        CollectionId collection = new CollectionId.Pg(ledger.pg);
        GhObject meta = metaObject(ledger.pg);
        List<Transaction.Op> ops = new ArrayList<>();
        for (HObject object : account.toDelete()) {
            ops.add(new Transaction.Remove(collection, GhObject.of(object)));
        }
        LedgerDisk.flush(collection, meta, ledger, group.epoch(), ops); // the mark goes as well
        return ops;
    }

    /** The next part of a marked group's removal; the group is gone when nothing is left. */
    public List<Transaction.Op> removeSome(SpgId pg) {
        CollectionId collection = new CollectionId.Pg(pg);
        if (!store.exists(collection)) {
            return List.of();
        }
        GhObject meta = metaObject(pg);
        List<Transaction.Op> ops = new ArrayList<>();
        for (GhObject object :
                store.list(collection, GhObject.of(HObject.MIN), REMOVE_BATCH_COUNT)) {
            if (!object.equals(meta)) {
                ops.add(new Transaction.Remove(collection, object));
            }
        }
        if (ops.isEmpty()) {
            ops.add(new Transaction.Remove(collection, meta));
            ops.add(new Transaction.RemoveCollection(collection));
        }
        return ops;
    }
}
