package io.sepiola.osd.peering;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgMissing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@link Ledger} in Ceph's own types, as it is carried from one OSD's store to another's.
 *
 * @param epoch of the map that the group had reached
 */
public record Account(
        PgInfo info, PgLog log, PgMissing missing, PastIntervals pastIntervals, int epoch) {

    /** What a ledger says. */
    public static Account of(Ledger ledger, int epoch) {
        SortedMap<HObject, MissingItem> lacking = new TreeMap<>();
        ledger.missing
                .items()
                .forEach((object, item) ->
                        lacking.put(
                                object,
                                new MissingItem(
                                        item.need(), item.have(), 0, ObjectCleanRegions.DIRTY)));
        PgLog log =
                new PgLog(
                        ledger.log.head(),
                        ledger.log.tail(),
                        List.copyOf(ledger.log.entries()),
                        ledger.log.head(),
                        ledger.log.head(),
                        List.copyOf(ledger.log.dups()));
        return new Account(
                ledger.info(),
                log,
                new PgMissing(lacking, true),
                Intervals.encode(ledger.pastIntervals),
                epoch);
    }

    /** Objects that are on the disk still and should not be: a ledger has no word for that. */
    public List<HObject> toDelete() {
        List<HObject> objects = new ArrayList<>();
        missing.items()
                .forEach((object, item) -> {
                    if (item.isDelete()) {
                        objects.add(object);
                    }
                });
        return objects;
    }

    /**
     * A ledger that says the same, none of it in the store yet. Where the log ends before the last
     * update, as after mark-complete, an entry that changes nothing leads up to it.
     *
     * @throws Malformed when the log does not fit together
     */
    public Ledger ledger() {
        Ledger ledger = new Ledger(info.pg(), info.history());
        List<PgLogEntry> entries = new ArrayList<>(log.entries());
        EVersion tail = info.logTail();
        EVersion head = ascending(entries, tail);
        if (head.isAfter(info.lastUpdate())) {
            throw new Malformed("the log goes to " + head + ", beyond " + info.lastUpdate());
        }
        if (info.lastUpdate().isAfter(head)) {
            if (entries.isEmpty()) {
                tail = info.lastUpdate();
            } else {
                entries.add(nothing(entries.getLast(), info.lastUpdate()));
            }
        }
        ledger.log.reset(tail, entries, log.dups());
        ledger.lastUpdate = info.lastUpdate();
        ledger.lastComplete = info.lastComplete();
        ledger.lastUserVersion = info.lastUserVersion();
        ledger.lastBackfill = info.lastBackfill();
        ledger.lastEpochStarted = info.lastEpochStarted();
        ledger.lastIntervalStarted = info.lastIntervalStarted();
        ledger.pastIntervals.addAll(Intervals.decode(pastIntervals));
        Infos.copyTally(info, ledger.tally);
        for (Map.Entry<HObject, MissingItem> entry : missing.items().entrySet()) {
            MissingItem item = entry.getValue();
            if (!item.isDelete()) {
                ledger.missing.add(entry.getKey(), item.need(), item.have());
            }
        }
        ledger.pending.everything = true;
        return ledger;
    }

    private static EVersion ascending(List<PgLogEntry> entries, EVersion tail) {
        EVersion head = tail;
        for (PgLogEntry entry : entries) {
            if (!entry.version().isAfter(head)) {
                throw new Malformed("log entry " + entry.version() + " after " + head);
            }
            head = entry.version();
        }
        return head;
    }

    private static PgLogEntry nothing(PgLogEntry last, EVersion version) {
        return Entries.unchanged(
                last.object(), version, OsdReqId.NONE, Utime.ZERO, last.userVersion(), 0);
    }
}
