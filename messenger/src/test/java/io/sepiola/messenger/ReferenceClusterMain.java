package io.sepiola.messenger;

import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.message.MMonGetMap;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.Subscription;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Logs in to a genuine cluster in either mode, asks for maps, renews tickets, and asks an OSD for
 * an object's size. By hand: {@code MON_PORT OSD_PORT OSD_NONCE KEY POOL PG HASH EPOCH OBJECT}.
 */
final class ReferenceClusterMain {
    private final LinkedBlockingQueue<Object> events = new LinkedBlockingQueue<>();

    private final Dispatcher dispatcher =
            new Dispatcher() {
                @Override
                public void connected(Connection connection) {
                    events.add("connected " + connection);
                }

                @Override
                public void received(Connection connection, Message message) {
                    events.add(message);
                }

                @Override
                public void reset(Connection connection) {
                    events.add("reset " + connection);
                }

                @Override
                public void denied(Connection connection, String reason) {
                    events.add("denied " + reason);
                }
            };

    public static void main(String[] arguments) throws Exception {
        for (ConnectionMode mode : ConnectionMode.values()) {
            new ReferenceClusterMain().run(mode, arguments);
        }
    }

    private void run(ConnectionMode mode, String[] a) throws Exception {
        System.out.println("--- " + mode);
        SecureRandom random = new SecureRandom();
        try (NettyTransport transport =
                new NettyTransport(1, (shard, failure) -> failure.printStackTrace())) {
            Shard shard = transport.shards().getFirst();
            CephxClient credentials =
                    new CephxClient(
                            AuthName.parse("client.admin"),
                            CryptoKey.parse(a[3]),
                            CephxClient.CLIENT_SERVICES,
                            Clock.system(),
                            random);
            Msgr2 messenger =
                    new Msgr2(
                            new EntityName(EntityType.CLIENT, -1),
                            Msgr2Options.DEFAULT.only(mode),
                            new Msgr2.Parts(
                                    shard,
                                    transport,
                                    credentials,
                                    ServerAuth.NOBODY,
                                    dispatcher,
                                    random));
            Connection mon = messenger.connect(EntityType.MON, at(a[0], 0), Policy.LOSSY);
            mon.send(new MMonGetMap());
            mon.send(new MMonSubscribe(Map.of("osdmap", new Subscription(0, 1)), "here"));
            for (int i = 0; i < 3; i++) {
                show();
            }
            System.out.println("global id " + credentials.globalId());
            System.out.println("loginDue " + credentials.loginDue() + " due " + credentials.due());
            mon.close();
            mon =
                    messenger.connect(
                            EntityType.MON, at(a[0], 0), Policy.LOSSY); // with the old ticket
            long before = credentials.globalId();
            show();
            System.out.println("kept its global id: " + (before == credentials.globalId()));
            messenger.rename(new EntityName(EntityType.CLIENT, credentials.globalId()));
            mon.send(
                    new io.sepiola.protocol.message.MAuth(
                            0, 2, credentials.renewal(java.util.Set.of(EntityType.OSD)), 0));
            Object reply = events.poll(5, TimeUnit.SECONDS);
            if (reply instanceof io.sepiola.protocol.message.MAuthReply renewed) {
                credentials.onReply(renewed.result(), renewed.payload());
                System.out.println("renewed: " + credentials.due());
            } else {
                System.out.println("? " + reply);
            }
            Connection osd =
                    messenger.connect(
                            EntityType.OSD, at(a[1], Integer.parseInt(a[2])), Policy.LOSSY);
            osd.send(stat(a));
            show();
            show();
            messenger.close();
        }
    }

    private static MOSDOp stat(String[] a) {
        long pool = Long.parseLong(a[4]);
        return new MOSDOp(
                1,
                SpgId.replicated(new PgId(pool, Integer.parseInt(a[5]))),
                Integer.parseUnsignedInt(a[6], 16),
                Integer.parseInt(a[7]),
                MOSDOp.READ | MOSDOp.ON_DISK | MOSDOp.KNOWN_REDIRECT,
                OsdReqId.NONE,
                0,
                Utime.ZERO,
                ObjectLocator.of(pool, ""),
                a[8],
                List.of(new OsdOp.Stat()),
                HObject.HEAD,
                SnapContext.NONE,
                0,
                Features.SUPPORTED);
    }

    private void show() throws InterruptedException {
        Object event = events.poll(5, TimeUnit.SECONDS);
        String text = String.valueOf(event);
        System.out.println(text.substring(0, Math.min(text.length(), 300)));
    }

    private static EntityAddrVec at(String port, int nonce) {
        return EntityAddrVec.of(
                EntityAddr.msgr2(
                        new InetSocketAddress("127.0.0.1", Integer.parseInt(port)), nonce));
    }
}
