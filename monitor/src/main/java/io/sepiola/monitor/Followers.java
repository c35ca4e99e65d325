package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.messenger.Connection;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MForward;
import io.sepiola.protocol.message.MMonFollow;
import io.sepiola.protocol.message.MMonFollow.Kind;
import io.sepiola.protocol.message.MMonJoin;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MRoute;
import io.sepiola.protocol.message.MServiceMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The leader's side of serving by every monitor: who follows is sent the state, then every record
 * as it is agreed, and hands over what its clients say.
 *
 * <p>Records and answers go over one line in order. So an answer comes to a follower behind the
 * record that it rests on, and whoever got it there finds the change there.
 *
 * <p>Owned by the monitor's shard; called only while the monitor's lease is not in doubt.
 */
final class Followers {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);

    private static final Duration SILENCE_MAX = Following.LEASE.dividedBy(2);

    private final Monitor monitor;

    /** A monitor that follows, as of its last question. */
    private record Follows(Instant asked, SelfPortrait self) {}

    private final Map<Connection, Follows> asked = new LinkedHashMap<>();

    Followers(Monitor monitor) {
        this.monitor = monitor;
    }

    void said(Connection line, Message message) {
        forgetSilent(); // before anything that was on its way for too long is looked at
        switch (message) {
            case MForward forward -> forwarded(line, forward);
            case MMonFollow m when m.kind() == Kind.ASK -> asked(line, m);
            case MMonFollow m when m.kind() == Kind.IDS_WANTED -> ids(line);
            case MMonJoin m -> monitor.joins().asked(m);
            default -> LOG.debug("a monitor sent {}", message.getClass().getSimpleName());
        }
    }

    private void asked(Connection line, MMonFollow question) {
        boolean begins = question.epoch() == 0;
        boolean follows = asked.containsKey(line) && question.epoch() == monitor.electionEpoch();
        if (!begins && !follows) {
            // What its clients said may come too late, until it has let them go.
            line.send(said(Kind.LEASE, 0, Bytes.EMPTY));
            return;
        }
        SelfPortrait self = SelfPortrait.CODEC.fromBytes(question.payload());
        asked.put(line, new Follows(monitor.clock().now(), self));
        if (!begins) {
            QuorumView view =
                    new QuorumView(
                            monitor.options().name(), monitor.present(), monitor.servingSince());
            line.send(said(Kind.LEASE, question.number(), QuorumView.CODEC.toBytes(view)));
            return;
        }
        LOG.info("mon.{} follows", self.name());
        Bytes state = MonitorState.CODEC.toBytes(monitor.state());
        line.send(said(Kind.STATE, monitor.committer().version(), state));
        line.send(new MServiceMap(monitor.subscriptions().serviceMap()));
        line.send(monitor.digest());
        ids(line);
    }

    private MMonFollow said(Kind kind, long number, Bytes payload) {
        return new MMonFollow(kind, monitor.electionEpoch(), number, payload);
    }

    private void ids(Connection line) {
        monitor.reserveIds(ids ->
                line.send(said(Kind.IDS, ids.next(), new Encoder().u64(ids.end()).toBytes())));
    }

    private void forwarded(Connection line, MForward forward) {
        if (!asked.containsKey(line)) {
            return; // it follows somebody else, or will hear that it does not follow us
        }
        // Wishes are the other monitor's to fulfil; it asks for the time at which it may.
        if (!(forward.message() instanceof MMonSubscribe)) {
            Session session = new ForwardedSession(line, forward);
            monitor.handle(session, forward.message(), monitor.began(session, forward.message()));
        }
        line.send(new MRoute(forward.session(), Optional.empty(), 0));
    }

    /** A record is agreed. */
    void committed(long version, List<Change> changes) {
        if (!asked.isEmpty()) {
            MMonFollow record = said(Kind.RECORD, version, ChangeCodec.record(changes));
            asked.keySet().forEach(line -> line.send(record));
        }
    }

    /** What they pass on to their own clients. */
    void tell(Supplier<Message> message) {
        if (!asked.isEmpty()) {
            Message made = message.get();
            asked.keySet().forEach(line -> line.send(made));
        }
    }

    void lost(Connection line) {
        asked.remove(line);
    }

    /**
     * Drops who has not asked for so long. What its clients said and comes now is not done: they
     * may have said the same to another monitor since, and something else after that.
     */
    void forgetSilent() {
        Instant now = monitor.clock().now();
        asked.values().removeIf(last -> now.isAfter(last.asked.plus(SILENCE_MAX)));
    }

    /** What they say about themselves. */
    List<SelfPortrait> portraits() {
        return asked.values().stream().map(Follows::self).toList();
    }
}
