package io.sepiola.messenger;

import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.message.MPing;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A lossless session with a genuine OSD, as another OSD, whose link breaks ten times. By hand:
 * {@code MON_PORT OSD_CLUSTER_PORT OSD_NONCE ENTITY KEY}.
 */
final class ReferencePeerMain {
    private ReferencePeerMain() {}

    public static void main(String[] a) throws Exception {
        LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
        Dispatcher dispatcher =
                new Dispatcher() {
                    @Override
                    public void connected(Connection connection) {
                        events.add("connected " + connection);
                    }

                    @Override
                    public void received(Connection connection, Message message) {
                        events.add(String.valueOf(message));
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
        SecureRandom random = new SecureRandom();
        NettyTransport netty = new NettyTransport(1, (shard, failure) -> failure.printStackTrace());
        Breaking transport = new Breaking(netty);
        Shard shard = netty.shards().getFirst();
        CephxClient credentials =
                new CephxClient(
                        AuthName.parse(a[3]),
                        CryptoKey.parse(a[4]),
                        CephxClient.CLIENT_SERVICES,
                        Clock.system(),
                        random);
        Msgr2 messenger =
                new Msgr2(
                        new EntityName(EntityType.OSD, 99),
                        Msgr2Options.DEFAULT.accepting(EntityType.OSD, Policy.LOSSLESS_PEER),
                        new Msgr2.Parts(
                                shard,
                                transport,
                                credentials,
                                new CephxServiceAuth(
                                        EntityType.OSD,
                                        credentials::rotating,
                                        Clock.system(),
                                        random),
                                dispatcher,
                                random));
        messenger.listen(EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 0), 0));
        messenger.connect(EntityType.MON, at(a[0], 0), Policy.LOSSY);
        System.out.println(events.poll(5, TimeUnit.SECONDS));
        Connection osd =
                messenger.connect(
                        EntityType.OSD, at(a[1], Integer.parseInt(a[2])), Policy.LOSSLESS_PEER);
        System.out.println(events.poll(5, TimeUnit.SECONDS));
        for (int i = 0; i < 10; i++) {
            osd.send(new MPing(io.sepiola.base.Bytes.EMPTY));
            osd.send(new MPing(io.sepiola.base.Bytes.EMPTY));
            Thread.sleep(200);
            shard.execute(transport::breakLast);
        }
        osd.send(new MPing(io.sepiola.base.Bytes.EMPTY));
        Thread.sleep(2000);
        System.out.println("open: " + osd.isOpen() + ", further events: " + events);
        System.out.println(
                "resumed "
                        + io.sepiola.base.Mark.count("messenger: session resumed")
                        + " times over "
                        + transport.count
                        + " links");
        messenger.close();
        netty.close();
    }

    private static EntityAddrVec at(String port, int nonce) {
        return EntityAddrVec.of(
                EntityAddr.msgr2(
                        new InetSocketAddress("127.0.0.1", Integer.parseInt(port)), nonce));
    }

    /** Remembers the last link dialled. */
    private static final class Breaking implements Transport {
        private final Transport inner;
        private Handler last;
        private Link lastLink;
        private int count;

        Breaking(Transport inner) {
            this.inner = inner;
        }

        void breakLast() {
            Handler handler = last;
            lastLink.close();
            handler.closed(Cause.BROKEN);
        }

        @Override
        public Listener listen(InetSocketAddress at, Shard shard, Acceptor acceptor) {
            return inner.listen(at, shard, acceptor);
        }

        @Override
        public void connect(InetSocketAddress to, Shard shard, Handler handler) {
            count++;
            inner.connect(
                    to,
                    shard,
                    new Handler() {
                        @Override
                        public void opened(Link link) {
                            last = handler;
                            lastLink = link;
                            handler.opened(link);
                        }

                        @Override
                        public void received(Source source) {
                            handler.received(source);
                        }

                        @Override
                        public void closed(Cause cause) {
                            handler.closed(cause);
                        }
                    });
        }

        @Override
        public void close() {}
    }
}
