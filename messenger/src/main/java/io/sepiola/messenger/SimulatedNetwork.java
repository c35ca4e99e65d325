package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Message;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A network within a simulation. Bytes arrive after a random delay, cut at random places, in order
 * within a link and in no order between links. Links break, hosts die, and pairs of hosts are cut
 * off from each other when told. All chance comes from the simulation's seed. Owned by the
 * simulation's thread.
 */
public final class SimulatedNetwork {
    private static final Duration DELAY_MAX_DEFAULT = Duration.ofMillis(2);
    private static final int FIRST_PORT = 32768;

    /** How long a blocked way may leave bytes unacknowledged before their sender gives up. */
    static final Duration UNACKNOWLEDGED_MAX = Duration.ofSeconds(8);

    private static final Duration DIAL_MAX = Duration.ofSeconds(3);

    private record Door(SimulatedHost host, Shard shard, Transport.Acceptor acceptor) {}

    private record Pair(String from, String to) {}

    private final Simulation simulation;
    private final RandomGenerator random;
    private final List<Witness> witnesses = new ArrayList<>();
    private final Map<String, SimulatedHost> hosts = new TreeMap<>();
    private final Map<InetSocketAddress, Door> doors = new HashMap<>(); // looked up, never iterated
    private final Set<SimulatedLink> links = new LinkedHashSet<>();
    private final Set<Pair> cut = new LinkedHashSet<>();
    private final Set<Pair> blocked = new HashSet<>(); // looked up, never iterated
    private final Set<SimulatedLink> stalled = new LinkedHashSet<>();
    private final Map<Pair, Long> slow = new HashMap<>(); // looked up, never iterated
    private final Map<String, Runnable> writers = new HashMap<>(); // looked up, never iterated
    private final Map<Pair, Long> breaks = new HashMap<>(); // looked up, never iterated
    private long delayNanosMax = DELAY_MAX_DEFAULT.toNanos();
    private int nextPort = FIRST_PORT;
    private long linkCount;

    /** A network without hosts. */
    public SimulatedNetwork(Simulation simulation) {
        this.simulation = simulation;
        this.random = simulation.random();
    }

    /** Sees every message that arrives. */
    @FunctionalInterface
    public interface Witness {
        /** A messenger hands it up. */
        void delivered(EntityName to, EntityName from, Message message);
    }

    /** Shows every further message. */
    public void onMessage(Witness witness) {
        witnesses.add(witness);
    }

    /** The transport of the daemons at one IP address, made when first asked for. */
    public Transport host(String ip) {
        return hosts.computeIfAbsent(ip, SimulatedHost::new);
    }

    /** The longest time that bytes take. */
    public void delayMax(Duration delay) {
        delayNanosMax = delay.toNanos();
    }

    /** Links dialled so far. */
    public long linkCount() {
        return linkCount;
    }

    /** Links that are open. */
    public int openLinks() {
        return links.size();
    }

    /** Breaks every link between the two hosts; new ones may be dialled at once. */
    public void breakLinks(String one, String other) {
        for (SimulatedLink link : List.copyOf(links)) {
            if (link.isBetween(one, other)) {
                link.breakOff();
            }
        }
    }

    /** Breaks one open link, chosen by chance, if there is any. */
    public void breakAny() {
        if (!links.isEmpty()) {
            new ArrayList<>(links).get(random.nextInt(links.size())).breakOff();
        }
    }

    /**
     * Breaks the link on which the {@code bytes}-th byte from now goes from one host to the other,
     * right after that byte; nothing behind it arrives.
     */
    public void breakAfter(String from, String to, long bytes) {
        breaks.put(new Pair(from, to), bytes);
    }

    /**
     * From now on no dialling succeeds between the two hosts, and every link between them is
     * broken.
     */
    public void partition(String one, String other) {
        cut.add(new Pair(one, other));
        cut.add(new Pair(other, one));
        breakLinks(one, other);
    }

    /** Whether what one host sends reaches the other at present. */
    public boolean isOpen(String from, String to) {
        Pair pair = new Pair(from, to);
        return !blocked.contains(pair) && !cut.contains(pair);
    }

    /** Ends a {@link #partition}. */
    public void heal(String one, String other) {
        cut.remove(new Pair(one, other));
        cut.remove(new Pair(other, one));
    }

    /**
     * From now on nothing goes from one host to the other, and neither notices at once: bytes wait,
     * and whoever sent them gives the link up after a while, as does who dials.
     */
    public void block(String from, String to) {
        blocked.add(new Pair(from, to));
    }

    /** Ends a {@link #block}: what waited arrives. */
    public void unblock(String from, String to) {
        if (blocked.remove(new Pair(from, to))) {
            List<SimulatedLink> all = List.copyOf(stalled);
            stalled.clear();
            all.forEach(SimulatedLink::flow);
        }
    }

    /** Bytes from one host to the other take up to so much longer; zero for no longer. */
    public void slow(String from, String to, Duration more) {
        slow.put(new Pair(from, to), more.toNanos());
    }

    /** Runs {@code hook} after each piece that the host hands to its system for sending. */
    public void onWrite(String ip, Runnable hook) {
        writers.put(ip, hook);
    }

    /**
     * As when the host's processes are killed: listeners and links are gone. What was on its way
     * arrives or does not.
     */
    public void kill(String ip) {
        doors.values().removeIf(door -> door.host.ip.equals(ip));
        for (SimulatedLink link : List.copyOf(links)) {
            if (link.isOf(ip)) {
                link.endAt(ip).end();
            }
        }
    }

    long delayNanos() {
        return delayNanosMax == 0 ? 0 : random.nextLong(delayNanosMax);
    }

    long delayNanos(String from, String to) {
        long more = slow.isEmpty() ? 0 : slow.getOrDefault(new Pair(from, to), 0L);
        return delayNanos() + (more == 0 ? 0 : random.nextLong(more));
    }

    boolean isBlocked(String from, String to) {
        return !blocked.isEmpty() && blocked.contains(new Pair(from, to));
    }

    void stalls(SimulatedLink link) {
        stalled.add(link);
    }

    void wrote(String ip) {
        Runnable hook = writers.get(ip);
        if (hook != null) {
            hook.run();
        }
    }

    /** The true time. */
    long nanos() {
        return simulation.clock().nanos();
    }

    /** By the true time, whatever the host's clock shows. */
    void after(Shard shard, long delayNanos, Runnable task) {
        if (shard instanceof Simulation.SimulatedShard simulated) {
            simulated.at(delayNanos, task);
        } else {
            shard.timers().after(Duration.ofNanos(delayNanos), task);
        }
    }

    RandomGenerator random() {
        return random;
    }

    /** How many of some bytes still go through, and whether the link then breaks. */
    record Passage(int bytes, boolean breaks) {}

    Passage passage(String from, String to, int size) {
        if (breaks.isEmpty()) {
            return new Passage(size, false);
        }
        Pair pair = new Pair(from, to);
        Long left = breaks.get(pair);
        if (left == null) {
            return new Passage(size, false);
        }
        if (left > size) {
            breaks.put(pair, left - size);
            return new Passage(size, false);
        }
        breaks.remove(pair);
        return new Passage(left.intValue(), true);
    }

    /** Puts bytes that arrive into the simulation's trace, by their checksum. */
    void trace(InetSocketAddress from, InetSocketAddress to, Bytes bytes) {
        int digest = bytes.crc32c(from.getPort() << 16 | to.getPort());
        simulation.trace(
                bytes.size(),
                digest,
                () -> from + ">" + to + " " + bytes.size() + " " + Integer.toHexString(digest));
    }

    void forget(SimulatedLink link) {
        links.remove(link);
    }

    private final class SimulatedHost implements Transport {
        private final String ip;
        private final InetAddress address;

        SimulatedHost(String ip) {
            this.ip = ip;
            this.address = InetAddress.ofLiteral(ip);
        }

        @Override
        public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
            int port = at.getPort() == 0 ? nextPort++ : at.getPort();
            InetSocketAddress real = new InetSocketAddress(address, port);
            Door door = new Door(this, shard, acceptor);
            if (doors.putIfAbsent(real, door) != null) {
                throw new MessengerException(
                        "cannot listen on " + real, new IOException("address in use"));
            }
            return new Listener() {
                @Override
                public InetSocketAddress address() {
                    return real;
                }

                @Override
                public void close() {
                    doors.remove(real, door);
                }
            };
        }

        @Override
        public void connect(InetSocketAddress to, Shard shard, Handler handler) {
            linkCount++;
            InetSocketAddress from = new InetSocketAddress(address, nextPort++);
            after(shard, 2 * delayNanos(), () -> arrive(from, to, shard, handler));
        }

        private void arrive(
                InetSocketAddress from, InetSocketAddress to, Shard shard, Handler handler) {
            Door door = doors.get(to);
            String target = to.getAddress().getHostAddress();
            if (isBlocked(ip, target) || isBlocked(target, ip)) {
                after(shard, DIAL_MAX.toNanos(), () -> handler.closed(Cause.BROKEN));
            } else if (cut.contains(new Pair(ip, target))) {
                handler.closed(Cause.BROKEN);
            } else if (door == null) {
                handler.closed(Cause.REFUSED);
            } else {
                SimulatedLink near = new SimulatedLink(SimulatedNetwork.this, shard, from, to);
                SimulatedLink far = new SimulatedLink(SimulatedNetwork.this, door.shard, to, from);
                PairedLink.join(near, far);
                links.add(near);
                far.open(() -> door.acceptor.accept(from));
                near.open(() -> handler);
            }
        }

        @Override
        public void delivered(EntityName to, EntityName from, Message message) {
            witnesses.forEach(witness -> witness.delivered(to, from, message));
        }

        @Override
        public void close() {
            kill(ip);
        }
    }
}
