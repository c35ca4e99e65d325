package io.sepiola.osd.heartbeat;

import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDPing;
import io.sepiola.protocol.osd.PingTimes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Pings the peers on the public (front) and the cluster (back) network and notices who is silent on
 * either for longer than the grace. A peer whose process is gone refuses the connection and is
 * reported at once. Owned by the OSD's shard; the dispatchers hand over to it.
 *
 * <p>Follows Ceph's OSD::heartbeat and its network reference, "OSDs check heartbeats".
 */
public final class Heartbeats {
    /**
     * Ceph pads a ping to about this size, so that a network that loses long packets is noticed.
     */
    private static final int PING_SIZE = 2000;

    /** Ceph's osd_heartbeat_min_healthy_ratio. */
    private static final double HEARD_RATIO_MIN = 0.33;

    /** Hears of peers that fail and of those that come back. Called on the shard. */
    public interface Listener {
        /**
         * A peer is silent.
         *
         * @param immediate its process is gone: nobody listens at its address
         */
        void failed(int osd, EntityAddrVec addrs, boolean immediate, Duration silent);

        /** A peer that was reported is heard of again. */
        void alive(int osd, EntityAddrVec addrs);

        /**
         * A peer still has the map of that epoch, a round after we had a newer one: it may be cut
         * off from the monitors. Told once a round.
         */
        void lags(int osd, int epoch);
    }

    /**
     * Ceph's osd_heartbeat_interval, osd_heartbeat_grace, osd_fast_fail_on_connection_refused,
     * osd_max_markdown_count and osd_max_markdown_period.
     *
     * @param interval the longest pause between two rounds of pings
     * @param grace the silence after which a peer has failed
     * @param fastFail whether a peer whose address refuses has failed at once
     * @param markdownCountMax how often an OSD that lives may be marked down
     * @param markdownPeriod within this time
     */
    public record Options(
            Duration interval,
            Duration grace,
            boolean fastFail,
            int markdownCountMax,
            Duration markdownPeriod) {
        /** Ceph's defaults. */
        public static final Options DEFAULT =
                new Options(
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(20),
                        true,
                        5,
                        Duration.ofSeconds(600));

        /** The same, and never too often marked down. */
        public Options everPatient() {
            return new Options(interval, grace, fastFail, Integer.MAX_VALUE, markdownPeriod);
        }
    }

    /** One of a peer's two networks. */
    private static final class Line {
        private final Connection connection;
        private long heardNanos;
        private boolean answered; // since it was dialled, or doubted

        Line(Connection connection, long nowNanos) {
            this.connection = connection;
            this.heardNanos = nowNanos; // silence counts from the first ping
        }

        void forgive(long nanos, long nowNanos) {
            heardNanos += Math.min(nanos, nowNanos - heardNanos);
        }
    }

    private static final class Peer {
        private final EntityAddrVec addrs;
        private final Line front;
        private final Line back;
        private final long dialledNanos;
        private boolean reported;
        private boolean broken;
        private int dueEpoch; // ours as it answered last

        Peer(EntityAddrVec addrs, Line front, Line back, long nowNanos) {
            this.addrs = addrs;
            this.dialledNanos = nowNanos;
            this.front = front;
            this.back = back;
        }

        /** What one network carries says nothing of the other: both must answer anew. */
        void doubt() {
            front.answered = false;
            back.answered = false;
        }

        boolean answered() {
            return front.answered && back.answered;
        }

        Duration silence(long nowNanos) {
            return Duration.ofNanos(nowNanos - Math.min(front.heardNanos, back.heardNanos));
        }
    }

    private final Shard shard;
    private final RandomGenerator random;
    private final int whoami;
    private final Options options;
    private final Listener listener;
    private final Map<Integer, Peer> peers = new TreeMap<>();
    private final PingStatistics statistics = new PingStatistics();
    private final long startNanos;
    private long dueNanos; // when the next round should be
    private boolean doubted;
    private UUID fsid = UuidCodec.ZERO;
    private @Nullable Messenger front;
    private @Nullable Messenger back;
    private @Nullable OsdMap map;
    private Timers.@Nullable Timer timer;

    /** Does nothing before {@link #start}. */
    public Heartbeats(
            Shard shard, RandomGenerator random, int whoami, Options options, Listener listener) {
        this.shard = shard;
        this.random = random;
        this.whoami = whoami;
        this.options = options;
        this.listener = listener;
        this.startNanos = shard.clock().nanos();
    }

    /** The dispatcher of the messenger on the public network. */
    public Dispatcher frontDispatcher() {
        return new Ear();
    }

    /** The dispatcher of the messenger on the cluster network. */
    public Dispatcher backDispatcher() {
        return new Ear();
    }

    /** Begins to ping; the messengers listen already and use the dispatchers of this. */
    public void start(UUID cluster, Messenger frontMessenger, Messenger backMessenger) {
        shard.own();
        if (front != null) {
            return;
        }
        fsid = cluster;
        front = frontMessenger;
        back = backMessenger;
        dueNanos = shard.clock().nanos();
        round();
    }

    /** Stops pinging; the messengers stay the caller's to close. */
    public void stop() {
        shard.own();
        if (timer != null) {
            timer.cancel();
        }
        front = null;
        back = null;
        peers.clear();
    }

    /**
     * Takes a new map and the OSDs to watch by it: those with whom placement groups are shared.
     * Ones that are down, or are this one, are passed over.
     */
    public void update(OsdMap newMap, Collection<Integer> watched) {
        shard.own();
        map = newMap;
        TreeSet<Integer> wanted = new TreeSet<>();
        for (int osd : watched) {
            if (osd != whoami && newMap.isUp(osd)) {
                wanted.add(osd);
            }
        }
        peers.entrySet()
                .removeIf(entry -> {
                    boolean gone = !wanted.contains(entry.getKey());
                    boolean moved =
                            !gone && !newMap.addrs(entry.getKey()).equals(entry.getValue().addrs);
                    if (gone || moved) {
                        hangUp(entry.getValue());
                    }
                    return gone || moved;
                });
        statistics.retain(wanted);
        if (front == null || back == null) {
            return;
        }
        for (int osd : wanted) {
            if (!peers.containsKey(osd)) {
                Peer peer = call(osd, newMap, front, back);
                peers.put(osd, peer);
                ping(peer);
            }
        }
    }

    /** How long the peers' answers took. */
    public SortedMap<Integer, PingTimes> times() {
        shard.own();
        return statistics.times();
    }

    /** This OSD was marked down: who has pinged it may not have heard it. Asks all of them anew. */
    public void doubt() {
        shard.own();
        doubted = true;
        peers.values()
                .forEach(peer -> {
                    peer.doubt();
                    peer.broken = true;
                });
        peers.entrySet().forEach(this::mend);
        peers.values().forEach(this::ping);
    }

    /**
     * Whether nothing was doubted, or a third of the peers have answered on both networks since.
     */
    public boolean isHeard() {
        shard.own();
        long answered = peers.values().stream().filter(Peer::answered).count();
        doubted &= answered < peers.size() * HEARD_RATIO_MIN;
        return !doubted;
    }

    private Peer call(int osd, OsdMap newMap, Messenger frontEnd, Messenger backEnd) {
        long now = shard.clock().nanos();
        return new Peer(
                newMap.addrs(osd),
                new Line(dial(frontEnd, newMap.heartbeatFrontAddrs(osd)), now),
                new Line(dial(backEnd, newMap.heartbeatBackAddrs(osd)), now),
                now);
    }

    private static Connection dial(Messenger end, EntityAddrVec target) {
        return end.connect(EntityType.OSD, target, Policy.LOSSY);
    }

    private static void hangUp(Peer peer) {
        peer.front.connection.close();
        peer.back.connection.close();
    }

    private void round() {
        long now = shard.clock().nanos();
        forgiveIfAwayOurselves(now);
        for (Map.Entry<Integer, Peer> entry : peers.entrySet()) {
            mend(entry);
            judge(entry.getKey(), entry.getValue(), now);
            ping(entry.getValue());
        }
        // Ceph spreads the rounds so that OSDs which started together do not ping together.
        long spread = options.interval.toMillis() * 10 / 9;
        long pause = Math.max(50, spread / 12 + random.nextLong(Math.max(1, spread * 9 / 10)));
        dueNanos = now + Duration.ofMillis(pause).toNanos();
        timer = shard.timers().after(Duration.ofMillis(pause), this::round);
    }

    /**
     * Who was stopped for a while (a signal, a machine that slept) has heard nobody, and it is
     * nobody's fault: what came meanwhile is still to be read.
     */
    private void forgiveIfAwayOurselves(long now) {
        long late = now - dueNanos;
        if (late <= options.interval.toNanos() / 2) {
            return;
        }
        Mark.hit("heartbeats were late, and no peer was blamed");
        for (Peer peer : peers.values()) {
            peer.front.forgive(late, now);
            peer.back.forgive(late, now);
        }
    }

    private void judge(int osd, Peer peer, long now) {
        Duration silent = peer.silence(now);
        if (silent.compareTo(options.grace) > 0) {
            peer.reported = true;
            peer.doubt();
            // TCP tries less and less often: a new connection finds sooner that the way is free.
            peer.broken |= now - peer.dialledNanos > options.grace.toNanos();
            listener.failed(osd, peer.addrs, false, silent);
        }
    }

    private void ping(Peer peer) {
        send(peer.front);
        send(peer.back);
    }

    private void send(Line line) {
        if (line.connection.isOpen()) {
            line.connection.send(message(MOSDPing.PING, Utime.of(shard.clock().now()), uptime()));
        }
    }

    private MOSDPing message(int op, Utime stamp, Utime pingStamp) {
        OsdMap newest = map;
        return new MOSDPing(
                fsid,
                newest == null ? 0 : newest.epoch(),
                op,
                stamp,
                PING_SIZE,
                newest == null ? 0 : newest.upFrom(whoami),
                pingStamp,
                uptime(),
                Optional.empty());
    }

    private static long nanos(Utime span) {
        return Integer.toUnsignedLong(span.seconds()) * 1_000_000_000 + span.nanos();
    }

    private Utime uptime() {
        long nanos = shard.clock().nanos() - startNanos;
        return new Utime((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
    }

    private void heard(Connection connection, MOSDPing ping) {
        if (!ping.fsid().equals(fsid)) {
            return; // another cluster's: Ceph drops it without a word
        }
        switch (ping.op()) {
            case MOSDPing.PING ->
                    connection.send(message(MOSDPing.PING_REPLY, ping.stamp(), ping.pingStamp()));
            case MOSDPing.PING_REPLY -> answered(connection, ping.pingStamp(), ping.epoch());
            default -> {} // you-died and the like: the map says it too
        }
    }

    private void answered(Connection connection, Utime sent, int epoch) {
        for (Map.Entry<Integer, Peer> entry : peers.entrySet()) {
            Peer peer = entry.getValue();
            Line line =
                    peer.front.connection == connection
                            ? peer.front
                            : peer.back.connection == connection ? peer.back : null;
            if (line == null) {
                continue;
            }
            long now = shard.clock().nanos();
            line.heardNanos = now;
            line.answered = true;
            Duration took = Duration.ofNanos(now - startNanos - nanos(sent));
            statistics.answered(entry.getKey(), line == peer.front, took, now, shard.clock().now());
            if (peer.reported && peer.answered()) {
                peer.reported = false;
                listener.alive(entry.getKey(), peer.addrs);
            }
            if (line == peer.back) {
                compare(entry.getKey(), peer, epoch);
            }
            return;
        }
    }

    private void compare(int osd, Peer peer, int epoch) {
        if (epoch < peer.dueEpoch) {
            listener.lags(osd, epoch);
        }
        peer.dueEpoch = map == null ? 0 : map.epoch();
    }

    /**
     * A line broke. If nobody listens there, the monitors are told now. One that had worked is
     * dialed again at once, so that a process which is gone is noticed now and not a round later;
     * others wait for the next round.
     */
    private void broken(Connection connection, boolean refused) {
        for (Map.Entry<Integer, Peer> entry : peers.entrySet()) {
            Peer peer = entry.getValue();
            if (peer.front.connection != connection && peer.back.connection != connection) {
                continue;
            }
            peer.broken = true;
            if (refused && options.fastFail && !peer.reported) {
                peer.reported = true;
                listener.failed(
                        entry.getKey(), peer.addrs, true, peer.silence(shard.clock().nanos()));
            } else if (!refused && (peer.front.answered || peer.back.answered)) {
                mend(entry);
                ping(entry.getValue());
            }
            return;
        }
    }

    private void mend(Map.Entry<Integer, Peer> entry) {
        Peer peer = entry.getValue();
        if (peer.broken && map != null && front != null && back != null) {
            hangUp(peer);
            Peer again = call(entry.getKey(), map, front, back);
            again.reported = peer.reported;
            again.front.heardNanos = peer.front.heardNanos;
            again.back.heardNanos = peer.back.heardNanos;
            entry.setValue(again);
        }
    }

    private final class Ear implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {
            if (message instanceof MOSDPing ping) {
                shard.execute(() -> heard(connection, ping));
            }
        }

        @Override
        public void reset(Connection connection) {
            shard.execute(() -> broken(connection, false));
        }

        @Override
        public void refused(Connection connection) {
            shard.execute(() -> broken(connection, true));
        }
    }
}
