package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.Connection;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonFollow.Kind;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;

/**
 * A monitor that does not lead: it asks all others again and again who does, and serves behind the
 * one that answers, for as long as the answers come. Owned by the monitor's shard.
 */
final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final Duration ASK_PERIOD = Duration.ofMillis(500);

    /** How long after a question was asked its answer holds (Ceph's mon_lease). */
    static final Duration LEASE = Duration.ofSeconds(5);

    /** Makes what serves. */
    @FunctionalInterface
    interface Maker {
        /** One that follows the leader at the other end of that line from that state on. */
        Follower make(Connection leader, MMonFollow state);
    }

    private final MonitorOptions options;
    private final Shard shard;
    private final MonitorLines lines;
    private final Maker maker;
    private @Nullable Follower followerOrNull;
    private long leasedNanos; // when the last question was asked that has an answer
    private int epochSeen; // nobody follows a leader of an earlier one
    private Timers.@Nullable Timer askingOrNull;

    Following(MonitorOptions options, Shard shard, MonitorLines lines, Maker maker) {
        this.options = options;
        this.shard = shard;
        this.lines = lines;
        this.maker = maker;
    }

    /** This monitor does not lead. */
    void start() {
        ask();
    }

    /**
     * It leads, or is at its end.
     *
     * @param epoch of the election that it won, or 0
     */
    void stop(int epoch) {
        epochSeen = Math.max(epochSeen, epoch);
        Timers.Timer asking = askingOrNull;
        askingOrNull = null;
        if (asking != null) {
            asking.cancel();
        }
        leave();
    }

    private void leave() {
        Follower follower = followerOrNull;
        followerOrNull = null;
        if (follower != null) {
            follower.close();
        }
    }

    private void ask() {
        Follower follower = followerOrNull;
        long now = shard.clock().nanos();
        if (follower != null && now - leasedNanos > LEASE.toNanos()) {
            LOG.warn("the leader has not answered for {}; serving nobody", LEASE);
            leave();
            follower = null;
        }
        List<Session> sessions = follower == null ? List.of() : follower.sessions();
        Bytes self = SelfPortrait.CODEC.toBytes(SelfPortrait.of(options, sessions));
        for (Connection line : lines.open()) {
            int epoch = follower != null && follower.leader() == line ? follower.epoch() : 0;
            line.send(new MMonFollow(Kind.ASK, epoch, now, self));
        }
        askingOrNull = shard.timers().after(ASK_PERIOD, this::ask);
    }

    /** Another monitor said something. */
    void said(Connection line, Message message) {
        Follower follower = followerOrNull;
        if (message instanceof MMonFollow m && m.kind() == Kind.STATE) {
            state(line, m);
        } else if (follower == null || follower.leader() != line) {
            LOG.debug("{} sent {}", line.peerName(), message.getClass().getSimpleName());
        } else if (message instanceof MMonFollow m && m.kind() == Kind.LEASE) {
            if (m.epoch() == follower.epoch() && m.number() != 0) {
                leasedNanos = Math.max(leasedNanos, m.number());
            } else {
                LOG.info("{} has dropped us; following anew", line.peerName());
                leave();
            }
        } else if (!follower.said(message)) {
            LOG.warn("lost a record of {}; following anew", line.peerName());
            leave();
        }
    }

    private void state(Connection line, MMonFollow state) {
        Follower follower = followerOrNull;
        if (state.epoch() < epochSeen
                || follower != null
                        && follower.leader() == line
                        && follower.epoch() == state.epoch()) {
            return; // of one that leads no more; or asked for twice
        }
        leave();
        epochSeen = state.epoch();
        leasedNanos = shard.clock().nanos();
        followerOrNull = maker.make(line, state);
    }

    /** A line is gone. */
    void lost(Connection line) {
        Follower follower = followerOrNull;
        if (follower != null && follower.leader() == line) {
            LOG.info("the line to the leader broke; serving nobody");
            leave();
        }
    }
}
