package io.sepiola.osd.report;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.message.MMgrConfigure;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.perf.CounterReport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps a session with the active manager and sends it this OSD's statistics: soon after they
 * changed, and every few seconds anyway. Owned by the OSD's shard.
 */
public final class ManagerReports {
    private static final Duration PERIOD_DEFAULT = Duration.ofSeconds(5);
    private static final Duration PERIOD_MAX = Duration.ofMinutes(1);

    /** Changes within this span go out together. */
    private static final Duration GATHERING = Duration.ofMillis(30);

    private static final Duration REDIAL = Duration.ofSeconds(1);

    private final Shard shard;
    private final Messenger messenger;
    private final String id;
    private final Supplier<MPGStats> statistics;
    private final Supplier<List<DaemonHealthMetric>> health;
    private final Supplier<RunningOptions> options;
    private final OsdCounters counters;
    private final CounterReport counterReport;
    private @Nullable RunningOptions optionsTold;
    private Duration period = PERIOD_DEFAULT;
    private @Nullable MgrMap map;
    private @Nullable Connection connection;
    private Timers.@Nullable Timer due;
    private boolean soon;

    /**
     * Nothing is sent before a map names an active manager.
     *
     * @param id of the daemon, {@code 0} for osd.0
     * @param statistics makes the report of this moment; called on the shard
     * @param health the same, of what the manager judges the daemon by
     * @param options the daemon's, as they are
     * @param counters what the daemon has done
     */
    public ManagerReports(
            Shard shard,
            Messenger messenger,
            String id,
            Supplier<MPGStats> statistics,
            Supplier<List<DaemonHealthMetric>> health,
            Supplier<RunningOptions> options,
            OsdCounters counters) {
        this.options = options;
        this.health = health;
        this.counters = counters;
        this.counterReport = new CounterReport(counters::counters);
        this.shard = shard;
        this.messenger = messenger;
        this.id = id;
        this.statistics = statistics;
    }

    /** Takes a new map of the managers. */
    public void update(MgrMap newMap) {
        shard.own();
        MgrMap old = map;
        map = newMap;
        boolean same =
                old != null
                        && old.activeGid() == newMap.activeGid()
                        && old.activeAddrs().equals(newMap.activeAddrs())
                        && old.available() == newMap.available();
        if (!same || connection == null) {
            redial();
        }
    }

    /** Something in the statistics changed. */
    public void changed() {
        shard.own();
        if (connection != null && !soon) {
            soon = true;
            schedule(GATHERING);
        }
    }

    /** Whether this session is the one with the manager. */
    public boolean owns(Connection candidate) {
        return candidate == connection;
    }

    /** The manager says how often it wants reports. */
    public void configured(MMgrConfigure configure) {
        shard.own();
        Duration wanted = Duration.ofSeconds(Integer.toUnsignedLong(configure.periodSeconds()));
        period =
                wanted.isZero()
                        ? PERIOD_DEFAULT
                        : wanted.compareTo(PERIOD_MAX) > 0 ? PERIOD_MAX : wanted;
        counterReport.priorityMin(configure.threshold());
        report();
    }

    /** The session with the manager is over; another is tried for. */
    public void reset(Connection lost) {
        shard.own();
        if (lost == connection) {
            connection = null;
            cancel();
            due = shard.timers().after(REDIAL, this::redial);
        }
    }

    /** Ends the session. */
    public void close() {
        shard.own();
        map = null;
        redial();
    }

    private void redial() {
        cancel();
        if (connection != null) {
            connection.close();
            connection = null;
        }
        MgrMap newest = map;
        if (newest == null || newest.activeGid() == 0 || newest.activeAddrs().addrs().isEmpty()) {
            return;
        }
        Connection fresh = messenger.connect(EntityType.MGR, newest.activeAddrs(), Policy.LOSSY);
        connection = fresh;
        counterReport.begin();
        RunningOptions now = options.get();
        optionsTold = now;
        Bytes config = ReportedOptions.of(now).toBytes();
        fresh.send(new MMgrOpen(id, "", Optional.empty(), config, ReportedOptions.DEFAULTS));
        report();
    }

    /**
     * Reports at once.
     *
     * @return the report's number, by which the monitors tell that they know of it
     */
    public long flush() {
        shard.own();
        MPGStats now = statistics.get();
        send(now);
        return now.osd().sequence();
    }

    private void report() {
        cancel();
        soon = false;
        if (connection != null) {
            send(statistics.get());
        }
    }

    private void send(MPGStats now) {
        cancel();
        soon = false;
        counters.reported(now.osd());
        if (connection != null) {
            connection.send(now);
            connection.send(counterReport.next(id, health.get(), changedOptions()));
            schedule(period);
        }
    }

    /** All of them when any has changed since it was told. */
    private Bytes changedOptions() {
        RunningOptions now = options.get();
        if (now.equals(optionsTold)) {
            return Bytes.EMPTY;
        }
        optionsTold = now;
        return ReportedOptions.of(now).toBytes();
    }

    private void schedule(Duration delay) {
        cancel();
        due = shard.timers().after(delay, this::report);
    }

    private void cancel() {
        if (due != null) {
            due.cancel();
            due = null;
        }
    }
}
