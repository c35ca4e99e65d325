package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.message.MMgrOpen;
import io.sepiola.protocol.message.MMgrReport;
import io.sepiola.protocol.option.ReportedOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The options of daemons, by what they last said. Owned by the manager's shard. */
final class DaemonConfigs {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonConfigs.class);
    private static final int DAEMONS_MAX = 20_000;

    /**
     * Of one daemon.
     *
     * @param defaults as it was sent: most daemons say the same, and it is seldom asked for
     */
    record Known(ReportedOptions options, Bytes defaults) {}

    private final SortedMap<String, Known> byDaemon = new TreeMap<>();

    /** A daemon begins a session. What cannot be read is not kept. */
    void begin(String daemon, MMgrOpen open) {
        Bytes defaults =
                open.configDefaults().equals(ReportedOptions.DEFAULTS)
                        ? ReportedOptions.DEFAULTS
                        : open.configDefaults().detach();
        byDaemon.remove(daemon);
        if (open.config().size() > 0 && byDaemon.size() < DAEMONS_MAX) {
            keep(daemon, open.config(), defaults);
        }
    }

    /** A daemon reports; it tells all of its options when one has changed. */
    void heard(String daemon, MMgrReport report) {
        Known known = byDaemon.get(daemon);
        if (report.config().size() > 0 && known != null) {
            keep(daemon, report.config(), known.defaults);
        }
    }

    private void keep(String daemon, Bytes config, Bytes defaults) {
        try {
            byDaemon.put(daemon, new Known(ReportedOptions.fromBytes(config), defaults));
        } catch (Malformed malformed) {
            LOG.warn("{} sent options that cannot be read: {}", daemon, malformed.getMessage());
        }
    }

    /** Others know better now. */
    void forget() {
        byDaemon.clear();
    }

    /** What is known of a daemon. */
    Optional<Known> of(String daemon) {
        return Optional.ofNullable(byDaemon.get(daemon));
    }

    /** Whether daemons of that kind may report options. */
    static boolean isDaemon(EntityType type) {
        return switch (type) {
            case OSD, MON, MDS, MGR -> true;
            default -> false;
        };
    }
}
