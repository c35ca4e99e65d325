package io.sepiola.monitor;

import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
import io.sepiola.protocol.perf.PerfCounters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One of several monitors, or one that may come to be. While it leads its {@link Quorum}, a {@link
 * Monitor} serves, made anew from the log with each leadership; while another does, a {@link
 * Follower} serves behind that one. While nobody leads, connections are closed at once, and clients
 * go on to the next one. So there is no state besides the log that a change of leaders could leave
 * stale.
 *
 * <p>Which monitors there are is agreed like everything else. A monitor that was never among them
 * asks whoever leads to be let in; one that is no longer among them serves nobody, and ends when
 * the others need it no more.
 *
 * <p>Owned by the monitor's shard.
 */
public final class MonitorMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorMember.class);

    private final MonitorOptions options;
    private final Shard shard;
    private final RandomGenerator random;
    private final Quorum quorum;
    private final Supplier<Optional<Genesis>> genesis;
    private final CompletableFuture<Void> served = new CompletableFuture<>();
    private final MemberDoor door;
    private final MemberHome home;
    private final Following following;
    private final AtomicLong lastNumber = new AtomicLong(); // of clients, while others lead
    private final Lasting lasting;
    private @Nullable Monitor servingOrNull;
    private MonMap map;
    private int agreedEpoch; // of the map, once it is one that was agreed
    private boolean joined;
    private boolean removed;

    /**
     * A member that does not take part yet.
     *
     * @param random secure outside of simulations
     * @param genesis what an empty log begins with, if this one may begin it: the first leader
     *     writes it
     * @param door its address
     * @param home where it keeps who the monitors are
     */
    public MonitorMember(
            MonitorOptions options,
            Shard shard,
            RandomGenerator random,
            Quorum quorum,
            Supplier<Optional<Genesis>> genesis,
            MemberDoor door,
            MemberHome home) {
        this.options = options;
        this.shard = shard;
        this.random = random;
        this.quorum = quorum;
        this.genesis = genesis;
        this.door = door;
        this.home = home;
        this.lasting = new Lasting(shard.clock());
        this.map = home.map();
        this.joined = home.hasJoined();
        this.agreedEpoch = joined ? map.epoch() : 0;
        this.following =
                new Following(
                        options,
                        shard,
                        new Following.Around(door.lines(), this::heard, this::dialAll),
                        (leader, state) ->
                                new Follower(
                                        options,
                                        shard,
                                        random,
                                        door.serving(),
                                        leader,
                                        state,
                                        lastNumber::incrementAndGet,
                                        lasting));
    }

    /** Takes part from now on. */
    public void start() {
        shard.execute(() -> {
            door.lines().listen(new Others());
            dialAll(false);
            following.start();
            quorum.join(new Leadership());
        });
    }

    /** Completes once it has led and served, or could not. */
    public CompletableFuture<Void> served() {
        return served.copy();
    }

    /** The monitors, as they are agreed now. */
    private void heard(MonMap agreed) {
        if (agreed.epoch() < agreedEpoch) {
            return;
        }
        agreedEpoch = agreed.epoch();
        boolean among = agreed.rank(options.name()) >= 0;
        if (!agreed.equals(map)) {
            map = agreed;
            door.follow(agreed);
        }
        if (among && !removed) {
            joined = true;
            home.keep(agreed);
        }
        quorum.follow(agreed);
        if (!among && joined && !removed) {
            LOG.warn(
                    "mon.{} was removed from the cluster's monitors; it serves nobody any more",
                    options.name());
            removed = true;
            if (servingOrNull == null) {
                retire();
            }
        }
    }

    /** Who was never among the monitors is dialled by none of them. */
    private void dialAll(boolean wanted) {
        door.dialAll(wanted || !joined);
    }

    private void retire() {
        following.stop(0);
        quorum.retire(() -> home.removed(map));
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
            try {
                serve(new Monitor(options, shard, random, log, door.serving()));
            } catch (RuntimeException failure) {
                served.completeExceptionally(failure);
                throw failure;
            }
        }

        private void serve(Monitor monitor) {
            servingOrNull = monitor;
            monitor.tellMonMaps(agreed -> {
                if (servingOrNull == monitor) { // what comes late is nobody's word any more
                    heard(agreed);
                }
            });
            monitor.share(lasting);
            monitor.start(genesis.get())
                    .whenComplete((addrs, failure) -> {
                        if (failure == null) {
                            served.complete(null);
                        } else {
                            LOG.error("mon.{} leads, but cannot serve", options.name(), failure);
                            served.completeExceptionally(failure);
                        }
                    });
        }

        @Override
        public void follows() {
            stopServing();
            if (removed) {
                retire(); // it has handed its leadership over
            } else {
                following.start();
            }
        }
    }

    private void stopServing() {
        Monitor monitor = servingOrNull;
        servingOrNull = null;
        if (monitor != null) {
            monitor.close();
        }
    }

    /**
     * What the monitor's owner tells it, who may tell it everything; it answers for itself, whoever
     * leads. Any thread may.
     */
    public CompletableFuture<MCommandReply> tell(MCommand command) {
        CompletableFuture<MCommandReply> answered = new CompletableFuture<>();
        shard.execute(() -> {
            Monitor monitor = servingOrNull;
            if (monitor == null) {
                answered.complete(
                        following
                                .follower()
                                .map(follower -> follower.tell(command))
                                .orElseGet(() -> tellAlone(command)));
            } else {
                monitor.tell(command).thenAccept(answered::complete);
            }
        });
        return answered;
    }

    /** What the manager is told of this monitor; nothing while it follows nobody. */
    Optional<SelfReport> selfReport() {
        Monitor monitor = servingOrNull;
        return monitor != null
                ? Optional.of(monitor.facts().selfReport())
                : following.follower().map(Follower::selfReport);
    }

    /** While it follows nobody, it knows the map of the monitors and its own options. */
    private MCommandReply tellAlone(MCommand command) {
        MonitorState state =
                MonitorState.blank(options.fsid()).apply(List.of(new Change.MonMapReplaced(map)));
        return new AsideFacts(
                        options,
                        shard.clock(),
                        lasting,
                        state,
                        Optional.empty(),
                        0,
                        new TreeMap<>(),
                        JsonText.array(),
                        new PerfCounters())
                .answer(command);
    }

    /** Completes when one that was closed has let go of its files. Any thread may ask. */
    public CompletableFuture<Void> ended() {
        return quorum.ended();
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
