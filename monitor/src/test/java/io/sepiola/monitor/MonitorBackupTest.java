package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Simulation;
import io.sepiola.monitor.state.ChangeCodec;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

class MonitorBackupTest {
    private static final UUID FSID = new UUID(3, 4);
    private static final Utime NOW = new Utime(1000, 0);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final Genesis genesis =
            Genesis.of(FSID, "a", addr(3300), simulation.random(), Instant.EPOCH)
                    .with("osd", "osd_max_backfills", "3");

    @TempDir private Path directory;

    private static EntityAddr addr(int port) {
        return EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", port), 0);
    }

    private static MonMap.MonInfo info(String name, int port) {
        return new MonMap.MonInfo(name, EntityAddrVec.of(addr(port)));
    }

    private static ReplicatedLog.Recovered log(Genesis from) {
        Bytes record = ChangeCodec.record(from.changes(Instant.EPOCH));
        return new ReplicatedLog.Recovered(1, Bytes.EMPTY, List.of(record));
    }

    private MonitorBackup backup() {
        return MonitorBackup.of(log(genesis), "a", NOW);
    }

    @Test
    void everyDamageIsNoticed() {
        byte[] whole = backup().toBytes().toArray();
        assertThat(MonitorBackup.fromBytes(Bytes.of(whole))).isEqualTo(backup());
        for (int at = 0; at < whole.length; at += 7) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 16;
            assertThatThrownBy(() -> MonitorBackup.fromBytes(Bytes.of(flipped)))
                    .as("byte %d", at)
                    .isInstanceOf(Malformed.class);
            Bytes cut = Bytes.of(whole).slice(0, at);
            assertThatThrownBy(() -> MonitorBackup.fromBytes(cut)).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void anEmptyLogIsNoCluster() {
        assertThatThrownBy(() ->
                        MonitorBackup.of(
                                new ReplicatedLog.Recovered(0, Bytes.EMPTY, List.of()), "a", NOW))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("holds no cluster");
    }

    @Test
    void severalGoOnFromOne() {
        Genesis anew = backup().genesis(List.of(info("b", 3301), info("c", 3302)));
        MonitorState before = Committer.replay(log(genesis), MonitorState.blank(FSID));
        MonitorState after = Committer.replay(log(anew), MonitorState.blank(FSID));
        assertThat(after.monMap().ranks()).containsExactly("b", "c");
        assertThat(after.monMap().epoch()).isGreaterThan(before.monMap().epoch());
        assertThat(after.osdMaps().newest().epoch()).isEqualTo(100_001);
        assertThat(after.osdMaps().oldestEpoch()).isEqualTo(100_001);
        assertThat(after.mgrMap().epoch()).isGreaterThan(100_000);
        assertThat(after.auth().entities()).isEqualTo(before.auth().entities());
        assertThat(after.auth().globalIdEnd()).isGreaterThan(before.auth().globalIdEnd());
        assertThat(after.settings()).isEqualTo(before.settings());
        assertThat(backup().entity(AuthName.parse("mon."))).isPresent();
        MonitorBackup again = MonitorBackup.of(log(anew), "b", NOW);
        assertThat(again.fsid()).isEqualTo(FSID);
        assertThat(again.osdMapEpoch()).isEqualTo(100_001);
    }

    @Test
    void theFilesOfARunningMonitorAreRead() throws Exception {
        LocalLog log = new LocalLog(directory, Runnable::run, shard);
        log.recover();
        Bytes first = ChangeCodec.record(genesis.changes(Instant.EPOCH));
        shard.execute(() -> log.append(first, version -> {}));
        simulation.run(Duration.ofSeconds(1));
        assertThat(LocalLogCopy.read(directory)).isEqualTo(log(genesis));
        MonitorState state = Committer.replay(log(genesis), MonitorState.blank(FSID));
        shard.execute(() -> log.snapshot(1, MonitorState.CODEC.toBytes(state)));
        shard.execute(() -> log.append(Bytes.utf8("next"), version -> {}));
        simulation.run(Duration.ofSeconds(1));
        ReplicatedLog.Recovered read = LocalLogCopy.read(directory);
        assertThat(read.version()).isEqualTo(2);
        assertThat(read.snapshot()).isEqualTo(MonitorState.CODEC.toBytes(state));
        assertThat(read.records()).containsExactly(Bytes.utf8("next"));

        Path file = directory.resolve("log-1");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(LocalLogCopy.read(directory).version()).as("being written").isEqualTo(1);
        log.close();
    }
}
