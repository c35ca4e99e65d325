package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Brings one member's log to agree with the authoritative one (PGLog::merge_log and
 * PGLog::proc_replica_log). Entries that only the member has are divergent: nobody was told that
 * they succeeded, and they are taken back by declaring their objects missing at the version before
 * them.
 */
public final class LogMerge {
    private LogMerge() {}

    /**
     * A stretch of a log.
     *
     * @param tail entries up to and including this version have been trimmed
     * @param entries in ascending order of version, all after the tail
     */
    public record Stretch(EVersion tail, List<PgLogEntry> entries) {
        /** Copies the list. */
        public Stretch {
            entries = List.copyOf(entries);
        }

        /** The newest version. */
        public EVersion head() {
            return entries.isEmpty() ? tail : entries.getLast().version();
        }
    }

    /**
     * What a merge came to.
     *
     * @param common the newest version that both logs have
     * @param divergent the member's entries after it
     * @param appended the authoritative entries after it
     * @param prepended authoritative entries from before the member's tail
     * @param removed objects to be deleted from the member's store, where they are
     */
    public record Outcome(
            EVersion common,
            List<PgLogEntry> divergent,
            List<PgLogEntry> appended,
            List<PgLogEntry> prepended,
            SortedSet<HObject> removed) {}

    /** Whether two logs meet, so that they can be merged. */
    public static boolean overlap(
            EVersion tail, EVersion head, EVersion otherTail, EVersion otherHead) {
        return tail.compareTo(otherHead) <= 0 && otherTail.compareTo(head) <= 0;
    }

    /**
     * Merges; {@code missing} is what the member lacks and becomes what it lacks of the
     * authoritative state.
     */
    public static Outcome merge(Stretch own, Stretch authority, MissingSet missing) {
        Invariant.that(
                overlap(own.tail(), own.head(), authority.tail(), authority.head()),
                "logs (%s,%s] and (%s,%s] do not meet",
                own.tail(),
                own.head(),
                authority.tail(),
                authority.head());
        EVersion common = common(own, authority);
        List<PgLogEntry> divergent = after(own.entries(), common);
        List<PgLogEntry> appended = after(authority.entries(), common);
        List<PgLogEntry> prepended = new ArrayList<>();
        for (PgLogEntry entry : authority.entries()) {
            if (!entry.version().isAfter(own.tail()) && !entry.version().isAfter(common)) {
                prepended.add(entry);
            }
        }
        SortedSet<HObject> removed = new TreeSet<>();
        for (PgLogEntry entry : appended) {
            missing.addNext(entry);
            if (Entries.deletes(entry)) {
                removed.add(entry.object());
            } else if (Entries.changes(entry)) {
                removed.remove(entry.object());
            }
        }
        takeBack(divergent, appended, missing, removed);
        return new Outcome(common, divergent, appended, prepended, removed);
    }

    /**
     * Takes back, in {@code missing}, what a member logged beyond {@code common}; what it has yet
     * to learn of the authoritative log is left out.
     */
    static void takeBackDivergent(
            Stretch own, Stretch authority, EVersion common, MissingSet missing) {
        takeBack(
                after(own.entries(), common),
                after(authority.entries(), common),
                missing,
                new TreeSet<>());
    }

    /** The newest version that both have; the later tail when they share no entry. */
    static EVersion common(Stretch own, Stretch authority) {
        EVersion floor = later(own.tail(), authority.tail());
        int mine = own.entries().size() - 1;
        int theirs = authority.entries().size() - 1;
        while (mine >= 0 && theirs >= 0) {
            EVersion a = own.entries().get(mine).version();
            EVersion b = authority.entries().get(theirs).version();
            int order = a.compareTo(b);
            if (order == 0) {
                return a;
            }
            if (!a.isAfter(floor) && !b.isAfter(floor)) {
                break;
            }
            if (order > 0) {
                mine--;
            } else {
                theirs--;
            }
        }
        return floor;
    }

    private static List<PgLogEntry> after(List<PgLogEntry> entries, EVersion version) {
        int from = entries.size();
        while (from > 0 && entries.get(from - 1).version().isAfter(version)) {
            from--;
        }
        return entries.subList(from, entries.size());
    }

    private static void takeBack(
            List<PgLogEntry> divergent,
            List<PgLogEntry> appended,
            MissingSet missing,
            SortedSet<HObject> removed) {
        Map<HObject, PgLogEntry> firstByObject = new LinkedHashMap<>();
        for (PgLogEntry entry : divergent) {
            if (Entries.changes(entry)) {
                firstByObject.putIfAbsent(entry.object(), entry);
            }
        }
        if (firstByObject.isEmpty()) {
            return;
        }
        Map<HObject, PgLogEntry> lastAppended = new HashMap<>();
        for (PgLogEntry entry : appended) {
            if (Entries.changes(entry)) {
                lastAppended.put(entry.object(), entry);
            }
        }
        firstByObject.forEach((object, first) ->
                takeBack(object, first, lastAppended.get(object), missing, removed));
    }

    private static void takeBack(
            HObject object,
            PgLogEntry first,
            @org.jspecify.annotations.Nullable PgLogEntry newerOrNull,
            MissingSet missing,
            SortedSet<HObject> removed) {
        Mark.hit("a divergent change is taken back");
        if (newerOrNull != null) {
            // The authoritative log changed the object too: what is on disk counts for nothing.
            if (Entries.deletes(newerOrNull)) {
                removed.add(object);
            } else {
                missing.forgetHave(object);
            }
            return;
        }
        EVersion prior = first.prior();
        if (prior.equals(EVersion.ZERO)) {
            missing.remove(object);
            removed.add(object);
            return;
        }
        MissingSet.Item item = missing.itemOrNull(object);
        if (item == null) {
            missing.add(object, prior, EVersion.ZERO);
        } else if (item.have().equals(prior)) {
            missing.remove(object); // the divergent change had never reached the disk
        } else {
            missing.reviseNeed(object, prior);
        }
    }

    private static EVersion later(EVersion a, EVersion b) {
        return a.isAfter(b) ? a : b;
    }
}
