package io.sepiola.manager;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.caps.MgrCaps;

import java.util.Optional;
import java.util.OptionalInt;

/** Who has proved to be at the other end of a connection, and what it may. */
final class Peer {
    private Peer() {}

    static MgrCaps caps(Connection connection) {
        Identity who = connection.identityOrNull();
        return who == null
                ? MgrCaps.NONE
                : MgrCaps.of(who.caps(), who.allowAll()).heldBy(connection.peerSeenAt());
    }

    /** The OSD; nothing when it is none. */
    static OptionalInt osd(Connection connection) {
        Identity who = connection.identityOrNull();
        return who == null || who.name().type() != EntityType.OSD
                ? OptionalInt.empty()
                : Command.osd(who.name().id());
    }

    /** The name of a monitor, such as {@code a}; nothing when it is none. */
    static Optional<String> monitor(Connection connection) {
        return Optional.ofNullable(connection.identityOrNull())
                .map(Identity::name)
                .filter(name -> name.type() == EntityType.MON)
                .map(AuthName::id);
    }

    /** The daemon, such as {@code osd.0}; nothing when it is a client. */
    static Optional<String> daemon(Connection connection) {
        return Optional.ofNullable(connection.identityOrNull())
                .map(Identity::name)
                .filter(name -> DaemonConfigs.isDaemon(name.type()))
                .map(AuthName::toString);
    }
}
