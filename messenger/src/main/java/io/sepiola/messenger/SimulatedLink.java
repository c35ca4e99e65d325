package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/** One end of a link of a {@link SimulatedNetwork}. Owned by the simulation's thread. */
final class SimulatedLink extends PairedLink<SimulatedLink> {
    private final SimulatedNetwork network;
    private long lastArrivalNanos; // of what comes in, so that it stays in order
    private long onTheWay; // bytes to us
    private boolean doomed;

    SimulatedLink(
            SimulatedNetwork network,
            Shard shard,
            InetSocketAddress local,
            InetSocketAddress remote) {
        super(shard, local, remote);
        this.network = network;
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
    public void write(Bytes bytes) {
        if (closed || doomed) {
            return;
        }
        SimulatedNetwork.Passage passage = network.passage(ip(), other().ip(), bytes.size());
        Bytes rest = bytes.settle().slice(0, passage.bytes()); // as a socket takes them
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

    @Override
    void deliver() {
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
