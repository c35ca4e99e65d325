package io.sepiola.monitor;

import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.protocol.Message;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One of several monitors. While it leads its {@link Quorum}, a {@link Monitor} serves, made anew
 * from the log with each leadership; while another does, a {@link Follower} serves behind that one.
 * While nobody leads, connections are closed at once, and clients go on to the next one. So there
 * is no state besides the log that a change of leaders could leave stale.
 *
 * <p>Owned by the monitor's shard.
 */
public final class MonitorMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorMember.class);

    private final MonitorOptions options;
    private final Shard shard;
    private final RandomGenerator random;
    private final Quorum quorum;
    private final Optional<Genesis> genesis;
    private final MemberDoor door;
    private final Following following;
    private final AtomicLong lastNumber = new AtomicLong(); // of clients, while others lead
    private @Nullable Monitor servingOrNull;

    /**
     * A member that does not take part yet.
     *
     * @param random secure outside of simulations
     * @param genesis what a new cluster begins with: the first leader writes it
     * @param door its address
     */
    public MonitorMember(
            MonitorOptions options,
            Shard shard,
            RandomGenerator random,
            Quorum quorum,
            Optional<Genesis> genesis,
            MemberDoor door) {
        this.options = options;
        this.shard = shard;
        this.random = random;
        this.quorum = quorum;
        this.genesis = genesis;
        this.door = door;
        this.following =
                new Following(
                        options,
                        shard,
                        door.lines(),
                        (leader, state) ->
                                new Follower(
                                        options,
                                        shard,
                                        random,
                                        door.serving(),
                                        leader,
                                        state,
                                        lastNumber::incrementAndGet));
    }

    /** Takes part from now on. */
    public void start() {
        shard.execute(() -> {
            door.lines().listen(new Others());
            following.start();
            quorum.join(new Leadership());
        });
    }

    /** What the other monitors say goes to whoever serves here. */
    private final class Others implements MonitorLines.Listener {
        @Override
        public void said(Connection line, Message message) {
            Monitor monitor = servingOrNull;
            if (monitor != null) {
                monitor.said(line, message);
            } else {
                following.said(line, message);
            }
        }

        @Override
        public void lost(Connection line) {
            Monitor monitor = servingOrNull;
            if (monitor != null) {
                monitor.lost(line);
            } else {
                following.lost(line);
            }
        }
    }

    private final class Leadership implements Quorum.Listener {
        @Override
        public void leads(ReplicatedLog log) {
            following.stop(log.electionEpoch());
            Monitor monitor = new Monitor(options, shard, random, log, door.serving());
            servingOrNull = monitor;
            monitor.start(genesis)
                    .whenComplete((addrs, failure) -> {
                        if (failure != null) {
                            LOG.error("mon.{} leads, but cannot serve", options.name(), failure);
                        }
                    });
        }

        @Override
        public void follows() {
            stopServing();
            following.start();
        }
    }

    private void stopServing() {
        Monitor monitor = servingOrNull;
        servingOrNull = null;
        if (monitor != null) {
            monitor.close();
        }
    }

    /** Leaves the quorum and stops. */
    @Override
    public void close() {
        shard.execute(() -> {
            quorum.close();
            following.stop(0);
            stopServing();
        });
    }
}
