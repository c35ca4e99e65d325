package io.sepiola.monitor;

import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.protocol.EntityName;

/** Builds the monitor's messenger: over TCP, within the process, or simulated. */
@FunctionalInterface
public interface MessengerFactory {
    /** A messenger that does not listen yet. */
    Messenger make(EntityName self, ServerAuth auth, Dispatcher dispatcher);
}
