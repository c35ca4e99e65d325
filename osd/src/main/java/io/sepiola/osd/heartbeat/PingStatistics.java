package io.sepiola.osd.heartbeat;

import io.sepiola.protocol.osd.PingTimes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long the peers' answers took, by minutes, for the manager to find slow networks. Only minutes
 * that are over count, as with Ceph. Owned by the OSD's shard.
 */
final class PingStatistics {
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int[] SPANS = {1, 5, 15}; // minutes
    private static final int MINUTES_MAX = 15;

    /** In microseconds. */
    private record Minute(long average, long least, long most) {}

    /** Answers of one peer on one network. */
    private static final class Trips {
        private final ArrayDeque<Minute> minutes = new ArrayDeque<>(); // the newest first
        private long count;
        private long sum;
        private long least;
        private long most;
        private long last;

        void add(long micros) {
            least = count == 0 ? micros : Math.min(least, micros);
            most = count == 0 ? micros : Math.max(most, micros);
            count++;
            sum += micros;
            last = micros;
        }

        void endMinute() {
            if (count > 0) {
                minutes.addFirst(new Minute(sum / count, least, most));
                count = 0;
                sum = 0;
            }
            if (minutes.size() > MINUTES_MAX) {
                minutes.removeLast();
            }
        }

        PingTimes.Network times() {
            int[] averages = new int[SPANS.length];
            int[] leasts = new int[SPANS.length];
            int[] mosts = new int[SPANS.length];
            for (int i = 0; i < SPANS.length; i++) {
                var span = minutes.stream().limit(SPANS[i]).toList();
                averages[i] = (int) span.stream().mapToLong(Minute::average).average().orElse(0);
                leasts[i] = (int) span.stream().mapToLong(Minute::least).min().orElse(0);
                mosts[i] = (int) span.stream().mapToLong(Minute::most).max().orElse(0);
            }
            return new PingTimes.Network(averages, leasts, mosts, (int) last);
        }
    }

    private static final class Peer {
        private final Trips back = new Trips();
        private final Trips front = new Trips();
        private long begunNanos;
        private Instant updated = Instant.EPOCH;

        Peer(long nowNanos) {
            begunNanos = nowNanos;
        }
    }

    private final SortedMap<Integer, Peer> peers = new TreeMap<>();

    /** Forgets all but these. */
    void retain(Collection<Integer> osds) {
        peers.keySet().retainAll(osds);
    }

    /** A peer has answered on one of the two networks. */
    void answered(int osd, boolean onFront, Duration took, long nowNanos, Instant now) {
        Peer peer = peers.computeIfAbsent(osd, added -> new Peer(nowNanos));
        long micros = Math.clamp(took.toNanos() / 1000, 1, Integer.MAX_VALUE);
        (onFront ? peer.front : peer.back).add(micros);
        if (nowNanos - peer.begunNanos >= MINUTE_NANOS) {
            peer.back.endMinute();
            peer.front.endMinute();
            peer.begunNanos = nowNanos;
            peer.updated = now;
        }
    }

    /** Of those of whom there is a minute at least. */
    SortedMap<Integer, PingTimes> times() {
        SortedMap<Integer, PingTimes> times = new TreeMap<>();
        peers.forEach((osd, peer) -> {
            if (peer.updated.isAfter(Instant.EPOCH)) {
                int seconds = (int) peer.updated.getEpochSecond();
                times.put(osd, PingTimes.of(seconds, peer.back.times(), peer.front.times()));
            }
        });
        return times;
    }
}
