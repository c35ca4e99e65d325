package io.sepiola.manager;

import io.sepiola.messenger.Connection;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MMgrReport;

import java.time.Instant;

/**
 * What daemons say of themselves: their options, what they count, and how many requests they are
 * slow with. Who they are is what they have proved. Owned by the manager's shard.
 */
final class DaemonReports {
    private final SlowOps slowOps = new SlowOps();
    private final DaemonCounters<Integer> osds = new DaemonCounters<>("osd.");
    private final DaemonCounters<String> monitors = new DaemonCounters<>("mon.");
    private final DaemonConfigs configs = new DaemonConfigs();

    /** A session begins. */
    void begin(Connection connection, MMgrOpen open) {
        Peer.osd(connection).ifPresent(osds::begin);
        Peer.monitor(connection).ifPresent(monitors::begin);
        Peer.daemon(connection).ifPresent(name -> configs.begin(name, open));
    }

    /** A report comes. */
    void heard(Connection connection, MMgrReport report, Instant now) {
        Peer.daemon(connection).ifPresent(name -> configs.heard(name, report));
        Peer.osd(connection)
                .ifPresent(osd -> {
                    slowOps.heard(osd, report.healthMetrics());
                    osds.heard(osd, report, now);
                });
        Peer.monitor(connection)
                .ifPresent(monitor -> {
                    slowOps.heardMonitor(monitor, report.healthMetrics());
                    monitors.heard(monitor, report, now);
                });
    }

    /** A session is over. */
    void ended(Connection connection) {
        Peer.monitor(connection).ifPresent(slowOps::forgetMonitor);
    }

    /** Who leaves clients waiting. */
    SlowOps slowOps() {
        return slowOps;
    }

    /** What OSDs count. */
    DaemonCounters<Integer> osds() {
        return osds;
    }

    /** What monitors count, by their names. */
    DaemonCounters<String> monitors() {
        return monitors;
    }

    /** The options of all. */
    DaemonConfigs configs() {
        return configs;
    }
}
