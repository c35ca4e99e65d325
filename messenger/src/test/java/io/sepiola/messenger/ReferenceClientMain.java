package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonGetMap;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonSubscribe;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;

/**
 * Stands in for a monitor, so that the genuine {@code ceph -s} can log in. By hand: {@code PORT KEY
 * MONMAP_FILE}; serves until it is ended.
 */
final class ReferenceClientMain {
    private ReferenceClientMain() {}

    public static void main(String[] arguments) throws Exception {
        SecureRandom random = new SecureRandom();
        Bytes map = Bytes.of(Files.readAllBytes(Path.of(arguments[2])));
        FixedKeys keys = new FixedKeys(Clock.system(), random, Duration.ofHours(1));
        keys.add("client.admin", CryptoKey.parse(arguments[1]));
        NettyTransport transport =
                new NettyTransport(1, (shard, failure) -> failure.printStackTrace());
        Shard shard = transport.shards().getFirst();
        CephxMonitorAuth auth = new CephxMonitorAuth(keys, Clock.system(), random);
        ClientAuth none =
                peer -> {
                    throw new AuthException(-2, "dials nobody");
                };
        Msgr2 messenger =
                new Msgr2(
                        new EntityName(EntityType.MON, 0),
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(shard, transport, none, auth, new Monitor(map), random));
        messenger.listen(
                EntityAddr.msgr2(
                        new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0));
        Thread.currentThread().join();
    }

    private record Monitor(Bytes map) implements Dispatcher {
        @Override
        public void accepted(Connection connection) {
            System.out.println("accepted " + connection + " " + connection.identityOrNull());
        }

        @Override
        public void received(Connection connection, Message message) {
            System.out.println(message);
            switch (message) {
                case MMonGetMap m -> connection.send(new MMonMap(map));
                case MMonSubscribe m -> {
                    if (m.what().containsKey("config")) {
                        connection.send(new MConfig(Map.of()));
                        connection.send(new MMonMap(map));
                    }
                }
                case MMonCommand m -> {
                    String json = m.command().getFirst();
                    String output =
                            json.contains("get_command_descriptions")
                                    ? "{\"cmd000\":{\"sig\":[\"status\"],\"help\":\"\","
                                            + "\"module\":\"mon\",\"perm\":\"r\",\"flags\":0}}"
                                    : "  a stand-in is well\n";
                    connection.send(
                            new MMonCommandAck(m.tid(), 0, 0, "", m.command(), Bytes.utf8(output)));
                }
                default -> System.out.println("no answer");
            }
        }

        @Override
        public void reset(Connection connection) {
            System.out.println("reset " + connection);
        }
    }
}
