package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.AuthException;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.message.MMgrConfigure;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.CounterReport;
import io.sepiola.protocol.perf.PerfCounters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Keeps a session with the active manager for as long as a monitor serves, and tells it the
 * monitor's options, counters and slow requests, as Ceph's monitors do. It looks again and again
 * who is the active one. Whoever runs a monitor may have one; the monitor does without, too. Owned
 * by the monitor's shard.
 */
public final class ManagerLine implements AutoCloseable {
    /** Builds a messenger that only dials, on the monitor's shard. */
    @FunctionalInterface
    public interface Builder {
        /** One that proves itself so. */
        Messenger make(EntityName self, ClientAuth dials, Dispatcher dispatcher);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ManagerLine.class);
    private static final Duration LOOK_PERIOD = Duration.ofSeconds(1);
    private static final Duration REPORT_PERIOD_DEFAULT = Duration.ofSeconds(5);
    private static final Duration REPORT_PERIOD_MAX = Duration.ofMinutes(1);

    private final String name;
    private final Shard shard;
    private final Supplier<Optional<SelfReport>> source;
    private final Messenger messenger;
    private final CounterReport counterReport = new CounterReport(this::counters);
    private volatile @Nullable CephxMonitorAuth authOrNull; // read by the event loops
    private Duration period = REPORT_PERIOD_DEFAULT;
    private @Nullable Connection connectionOrNull;
    private EntityAddrVec dialled = EntityAddrVec.EMPTY;
    private long dialledGid;
    private @Nullable RunningOptions optionsTold;
    private @Nullable PerfCounters countersOrNull; // of this moment
    private long reportedNanos;
    private Timers.@Nullable Timer looking;
    private boolean closed;

    ManagerLine(String name, Shard shard, Supplier<Optional<SelfReport>> source, Builder builder) {
        this.name = name;
        this.shard = shard;
        this.source = source;
        this.messenger =
                builder.make(new EntityName(EntityType.MON, -1), this::login, new Incoming());
    }

    /** Of a monitor that stands alone; serves from now on. */
    public static ManagerLine of(
            MonitorOptions options, Shard shard, Monitor monitor, Builder builder) {
        return started(
                new ManagerLine(
                        options.name(),
                        shard,
                        () -> Optional.of(monitor.facts().selfReport()),
                        builder));
    }

    /** Of a monitor that is one of several; serves from now on. */
    public static ManagerLine of(
            MonitorOptions options, Shard shard, MonitorMember member, Builder builder) {
        return started(new ManagerLine(options.name(), shard, member::selfReport, builder));
    }

    private static ManagerLine started(ManagerLine line) {
        line.shard.execute(line::look);
        return line;
    }

    private ClientAuth.Login login(EntityType peer) {
        CephxMonitorAuth auth = authOrNull;
        if (auth == null) {
            throw new AuthException(-2, "mon." + name + " does not serve");
        }
        return auth.dialler(new AuthName(EntityType.MON, name)).begin(peer);
    }

    private NavigableMap<String, PerfCounters.Counter> counters() {
        PerfCounters counters = countersOrNull;
        return counters == null ? new TreeMap<>() : counters.counters();
    }

    void look() {
        if (closed) {
            return;
        }
        looking = shard.timers().after(LOOK_PERIOD, this::look);
        Optional<SelfReport> found = source.get();
        authOrNull = found.map(SelfReport::auth).orElse(null);
        MgrMap managers = found.map(SelfReport::managers).orElse(MgrMap.EMPTY);
        Connection connection = connectionOrNull;
        boolean moved =
                managers.activeGid() != dialledGid || !managers.activeAddrs().equals(dialled);
        if (connection == null || moved) {
            leave();
            if (found.isPresent()
                    && managers.activeGid() != 0
                    && !managers.activeAddrs().addrs().isEmpty()) {
                dial(found.get());
            }
        } else if (shard.clock().nanos() - reportedNanos >= period.toNanos()) {
            report(found.orElseThrow(), connection);
        }
    }

    private void leave() {
        Connection connection = connectionOrNull;
        connectionOrNull = null;
        if (connection != null) {
            connection.close();
        }
    }

    private void dial(SelfReport self) {
        dialledGid = self.managers().activeGid();
        dialled = self.managers().activeAddrs();
        messenger.rename(self.self());
        Connection fresh = messenger.connect(EntityType.MGR, dialled, Policy.LOSSY);
        connectionOrNull = fresh;
        counterReport.begin();
        optionsTold = self.options();
        Bytes config = ReportedOptions.of(self.options()).toBytes();
        fresh.send(new MMgrOpen(name, "", Optional.empty(), config, ReportedOptions.DEFAULTS));
        report(self, fresh);
    }

    private void report(SelfReport self, Connection connection) {
        reportedNanos = shard.clock().nanos();
        countersOrNull = self.counters();
        Bytes config = Bytes.EMPTY;
        if (!self.options().equals(optionsTold)) {
            optionsTold = self.options();
            config = ReportedOptions.of(self.options()).toBytes();
        }
        connection.send(counterReport.next(name, List.of(self.slow()), config));
        countersOrNull = null;
    }

    private void configured(Connection from, MMgrConfigure configure) {
        if (from != connectionOrNull) {
            return;
        }
        Duration wanted = Duration.ofSeconds(Integer.toUnsignedLong(configure.periodSeconds()));
        period =
                wanted.isZero()
                        ? REPORT_PERIOD_DEFAULT
                        : wanted.compareTo(REPORT_PERIOD_MAX) > 0 ? REPORT_PERIOD_MAX : wanted;
        counterReport.priorityMin(configure.threshold());
        source.get().ifPresent(self -> report(self, from));
    }

    /** Hands what comes in to the shard. Called on event loops. */
    private final class Incoming implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {
            if (message instanceof MMgrConfigure configure) {
                shard.execute(() -> configured(connection, configure));
            }
        }

        @Override
        public void reset(Connection connection) {
            shard.execute(() -> {
                if (connection == connectionOrNull) {
                    connectionOrNull = null; // dialled anew at the next look
                }
            });
        }

        @Override
        public void denied(Connection connection, String reason) {
            LOG.info("the manager refused mon.{}: {}", name, reason);
        }
    }

    /** Ends the session. */
    @Override
    public void close() {
        shard.execute(() -> {
            closed = true;
            Timers.Timer timer = looking;
            if (timer != null) {
                timer.cancel();
            }
            leave();
            messenger.close();
        });
    }
}
