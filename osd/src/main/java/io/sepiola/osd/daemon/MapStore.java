package io.sepiola.osd.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The OSD maps that this OSD has, on disk, and its superblock. A map is shown to nobody before it
 * is durable, so that no placement group on disk refers to a map that a crash takes away. Owned by
 * the OSD's shard.
 */
final class MapStore {
    private static final int CACHE_COUNT_MAX = 64;
    private static final int SHARED_COUNT_MAX = 40;
    private static final int TRIM_COUNT_MAX = 30;

    private final ObjectStore store;
    private final Shard shard;
    private final Map<Integer, OsdMap> cache =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, OsdMap> eldest) {
                    return size() > CACHE_COUNT_MAX;
                }
            };
    private OsdSuperblock superblock;
    private OsdMap written; // the newest that was submitted
    private OsdMap newest; // the newest that is durable

    private MapStore(ObjectStore store, Shard shard, OsdSuperblock superblock) {
        this.store = store;
        this.shard = shard;
        this.superblock = superblock;
        this.newest =
                superblock.newestMap() == 0
                        ? OsdMap.blank(superblock.clusterFsid())
                        : load(superblock.newestMap());
        this.written = newest;
    }

    /** Makes a store an OSD's, with no map yet. */
    static Transaction format(UUID clusterFsid, int id, UUID osdFsid) {
        CompatSet.Features none = CompatSet.Features.NONE;
        OsdSuperblock superblock =
                new OsdSuperblock(
                        clusterFsid,
                        id,
                        0,
                        0,
                        0,
                        0,
                        new CompatSet(none, none, none),
                        0,
                        0,
                        osdFsid,
                        0,
                        Utime.ZERO,
                        0);
        return new Transaction(
                List.of(
                        new Transaction.MakeCollection(CollectionId.META, 0),
                        write(MetaNames.SUPERBLOCK, OsdSuperblock.CODEC.toBytes(superblock))));
    }

    /** The superblock of a store, if it is an OSD's. */
    static Optional<OsdSuperblock> superblock(ObjectStore store) {
        try {
            return Optional.of(
                    OsdSuperblock.CODEC.fromBytes(
                            store.read(CollectionId.META, MetaNames.SUPERBLOCK, 0, 1 << 20)));
        } catch (NoSuchObject none) {
            return Optional.empty();
        }
    }

    static MapStore open(ObjectStore store, Shard shard, OsdSuperblock superblock) {
        return new MapStore(store, shard, superblock);
    }

    private static Transaction.Op write(GhObject object, Bytes data) {
        return new Transaction.Write(CollectionId.META, object, 0, data, 0);
    }

    OsdSuperblock superblock() {
        return superblock;
    }

    /** The newest durable map; blank before the first. */
    OsdMap newest() {
        return newest;
    }

    /** The epoch from which maps are wanted of the monitors. */
    int nextEpoch() {
        return written.epoch() + 1;
    }

    int oldestEpoch() {
        return superblock.oldestMap();
    }

    /** The map of an epoch, if it is still kept. */
    Optional<OsdMap> at(int epoch) {
        if (epoch == newest.epoch()) {
            return Optional.of(newest);
        }
        if (epoch < superblock.oldestMap() || epoch > newest.epoch() || epoch <= 0) {
            return Optional.empty();
        }
        OsdMap cached = cache.get(epoch);
        if (cached == null && store.size(CollectionId.META, MetaNames.map(epoch)).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(cached == null ? load(epoch) : cached);
    }

    private OsdMap load(int epoch) {
        GhObject name = MetaNames.map(epoch);
        int size = Math.toIntExact(store.size(CollectionId.META, name).orElseThrow());
        OsdMap map = OsdMap.CODEC.fromBytes(store.read(CollectionId.META, name, 0, size));
        cache.put(epoch, map);
        return map;
    }

    /**
     * Takes what of the message follows on the newest map.
     *
     * @param neededFrom the oldest epoch that a group still needs
     * @param durable told of each new map, in order, once it is on disk
     * @return whether there was anything new in it
     * @throws Malformed when a map in it is damaged or does not fit
     */
    boolean add(MOSDMap message, int neededFrom, Consumer<OsdMap> durable) {
        List<Transaction.Op> ops = new ArrayList<>();
        List<OsdMap> fresh = new ArrayList<>();
        OsdMap last = written;
        int first = last.epoch() + 1;
        TreeMap<Integer, Bytes> full = new TreeMap<>(message.full());
        if (!message.incrementals().containsKey(first) && full.ceilingKey(first) != null) {
            first = full.ceilingKey(first); // the first map of all, or a gap that the monitors left
        }
        for (int epoch = first; ; epoch++) {
            Bytes change = message.incrementals().get(epoch);
            if (change != null && last.epoch() == epoch - 1) {
                last = step(last, change);
                ops.add(write(MetaNames.change(epoch), change.detach()));
            } else if (full.containsKey(epoch)) {
                last = OsdMap.CODEC.fromBytes(full.get(epoch));
            } else {
                break;
            }
            ops.add(write(MetaNames.map(epoch), last.encoded()));
            fresh.add(last);
        }
        if (fresh.isEmpty()) {
            return false;
        }
        written = last;
        int oldest = oldestAfter(message, fresh.getFirst().epoch(), neededFrom, ops);
        superblock = with(superblock, oldest, last.epoch(), superblock.mounted());
        ops.add(write(MetaNames.SUPERBLOCK, OsdSuperblock.CODEC.toBytes(superblock)));
        store.submit(
                new Transaction(ops),
                shard,
                () -> {
                    for (OsdMap map : fresh) {
                        Invariant.that(
                                map.epoch() > newest.epoch(),
                                "map %d after %d",
                                map.epoch(),
                                newest.epoch());
                        cache.put(map.epoch(), map);
                        newest = map;
                        durable.accept(map);
                    }
                });
        return true;
    }

    private static OsdMap step(OsdMap last, Bytes encoded) {
        OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(encoded);
        OsdMap next = last.apply(change);
        if (change.fullCrc() != 0 && change.fullCrc() != next.crc()) {
            throw new Malformed("the map of epoch " + next.epoch() + " has another checksum");
        }
        return next;
    }

    /** Drops maps that neither monitors nor groups still need, a bounded number at a time. */
    private int oldestAfter(
            MOSDMap message, int firstFresh, int neededFrom, List<Transaction.Op> ops) {
        int oldest = superblock.oldestMap() == 0 ? firstFresh : superblock.oldestMap();
        int bound = Math.min(Math.min(message.oldest(), neededFrom), newest.epoch());
        for (int count = 0; oldest < bound && count < TRIM_COUNT_MAX; count++, oldest++) {
            ops.add(new Transaction.Remove(CollectionId.META, MetaNames.map(oldest)));
            ops.add(new Transaction.Remove(CollectionId.META, MetaNames.change(oldest)));
        }
        return oldest;
    }

    /** Remembers that the OSD is about to ask to be marked up; see {@link StoreAge}. */
    void mounting(Runnable durable) {
        int epoch = newest.epoch();
        superblock = with(superblock, superblock.oldestMap(), superblock.newestMap(), epoch);
        store.submit(
                new Transaction(
                        List.of(
                                write(
                                        MetaNames.SUPERBLOCK,
                                        OsdSuperblock.CODEC.toBytes(superblock)))),
                shard,
                durable);
    }

    private static OsdSuperblock with(OsdSuperblock old, int oldest, int newest, int mounted) {
        return new OsdSuperblock(
                old.clusterFsid(),
                old.osd(),
                newest,
                oldest,
                newest,
                old.weight(),
                old.features(),
                mounted, // clean_thru: that of Ceph is later only after a clean stop
                mounted,
                old.osdFsid(),
                old.purgedSnapsLast(),
                old.lastPurgedSnapsScrub(),
                old.trimLowerBound());
    }

    /** What a peer or client that has the map of {@code epoch} needs to come up to ours. */
    MOSDMap since(int epoch) {
        TreeMap<Integer, Bytes> changes = new TreeMap<>();
        for (int next = Math.max(epoch + 1, superblock.oldestMap());
                next <= newest.epoch() && changes.size() < SHARED_COUNT_MAX;
                next++) {
            Optional<Long> size = store.size(CollectionId.META, MetaNames.change(next));
            if (size.isEmpty()) {
                break;
            }
            changes.put(
                    next,
                    store.read(
                            CollectionId.META,
                            MetaNames.change(next),
                            0,
                            Math.toIntExact(size.get())));
        }
        boolean joined = !changes.isEmpty() && changes.firstKey() == epoch + 1;
        return new MOSDMap(
                superblock.clusterFsid(),
                joined ? changes : Map.of(),
                joined ? Map.of() : Map.of(newest.epoch(), newest.encoded()),
                superblock.oldestMap(),
                newest.epoch(),
                Map.of());
    }
}
