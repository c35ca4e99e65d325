package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * One end of a link within the process. The ends may live on different shards: what one writes goes
 * into the other's mailbox, which the other empties in one task. Owned by its shard, but for the
 * mailbox.
 */
final class InProcessLink implements Transport.Link {
    /** Stands in the mailbox for the end of the stream. */
    private static final Bytes END = Bytes.of(new byte[1]);

    private final Shard shard;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Queue<Bytes> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakened = new AtomicBoolean();
    private final AtomicLong waitingBytes = new AtomicLong(); // in the mailbox or the inbox
    private @Nullable InProcessLink otherOrNull;

    // What follows is the shard's.
    private final ByteQueue inbox = new ByteQueue();
    private Transport.@Nullable Handler handlerOrNull;
    private boolean readable = true;
    private boolean ended; // the other end has closed
    private boolean closed;

    InProcessLink(Shard shard, InetSocketAddress local, InetSocketAddress remote) {
        this.shard = shard;
        this.local = local;
        this.remote = remote;
    }

    void join(InProcessLink other) {
        otherOrNull = other;
        other.otherOrNull = this;
    }

    private InProcessLink other() {
        InProcessLink other = otherOrNull;
        if (other == null) {
            throw Invariant.broken("a link with one end");
        }
        return other;
    }

    void open(Supplier<Transport.Handler> handler) {
        shard.execute(() -> {
            Transport.Handler made = handler.get();
            handlerOrNull = made;
            made.opened(this);
            drain();
        });
    }

    private void put(Bytes bytes) {
        waitingBytes.addAndGet(bytes.size());
        mailbox.add(bytes);
        if (wakened.compareAndSet(false, true)) {
            shard.execute(this::drain);
        }
    }

    private void drain() {
        wakened.set(false); // before the mailbox is looked into: what comes later wakens again
        if (handlerOrNull == null) {
            return; // opening drains too
        }
        for (Bytes bytes = mailbox.poll(); bytes != null; bytes = mailbox.poll()) {
            if (bytes == END) {
                ended = true;
            } else {
                inbox.add(bytes);
            }
        }
        deliver();
    }

    private void deliver() {
        Transport.Handler handler = handlerOrNull;
        if (handler == null || closed || !readable) {
            return;
        }
        int before = inbox.available();
        if (before > 0) {
            handler.received(inbox);
            waitingBytes.addAndGet(inbox.available() - (long) before);
        }
        if (ended && !closed) {
            closed = true;
            handler.closed(Transport.Cause.BROKEN);
        }
    }

    @Override
    public Shard shard() {
        return shard;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public void write(Bytes bytes) {
        if (!closed && !bytes.isEmpty()) {
            other().put(bytes);
        }
    }

    @Override
    public long queuedBytes() {
        return other().waitingBytes.get();
    }

    @Override
    public void readable(boolean wanted) {
        readable = wanted;
        if (wanted) {
            shard.execute(this::deliver);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        other().put(END);
        shard.execute(() -> {
            Transport.Handler handler = handlerOrNull;
            if (handler != null) {
                handler.closed(Transport.Cause.CLOSED);
            }
        });
    }
}
