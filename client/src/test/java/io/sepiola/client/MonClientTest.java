package io.sepiola.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.client.FakeMessenger.FakeConnection;
import io.sepiola.messenger.CephxClient;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonCommandAck;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonGetVersionReply;
import io.sepiola.protocol.message.MMonMap;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.message.Subscription;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

class MonClientTest {
    private static final UUID FSID = UUID.fromString("d475e483-75fe-4fec-b7c7-dc67bd5763a8");

    private final Simulation simulation = new Simulation(7);
    private final Simulation.SimulatedShard shard = simulation.shard("client");
    private final FakeMessenger messenger = new FakeMessenger();
    private final List<String> heard = new ArrayList<>();
    private final List<EntityAddrVec> monitors =
            MonitorAddresses.parse("v2:127.0.0.1:1 v2:127.0.0.1:2 v2:127.0.0.1:3");
    private final MonClient client =
            new MonClient(
                    shard,
                    messenger,
                    cephx(),
                    MonClient.Options.client(monitors),
                    simulation.random(),
                    new Heard());

    private final class Heard implements MonClient.Listener {
        @Override
        public void received(Message message) {
            heard.add(message.getClass().getSimpleName());
        }

        @Override
        public void connected() {
            heard.add("connected");
        }

        @Override
        public void disconnected() {
            heard.add("disconnected");
        }

        @Override
        public void denied(String reason) {
            heard.add("denied: " + reason);
        }
    }

    private CephxClient cephx() {
        CryptoKey key = new CryptoKey(KeyType.AES, Utime.ZERO, Bytes.zeros(16));
        return new CephxClient(
                AuthName.parse("client.admin"),
                key,
                CephxClient.CLIENT_SERVICES,
                simulation.clock(),
                simulation.random());
    }

    private FakeConnection stand() {
        simulation.run(Duration.ofMillis(500));
        FakeConnection monitor = messenger.last(EntityType.MON);
        client.dispatcher().connected(monitor);
        settle();
        return monitor;
    }

    private void receive(FakeConnection from, Message message) {
        client.dispatcher().received(from, message);
        settle();
    }

    private void settle() {
        simulation.run(Duration.ofMillis(1));
    }

    private static Map<String, Subscription> subscriptions(FakeConnection monitor) {
        Map<String, Subscription> all = new TreeMap<>();
        monitor.sent(MMonSubscribe.class).forEach(message -> all.putAll(message.what()));
        return all;
    }

    private MMonMap map(int epoch) {
        List<MonMap.MonInfo> all = new ArrayList<>();
        for (int i = 0; i < monitors.size(); i++) {
            all.add(new MonMap.MonInfo("m" + i, monitors.get(i)));
        }
        return new MMonMap(MonMap.CODEC.toBytes(MonMap.of(FSID, epoch, Utime.ZERO, all)));
    }

    @Test
    void startsWhenASessionStandsAndTheMonitorMapIsKnown() {
        CompletableFuture<Long> started = client.start();
        FakeConnection monitor = stand();
        assertThat(started).isNotDone();
        assertThat(subscriptions(monitor)).containsOnlyKeys("config", "monmap");

        receive(monitor, map(4));

        assertThat(started).isCompleted();
        assertThat(client.fsid()).isEqualTo(FSID);
        assertThat(heard).containsExactly("connected", "MMonMap");
    }

    @Test
    void subscriptionsGoOnWhereTheyWereAfterABreak() {
        client.subscribe("osdmap", 0, false);
        client.subscribe("mgrmap", 3, true);
        client.start();
        FakeConnection first = stand();
        assertThat(subscriptions(first))
                .containsEntry("osdmap", new Subscription(0, 0))
                .containsEntry("mgrmap", new Subscription(3, Subscription.ONCE));
        receive(first, map(4));
        client.received("osdmap", 17);
        client.received("mgrmap", 3);
        settle();

        client.dispatcher().reset(first);
        FakeConnection second = stand();

        assertThat(second).isNotSameAs(first);
        assertThat(subscriptions(second))
                .containsEntry("osdmap", new Subscription(18, 0))
                .containsEntry("monmap", new Subscription(5, 0))
                .doesNotContainKey("mgrmap");
        assertThat(heard).containsExactly("connected", "MMonMap", "disconnected", "connected");
    }

    @Test
    void aSubscriptionIsAskedOncePerSession() {
        client.start();
        FakeConnection monitor = stand();
        client.subscribe("osdmap", 5, true);
        client.subscribe("osdmap", 5, true);
        settle();
        assertThat(
                        monitor.sent(MMonSubscribe.class).stream()
                                .filter(message -> message.what().containsKey("osdmap")))
                .hasSize(1);
    }

    @Test
    void anUnansweredCommandIsAskedAgainAndAnsweredOnce() {
        client.start();
        FakeConnection first = stand();
        receive(first, map(1));
        CompletableFuture<Rados.CommandReply> reply = client.command("{}", Bytes.EMPTY);
        settle();
        MMonCommand asked = first.sent(MMonCommand.class).getFirst();
        assertThat(asked.fsid()).isEqualTo(FSID);

        client.dispatcher().reset(first);
        FakeConnection second = stand();
        MMonCommand again = second.sent(MMonCommand.class).getFirst();
        assertThat(again.tid()).isEqualTo(asked.tid());
        receive(first, ack(asked, "too late"));
        assertThat(reply).isNotDone();
        receive(second, ack(again, "done"));

        assertThat(Await.on(reply).text()).isEqualTo("done");
        client.dispatcher().reset(second);
        assertThat(stand().sent(MMonCommand.class)).isEmpty();
    }

    private static MMonCommandAck ack(MMonCommand command, String text) {
        return new MMonCommandAck(command.tid(), 0, 0, text, command.command(), Bytes.EMPTY);
    }

    @Test
    void versionsAreTold() {
        client.start();
        FakeConnection monitor = stand();
        CompletableFuture<MonClient.Versions> versions = client.version("osdmap");
        settle();
        long handle = monitor.sent(MMonGetVersion.class).getFirst().handle();
        receive(monitor, new MMonGetVersionReply(handle, 12, 3));
        assertThat(Await.on(versions)).isEqualTo(new MonClient.Versions(12, 3));
    }

    @Test
    void whatIsSentWithoutASessionWaitsForOne() {
        client.send(new MPing(Bytes.EMPTY));
        client.start();
        FakeConnection first = stand();
        assertThat(first.sent(MPing.class)).hasSize(1);
        client.dispatcher().reset(first);
        assertThat(stand().sent(MPing.class)).isEmpty();
    }

    @Test
    void everyMonitorIsTriedBeforeThePausesGrow() {
        client.start();
        for (int i = 0; i < 12; i++) {
            simulation.run(Duration.ofSeconds(6));
            client.dispatcher().refused(messenger.last(EntityType.MON));
            settle();
        }
        List<EntityAddrVec> tried = messenger.dialled.stream().map(c -> c.target).toList();
        assertThat(tried.subList(0, 3)).containsExactlyInAnyOrderElementsOf(monitors);
        assertThat(tried.subList(3, 6)).containsExactlyInAnyOrderElementsOf(monitors);
        assertThat(messenger.dialled.subList(0, 11)).allMatch(connection -> connection.closed);
    }

    @Test
    void aMonitorThatLetsNobodyInIsGivenUp() {
        client.start();
        simulation.run(Duration.ofSeconds(9));
        assertThat(messenger.dialled).hasSize(1);
        simulation.run(Duration.ofSeconds(2));
        assertThat(messenger.dialled).hasSize(2);
        assertThat(messenger.dialled.getFirst().closed).isTrue();
    }

    @Test
    void aSilentMonitorIsAskedForASignOfLifeAndThenGivenUp() {
        client.start();
        FakeConnection monitor = stand();
        monitor.heardNanos = simulation.clock().nanos();
        simulation.run(Duration.ofSeconds(25));
        assertThat(monitor.keepAlives).isEqualTo(2);
        monitor.heardNanos = simulation.clock().nanos();
        simulation.run(Duration.ofSeconds(25));
        assertThat(monitor.closed).isFalse();
        simulation.run(Duration.ofSeconds(20));
        assertThat(monitor.closed).isTrue();
        assertThat(heard).containsExactly("connected", "disconnected");
    }

    @Test
    void aRefusedLoginIsTold() {
        client.start();
        simulation.run(Duration.ofMillis(10));
        client.dispatcher().denied(messenger.last(EntityType.MON), "wrong key");
        settle();
        assertThat(heard).containsExactly("denied: wrong key");
    }

    @Test
    void closingFailsWhatIsUnanswered() {
        client.start();
        FakeConnection monitor = stand();
        CompletableFuture<Rados.CommandReply> reply = client.command("{}", Bytes.EMPTY);
        client.close();
        simulation.run(Duration.ofMinutes(1));
        assertThat(monitor.closed).isTrue();
        assertThatThrownBy(() -> Await.on(reply))
                .isInstanceOf(RadosException.class)
                .hasMessageContaining("closed");
        assertThat(messenger.dialled).hasSize(1);
    }
}
