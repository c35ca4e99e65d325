package io.sepiola.osd.peering;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A {@link Ledger} in the store: the omap of the group's pgmeta object, which has an empty name,
 * the head's snapshot id and the group's seed as its hash.
 *
 * <pre>
 * _info     := u8 1, epoch:u32 PgInfo, list of Interval
 * Interval  := first:u32 last:u32, list of osd:u32
 * _fast     := lastUpdate:EVersion lastComplete:EVersion lastUserVersion:u64 logTail:EVersion, six
 *              numbers of the tally:u64; newer than what _info says of the same
 * EEEEEEEEEE.VVVVVVVVVVVVVVVVVVVV (epoch and version, decimal) := PgLogEntry
 * dup_ and the same, .CLIENT.REQUEST (hexadecimal; older ones end here) := PgLogDup
 * missing/ and the object's encoding in hexadecimal := HObject need:EVersion have:EVersion
 *              isNew:bool, which older ones do not have
 * </pre>
 */
public final class LedgerDisk {
    private static final String INFO = "_info";
    private static final String FAST = "_fast";
    private static final String DUP = "dup_";
    private static final String MISSING = "missing/";
    private static final int PAGE_COUNT = 512;

    private static final Codec<PgInterval> INTERVAL =
            Primitives.of(
                    (out, interval) ->
                            out.u32(interval.first())
                                    .u32(interval.last())
                                    .list(interval.acting(), Primitives.U32),
                    in -> new PgInterval(in.u32(), in.u32(), in.list(Primitives.U32), true));

    private LedgerDisk() {}

    /** Where it is kept. */
    public static GhObject metaObject(SpgId pg) {
        return GhObject.of(
                new HObject("", "", "", HObject.HEAD, pg.pg().seed(), pg.pg().pool(), false));
    }

    /** Whether the collection has come into being wholly: one that a split began has no ledger. */
    public static boolean isThere(ObjectStore store, CollectionId collection, SpgId pg) {
        return store.size(collection, metaObject(pg)).isPresent();
    }

    /** Whether that is a pgmeta object. */
    public static boolean isMeta(HObject object) {
        return object.name().isEmpty();
    }

    /** The key of a log entry. */
    public static String key(EVersion version) {
        char[] digits = new char[31];
        long rest = Integer.toUnsignedLong(version.epoch());
        for (int i = 9; i >= 0; i--) {
            digits[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        digits[10] = '.';
        rest = version.version();
        for (int i = 30; i > 10; i--) {
            digits[i] = (char) ('0' + Long.remainderUnsigned(rest, 10));
            rest = Long.divideUnsigned(rest, 10);
        }
        return new String(digits);
    }

    private static String key(HObject object) {
        return MISSING + HObject.CODEC.toBytes(object).toHex();
    }

    /** Adds what logs one write: the entry itself and the numbers that it moves. */
    public static Transaction.Op writeEntry(
            CollectionId collection, GhObject meta, Ledger ledger, EVersion version, Bytes entry) {
        SortedMap<String, Bytes> entries = new TreeMap<>();
        entries.put(key(version), entry);
        entries.put(FAST, fast(ledger));
        return new Transaction.OmapSet(collection, meta, entries);
    }

    private static Bytes fast(Ledger ledger) {
        Encoder out = new Encoder(96);
        EVersion.CODEC.encode(ledger.lastUpdate, out);
        EVersion.CODEC.encode(ledger.lastComplete, out);
        out.u64(ledger.lastUserVersion);
        EVersion.CODEC.encode(ledger.log.tail(), out);
        Tally tally = ledger.tally;
        out.u64(tally.objects).u64(tally.bytes).u64(tally.reads).u64(tally.readKib);
        out.u64(tally.writes).u64(tally.writeKib);
        return out.toBytes();
    }

    private static Bytes infoBytes(Ledger ledger, int epoch) {
        Encoder out = new Encoder(1024);
        out.u8(1).u32(epoch);
        PgInfo.CODEC.encode(ledger.info(), out);
        out.list(ledger.pastIntervals, INTERVAL);
        return out.toBytes();
    }

    /**
     * Adds everything that has changed since the last time.
     *
     * @param epoch of the map that the group has reached
     */
    public static void flush(
            CollectionId collection,
            GhObject meta,
            Ledger ledger,
            int epoch,
            List<Transaction.Op> out) {
        Ledger.Pending pending = ledger.pending;
        SortedMap<String, Bytes> set = new TreeMap<>();
        SortedSet<String> removed = new TreeSet<>();
        if (pending.everything) {
            out.add(new Transaction.OmapClear(collection, meta));
            ledger.log.entries().forEach(e -> set.put(key(e.version()), Ledger.encode(e)));
            ledger.log.dups().forEach(d -> set.put(key(d), PgLogDup.CODEC.toBytes(d)));
            ledger.missing.takeChanged();
            ledger.missing.items().forEach((o, item) -> set.put(key(o), missing(o, item)));
        } else {
            pending.dropped.forEach(e -> removed.add(key(e.version())));
            pending.dupsDropped.forEach(d -> {
                removed.add(key(d));
                removed.add(DUP + key(d.version())); // as before groups were merged
            });
            for (PgLogEntry e : pending.written) {
                set.put(key(e.version()), Ledger.encode(e));
            }
            pending.dupsWritten.forEach(d -> set.put(key(d), PgLogDup.CODEC.toBytes(d)));
            for (HObject object : ledger.missing.takeChanged()) {
                MissingSet.Item item = ledger.missing.itemOrNull(object);
                if (item == null) {
                    removed.add(key(object));
                } else {
                    set.put(key(object), missing(object, item));
                }
            }
        }
        for (HObject object : pending.removed) {
            out.add(new Transaction.Remove(collection, GhObject.of(object)));
        }
        set.put(FAST, fast(ledger));
        if (pending.info || pending.everything) {
            set.put(INFO, infoBytes(ledger, epoch));
        }
        if (!removed.isEmpty()) {
            out.add(new Transaction.OmapRemove(collection, meta, removed));
        }
        out.add(new Transaction.OmapSet(collection, meta, set));
        pending.clear();
    }

    // Merged groups may have given out the same versions; requests tell their duplicates apart.
    private static String key(PgLogDup dup) {
        OsdReqId id = dup.reqId();
        return DUP
                + key(dup.version())
                + '.'
                + Long.toHexString(id.name().number())
                + '.'
                + Long.toHexString(id.tid());
    }

    private static Bytes missing(HObject object, MissingSet.Item item) {
        Encoder out = new Encoder();
        HObject.CODEC.encode(object, out);
        EVersion.CODEC.encode(item.need(), out);
        EVersion.CODEC.encode(item.have(), out);
        return out.bool(item.isNew()).toBytes();
    }

    /**
     * A ledger as it was stored.
     *
     * @param epoch of the map that the group had reached
     */
    public record Loaded(Ledger ledger, int epoch) {}

    /**
     * Reads it back.
     *
     * @throws Malformed when it does not follow the format; the message names the group
     */
    public static Loaded load(ObjectStore store, CollectionId collection, SpgId pg) {
        try {
            return loadFields(store, collection, pg);
        } catch (Malformed damaged) {
            throw new Malformed("the stored log of group " + pg + " is damaged", damaged);
        }
    }

    private static Loaded loadFields(ObjectStore store, CollectionId collection, SpgId pg) {
        GhObject meta = metaObject(pg);
        SortedMap<String, Bytes> small =
                store.omap(collection, meta, new TreeSet<>(List.of(INFO, FAST)));
        Bytes infoBytes = small.get(INFO);
        Bytes fastBytes = small.get(FAST);
        if (infoBytes == null || fastBytes == null) {
            throw new Malformed("its info is absent");
        }
        Decoder in = new Decoder(infoBytes);
        int version = in.u8();
        if (version != 1) {
            throw new Malformed("its format is " + version + ", this release knows 1");
        }
        int epoch = in.u32();
        PgInfo info = PgInfo.CODEC.decode(in);
        Ledger ledger = new Ledger(pg, info.history());
        ledger.lastBackfill = info.lastBackfill();
        ledger.lastEpochStarted = info.lastEpochStarted();
        ledger.lastIntervalStarted = info.lastIntervalStarted();
        ledger.pastIntervals.addAll(in.list(INTERVAL));
        in.expectEnd();
        Decoder fast = new Decoder(fastBytes);
        ledger.lastUpdate = EVersion.CODEC.decode(fast);
        ledger.lastComplete = EVersion.CODEC.decode(fast);
        ledger.lastUserVersion = fast.u64();
        EVersion tail = EVersion.CODEC.decode(fast);
        Tally tally = ledger.tally;
        tally.objects = fast.u64();
        tally.bytes = fast.u64();
        tally.reads = fast.u64();
        tally.readKib = fast.u64();
        tally.writes = fast.u64();
        tally.writeKib = fast.u64();
        tally.estimated = info.stats().statsInvalid();
        Infos.copyErrors(info.stats().stats().sum(), tally);
        loadLog(store, collection, meta, ledger, tail);
        if (!ledger.log.head().equals(ledger.lastUpdate)) {
            throw new Malformed(
                    "its log ends at " + ledger.log.head() + ", not at " + ledger.lastUpdate);
        }
        ledger.pending.clear();
        return new Loaded(ledger, epoch);
    }

    private static void loadLog(
            ObjectStore store,
            CollectionId collection,
            GhObject meta,
            Ledger ledger,
            EVersion tail) {
        List<PgLogEntry> entries = new ArrayList<>();
        List<PgLogDup> dups = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            ObjectStore.OmapPage page = store.omap(collection, meta, after, "", PAGE_COUNT);
            for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
                after = entry.getKey();
                if (after.startsWith(MISSING)) {
                    Decoder in = new Decoder(entry.getValue());
                    ledger.missing.add(
                            HObject.CODEC.decode(in),
                            new MissingSet.Item(
                                    EVersion.CODEC.decode(in),
                                    EVersion.CODEC.decode(in),
                                    in.remaining() > 0 && in.bool()));
                } else if (after.startsWith(DUP)) {
                    dups.add(PgLogDup.CODEC.fromBytes(entry.getValue()));
                } else if (!after.startsWith("_")) {
                    entries.add(PgLogEntry.CODEC.fromBytes(entry.getValue()));
                }
            }
            more = page.more() && !page.entries().isEmpty();
        }
        ledger.log.reset(tail, entries, dups);
        ledger.missing.takeChanged();
    }
}
