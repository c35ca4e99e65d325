package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;

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
final class InProcessLink extends PairedLink<InProcessLink> {
    /** Stands in the mailbox for the end of the stream. */
    private static final Bytes END = Bytes.of(new byte[1]);

    private final Queue<Bytes> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wakened = new AtomicBoolean();
    private final AtomicLong waitingBytes = new AtomicLong(); // in the mailbox or the inbox

    InProcessLink(Shard shard, InetSocketAddress local, InetSocketAddress remote) {
        super(shard, local, remote);
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

    @Override
    void deliver() {
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
