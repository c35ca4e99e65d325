package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.CephConf;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosOptions;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLog;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.map.MonMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The store of a monitor that stands alone becomes one of several, whenever it may be cut off. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LoneStoreTest {
    private static final AuthName ADMIN = AuthName.parse("client.admin");
    private static final UUID FSID = new UUID(3, 4);

    @TempDir private Path folder;

    private final List<Throwable> failures = new ArrayList<>();
    private Path directory;
    private EntityAddr at;
    private CryptoKey key;
    private DaemonHost hostOrNull;
    private Rados adminOrNull;

    @BeforeEach
    void make() throws IOException {
        directory = folder.resolve("mon.a");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            at = EntityAddr.msgr2((InetSocketAddress) free.getLocalSocketAddress(), 0);
        }
        MonVerb.makeAlone(
                directory,
                random -> {
                    var keys = Genesis.keys(random, Clock.system().now());
                    key = keys.get(ADMIN).key();
                    MonMap.MonInfo info = new MonMap.MonInfo("a", EntityAddrVec.of(at));
                    return new Genesis(FSID, List.of(info), keys, new TreeMap<>(), "osd");
                });
    }

    private void start() {
        String text = "fsid = " + FSID + "\nmon host = " + at + "\nmon data = " + directory;
        CephConf conf = CephConf.parse(text, "ceph", AuthName.parse("mon.a"));
        DaemonHost host = new DaemonHost(failures::add, name -> Optional.empty());
        hostOrNull = host;
        MonVerb.start(new DaemonSettings(conf), host);
        RadosOptions options =
                new RadosOptions(
                        ADMIN,
                        List.of(EntityAddrVec.of(at)),
                        Duration.ofSeconds(60),
                        RadosOptions.Limits.DEFAULT);
        adminOrNull = host.client(options, host.loop(1), key);
    }

    @AfterEach
    void stop() {
        if (hostOrNull != null) {
            adminOrNull.close();
            hostOrNull.close();
            hostOrNull = null;
        }
        assertThat(failures).isEmpty();
    }

    private String ask(String json) {
        Rados.CommandReply reply = Await.on(adminOrNull.monitorCommand(json, Bytes.EMPTY));
        assertThat(reply.result()).as(json + ": " + reply.text()).isZero();
        return reply.output().toUtf8();
    }

    private void makePool(String name) {
        ask("{\"prefix\":\"osd pool create\",\"pool\":\"" + name + "\",\"pg_num\":1}");
    }

    private List<String> pools() {
        return json("osd pool ls").valueStream().map(JsonNode::asString).toList();
    }

    private JsonNode json(String prefix) {
        return JsonMapper.builder()
                .build()
                .readTree(ask("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}"));
    }

    private void addsAnother() {
        ask("{\"prefix\":\"mon add\",\"name\":\"b\",\"addr\":\"127.0.0.1:1\"}");
    }

    @Test
    void whatWasAgreedGoesOn() throws IOException {
        start();
        makePool("before");
        int epoch = json("osd dump").path("epoch").asInt();
        addsAnother();
        assertThat(pools()).containsExactly("before");
        assertThat(json("osd dump").path("epoch").asInt())
                .as("nothing has changed")
                .isEqualTo(epoch);
        assertThat(json("mon dump").path("mons").size()).isEqualTo(2);
        makePool("after");
        stop();
        assertThat(MemberStore.isThere(directory)).isTrue();
        assertThat(LocalLog.isThere(directory)).as("the log that counts no more").isFalse();
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("joined", "keyring", "monmap", "raft");
        }
        start();
        assertThat(pools()).containsExactly("before", "after");
    }

    @Test
    void cutOffBeforeItIsAMemberItStandsAloneStill() throws IOException {
        start();
        makePool("before");
        stop();
        handOver();
        Files.delete(directory.resolve("monmap")); // what is written last
        start();
        makePool("alone");
        assertThat(LocalLog.isThere(directory)).isTrue();
        addsAnother();
        assertThat(pools()).containsExactly("before", "alone");
    }

    @Test
    void cutOffAfterwardsItGoesOnAsAMember() throws IOException {
        start();
        makePool("before");
        stop();
        handOver();
        start();
        assertThat(pools()).containsExactly("before");
        assertThat(json("mon dump").path("mons").size()).isEqualTo(1);
        assertThat(LocalLog.isThere(directory)).isFalse();
    }

    private void handOver() {
        try (DaemonHost host = new DaemonHost()) {
            LoneStore.look("a", directory, host.random(), failures::add).handOver();
        }
    }
}
