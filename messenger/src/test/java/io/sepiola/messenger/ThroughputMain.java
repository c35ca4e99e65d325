package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Requests with a payload and short answers, 16 in flight, for some seconds: rate, and processor
 * time of both sides together per request. By hand: {@code SECONDS}.
 */
final class ThroughputMain {
    private static final int IN_FLIGHT = 16;

    private ThroughputMain() {}

    public static void main(String[] arguments) throws Exception {
        long seconds = Long.parseLong(arguments[0]);
        for (int round = 0; round < 2; round++) {
            for (boolean inProcess : new boolean[] {false, true}) {
                for (ConnectionMode mode : ConnectionMode.values()) {
                    for (int size : new int[] {4096, 4 << 20}) {
                        run(inProcess, mode, size, seconds);
                    }
                }
            }
        }
    }

    private static void run(boolean inProcess, ConnectionMode mode, int size, long seconds)
            throws Exception {
        SecureRandom random = new SecureRandom();
        NettyTransport netty = new NettyTransport(2, (shard, failure) -> failure.printStackTrace());
        Transport transport = inProcess ? new InProcessTransport(netty) : netty;
        Shard here = netty.shards().get(0);
        Shard there = netty.shards().get(1);
        FixedKeys keys = new FixedKeys(Clock.system(), random, Duration.ofHours(1));
        CryptoKey key = keys.add("client.admin");
        CephxClient credentials =
                new CephxClient(
                        AuthName.parse("client.admin"),
                        key,
                        CephxClient.CLIENT_SERVICES,
                        Clock.system(),
                        random);
        Answering answering = new Answering();
        Msgr2 server =
                new Msgr2(
                        new EntityName(EntityType.MON, 0),
                        Msgr2Options.DEFAULT.only(mode),
                        new Msgr2.Parts(
                                there,
                                transport,
                                credentials,
                                new CephxMonitorAuth(keys, Clock.system(), random),
                                answering,
                                random));
        server.listen(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 0), 0));
        Asking asking = new Asking(Bytes.zeros(size));
        Msgr2 client =
                new Msgr2(
                        new EntityName(EntityType.CLIENT, -1),
                        Msgr2Options.DEFAULT.only(mode),
                        new Msgr2.Parts(
                                here, transport, credentials, ServerAuth.NOBODY, asking, random));
        Connection connection = client.connect(EntityType.MON, server.addrs(), Policy.LOSSY);
        here.execute(() -> {
            for (int i = 0; i < IN_FLIGHT; i++) {
                asking.ask(connection);
            }
        });
        Thread.sleep(Duration.ofSeconds(seconds));
        long cpu = cpuNanos();
        long began = System.nanoTime();
        long count = asking.count;
        Thread.sleep(Duration.ofSeconds(seconds));
        long done = asking.count - count;
        double span = (System.nanoTime() - began) / 1e9;
        double cpuMicros = (cpuNanos() - cpu) / 1e3 / done;
        System.out.printf(
                "%s %s %d bytes: %.0f/s, %.1f us of processor each, %.0f MB/s%n",
                inProcess ? "in-process" : "tcp",
                mode,
                size,
                done / span,
                cpuMicros,
                done / span * size / 1e6);
        client.close();
        server.close();
        transport.close();
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static final class Asking implements Dispatcher {
        private final Bytes payload;
        private volatile long count;

        Asking(Bytes payload) {
            this.payload = payload;
        }

        void ask(Connection connection) {
            connection.send(new MMonCommand(1, 0, new UUID(1, 2), List.of("x"), payload));
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        @Override
        public void received(Connection connection, Message message) {
            count++;
            ask(connection);
        }

        @Override
        public void reset(Connection connection) {
            System.out.println("reset");
        }
    }

    private static final class Answering implements Dispatcher {
        @Override
        public void received(Connection connection, Message message) {
            connection.send(new MMonCommandAck(1, 0, 0, "", List.of(), Bytes.EMPTY));
        }

        @Override
        public void reset(Connection connection) {}
    }
}
