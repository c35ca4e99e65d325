package io.sepiola.osd.peering;

import io.sepiola.base.Mark;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogDup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes one account of those of groups that merge (PeeringState::merge_from). The log becomes
 * empty: what its entries knew of requests is kept. A member whose copies are not exactly those
 * with which the merge was agreed counts as holding nothing, and is filled again.
 */
public final class LedgerMerge {
    private LedgerMerge() {}

    /**
     * Takes in the sources.
     *
     * @param agreed what the primary of both found when the merge was agreed
     * @param epoch of the map that has them merged
     */
    public static void takeIn(
            Ledger target, List<Ledger> sources, PgMerge agreed, int epoch, int dupCountMax) {
        boolean whole = isWhole(target, agreed.targetVersion()) && sources.size() == 1;
        EVersion head = target.lastUpdate;
        List<PgLogDup> dups = new ArrayList<>();
        addRequests(target, dups);
        for (Ledger source : sources) {
            whole &= source.pg.pg().equals(agreed.source());
            whole &= isWhole(source, agreed.sourceVersion());
            head = head.isAfter(source.lastUpdate) ? head : source.lastUpdate;
            addRequests(source, dups);
            add(source.tally, target.tally);
            target.lastUserVersion = Math.max(target.lastUserVersion, source.lastUserVersion);
        }
        dups.sort(Comparator.comparing(PgLogDup::version));
        List<PgLogDup> newest = dups.subList(Math.max(0, dups.size() - dupCountMax), dups.size());
        target.log.reset(head, List.of(), newest);
        target.missing.clear();
        target.lastUpdate = head;
        target.lastComplete = head;
        if (!whole) {
            Mark.hit("a member's copies are not those with which a merge was agreed");
            target.lastBackfill = HObject.MIN;
        }
        target.history = Histories.recut(target.history, epoch);
        target.pending.clear();
        target.pending.everything = true;
    }

    private static boolean isWhole(Ledger ledger, EVersion agreed) {
        return ledger.lastBackfill.isMax()
                && ledger.missing.isEmpty()
                && ledger.lastUpdate.equals(agreed);
    }

    private static void addRequests(Ledger ledger, List<PgLogDup> dups) {
        dups.addAll(ledger.log.dups());
        dups.addAll(ledger.log.requestsOfEntries());
    }

    private static void add(Tally from, Tally to) {
        to.objects += from.objects;
        to.bytes += from.bytes;
        to.reads += from.reads;
        to.readKib += from.readKib;
        to.writes += from.writes;
        to.writeKib += from.writeKib;
        to.estimated |= from.estimated;
    }
}
