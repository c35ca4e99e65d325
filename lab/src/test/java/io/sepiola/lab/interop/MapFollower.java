package io.sepiola.lab.interop;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.client.CephConf;
import io.sepiola.client.Keyring;
import io.sepiola.client.MonClient;
import io.sepiola.client.Rados;
import io.sepiola.messenger.CephxClient;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Msgr2;
import io.sepiola.messenger.Msgr2Options;
import io.sepiola.messenger.NettyTransport;
import io.sepiola.messenger.ServerAuth;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MOSDMap;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Listens to a cluster's monitors and keeps every change of the OSD map since the first. */
final class MapFollower implements AutoCloseable {
    private final NettyTransport transport;
    private final MonClient monitors;
    private final ConcurrentSkipListMap<Integer, Bytes> changes = new ConcurrentSkipListMap<>();

    MapFollower(CephConf conf) {
        transport =
                new NettyTransport(
                        1,
                        (_, failure) -> {
                            throw new AssertionError(failure);
                        });
        Shard shard = transport.shards().getFirst();
        SecureRandom random = new SecureRandom();
        CephxClient cephx =
                new CephxClient(
                        conf.name(),
                        Keyring.find(conf).cryptoKey(conf.name()),
                        CephxClient.CLIENT_SERVICES,
                        shard.clock(),
                        random);
        Msgr2 messenger =
                new Msgr2(
                        new EntityName(EntityType.CLIENT, -1),
                        Msgr2Options.DEFAULT,
                        new Msgr2.Parts(
                                shard,
                                transport,
                                cephx,
                                ServerAuth.NOBODY,
                                new ToMonitors(),
                                random));
        monitors =
                new MonClient(
                        shard,
                        messenger,
                        cephx,
                        MonClient.Options.client(conf.monitors()),
                        random,
                        this::received);
        monitors.subscribe("osdmap", 1, false);
        Await.on(monitors.start());
    }

    /** The changes that came so far, encoded, by the epoch to which they lead. */
    SortedMap<Integer, Bytes> changes() {
        return changes;
    }

    /** The newest epoch that the monitors have. */
    int newest() {
        return (int) Await.on(monitors.version("osdmap")).newest();
    }

    /** The whole map of an epoch as the monitors keep it. */
    Bytes whole(int epoch) {
        String line = "{\"prefix\":\"osd getmap\",\"epoch\":" + epoch + "}";
        Rados.CommandReply reply = Await.on(monitors.command(line, Bytes.EMPTY));
        if (reply.result() != 0) {
            throw new AssertionError(line + ": " + reply);
        }
        return reply.output();
    }

    private void received(Message message) {
        if (message instanceof MOSDMap maps) {
            maps.incrementals().forEach((epoch, change) -> changes.put(epoch, change.detach()));
            if (!changes.isEmpty()) {
                monitors.received("osdmap", changes.lastKey());
            }
        }
    }

    @Override
    public void close() {
        monitors.close();
        transport.close();
    }

    /** All there is are connections to monitors. */
    private final class ToMonitors implements Dispatcher {
        private Optional<Dispatcher> of(Connection connection) {
            return monitors.owns(connection)
                    ? Optional.of(monitors.dispatcher())
                    : Optional.empty();
        }

        @Override
        public void connected(Connection connection) {
            of(connection).ifPresent(it -> it.connected(connection));
        }

        @Override
        public void received(Connection connection, Message message) {
            of(connection).ifPresent(it -> it.received(connection, message));
        }

        @Override
        public void reset(Connection connection) {
            of(connection).ifPresent(it -> it.reset(connection));
        }

        @Override
        public void refused(Connection connection) {
            of(connection).ifPresent(it -> it.refused(connection));
        }

        @Override
        public void denied(Connection connection, String reason) {
            of(connection).ifPresent(it -> it.denied(connection, reason));
        }
    }
}
