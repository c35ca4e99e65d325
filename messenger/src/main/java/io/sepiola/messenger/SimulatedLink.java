package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/** One end of a link of a {@link SimulatedNetwork}. Owned by the simulation's thread. */
final class SimulatedLink implements Transport.Link {
    private final SimulatedNetwork network;
    private final Shard shard;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private @Nullable SimulatedLink otherOrNull;
    private Transport.@Nullable Handler handlerOrNull;
    private final ByteQueue inbox = new ByteQueue();
    private long lastArrivalNanos; // of what comes in, so that it stays in order
    private long onTheWay; // bytes to us
    private boolean readable = true;
    private boolean ended;
    private boolean closed;
    private boolean doomed;

    SimulatedLink(
            SimulatedNetwork network,
            Shard shard,
            InetSocketAddress local,
            InetSocketAddress remote) {
        this.network = network;
        this.shard = shard;
        this.local = local;
        this.remote = remote;
    }

    void join(SimulatedLink other) {
        otherOrNull = other;
        other.otherOrNull = this;
    }

    private SimulatedLink other() {
        SimulatedLink other = otherOrNull;
        if (other == null) {
            throw Invariant.broken("a link with one end");
        }
        return other;
    }

    private String ip() {
        return local.getAddress().getHostAddress();
    }

    boolean isOf(String ip) {
        return ip().equals(ip) || other().ip().equals(ip);
    }

    boolean isBetween(String one, String two) {
        return ip().equals(one) && other().ip().equals(two)
                || ip().equals(two) && other().ip().equals(one);
    }

    void open(Supplier<Transport.Handler> handler) {
        later(() -> {
            Transport.Handler made = handler.get();
            if (closed) {
                made.closed(Transport.Cause.BROKEN);
                return;
            }
            handlerOrNull = made;
            made.opened(this);
            deliver();
        });
    }

    /** Runs a task at our end after a random delay, but not before those given earlier. */
    private void later(Runnable task) {
        long now = shard.clock().nanos();
        lastArrivalNanos = Math.max(lastArrivalNanos, now + network.delayNanos());
        shard.timers().after(Duration.ofNanos(lastArrivalNanos - now), task);
    }

    /** Both ends see the link break; what is on its way is lost. */
    void breakOff() {
        breakEnd();
        other().breakEnd();
    }

    private void breakEnd() {
        network.forget(this);
        boolean known = closed;
        closed = true;
        Transport.Handler handler = handlerOrNull;
        if (!known && handler != null) {
            later(() -> handler.closed(Transport.Cause.BROKEN));
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
        if (closed || doomed) {
            return;
        }
        SimulatedNetwork.Passage passage = network.passage(ip(), other().ip(), bytes.size());
        Bytes rest = bytes.slice(0, passage.bytes());
        while (!rest.isEmpty()) {
            int size = 1 + network.random().nextInt(rest.size());
            other().arrive(rest.slice(0, size));
            rest = rest.slice(size);
        }
        if (passage.breaks()) {
            doomed = true; // nothing behind the last byte arrives, but that byte does
            other().later(this::breakOff);
        }
    }

    private void arrive(Bytes bytes) {
        onTheWay += bytes.size();
        later(() -> {
            onTheWay -= bytes.size();
            network.trace(remote, local, bytes);
            inbox.add(bytes);
            deliver();
        });
    }

    private void deliver() {
        Transport.Handler handler = handlerOrNull;
        if (handler == null || closed || !readable) {
            return;
        }
        if (inbox.available() > 0) {
            handler.received(inbox);
        }
        if (ended && !closed) {
            closed = true;
            network.forget(this);
            handler.closed(Transport.Cause.BROKEN);
        }
    }

    @Override
    public long queuedBytes() {
        return other().onTheWay + other().inbox.available();
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
        network.forget(this);
        SimulatedLink other = other();
        other.later(() -> {
            other.ended = true;
            other.deliver();
        });
        Transport.Handler handler = handlerOrNull;
        if (handler != null) {
            shard.execute(() -> handler.closed(Transport.Cause.CLOSED));
        }
    }
}
