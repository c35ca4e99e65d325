package io.sepiola.client;

import io.sepiola.messenger.ConnectionModes;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;

import java.time.Duration;
import java.util.List;

/**
 * What may differ between clients.
 *
 * @param name who asks
 * @param monitors where to begin
 * @param timeout how long connecting may take
 * @param limits how much may be in flight
 * @param modes of connections; where nothing is set, what the monitors keep for this client counts
 */
public record RadosOptions(
        AuthName name,
        List<EntityAddrVec> monitors,
        Duration timeout,
        Limits limits,
        ConnectionModes modes) {
    /** How long Ceph's programs wait, divided by ten: a person waits for the answer. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    /**
     * How much may be in flight; what is more waits.
     *
     * @param bytes of data sent or asked for
     * @param operations not yet answered
     */
    public record Limits(long bytes, int operations) {
        /** Ceph's defaults. */
        public static final Limits DEFAULT = new Limits(100L << 20, 1024);
    }

    /** Copies the list. */
    public RadosOptions {
        monitors = List.copyOf(monitors);
    }

    /** With no modes set. */
    public RadosOptions(
            AuthName name, List<EntityAddrVec> monitors, Duration timeout, Limits limits) {
        this(name, monitors, timeout, limits, ConnectionModes.DEFAULT);
    }

    /**
     * As a configuration says.
     *
     * @throws RadosException when it names no monitors
     * @throws io.sepiola.base.Malformed when a value cannot be understood
     */
    public static RadosOptions of(CephConf conf) {
        return new RadosOptions(
                conf.name(),
                conf.monitors(),
                TIMEOUT,
                new Limits(
                        conf.number("objecter_inflight_op_bytes", Limits.DEFAULT.bytes()),
                        (int) conf.number("objecter_inflight_ops", Limits.DEFAULT.operations())),
                ConnectionModes.of(conf.settings()));
    }

    /** The same with another timeout. */
    public RadosOptions withTimeout(Duration other) {
        return new RadosOptions(name, monitors, other, limits, modes);
    }
}
