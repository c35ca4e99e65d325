package io.sepiola.messenger;

import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/**
 * One of the two ends of a link that no operating system carries. Owned by its shard.
 *
 * @param <L> the kind of both ends
 */
abstract class PairedLink<L extends PairedLink<L>> implements Transport.Link {
    final Shard shard;
    final InetSocketAddress local;
    final InetSocketAddress remote;
    final ByteQueue inbox = new ByteQueue();
    private @Nullable L otherOrNull;
    Transport.@Nullable Handler handlerOrNull;
    boolean readable = true;
    boolean ended; // the other end has closed
    boolean closed;

    PairedLink(Shard shard, InetSocketAddress local, InetSocketAddress remote) {
        this.shard = shard;
        this.local = local;
        this.remote = remote;
    }

    /** Makes two ends each other's. */
    static <L extends PairedLink<L>> void join(L one, L another) {
        one.pairWith(another);
        another.pairWith(one);
    }

    final void pairWith(L other) {
        otherOrNull = other;
    }

    final L other() {
        L other = otherOrNull;
        if (other == null) {
            throw Invariant.broken("a link with one end");
        }
        return other;
    }

    /** Hands over what has come, and then the end, unless the handler wants to wait. */
    abstract void deliver();

    @Override
    public final Shard shard() {
        return shard;
    }

    @Override
    public final InetSocketAddress remote() {
        return remote;
    }

    @Override
    public final InetSocketAddress local() {
        return local;
    }

    @Override
    public final void readable(boolean wanted) {
        readable = wanted;
        if (wanted) {
            shard.execute(this::deliver);
        }
    }
}
