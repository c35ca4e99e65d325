package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A placement group's log in memory, with an index of the requests it knows: those of its entries
 * and, for a while longer, those of entries that were trimmed. Owned by one placement group.
 *
 * <p>Invariant: entries ascend strictly, all after {@link #tail} and up to {@link #head}.
 */
public final class EntryLog {
    private final ArrayDeque<PgLogEntry> entries = new ArrayDeque<>();
    private final ArrayDeque<PgLogDup> dups = new ArrayDeque<>();
    private final Map<OsdReqId, Done> requests = new HashMap<>();
    private EVersion tail = EVersion.ZERO;
    private EVersion head = EVersion.ZERO;

    /**
     * What came of a request.
     *
     * @param version at which it was logged
     * @param userVersion the object's after it
     * @param result 0 or a negative errno
     */
    public record Done(EVersion version, long userVersion, int result) {}

    /** Entries up to and including this one have been trimmed. */
    public EVersion tail() {
        return tail;
    }

    /** The newest entry's version, or the tail. */
    public EVersion head() {
        return head;
    }

    /** How many entries. */
    public int count() {
        return entries.size();
    }

    /** Oldest first. Unmodifiable view. */
    public Collection<PgLogEntry> entries() {
        return Collections.unmodifiableCollection(entries);
    }

    /** Requests of trimmed entries, oldest first. Unmodifiable view. */
    public Collection<PgLogDup> dups() {
        return Collections.unmodifiableCollection(dups);
    }

    /** What came of that request, if it is known. */
    public @Nullable Done doneOrNull(OsdReqId request) {
        return requests.get(request);
    }

    /** Replaces everything. */
    public void reset(
            EVersion newTail, Collection<PgLogEntry> newEntries, Collection<PgLogDup> newDups) {
        entries.clear();
        dups.clear();
        requests.clear();
        tail = newTail;
        head = newTail;
        for (PgLogDup dup : newDups) {
            dups.add(dup);
            index(dup);
        }
        newEntries.forEach(this::append);
    }

    /**
     * The requests from before a stretch of this log that begins after {@code tail}: of trimmed
     * entries, and of entries up to there. Oldest first, the newest {@code countMax}.
     */
    public List<PgLogDup> dupsUpTo(EVersion to, int countMax) {
        List<PgLogDup> found = new ArrayList<>(dups);
        for (PgLogEntry entry : entries) {
            if (entry.version().isAfter(to)) {
                break;
            }
            if (isRemembered(entry)) {
                found.add(Entries.dup(entry));
            }
        }
        found.removeIf(dup -> dup.version().isAfter(to));
        return List.copyOf(found.subList(Math.max(0, found.size() - countMax), found.size()));
    }

    /**
     * Takes over requests that another member remembers from before our tail; returns those that
     * were not known.
     */
    List<PgLogDup> learn(List<PgLogDup> others) {
        List<PgLogDup> learned = new ArrayList<>();
        Set<EVersion> known = new HashSet<>();
        dups.forEach(dup -> known.add(dup.version()));
        for (PgLogDup dup : others) {
            if (!dup.version().isAfter(tail)
                    && !requests.containsKey(dup.reqId())
                    && known.add(dup.version())) {
                learned.add(dup);
                index(dup);
            }
        }
        if (!learned.isEmpty()) {
            List<PgLogDup> all = new ArrayList<>(dups);
            all.addAll(learned);
            all.sort(Comparator.comparing(PgLogDup::version));
            dups.clear();
            dups.addAll(all);
        }
        return learned;
    }

    /** Adds the newest entry. */
    public void append(PgLogEntry entry) {
        Invariant.that(
                entry.version().isAfter(head), "entry %s after head %s", entry.version(), head);
        entries.addLast(entry);
        head = entry.version();
        index(entry);
    }

    /** Adds entries from before the oldest one, up to the tail. */
    void prepend(List<PgLogEntry> older, EVersion newTail) {
        for (int i = older.size() - 1; i >= 0; i--) {
            entries.addFirst(older.get(i));
        }
        tail = newTail;
        entries.forEach(this::index);
    }

    private void index(PgLogEntry entry) {
        if (!entry.reqId().equals(OsdReqId.NONE)) {
            requests.put(
                    entry.reqId(),
                    new Done(entry.version(), entry.userVersion(), entry.returnCode()));
        }
        if (Entries.givesUp(entry)) {
            forgetUndone(entry);
        }
    }

    /** What was given up was not done: whoever asks for it again is to get it. */
    private void forgetUndone(PgLogEntry revert) {
        for (PgLogEntry entry : entries) {
            if (entry.object().equals(revert.object())
                    && entry.version().isAfter(revert.revertingTo())
                    && revert.version().isAfter(entry.version())
                    && isRemembered(entry)) {
                requests.remove(entry.reqId());
            }
        }
    }

    /** Whether the request of an entry in this log counts as done by it. */
    private boolean isRemembered(PgLogEntry entry) {
        Done done = requests.get(entry.reqId());
        return done != null && done.version().equals(entry.version());
    }

    /** The requests of this log's entries, as they are remembered once those are trimmed. */
    List<PgLogDup> requestsOfEntries() {
        return entries.stream().filter(this::isRemembered).map(Entries::dup).toList();
    }

    private void index(PgLogDup dup) {
        requests.put(dup.reqId(), new Done(dup.version(), dup.userVersion(), dup.returnCode()));
    }

    /** Drops entries after {@code version}, and returns them, oldest first. */
    List<PgLogEntry> rewind(EVersion version) {
        List<PgLogEntry> dropped = new ArrayList<>();
        while (!entries.isEmpty() && entries.getLast().version().isAfter(version)) {
            PgLogEntry entry = entries.removeLast();
            requests.remove(entry.reqId());
            dropped.addFirst(entry);
        }
        head = entries.isEmpty() ? tail : entries.getLast().version();
        if (dropped.stream().anyMatch(Entries::givesUp)) {
            entries.forEach(this::index); // what that had undone is done
        }
        return dropped;
    }

    /** Entries after {@code version}, oldest first. */
    public List<PgLogEntry> after(EVersion version) {
        List<PgLogEntry> found = new ArrayList<>();
        Iterator<PgLogEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            PgLogEntry entry = newestFirst.next();
            if (!entry.version().isAfter(version)) {
                break;
            }
            found.add(entry);
        }
        Collections.reverse(found);
        return found;
    }

    /** The entry of that version; null when there is none. */
    public @Nullable PgLogEntry atOrNull(EVersion version) {
        Iterator<PgLogEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext()) {
            PgLogEntry entry = newestFirst.next();
            if (!entry.version().isAfter(version)) {
                return entry.version().equals(version) ? entry : null;
            }
        }
        return null;
    }

    /**
     * The log after {@code since}, for whom has a log up to there. It begins at a version that is
     * in this log: {@code since} itself may not be, and what the other has before it may diverge.
     */
    LogMerge.Stretch stretchAfter(EVersion since) {
        EVersion from = tail;
        for (PgLogEntry entry : entries) {
            if (entry.version().isAfter(since)) {
                break;
            }
            from = entry.version();
        }
        return new LogMerge.Stretch(from, after(since));
    }

    /** The newest {@code countMax} entries, oldest first. */
    List<PgLogEntry> newest(int countMax) {
        List<PgLogEntry> found = new ArrayList<>();
        Iterator<PgLogEntry> newestFirst = entries.descendingIterator();
        while (newestFirst.hasNext() && found.size() < countMax) {
            found.add(newestFirst.next());
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * The version of the entry before the {@code countKept} newest ones; the tail when there is
     * none.
     */
    public EVersion versionBefore(int countKept) {
        int drop = entries.size() - countKept;
        EVersion version = tail;
        Iterator<PgLogEntry> oldestFirst = entries.iterator();
        for (int i = 0; i < drop; i++) {
            version = oldestFirst.next().version();
        }
        return version;
    }

    /** What a trim dropped: entries, the duplicates made of them, and older duplicates. */
    public record Trimmed(List<PgLogEntry> entries, List<PgLogDup> made, List<PgLogDup> dropped) {}

    /**
     * Drops entries up to and including {@code to}; keeps at most {@code dupCountMax} of their
     * requests.
     */
    public Trimmed trim(EVersion to, int dupCountMax) {
        List<PgLogEntry> gone = new ArrayList<>();
        List<PgLogDup> made = new ArrayList<>();
        List<PgLogDup> forgotten = new ArrayList<>();
        while (!entries.isEmpty() && !entries.getFirst().version().isAfter(to)) {
            PgLogEntry entry = entries.removeFirst();
            tail = entry.version();
            gone.add(entry);
            if (isRemembered(entry)) {
                PgLogDup dup = Entries.dup(entry);
                dups.addLast(dup);
                made.add(dup);
            }
        }
        while (dups.size() > dupCountMax) {
            PgLogDup dup = dups.removeFirst();
            Done done = requests.get(dup.reqId());
            if (done != null && done.version().equals(dup.version())) {
                requests.remove(dup.reqId());
            }
            if (!made.remove(dup)) {
                forgotten.add(dup);
            }
        }
        return new Trimmed(gone, made, forgotten);
    }

    /** The log as one stretch. */
    LogMerge.Stretch stretch() {
        return new LogMerge.Stretch(tail, List.copyOf(entries));
    }
}
