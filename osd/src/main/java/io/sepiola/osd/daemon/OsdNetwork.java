package io.sepiola.osd.daemon;

import io.sepiola.base.Shard;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.CephxServiceAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.Policy;
import io.sepiola.messenger.Transport;
import io.sepiola.osd.OsdOptions;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.map.OsdMap;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The four messengers of an OSD, and its sessions with other OSDs. Owned by the OSD's shard. */
final class OsdNetwork implements AutoCloseable {
    private record Session(EntityAddrVec addrs, Connection connection) {}

    private final OsdOptions options;
    private final Messenger publicEnd;
    private final Messenger clusterEnd;
    private final Messenger heartbeatFront;
    private final Messenger heartbeatBack;
    private final Map<Integer, Session> sessions = new TreeMap<>();

    /** Four dispatchers, one for each network. */
    record Dispatchers(
            Dispatcher publicEnd, Dispatcher cluster, Dispatcher front, Dispatcher back) {
        /** The same, and told of every ticket that is refused. */
        Dispatchers watched(Consumer<EntityType> refused) {
            return new Dispatchers(
                    new TicketWatch(publicEnd, refused),
                    new TicketWatch(cluster, refused),
                    new TicketWatch(front, refused),
                    new TicketWatch(back, refused));
        }
    }

    OsdNetwork(
            OsdOptions options,
            Shard shard,
            Transport transport,
            CephxClient cephx,
            RandomGenerator random,
            Dispatchers dispatchers) {
        this.options = options;
        EntityName self = EntityName.osd(options.id());
        CephxServiceAuth server =
                new CephxServiceAuth(EntityType.OSD, cephx::rotating, shard.clock(), random);
        Msgr2Options amongOsds =
                Msgr2Options.DEFAULT.accepting(EntityType.OSD, Policy.LOSSLESS_PEER);
        publicEnd =
                new Msgr2(
                        self,
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(
                                shard, transport, cephx, server, dispatchers.publicEnd, random));
        clusterEnd =
                new Msgr2(
                        self,
                        amongOsds,
                        new Msgr2.Parts(
                                shard, transport, cephx, server, dispatchers.cluster, random));
        heartbeatFront =
                new Msgr2(
                        self,
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(
                                shard, transport, cephx, server, dispatchers.front, random));
        heartbeatBack =
                new Msgr2(
                        self,
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(shard, transport, cephx, server, dispatchers.back, random));
    }

    /** The modes of connections that are made later. */
    void modes(ConnectionModes wanted) {
        publicEnd.modes(wanted);
        clusterEnd.modes(wanted);
        heartbeatFront.modes(wanted);
        heartbeatBack.modes(wanted);
    }

    /** Listens on all four, at ports that the options or the system choose. */
    void listen() {
        publicEnd.listen(options.publicAddr());
        clusterEnd.listen(options.clusterAddr());
        heartbeatFront.listen(anyPort(options.publicAddr()));
        heartbeatBack.listen(anyPort(options.clusterAddr()));
    }

    private static io.sepiola.protocol.EntityAddr anyPort(io.sepiola.protocol.EntityAddr addr) {
        return io.sepiola.protocol.EntityAddr.msgr2(
                new java.net.InetSocketAddress(addr.socket().getAddress(), 0), 0);
    }

    Messenger publicEnd() {
        return publicEnd;
    }

    Messenger clusterEnd() {
        return clusterEnd;
    }

    Messenger heartbeatFront() {
        return heartbeatFront;
    }

    Messenger heartbeatBack() {
        return heartbeatBack;
    }

    /** Sends to an OSD that is up by the map; else the message is lost, as its receiver is. */
    void send(int osd, Message message, OsdMap map) {
        if (!map.isUp(osd)) {
            return;
        }
        EntityAddrVec addrs = map.clusterAddrs(osd);
        Session session = sessions.get(osd);
        if (session == null || !session.addrs.equals(addrs) || !session.connection.isOpen()) {
            if (session != null) {
                session.connection.close();
            }
            session =
                    new Session(
                            addrs, clusterEnd.connect(EntityType.OSD, addrs, Policy.LOSSLESS_PEER));
            sessions.put(osd, session);
        }
        session.connection.send(message);
    }

    /** Ends the sessions with those who are gone by the new map. */
    void update(OsdMap map) {
        sessions.entrySet()
                .removeIf(entry -> {
                    boolean gone =
                            !map.isUp(entry.getKey())
                                    || !map.clusterAddrs(entry.getKey())
                                            .equals(entry.getValue().addrs);
                    if (gone) {
                        entry.getValue().connection.close();
                    }
                    return gone;
                });
    }

    @Override
    public void close() {
        publicEnd.close();
        clusterEnd.close();
        heartbeatFront.close();
        heartbeatBack.close();
    }
}
