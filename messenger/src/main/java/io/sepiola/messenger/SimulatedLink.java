package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One end of a link of a {@link SimulatedNetwork}. Owned by the simulation's thread. */
final class SimulatedLink extends PairedLink<SimulatedLink> {
    private final SimulatedNetwork network;
    private long lastArrivalNanos; // of what comes in, so that it stays in order
    private long onTheWay; // bytes to us
    private boolean doomed;
    private final List<Runnable> stalled = new ArrayList<>(); // what would arrive here
    private long stallRound;

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

    /** The end at that host. */
    SimulatedLink endAt(String ip) {
        return ip().equals(ip) ? this : other();
    }

    /** As the host's system ends the link of a process that is gone. */
    void end() {
        if (network.random().nextBoolean()) {
            close(); // what is on its way arrives
        } else {
            breakOff();
        }
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

    /**
     * Runs a task at our end after a random delay, but not before those given earlier; when the way
     * here is blocked, once it is open again.
     */
    private void later(Runnable task) {
        if (!stalled.isEmpty() || network.isBlocked(other().ip(), ip())) {
            stall(task);
            return;
        }
        long now = network.nanos();
        lastArrivalNanos = Math.max(lastArrivalNanos, now + network.delayNanos(other().ip(), ip()));
        network.after(shard, lastArrivalNanos - now, task);
    }

    private void stall(Runnable task) {
        if (stalled.isEmpty()) {
            network.stalls(this);
            SimulatedLink sender = other();
            long round = ++stallRound;
            network.after(
                    sender.shard,
                    SimulatedNetwork.UNACKNOWLEDGED_MAX.toNanos(),
                    () -> {
                        if (!stalled.isEmpty() && round == stallRound) {
                            sender.giveUp();
                        }
                    });
        }
        stalled.add(task);
    }

    /** The way to us is open again: what was held up arrives, as it is sent again. */
    void flow() {
        List<Runnable> all = List.copyOf(stalled);
        stalled.clear();
        all.forEach(this::later);
    }

    /** What we sent is not acknowledged for so long that our side gives the link up. */
    private void giveUp() {
        if (closed) {
            return;
        }
        closed = true;
        network.forget(this);
        other().later(() -> {
            other().ended = true;
            other().deliver();
        });
        Transport.Handler handler = handlerOrNull;
        if (handler != null) {
            handler.closed(Transport.Cause.BROKEN);
        }
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
            boolean whole = network.random().nextBoolean();
            int size = whole ? rest.size() : 1 + network.random().nextInt(rest.size());
            other().arrive(rest.slice(0, size));
            rest = rest.slice(size);
        }
        if (passage.breaks()) {
            doomed = true; // nothing behind the last byte arrives, but that byte does
            other().later(this::breakOff);
        }
        network.wrote(ip());
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
