package io.sepiola.osd.pg;

import io.sepiola.base.Mark;

import java.util.List;
import java.util.SortedSet;

/**
 * Brings a group's primary the places that it needs to recover or to backfill: its own first, then
 * one at each other member, in the order of their ids, so that no two groups wait for each other. A
 * machine: events in, {@link Out} out. Owned by the group.
 */
final class Reservation {
    /** What the places are for. */
    enum Kind {
        RECOVERY,
        BACKFILL
    }

    /** What is wanted, for whom, and how much. */
    record Wish(Kind kind, List<Integer> members, int priority) {
        Wish with(int other) {
            return new Wish(kind, members, other);
        }
    }

    /** Where it stands. */
    sealed interface Phase {
        /** Nothing is wanted. */
        record Idle() implements Phase {}

        /** Waits for the own place. */
        record WaitLocal(Wish wish) implements Phase {}

        /** Has its own and those of some members, and waits for the next one's. */
        record WaitRemote(Wish wish, int grantedCount) implements Phase {}

        /** Has them all. */
        record Held(Wish wish) implements Phase {}

        /** A member has no room; all are given back, and after a while it begins anew. */
        record TooFull(Wish wish) implements Phase {}
    }

    /** What it asks of the world. */
    interface Out {
        /** Asks for the own place; {@link #localGranted} or {@link #localPreempted} follows. */
        void askLocal(int priority);

        /** Gives it back, or the wish for it. */
        void giveLocal();

        /** The own place, or the wish for it, is of that priority from now on. */
        void reprioritizeLocal(int priority);

        /** Asks a member. */
        void askRemote(int osd, Kind kind, int priority);

        /** Gives a member's place back, or the wish for it. */
        void giveRemote(int osd, Kind kind);

        /** {@link #retry} after a while. */
        void retryLater();

        /** All places are there: begin. */
        void begun(Kind kind);

        /** They are gone: stop. */
        void stopped(Kind kind);
    }

    private final Out out;
    private Phase phase = new Phase.Idle();

    Reservation(Out out) {
        this.out = out;
    }

    Phase phase() {
        return phase;
    }

    boolean isIdle() {
        return phase instanceof Phase.Idle;
    }

    boolean isHeld() {
        return phase instanceof Phase.Held;
    }

    /** Whether there are, or are to be, places of that kind. */
    boolean isFor(Kind kind) {
        return switch (phase) {
            case Phase.Idle _ -> false;
            case Phase.WaitLocal p -> p.wish.kind == kind;
            case Phase.WaitRemote p -> p.wish.kind == kind;
            case Phase.Held p -> p.wish.kind == kind;
            case Phase.TooFull p -> p.wish.kind == kind;
        };
    }

    /** Wants places at those members, ours apart; of the same kind only once. */
    void want(Kind kind, SortedSet<Integer> members, int priority) {
        if (!isFor(kind)) {
            release();
            ask(new Wish(kind, List.copyOf(members), priority));
        }
    }

    private void ask(Wish wish) {
        phase = new Phase.WaitLocal(wish);
        out.askLocal(wish.priority);
    }

    /** Wants the same more, or less, than before. */
    void reprioritize(Kind kind, int priority) {
        if (!isFor(kind)) {
            return;
        }
        switch (phase) {
            case Phase.Idle _ -> {}
            case Phase.WaitLocal p -> {
                phase = new Phase.WaitLocal(p.wish.with(priority));
                out.reprioritizeLocal(priority);
            }
            case Phase.WaitRemote p -> {
                release(); // the members know the old priority
                ask(p.wish.with(priority));
            }
            case Phase.Held p -> {
                phase = new Phase.Held(p.wish.with(priority));
                out.reprioritizeLocal(priority);
            }
            case Phase.TooFull p -> phase = new Phase.TooFull(p.wish.with(priority));
        }
    }

    /** A member is known to have no room; its places are not even asked for. */
    void refuse(Kind kind, SortedSet<Integer> members, int priority) {
        if (!isFor(kind)) {
            release();
            phase = new Phase.TooFull(new Wish(kind, List.copyOf(members), priority));
            out.retryLater();
        }
    }

    /** The own place is there. */
    void localGranted() {
        if (phase instanceof Phase.WaitLocal(Wish wish)) {
            next(wish, 0);
        }
    }

    private void next(Wish wish, int grantedCount) {
        if (grantedCount == wish.members.size()) {
            phase = new Phase.Held(wish);
            out.begun(wish.kind);
            return;
        }
        phase = new Phase.WaitRemote(wish, grantedCount);
        out.askRemote(wish.members.get(grantedCount), wish.kind, wish.priority);
    }

    /** A member's place is there. */
    void remoteGranted(int osd, Kind kind) {
        if (phase instanceof Phase.WaitRemote(Wish wish, int count)
                && wish.kind == kind
                && wish.members.get(count) == osd) {
            next(wish, count + 1);
        } else {
            Mark.hit("a place was granted that is not wanted any more");
        }
    }

    /** The own place went to another group. */
    void localPreempted() {
        again();
    }

    /** A member took its place back. */
    void remoteRevoked(int osd, Kind kind) {
        if (concerns(osd, kind)) {
            out.giveLocal();
            again();
        }
    }

    /**
     * Waits anew. The member that took its place back is told, too: what it took may have been the
     * place that we gave back and asked for again meanwhile.
     */
    private void again() {
        switch (phase) {
            case Phase.WaitRemote p -> {
                giveRemotes(p.wish, p.grantedCount + 1);
                ask(p.wish);
            }
            case Phase.Held p -> {
                giveRemotes(p.wish, p.wish.members.size());
                phase = new Phase.WaitLocal(p.wish);
                out.stopped(p.wish.kind);
                ask(p.wish);
            }
            case Phase.Idle _, Phase.WaitLocal _, Phase.TooFull _ ->
                    Mark.hit("a place was lost that is not held any more");
        }
    }

    /** A member has no room, or no more room. */
    void remoteTooFull(int osd, Kind kind) {
        if (!concerns(osd, kind)) {
            return;
        }
        switch (phase) {
            case Phase.WaitRemote p -> {
                giveRemotes(p.wish, p.grantedCount + 1);
                out.giveLocal();
                phase = new Phase.TooFull(p.wish);
                out.retryLater();
            }
            case Phase.Held p -> {
                giveRemotes(p.wish, p.wish.members.size());
                out.giveLocal();
                phase = new Phase.TooFull(p.wish);
                out.stopped(p.wish.kind);
                out.retryLater();
            }
            case Phase.Idle _, Phase.WaitLocal _, Phase.TooFull _ -> {} // concerns nobody
        }
    }

    private boolean concerns(int osd, Kind kind) {
        return switch (phase) {
            case Phase.WaitRemote p ->
                    p.wish.kind == kind
                            && p.wish.members.indexOf(osd) >= 0
                            && p.wish.members.indexOf(osd) <= p.grantedCount;
            case Phase.Held p -> p.wish.kind == kind && p.wish.members.contains(osd);
            case Phase.Idle _, Phase.WaitLocal _, Phase.TooFull _ -> false;
        };
    }

    /** There may be room again. */
    void retry() {
        if (phase instanceof Phase.TooFull(Wish wish)) {
            ask(wish);
        }
    }

    /** The work is done, or void though the members are the same. */
    void release() {
        switch (phase) {
            case Phase.Idle _ -> {}
            case Phase.WaitLocal _ -> out.giveLocal();
            case Phase.WaitRemote p -> {
                giveRemotes(p.wish, p.grantedCount + 1);
                out.giveLocal();
            }
            case Phase.Held p -> {
                giveRemotes(p.wish, p.wish.members.size());
                out.giveLocal();
            }
            case Phase.TooFull _ -> {}
        }
        phase = new Phase.Idle();
    }

    /** Members changed: each forgets by itself. */
    void reset() {
        if (!isIdle()) {
            out.giveLocal();
        }
        phase = new Phase.Idle();
    }

    private void giveRemotes(Wish wish, int count) {
        wish.members.subList(0, count).forEach(osd -> out.giveRemote(osd, wish.kind));
    }
}
