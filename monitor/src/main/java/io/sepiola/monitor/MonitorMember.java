package io.sepiola.monitor;

import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.function.Function;

/**
 * One of several monitors. While it leads its {@link Quorum}, a {@link Monitor} serves, made anew
 * from the log with each leadership; otherwise nobody listens at its address, and clients go on to
 * the next one. So there is no state besides the log that a change of leaders could leave stale.
 *
 * <p>Owned by the monitor's shard.
 */
public final class MonitorMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MonitorMember.class);

    private final String name;
    private final Shard shard;
    private final Quorum quorum;
    private final Optional<Genesis> genesis;
    private final Function<ReplicatedLog, Monitor> monitors;
    private @Nullable Monitor servingOrNull;

    /**
     * A member that does not take part yet.
     *
     * @param name for the log
     * @param genesis what a new cluster begins with: the first leader writes it
     * @param monitors makes a monitor over a log, for the time of one leadership
     */
    public MonitorMember(
            String name,
            Shard shard,
            Quorum quorum,
            Optional<Genesis> genesis,
            Function<ReplicatedLog, Monitor> monitors) {
        this.name = name;
        this.shard = shard;
        this.quorum = quorum;
        this.genesis = genesis;
        this.monitors = monitors;
    }

    /** Takes part from now on. */
    public void start() {
        shard.execute(() -> quorum.join(new Leadership()));
    }

    private final class Leadership implements Quorum.Listener {
        @Override
        public void leads(ReplicatedLog log) {
            Monitor monitor = monitors.apply(log);
            servingOrNull = monitor;
            monitor.start(genesis)
                    .whenComplete((addrs, failure) -> {
                        if (failure != null) {
                            LOG.error("mon.{} leads, but cannot serve", name, failure);
                        }
                    });
        }

        @Override
        public void follows() {
            stopServing();
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
            stopServing();
        });
    }
}
