package io.sepiola.messenger;

import io.sepiola.base.Shard;

import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Carries bytes between the daemons of one process by reference, and all else over another
 * transport: a listener is reached both ways. May be shared.
 */
public final class InProcessTransport implements Transport {
    private static final int PORT_COUNT = 65535;

    private record Door(Shard shard, Acceptor acceptor) {}

    private final Transport outside;
    private final ConcurrentMap<InetSocketAddress, Door> doors = new ConcurrentHashMap<>();
    private final AtomicInteger ports = new AtomicInteger();

    /** Over {@code outside}, for whoever is not in this process; its shards are ours. */
    public InProcessTransport(Transport outside) {
        this.outside = outside;
    }

    @Override
    public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
        Listener listener = outside.listen(at, shard, acceptor);
        InetSocketAddress address = listener.address();
        Door door = new Door(shard, acceptor);
        doors.put(address, door);
        return new Listener() {
            @Override
            public InetSocketAddress address() {
                return address;
            }

            @Override
            public void close() {
                doors.remove(address, door);
                listener.close();
            }
        };
    }

    @Override
    public void connect(InetSocketAddress to, Shard shard, Handler handler) {
        Door door = doors.get(to);
        if (door == null) {
            outside.connect(to, shard, handler);
            return;
        }
        int port = 1 + Math.floorMod(ports.getAndIncrement(), PORT_COUNT);
        InetSocketAddress from = new InetSocketAddress(to.getAddress(), port);
        InProcessLink near = new InProcessLink(shard, from, to);
        InProcessLink far = new InProcessLink(door.shard, to, from);
        PairedLink.join(near, far);
        far.open(() -> door.acceptor.accept(from));
        near.open(() -> handler);
    }

    @Override
    public void close() {
        doors.clear();
        outside.close();
    }
}
