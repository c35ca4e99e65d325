package io.sepiola.osd.peering;

import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Divides one member's account of a group between the group and one that is split off
 * (PeeringState::split_into).
 *
 * <p>Both get the whole log. Entries of objects that went elsewhere stay in their places as entries
 * that change nothing: so every member's log keeps its ends and its divergence, and two logs relate
 * to each other after the split as before, however little of them is left.
 */
public final class LedgerSplit {
    private LedgerSplit() {}

    /**
     * Splits off a group. The parent has reached the map of the split: its interval is the child's.
     *
     * @param leaves whether the object is the child's from now on
     * @param primaryChanged whether the child's primary is not the parent's
     * @return the child's ledger, of which nothing is in the store yet
     */
    public static Ledger splitOff(
            Ledger parent,
            SpgId child,
            Predicate<HObject> leaves,
            int epoch,
            boolean primaryChanged) {
        Ledger made = new Ledger(child, Histories.child(parent.history, epoch, primaryChanged));
        List<PgLogEntry> theirs = new ArrayList<>(parent.log.count());
        List<PgLogEntry> ours = new ArrayList<>(parent.log.count());
        for (PgLogEntry entry : parent.log.entries()) {
            boolean leaving = leaves.test(entry.object());
            theirs.add(leaving ? entry : withoutEffect(entry));
            ours.add(leaving ? withoutEffect(entry) : entry);
        }
        List<io.sepiola.protocol.osd.PgLogDup> dups = List.copyOf(parent.log.dups());
        made.log.reset(parent.log.tail(), theirs, dups);
        parent.log.reset(parent.log.tail(), ours, dups);
        for (Map.Entry<HObject, MissingSet.Item> entry :
                List.copyOf(parent.missing.items().entrySet())) {
            if (leaves.test(entry.getKey())) {
                made.missing.add(entry.getKey(), entry.getValue());
                parent.missing.remove(entry.getKey());
            }
        }
        made.lastUpdate = parent.lastUpdate;
        made.lastUserVersion = parent.lastUserVersion;
        made.lastEpochStarted = parent.lastEpochStarted;
        made.lastIntervalStarted = parent.lastIntervalStarted;
        made.pastIntervals.addAll(parent.pastIntervals);
        restartBackfill(parent, made);
        parent.updateLastComplete();
        made.updateLastComplete();
        parent.pending.clear();
        parent.pending.everything = true;
        made.pending.everything = true;
        return made;
    }

    private static PgLogEntry withoutEffect(PgLogEntry entry) {
        return Entries.changes(entry) || !entry.reqId().equals(OsdReqId.NONE)
                ? Entries.unchanged(
                        entry.object(),
                        entry.version(),
                        OsdReqId.NONE,
                        entry.time(),
                        entry.userVersion(),
                        0)
                : entry;
    }

    /** Where it had come to says nothing about either part. What is here already is not sent. */
    private static void restartBackfill(Ledger parent, Ledger made) {
        if (!parent.lastBackfill.isMax()) {
            parent.lastBackfill = HObject.MIN;
            made.lastBackfill = HObject.MIN;
            parent.missing.clear();
            made.missing.clear();
        }
    }

    /**
     * Divides what is counted.
     *
     * @param objects how many the child has
     * @param bytes of their data
     */
    public static void divide(Ledger parent, Ledger child, long objects, long bytes) {
        Tally had = parent.tally;
        boolean exact = parent.missing.isEmpty() && child.missing.isEmpty() && !isPartial(parent);
        long given = Math.min(had.objects, exact ? objects : objects + child.missing.count());
        child.tally.objects = given;
        child.tally.bytes = Math.min(had.bytes, bytes);
        had.objects -= child.tally.objects;
        had.bytes -= child.tally.bytes;
        had.estimated |= !exact;
        child.tally.estimated = had.estimated;
    }

    private static boolean isPartial(Ledger ledger) {
        return !ledger.lastBackfill.isMax();
    }
}
