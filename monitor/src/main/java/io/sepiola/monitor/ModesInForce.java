package io.sepiola.monitor;

import io.sepiola.base.Malformed;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Messenger;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.MonitorState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Keeps a monitor's messenger at the modes of connections that were agreed, or are configured. */
final class ModesInForce {
    private static final Logger LOG = LoggerFactory.getLogger(ModesInForce.class);

    private final MonitorOptions options;
    private final Messenger messenger;

    /** Takes over what that state says. */
    ModesInForce(MonitorOptions options, Messenger messenger, MonitorState state) {
        this.options = options;
        this.messenger = messenger;
        take(state);
    }

    /** Takes over what these changes, which led to that state, say of it. */
    void committed(MonitorState state, List<Change> changes) {
        if (changes.stream().anyMatch(Subscriptions::isOfConfig)) {
            take(state);
        }
    }

    private void take(MonitorState state) {
        ConnectionModes configured = ConnectionModes.of(options.settings());
        try {
            messenger.modes(ConnectionModes.of(options.agreed(state)).over(configured));
        } catch (Malformed kept) { // by a version that did not look
            LOG.warn("mon.{}: {}", options.name(), kept.getMessage());
            messenger.modes(configured);
        }
    }
}
