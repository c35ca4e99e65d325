package io.sepiola.messenger;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;

/**
 * One end of the network: listens, dials, and hands messages to its {@link Dispatcher}. An OSD has
 * four (public, cluster, two for heartbeats), a client one. Speaks msgr2.1 over a {@link
 * Transport}.
 */
public interface Messenger extends AutoCloseable {
    /** How this end names itself. */
    EntityName self();

    /** Takes effect for connections made later: a client learns its global id when it logs in. */
    void rename(EntityName self);

    /** Where this end listens; empty before {@link #listen} and for ends that only dial. */
    EntityAddrVec addrs();

    /**
     * The modes of connections, for those that are made later: what stands, stays as it is.
     *
     * @param wanted with defaults for the kinds that are not set
     */
    void modes(ConnectionModes wanted);

    /**
     * Listens.
     *
     * @param wanted an address whose port may be 0 for any free one
     * @throws MessengerException when the address is in use or not this machine's
     */
    void listen(io.sepiola.protocol.EntityAddr wanted);

    /**
     * The connection to that peer: the one there is when the policy keeps sessions, or a new one.
     * It is dialled at once; messages may be sent before it stands.
     */
    Connection connect(EntityType type, EntityAddrVec target, Policy policy);

    /** Closes the listener and every connection. */
    @Override
    void close();
}
