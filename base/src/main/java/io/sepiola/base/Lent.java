package io.sepiola.base;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory outside the heap that its owner lends for one use, so that what a disk has put there goes
 * to a socket without being copied. {@link Bytes} may lie in it.
 *
 * <p>Whoever uses it last gives it back: each one that is going to be done with it at a known
 * moment retains it before, and releases it then; with the last release it goes back to the owner,
 * and every later use throws. Users who never retained it leave it to the garbage collector, which
 * gives it back when nothing refers to it any more: forgetting costs memory for a while, never
 * safety. Any thread may use it.
 */
public final class Lent {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int GONE = -1;

    private final ByteBuffer memory;
    private final Cleaner.Cleanable owner;
    private final AtomicInteger users = new AtomicInteger();
    private final int summedSize;
    private final int sum;

    /**
     * Lends memory.
     *
     * @param memory all of the buffer, whatever its position; nobody writes to it until it is back
     * @param giveBack run once, on any thread, when it is; must not refer to this
     */
    public Lent(ByteBuffer memory, Runnable giveBack) {
        this(memory, giveBack, 0, -1);
    }

    /**
     * Lends memory of whose first bytes the checksum is known: they are not summed up again.
     *
     * @param summedSize how many bytes
     * @param sum their {@link Crc32c} from ffffffff
     */
    public Lent(ByteBuffer memory, Runnable giveBack, int summedSize, int sum) {
        this.memory = memory.duplicate().clear();
        this.summedSize = summedSize;
        this.sum = sum;
        this.owner = CLEANER.register(this, giveBack);
    }

    /** In bytes. */
    public int size() {
        return memory.capacity();
    }

    /** Stays lent until there are as many calls of {@link #release} as there were of this. */
    public void retain() {
        users.updateAndGet(count -> {
            check(count);
            return count + 1;
        });
    }

    /** Ends what {@link #retain} began. */
    public void release() {
        int left =
                users.updateAndGet(count -> {
                    Invariant.that(
                            count > 0, "lent memory is released by one who did not retain it");
                    return count == 1 ? GONE : count - 1;
                });
        if (left == GONE) {
            owner.clean();
        }
    }

    private static void check(int users) {
        Invariant.that(users != GONE, "lent memory is used after it went back");
    }

    /**
     * A view of a part, for one who has retained the memory, and only until the release.
     *
     * @param offset in bytes
     * @param length in bytes
     */
    public ByteBuffer view(int offset, int length) {
        Invariant.that(users.get() > 0, "lent memory is shown to one who did not retain it");
        return memory.slice(offset, length);
    }

    byte at(int index) {
        check(users.get());
        try {
            return memory.get(index);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    void copyTo(int offset, byte[] target, int targetOffset, int length) {
        check(users.get());
        try {
            memory.get(offset, target, targetOffset, length);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    int crc32c(int seed, int offset, int length) {
        check(users.get());
        Objects.checkFromIndexSize(offset, length, memory.capacity());
        if (offset == 0 && length == summedSize) {
            return Crc32c.joined(seed, sum, length);
        }
        try {
            return Crc32c.of(seed, memory.slice(offset, length));
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
