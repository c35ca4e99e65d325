package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.Connection;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonFollow.Kind;
import io.sepiola.protocol.message.MMonJoin;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A monitor that does not lead: it asks all others again and again who does, and serves behind the
 * one that answers, for as long as the answers come. Owned by the monitor's shard.
 */
final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final Duration ASK_PERIOD = Duration.ofMillis(500);

    /** How long after a question was asked its answer holds (Ceph's mon_lease). */
    static final Duration LEASE = Duration.ofSeconds(5);

    /** As long without a leader, and who ought to dial us may not know us any more. */
    private static final Duration ALONE_MAX = Duration.ofSeconds(10);

    /** Who is not let in yet asks less often: each answer is the whole state. */
    private static final int ROUNDS_AWAY = 3;

    /**
     * What it has to do with.
     *
     * @param maps hears of the monitors' map as the leader tells it
     * @param dialAll whether to dial all other monitors, whoever ought to dial
     */
    record Around(MonitorLines lines, Consumer<MonMap> maps, Consumer<Boolean> dialAll) {}

    /** Makes what serves. */
    @FunctionalInterface
    interface Maker {
        /** One that follows the leader at the other end of that line from that state on. */
        Follower make(Connection leader, MMonFollow state);
    }

    private final MonitorOptions options;
    private final Shard shard;
    private final Around around;
    private final Maker maker;
    private @Nullable Follower followerOrNull;
    private long leasedNanos; // when the last question was asked that has an answer
    private int epochSeen; // nobody follows a leader of an earlier one
    private long aloneSinceNanos;
    private int roundsAway; // to let pass before it asks again
    private int mapSeen; // epoch of the monitors' map
    private Timers.@Nullable Timer askingOrNull;

    Following(MonitorOptions options, Shard shard, Around around, Maker maker) {
        this.options = options;
        this.shard = shard;
        this.around = around;
        this.maker = maker;
    }

    /** This monitor does not lead. */
    void start() {
        aloneSinceNanos = shard.clock().nanos();
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
        if (follower != null) {
            aloneSinceNanos = now;
        }
        around.dialAll.accept(now - aloneSinceNanos > ALONE_MAX.toNanos());
        askingOrNull = shard.timers().after(ASK_PERIOD, this::ask);
        if (roundsAway > 0) {
            roundsAway--;
            return;
        }
        List<Session> sessions = follower == null ? List.of() : follower.sessions();
        Bytes self = SelfPortrait.CODEC.toBytes(SelfPortrait.of(options, sessions));
        for (Connection line : around.lines.open()) {
            int epoch = follower != null && follower.leader() == line ? follower.epoch() : 0;
            line.send(new MMonFollow(Kind.ASK, epoch, now, self));
        }
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
                follower.agrees(m.payload());
            } else {
                LOG.info("{} has dropped us; following anew", line.peerName());
                leave();
            }
        } else if (!follower.said(message)) {
            LOG.warn("lost a record of {}; following anew", line.peerName());
            leave();
        } else if (follower.monMap().epoch() != mapSeen) {
            tell(follower.monMap());
        }
    }

    /** What hears of the map may stop this. */
    private void tell(MonMap map) {
        mapSeen = map.epoch();
        around.maps.accept(map);
    }

    private void state(Connection line, MMonFollow state) {
        Follower before = followerOrNull;
        if (state.epoch() < epochSeen
                || before != null && before.leader() == line && before.epoch() == state.epoch()) {
            return; // of one that leads no more; or asked for twice
        }
        leave();
        leasedNanos = shard.clock().nanos();
        Follower follower = maker.make(line, state);
        MonMap map = follower.monMap();
        if (map.rank(options.name()) >= 0) {
            epochSeen = state.epoch();
            followerOrNull = follower;
        } else {
            follower.close();
            roundsAway = ROUNDS_AWAY;
            line.send(new MMonJoin(map.fsid(), options.name(), EntityAddrVec.of(options.addr())));
        }
        tell(map);
    }

    /** Who serves; nothing while it follows nobody. */
    Optional<Follower> follower() {
        return Optional.ofNullable(followerOrNull);
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
