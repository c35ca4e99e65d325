package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Lent;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.message.MMonCommand;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A monitor that gives tickets, and OSDs that use them, in one simulation. */
final class Lan {
    static final UUID FSID = new UUID(1, 2);

    final Simulation simulation;
    final SimulatedNetwork network;
    final FixedKeys keys;
    final RandomGenerator random;
    final Msgr2 monitor;
    private final Simulation.SimulatedShard monitorShard;

    Lan(long seed) {
        simulation = new Simulation(seed);
        network = new SimulatedNetwork(simulation);
        random = simulation.random();
        keys = new FixedKeys(simulation.clock(), random, Duration.ofHours(72));
        monitorShard = simulation.shard("mon");
        monitor =
                new Msgr2(
                        new EntityName(EntityType.MON, 0),
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(
                                monitorShard,
                                network.host("10.0.0.100"),
                                peer -> {
                                    throw new AssertionError("dials nobody");
                                },
                                new CephxMonitorAuth(keys, simulation.clock(), random),
                                new Journal(),
                                random));
        monitor.listen(addr("10.0.0.100", 3300, 0));
    }

    static EntityAddr addr(String ip, int port, int nonce) {
        return EntityAddr.msgr2(new InetSocketAddress(InetAddress.ofLiteral(ip), port), nonce);
    }

    static Message message(long number, int size) {
        return new MMonCommand(number, 0, FSID, List.of("x"), Bytes.zeros(size));
    }

    /** Whose payload lies in memory that the first link to send it gives back. */
    static Message lentMessage(long number, int size) {
        Lent memory = new Lent(ByteBuffer.allocate(size), () -> {});
        return new MMonCommand(number, 0, FSID, List.of("x"), Bytes.of(memory, 0, size));
    }

    static long numberOf(Message message) {
        return ((MMonCommand) message).tid();
    }

    /** Credentials of an entity, with tickets. */
    CephxClient login(String name) {
        CryptoKey key = keys.add(name);
        CephxClient credentials = credentials(name, key);
        Node node =
                new Node(
                        "10.0.1.1", credentials, AuthName.parse(name).type(), Msgr2Options.DEFAULT);
        Connection connection =
                node.messenger.connect(EntityType.MON, monitor.addrs(), Policy.LOSSY);
        boolean done =
                simulation.runUntil(
                        () -> !node.journal.connected.isEmpty(), Duration.ofSeconds(10));
        if (!done) {
            throw new AssertionError("no login for " + name + ": " + node.journal.events);
        }
        connection.close();
        node.messenger.close();
        simulation.run(Duration.ofSeconds(1));
        return credentials;
    }

    CephxClient credentials(String name, CryptoKey key) {
        return new CephxClient(
                AuthName.parse(name), key, CephxClient.CLIENT_SERVICES, simulation.clock(), random);
    }

    /** One end of the network. */
    final class Node {
        final String ip;
        final Simulation.SimulatedShard shard;
        final Journal journal = new Journal();
        final Msgr2 messenger;

        Node(String ip, ClientAuth credentials, EntityType type, Msgr2Options options) {
            this.ip = ip;
            shard = simulation.shard(ip);
            ServerAuth serverAuth =
                    new CephxServiceAuth(
                            type,
                            () -> keys.rotating(type).orElseThrow(),
                            simulation.clock(),
                            random);
            messenger =
                    new Msgr2(
                            new EntityName(type, type == EntityType.CLIENT ? -1 : 1),
                            options,
                            new Msgr2.Parts(
                                    shard,
                                    network.host(ip),
                                    credentials,
                                    serverAuth,
                                    journal,
                                    random));
        }

        Node listen(int nonce) {
            messenger.listen(addr(ip, 6800, nonce));
            return this;
        }

        Connection dial(EntityAddrVec target, Policy policy) {
            return messenger.connect(EntityType.OSD, target, policy);
        }
    }

    Node osd(String ip, CephxClient credentials, Msgr2Options options) {
        return new Node(
                ip,
                credentials,
                EntityType.OSD,
                options.accepting(EntityType.OSD, Policy.LOSSLESS_PEER));
    }

    /** What a dispatcher heard. */
    static final class Journal implements Dispatcher {
        final List<String> events = new ArrayList<>();
        final List<Long> numbers = new ArrayList<>();
        final List<Connection> accepted = new ArrayList<>();
        final List<Connection> connected = new ArrayList<>();
        final List<Connection> resets = new ArrayList<>();
        long echo; // answers are sent on the connection that asked, when not 0
        int pauseAfter = -1; // stops reading when as many messages have come
        int refusals;
        int denials;

        @Override
        public void accepted(Connection connection) {
            events.add("accepted");
            accepted.add(connection);
        }

        @Override
        public void connected(Connection connection) {
            events.add("connected");
            connected.add(connection);
        }

        @Override
        public void received(Connection connection, Message message) {
            events.add("received " + numberOf(message));
            numbers.add(numberOf(message));
            if (numbers.size() == pauseAfter) {
                connection.reading(false);
            }
            if (echo != 0) {
                connection.send(message(echo + numberOf(message), 10));
            }
        }

        @Override
        public void reset(Connection connection) {
            events.add("reset");
            resets.add(connection);
        }

        @Override
        public void refused(Connection connection) {
            refusals++;
        }

        @Override
        public void denied(Connection connection, String reason) {
            events.add("denied " + reason);
            denials++;
        }
    }
}
