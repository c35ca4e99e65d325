package io.sepiola.monitor;

import io.sepiola.base.Invariant;
import io.sepiola.base.Shard;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.CephxMonitorAuth;
import io.sepiola.messenger.ClientAuth;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.KeyServer;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.auth.RotatingSecrets;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The one address of a member of several monitors. The other monitors are always let in, by the key
 * that all of them share; everybody else only while this one serves, and is put out when that ends.
 * Messenger, dispatcher and this are of the monitor's shard.
 */
public final class MemberDoor implements AutoCloseable {
    private static final AuthName SHARED = AuthName.parse("mon.");

    /** Builds the messenger: over TCP or simulated, on the monitor's shard. */
    @FunctionalInterface
    public interface Builder {
        /** A messenger that does not listen yet. */
        Messenger make(EntityName self, ClientAuth dials, ServerAuth lets, Dispatcher dispatcher);
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemberDoor.class);

    private final String name;
    private final EntityAddr own;
    private final Shard shard;
    private final MonitorPeers peers;
    private final Messenger messenger;
    private final ServerAuth peerAuth;
    private final Map<Connection, Dispatcher> guests = new LinkedHashMap<>();
    private volatile @Nullable Serving servingOrNull;

    /**
     * Lets nobody in before {@link #open}.
     *
     * @param name this monitor's
     * @param own where it listens
     * @param map all monitors, as they are known; a new one is not among them yet
     * @param secret the monitors' shared key
     * @param random secure outside of simulations
     */
    public MemberDoor(
            String name,
            EntityAddr own,
            MonMap map,
            CryptoKey secret,
            Shard shard,
            RandomGenerator random,
            Builder builder) {
        this.name = name;
        this.own = own;
        this.shard = shard;
        this.peers = new MonitorPeers(name, map, shard);
        this.peerAuth =
                new CephxMonitorAuth(new SharedKey(secret, shard, random), shard.clock(), random);
        this.messenger =
                builder.make(
                        new EntityName(EntityType.MON, map.rank(name)),
                        peer -> login(secret, random).begin(peer),
                        this::login,
                        new Hall());
    }

    /** Listens, and begins to dial the others. */
    public void open() {
        messenger.listen(own);
        shard.execute(() -> peers.start(messenger));
    }

    /** The monitors, as they are agreed now. */
    void follow(MonMap map) {
        peers.follow(map);
        messenger.rename(new EntityName(EntityType.MON, map.rank(name)));
    }

    /** Whether to dial all other monitors, whoever ought to dial. */
    void dialAll(boolean wanted) {
        peers.dialAll(wanted);
    }

    /** How to speak to the other monitors. */
    public Peers peers() {
        return peers;
    }

    /** What else to say to them. */
    MonitorLines lines() {
        return peers;
    }

    /** For who serves during one leadership, this monitor's or another's: lets clients in. */
    public MessengerFactory serving() {
        return Serving::new;
    }

    @Override
    public void close() {
        shard.execute(() -> {
            peers.close();
            messenger.close();
        });
    }

    /** Anew each time: what one monitor gave, such as a global id, is nothing to another. */
    private ClientAuth login(CryptoKey secret, RandomGenerator random) {
        return new CephxClient(SHARED, secret, Set.of(), shard.clock(), random);
    }

    private ServerAuth.Login login(EntityType peer) {
        Serving serving = servingOrNull;
        if (peer == EntityType.MON) {
            return peerAuth.begin(peer);
        }
        return serving == null
                ? (payload, mode) -> new ServerAuth.Reply.Absent()
                : serving.auth.begin(peer);
    }

    /** Shows who came to the room that is theirs. */
    private final class Hall implements Dispatcher {
        @Override
        public void accepted(Connection connection) {
            Serving serving = servingOrNull;
            if (connection.peerType() == EntityType.MON) {
                peers.accepted(connection);
            } else if (serving == null) {
                connection.close(); // it ended while they logged in
            } else {
                guests.put(connection, serving.dispatcher);
                serving.dispatcher.accepted(connection);
            }
        }

        @Override
        public void received(Connection connection, Message message) {
            Dispatcher dispatcher = guests.get(connection);
            if (connection.peerType() == EntityType.MON) {
                peers.received(connection, message);
            } else if (dispatcher != null) {
                dispatcher.received(connection, message);
            }
        }

        @Override
        public void reset(Connection connection) {
            Dispatcher dispatcher = guests.remove(connection);
            if (connection.peerType() == EntityType.MON) {
                peers.reset(connection);
            } else if (dispatcher != null) {
                dispatcher.reset(connection);
            }
        }

        @Override
        public void denied(Connection connection, String reason) {
            LOG.warn("{} does not let us in: {}", connection.peerAddrs(), reason);
        }
    }

    /** The messenger as who serves sees it. */
    private final class Serving implements Messenger {
        private final EntityName self;
        private final ServerAuth auth;
        private final Dispatcher dispatcher;

        Serving(EntityName self, ServerAuth auth, Dispatcher dispatcher) {
            this.self = self;
            this.auth = auth;
            this.dispatcher = dispatcher;
        }

        @Override
        public EntityName self() {
            return self;
        }

        @Override
        public void rename(EntityName other) {
            throw Invariant.broken("monitors keep their names");
        }

        @Override
        public void modes(ConnectionModes wanted) {
            messenger.modes(wanted);
        }

        @Override
        public EntityAddrVec addrs() {
            return messenger.addrs();
        }

        @Override
        public void listen(EntityAddr wanted) {
            servingOrNull = this;
        }

        @Override
        public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
            throw Invariant.broken("who serves dials nobody");
        }

        @Override
        public void close() {
            if (servingOrNull == this) {
                servingOrNull = null;
            }
            List<Connection> leaving = new ArrayList<>();
            guests.forEach((connection, room) -> {
                if (room == dispatcher) {
                    leaving.add(connection);
                }
            });
            leaving.forEach(guests::remove);
            leaving.forEach(Connection::close);
        }
    }

    /** Knows the monitors' shared key, and secrets for tickets that nobody uses. */
    private static final class SharedKey implements KeyServer {
        private static final Duration FOR_EVER = Duration.ofDays(3650);

        private final EntityAuth entity;
        private final RotatingSecrets secrets;
        private final AtomicLong lastId = new AtomicLong();

        SharedKey(CryptoKey secret, Shard shard, RandomGenerator random) {
            this.entity = new EntityAuth(secret, new TreeMap<>(Map.of("mon", "allow *")));
            this.secrets =
                    RotatingSecrets.EMPTY.rotated(
                            KeyType.AES256K, shard.clock().now(), FOR_EVER, random);
        }

        @Override
        public Optional<EntityAuth> entity(AuthName name) {
            return name.equals(SHARED) ? Optional.of(entity) : Optional.empty();
        }

        @Override
        public Optional<RotatingSecrets> rotating(EntityType service) {
            return Optional.of(secrets);
        }

        @Override
        public OptionalLong newGlobalId() {
            return OptionalLong.of(lastId.incrementAndGet());
        }
    }
}
