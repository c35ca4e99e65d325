package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Chooses whose log is right and who is to serve a placement group (find_best_info,
 * calc_replicated_acting). Pure.
 */
public final class ActingSet {
    private ActingSet() {}

    /**
     * Who is to serve.
     *
     * @param want the members, primary first
     * @param backfill members of the up set that must get every object first; not in {@code want}
     * @param authority whose log is right
     */
    public record Choice(List<Integer> want, SortedSet<Integer> backfill, int authority) {
        /** Copies the list. */
        public Choice {
            want = List.copyOf(want);
        }
    }

    /** Whether the member holds only the objects up to some place. */
    public static boolean isIncomplete(PgInfo info) {
        return !info.lastBackfill().isMax();
    }

    /**
     * The member whose log is authoritative: of those that took part in the last interval that may
     * have served writes, the one with the newest log; then the longest log; then one that lacks no
     * object; then ourselves.
     *
     * @param infos what each member has, by OSD
     */
    public static OptionalInt best(SortedMap<Integer, PgInfo> infos, int self) {
        int startedMax = 0;
        for (PgInfo info : infos.values()) {
            startedMax = max(startedMax, info.history().lastEpochStarted());
            if (!isIncomplete(info)) {
                startedMax = max(startedMax, info.lastEpochStarted());
            }
        }
        EVersion updateMin = EVersion.MAX;
        boolean found = false;
        for (PgInfo info : infos.values()) {
            if (Integer.compareUnsigned(startedMax, info.lastEpochStarted()) <= 0) {
                found = true;
                updateMin = info.lastUpdate().isAfter(updateMin) ? updateMin : info.lastUpdate();
            }
        }
        if (!found) {
            return OptionalInt.empty();
        }
        int best = -1;
        for (Map.Entry<Integer, PgInfo> entry : infos.entrySet()) {
            PgInfo info = entry.getValue();
            boolean eligible =
                    info.lastUpdate().compareTo(updateMin) >= 0
                            && Integer.compareUnsigned(info.lastEpochStarted(), startedMax) >= 0
                            && !isIncomplete(info);
            if (eligible && (best < 0 || isBetter(entry.getKey(), info, infos.get(best), self))) {
                best = entry.getKey();
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private static boolean isBetter(
            int osd, PgInfo info, @org.jspecify.annotations.Nullable PgInfo best, int self) {
        if (best == null) {
            return true;
        }
        int byUpdate = info.lastUpdate().compareTo(best.lastUpdate());
        if (byUpdate != 0) {
            return byUpdate > 0;
        }
        int byTail = info.logTail().compareTo(best.logTail());
        if (byTail != 0) {
            return byTail < 0;
        }
        boolean complete = info.lastComplete().equals(info.lastUpdate());
        boolean bestComplete = best.lastComplete().equals(best.lastUpdate());
        if (complete != bestComplete) {
            return complete;
        }
        return osd == self;
    }

    /**
     * Chooses the members: those of the up set that the log can bring up to date, filled up from
     * the present acting set and then from anybody else until there are {@code size}.
     *
     * @return nothing when nobody's data can be trusted to be whole
     */
    public static Optional<Choice> choose(
            SortedMap<Integer, PgInfo> infos,
            List<Integer> up,
            int upPrimary,
            List<Integer> acting,
            int size,
            int self) {
        OptionalInt best = best(infos, self);
        if (best.isEmpty()) {
            return Optional.empty();
        }
        int authority = best.getAsInt();
        EVersion oldest = Objects.requireNonNull(infos.get(authority)).logTail();
        PgInfo ofUpPrimary = infos.get(upPrimary);
        boolean upPrimaryUsable =
                ofUpPrimary != null && up.contains(upPrimary) && isUsable(ofUpPrimary, oldest);
        int primary = upPrimaryUsable ? upPrimary : authority;
        PgInfo ofPrimary = Objects.requireNonNull(infos.get(primary));
        if (ofPrimary.logTail().compareTo(oldest) < 0) {
            oldest = ofPrimary.logTail(); // the primary can bring others further than the authority
        }
        List<Integer> want = new ArrayList<>();
        SortedSet<Integer> backfill = new TreeSet<>();
        want.add(primary);
        for (int osd : up) {
            PgInfo info = infos.get(osd);
            if (osd == primary) {
                continue;
            }
            if (info != null && isUsable(info, oldest)) {
                want.add(osd);
            } else if (info != null) {
                backfill.add(osd);
            }
        }
        fill(want, backfill, acting, infos, oldest, size);
        fill(want, backfill, List.copyOf(infos.keySet()), infos, oldest, size);
        return Optional.of(new Choice(want, backfill, authority));
    }

    private static void fill(
            List<Integer> want,
            SortedSet<Integer> backfill,
            List<Integer> candidates,
            SortedMap<Integer, PgInfo> infos,
            EVersion oldest,
            int size) {
        List<Integer> usable = new ArrayList<>();
        for (int osd : candidates) {
            PgInfo info = infos.get(osd);
            if (info != null
                    && !want.contains(osd)
                    && !backfill.contains(osd)
                    && isUsable(info, oldest)) {
                usable.add(osd);
            }
        }
        usable.sort( // stable: equals stay in the given order
                Comparator.comparing((Integer osd) ->
                                Objects.requireNonNull(infos.get(osd)).lastUpdate())
                        .reversed());
        for (int osd : usable) {
            if (want.size() >= size) {
                return;
            }
            want.add(osd);
        }
    }

    /** Whether the log, trimmed up to {@code oldest}, can bring that member up to date. */
    private static boolean isUsable(PgInfo info, EVersion oldest) {
        return !isIncomplete(info) && info.lastUpdate().compareTo(oldest) >= 0;
    }

    private static int max(int a, int b) {
        return Integer.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /** Whether {@code object} lies in what the member already holds. */
    public static boolean holds(PgInfo info, HObject object) {
        return object.compareTo(info.lastBackfill()) <= 0;
    }
}
