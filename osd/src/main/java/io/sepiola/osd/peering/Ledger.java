package io.sepiola.osd.peering;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One member's account of its placement group: how far its log goes, what it lacks, what the group
 * has been through; and what of this is not yet in the store. {@link LedgerDisk} has the format.
 * Owned by the group's shard.
 *
 * <p>Invariant: the log's head is {@link #lastUpdate}.
 */
public final class Ledger {
    private static final int INTERVALS_MAX = 32; // of those that peering needs no more

    /** Whose account. */
    public final SpgId pg;

    /** The newest entry of the log. */
    public EVersion lastUpdate = EVersion.ZERO;

    /** Every object is had in the version it had then, or a later one. */
    public EVersion lastComplete = EVersion.ZERO;

    /** The newest version given out to users. */
    public long lastUserVersion;

    /** Objects up to this one are held; {@link HObject#MAX} unless being filled. */
    public HObject lastBackfill = HObject.MAX;

    /** The last epoch in which this member was activated. */
    public int lastEpochStarted;

    /** The interval of that epoch. */
    public int lastIntervalStarted;

    /** What the group has been through. */
    public PgHistory history;

    /** What the group holds. */
    public final Tally tally = new Tally();

    /** The log. */
    public final EntryLog log = new EntryLog();

    /** What this member lacks. */
    public final MissingSet missing = new MissingSet();

    /** Past intervals that may have served writes since the group was clean, oldest first. */
    public final List<PgInterval> pastIntervals = new ArrayList<>();

    final Pending pending = new Pending();

    /** What is not yet in the store. */
    static final class Pending {
        boolean info;
        boolean everything;
        final List<PgLogEntry> written = new ArrayList<>();
        final List<PgLogEntry> dropped = new ArrayList<>();
        final List<PgLogDup> dupsWritten = new ArrayList<>();
        final List<PgLogDup> dupsDropped = new ArrayList<>();
        final SortedSet<HObject> removed = new TreeSet<>();

        void clear() {
            info = false;
            everything = false;
            written.clear();
            dropped.clear();
            dupsWritten.clear();
            dupsDropped.clear();
            removed.clear();
        }
    }

    /** The account of a group that has never held anything. */
    public Ledger(SpgId pg, PgHistory history) {
        this.pg = pg;
        this.history = history;
    }

    /** The info has changed. */
    public void touchInfo() {
        pending.info = true;
    }

    /** What this member has, as the others are told. */
    public PgInfo info() {
        return Infos.of(this, lastBackfill);
    }

    /** What a member has that is being filled and has come to {@code upTo}. */
    PgInfo infoForBackfill(HObject upTo) {
        return Infos.of(this, upTo);
    }

    /** A write is logged; its encoding goes to the store by {@link LedgerDisk#writeEntry}. */
    public void append(PgLogEntry entry) {
        log.append(entry);
        lastUpdate = entry.version();
        lastUserVersion = Math.max(lastUserVersion, entry.userVersion());
        if (missing.isEmpty()) {
            lastComplete = lastUpdate;
        }
    }

    /** Forgets entries up to {@code to}. */
    public void trim(EVersion to, int dupCountMax) {
        EntryLog.Trimmed trimmed = log.trim(to, dupCountMax);
        pending.dropped.addAll(trimmed.entries());
        pending.dupsWritten.addAll(trimmed.made());
        pending.dupsDropped.addAll(trimmed.dropped());
        pending.info = true;
    }

    /** Takes over the authoritative log. */
    void mergeAuthoritative(PgInfo info, LogMerge.Stretch authority, List<PgLogDup> dups) {
        LogMerge.Outcome outcome = LogMerge.merge(log.stretch(), authority, missing);
        missing.keepUpTo(lastBackfill);
        pending.dropped.addAll(log.rewind(outcome.common()));
        if (!outcome.prepended().isEmpty()) {
            log.prepend(outcome.prepended(), authority.tail());
            pending.written.addAll(outcome.prepended());
        }
        for (PgLogEntry entry : outcome.appended()) {
            log.append(entry);
            pending.written.add(entry);
        }
        forgetRedrops();
        pending.dupsWritten.addAll(log.learn(dups));
        lastUpdate = log.head();
        for (HObject object : outcome.removed()) {
            pending.removed.add(object);
        }
        if (Integer.compareUnsigned(info.lastEpochStarted(), lastEpochStarted) > 0) {
            lastEpochStarted = info.lastEpochStarted();
            lastIntervalStarted = info.lastIntervalStarted();
        }
        lastUserVersion = info.lastUserVersion();
        takeOver(info);
        updateLastComplete();
    }

    /** An entry that was dropped and is written again stays written. */
    private void forgetRedrops() {
        Set<EVersion> kept = new HashSet<>();
        pending.written.forEach(entry -> kept.add(entry.version()));
        pending.dropped.removeIf(entry -> kept.contains(entry.version()));
    }

    /** Takes back what was logged after {@code version}. */
    void rewind(EVersion version) {
        LogMerge.Stretch whole = log.stretch();
        List<PgLogEntry> kept = new ArrayList<>();
        for (PgLogEntry entry : whole.entries()) {
            if (!entry.version().isAfter(version)) {
                kept.add(entry);
            }
        }
        LogMerge.Outcome outcome =
                LogMerge.merge(whole, new LogMerge.Stretch(whole.tail(), kept), missing);
        missing.keepUpTo(lastBackfill);
        pending.dropped.addAll(log.rewind(outcome.common()));
        pending.written.removeIf(entry -> entry.version().isAfter(version));
        pending.removed.addAll(outcome.removed());
        lastUpdate = log.head();
        updateLastComplete();
        pending.info = true;
    }

    /** Begins to be filled: the log is the primary's, objects are yet to come. */
    void startBackfill(PgInfo info, LogMerge.Stretch authority, List<PgLogDup> dups) {
        log.reset(authority.tail(), authority.entries(), dups);
        missing.clear();
        lastBackfill = HObject.MIN;
        lastUpdate = info.lastUpdate();
        lastComplete = lastUpdate;
        lastUserVersion = info.lastUserVersion();
        pending.everything = true;
        pending.removed.clear();
        takeOver(info);
    }

    /** Learns what the primary says of history and holdings. */
    void takeOver(PgInfo info) {
        mergeHistory(info.history());
        Infos.copyTally(info, tally);
        pending.info = true;
    }

    /**
     * Intervals from before the group was last clean are over. Those before it was last active are
     * of no concern to peering, but tell who may hold what is unfound; so many are kept.
     */
    private void forgetIntervals() {
        if (Integer.compareUnsigned(history.lastEpochClean(), history.sameIntervalSince()) >= 0) {
            pastIntervals.clear();
        }
        pastIntervals.removeIf(
                interval -> Integer.compareUnsigned(interval.last(), history.lastEpochClean()) < 0);
        while (pastIntervals.size() > INTERVALS_MAX
                && Integer.compareUnsigned(
                                pastIntervals.getFirst().last(), history.lastEpochStarted())
                        < 0) {
            pastIntervals.removeFirst();
        }
    }

    /** Learns what another member knows of the group's history; tells whether that was new. */
    boolean mergeHistory(PgHistory other) {
        PgHistory merged = Histories.merge(history, other);
        if (merged.equals(history)) {
            return false;
        }
        history = merged;
        forgetIntervals();
        pending.info = true;
        return true;
    }

    /**
     * Works out {@link #lastComplete} anew. Where something from before the log is lacked, nothing
     * is complete: at the tail it would be, if the log is empty, at the last update too, and who
     * hears of that takes the member for whole.
     */
    public void updateLastComplete() {
        EVersion need = missing.oldestNeedOrNull();
        if (need == null) {
            lastComplete = lastUpdate;
            return;
        }
        EVersion before = need.isAfter(log.tail()) ? log.tail() : EVersion.ZERO;
        for (PgLogEntry entry : log.entries()) {
            if (entry.version().compareTo(need) >= 0) {
                break;
            }
            before = entry.version();
        }
        lastComplete = before;
    }

    /** Whether something is not yet in the store. */
    public boolean isDirty() {
        return pending.info
                || pending.everything
                || !pending.written.isEmpty()
                || !pending.dropped.isEmpty()
                || !pending.removed.isEmpty()
                || missing.hasChanged();
    }

    /** The encoding of one entry. */
    public static Bytes encode(PgLogEntry entry) {
        return PgLogEntry.CODEC.toBytes(entry);
    }
}
