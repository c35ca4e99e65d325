package io.sepiola.osd.pg;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Bounds how many objects are recovered or backfilled at once, over all groups of one shard, and
 * with it the memory that their data take. First come, first served.
 *
 * <p>While clients are served, data move in portions of {@link #PORTION_SIZE}, a part of a large
 * object or many small ones, and after each portion the disk and the network rest for {@link #REST}
 * times as long as one of its objects took: a client's request seldom meets a large one, and never
 * a row of them; small ones are no more to it than other clients' requests. On a slow or busy disk
 * a rest is long: nothing is to be tuned. An object that a client waits for does not rest. Owned by
 * the shard.
 */
public final class RecoverySlots {
    /** How many times as long as the way of an object, or part of one, the rest after it is. */
    static final int REST = 1;

    /** Bytes that are moved between two rests. */
    static final int PORTION_SIZE = 1 << 20;

    /** What an object counts for in a portion beside its bytes. */
    static final int OBJECT_SIZE = 4096;

    /** The longest rest: a portion that took longer was held up by something else. */
    static final Duration REST_MAX = Duration.ofSeconds(1);

    /** Nobody is called sooner: a clock that goes slowly may not have reached the end by then. */
    private static final long CALL_NANOS_MIN = 1_000_000;

    /** Clients are served until none was heard for so long. */
    static final Duration CLIENTS = Duration.ofSeconds(1);

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private final ArrayDeque<Runnable> waitingAtOnce = new ArrayDeque<>();
    private final int count;
    private final Shard shard;
    private int free;
    private boolean clientsCame;
    private long clientNanos;
    private long portionNanos;
    private long portionBytes;
    private int portionCount; // of objects
    private long restEndNanos;
    private boolean timed;
    private long startedCount;
    private long movedBytes;

    /** With {@code count} slots, for groups of that shard. */
    public RecoverySlots(int count, Shard shard) {
        this.count = count;
        this.shard = shard;
        this.free = count;
    }

    /** A client's request has come, or a part of one from another OSD. */
    void clientCame() {
        clientsCame = true;
        clientNanos = shard.clock().nanos();
    }

    private boolean servesClients(long nanos) {
        return clientsCame && nanos - clientNanos < CLIENTS.toNanos();
    }

    /** Bytes of an object to be moved at once, of {@code most}. */
    int partSize(int most) {
        return servesClients(shard.clock().nanos()) ? Math.min(PORTION_SIZE, most) : most;
    }

    private boolean rests(long nanos) {
        boolean full = portionBytes >= PORTION_SIZE;
        return servesClients(nanos) && (full || nanos < restEndNanos);
    }

    /** Takes a slot if there is one; otherwise {@code retry} is called once, when one is free. */
    boolean take(Runnable retry) {
        long nanos = shard.clock().nanos();
        if (free > 0 && !rests(nanos)) {
            taken(nanos);
            return true;
        }
        waiting.addLast(retry);
        awaitEndOfRest(nanos);
        return false;
    }

    /** The same for an object that a client waits for. */
    boolean takeAtOnce(Runnable retry) {
        if (free > 0) {
            taken(shard.clock().nanos());
            return true;
        }
        waitingAtOnce.addLast(retry);
        return false;
    }

    private void taken(long nanos) {
        if (free == count) {
            portionNanos = nanos;
        }
        free--;
        portionBytes += OBJECT_SIZE;
        portionCount++;
        startedCount++;
    }

    /** Objects whose recovery has begun since the start. */
    public long startedCount() {
        return startedCount;
    }

    /** Bytes moved since the start. */
    public long movedBytes() {
        return movedBytes;
    }

    /** So much of an object is on its way. */
    void moves(int bytes) {
        movedBytes += bytes;
        portionBytes += bytes;
    }

    /** Gives a slot back. */
    void give() {
        Invariant.that(free < count, "more than %s slots given back", count);
        free++;
        long nanos = shard.clock().nanos();
        if (free == count) {
            restEndNanos = nanos + rest(nanos);
            portionBytes = 0;
            portionCount = 0;
        }
        awaitEndOfRest(nanos);
        if (!waitingAtOnce.isEmpty() || !rests(nanos)) {
            pass();
        }
    }

    /** How long to rest after what was moved since the last time. */
    private long rest(long nanos) {
        double whole = Math.min(1, (double) portionBytes / PORTION_SIZE);
        int rows = Math.max(1, portionCount / count); // as many as there are slots, side by side
        long took = Math.max(0, nanos - portionNanos) / rows;
        return Math.min((long) (REST * took * whole), REST_MAX.toNanos());
    }

    /** A rest between two parts of an object. */
    static final class Pause {
        private @Nullable Runnable next;

        private Pause(Runnable next) {
            this.next = next;
        }

        boolean isOver() {
            return next == null;
        }

        /** Goes on, unless that has been done. */
        void end() {
            Runnable part = next;
            next = null;
            if (part != null) {
                part.run();
            }
        }
    }

    /**
     * Part of an object was moved: the next one is, after a rest. Its slot stays taken.
     *
     * @param awaited whether a client waits for the object
     * @param next called once, perhaps at once
     */
    Pause pause(boolean awaited, Runnable next) {
        long nanos = shard.clock().nanos();
        Pause pause =
                new Pause(() -> {
                    portionNanos = shard.clock().nanos();
                    portionBytes = 0;
                    portionCount = 0;
                    next.run();
                });
        if (awaited || !servesClients(nanos)) {
            pause.end();
        } else {
            shard.timers().after(Duration.ofNanos(rest(nanos)), pause::end);
        }
        return pause;
    }

    /** Who waits is called when the rest is over; before that, a slot given back calls nobody. */
    private void awaitEndOfRest(long nanos) {
        if (timed || waiting.isEmpty() || nanos >= restEndNanos || !servesClients(nanos)) {
            return;
        }
        timed = true;
        shard.timers()
                .after(
                        Duration.ofNanos(Math.max(restEndNanos - nanos, CALL_NANOS_MIN)),
                        () -> {
                            timed = false;
                            long now = shard.clock().nanos();
                            if (rests(now)) {
                                awaitEndOfRest(now); // another object was moved meanwhile
                            } else {
                                Mark.hit("recovery goes on after a rest");
                                pass();
                            }
                        });
    }

    /** Who was called does not want a slot any more: the next one is called. */
    void pass() {
        Runnable next = waitingAtOnce.pollFirst();
        next = next == null ? waiting.pollFirst() : next;
        if (next != null) {
            next.run();
        }
    }

    /** Gives several back. */
    void give(int slots) {
        Invariant.that(slots >= 0, "%s slots given back", slots);
        for (int i = 0; i < slots; i++) {
            give();
        }
    }
}
