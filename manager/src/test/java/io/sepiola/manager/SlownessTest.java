package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.DaemonHealthMetric;
import io.sepiola.protocol.osd.HealthCheck;
import io.sepiola.protocol.osd.HealthChecks;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PingTimes;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Slow networks and slow operations, in Ceph's words. */
class SlownessTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden"));
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");

    private OsdMap osdMap;
    private PgMap map;
    private final ModuleOptions options = new ModuleOptions("x", new TreeMap<>());

    @BeforeEach
    void aGenuineMap() throws IOException {
        byte[] file = Files.readAllBytes(GOLDEN.resolve("osdmap/chain-small/full.109.bin"));
        osdMap = OsdMap.CODEC.fromBytes(Bytes.of(file));
        map = new PgMap(osdMap);
        map.update(osdMap, Utime.of(NOW));
    }

    /** An OSD tells of its pings to others; averages of 1, 5 and 15 minutes, in microseconds. */
    private void tells(int osd, Map<Integer, PingTimes> pings) {
        OsdStat stat = Stats.osd(8 << 20, 1 << 20).withPings(pings);
        map.report(
                osd,
                new MPGStats(0, osdMap.fsid(), stat, new TreeMap<>(), 0, Utime.ZERO, Map.of()),
                Utime.of(NOW));
    }

    private static PingTimes times(Instant at, int[] back, int[] front) {
        int[] none = new int[3];
        return PingTimes.of(
                (int) at.getEpochSecond(),
                new PingTimes.Network(back, none, none, back[0]),
                new PingTimes.Network(front, none, none, front[0]));
    }

    private TreeMap<String, HealthCheck> networks() {
        TreeMap<String, HealthCheck> checks = new TreeMap<>();
        PingHealth.add(map, NOW, PingHealth.slowMicros(options), checks);
        return checks;
    }

    @Test
    void aSecondOfAverageIsBorne() {
        int[] limit = {1_000_000, 1_000_000, 1_000_000};
        tells(0, Map.of(1, times(NOW, limit, limit)));
        assertThat(networks()).isEmpty();
    }

    @Test
    void optionsSayFromWhereOnAverageIsSlow() {
        int[] average = {50_001, 50_000, 50_000};
        tells(0, Map.of(1, times(NOW, average, average)));
        assertThat(networks()).isEmpty();
        options.told(Map.of("mon_warn_on_slow_ping_time", "50"));
        assertThat(networks())
                .containsOnlyKeys("OSD_SLOW_PING_TIME_BACK", "OSD_SLOW_PING_TIME_FRONT");
        options.told(Map.of("mon_warn_on_slow_ping_time", "50.001"));
        assertThat(networks()).isEmpty();
        options.told(Map.of("osd_heartbeat_grace", "10", "mon_warn_on_slow_ping_ratio", "0.005"));
        assertThat(networks()).hasSize(2);
        options.told(Map.of("osd_heartbeat_grace", "10", "mon_warn_on_slow_ping_ratio", "0.0051"));
        assertThat(networks()).isEmpty();
    }

    @Test
    void aSlowNetworkIsNamedWithWhoSeesItTheSlowestFirst() {
        int[] quick = {500, 500, 500};
        tells(
                0,
                new TreeMap<>(
                        Map.of(
                                1,
                                times(NOW, new int[] {900_000, 1_000_000, 1_118_001}, quick),
                                2,
                                times(NOW, new int[] {1_030_123, 1_000, 1_000}, quick))));
        assertThat(networks()).containsOnlyKeys("OSD_SLOW_PING_TIME_BACK");
        HealthCheck check = networks().get("OSD_SLOW_PING_TIME_BACK");
        assertThat(check.summary()).isEqualTo("Slow OSD heartbeats on back (longest 1118.001ms)");
        assertThat(check.severity()).isEqualTo(HealthCheck.WARNING);
        assertThat(check.detail())
                .containsExactly(
                        "Slow OSD heartbeats on back from osd.0 [] to osd.1 [] 1118.001 msec"
                                + " possibly improving",
                        "Slow OSD heartbeats on back from osd.0 [] to osd.2 [] 1030.123 msec");
    }

    @Test
    void timesOfLongAgoDoNotCountAndTheListIsBounded() {
        int[] slow = {2_000_000, 2_000_000, 2_000_000};
        tells(0, Map.of(1, times(NOW.minusSeconds(1201), slow, slow)));
        assertThat(networks()).isEmpty();
        TreeMap<Integer, PingTimes> many = new TreeMap<>();
        for (int to = 1; to <= 12; to++) {
            many.put(to, times(NOW, slow, slow));
        }
        tells(0, many);
        HealthCheck check = networks().get("OSD_SLOW_PING_TIME_FRONT");
        assertThat(check.count()).isEqualTo(12);
        assertThat(check.detail()).hasSize(11);
        assertThat(check.detail().getLast()).startsWith("Truncated long network list.");
    }

    private static DaemonHealthMetric slow(long count, long seconds) {
        return new DaemonHealthMetric(0, seconds << 32 | count);
    }

    @Test
    void slowOperationsAreSummedUpWithWhoHasThem() {
        SlowOps ops = new SlowOps();
        ops.heard(0, List.of(slow(0, 0)));
        assertThat(ops.with(HealthChecks.NONE, osdMap).checks()).isEmpty();
        ops.heard(0, List.of(slow(2, 37)));
        assertThat(summary(ops))
                .isEqualTo("2 slow ops, oldest one blocked for 37 sec, osd.0 has slow ops");
        ops.heard(1, List.of(slow(3, 31)));
        assertThat(summary(ops))
                .isEqualTo(
                        "5 slow ops, oldest one blocked for 37 sec, daemons [osd.0,osd.1] have slow"
                                + " ops.");
        ops.heard(0, List.of(slow(0, 0)));
        ops.heard(1, List.of(slow(0, 0)));
        assertThat(ops.with(HealthChecks.NONE, osdMap).checks()).isEmpty();
    }

    @Test
    void monitorsAreNamedAsWell() {
        SlowOps ops = new SlowOps();
        ops.heardMonitor("a", List.of(slow(2, 51)));
        assertThat(summary(ops))
                .isEqualTo("2 slow ops, oldest one blocked for 51 sec, mon.a has slow ops");
        ops.heard(0, List.of(slow(1, 60)));
        assertThat(summary(ops))
                .isEqualTo(
                        "3 slow ops, oldest one blocked for 60 sec, daemons [mon.a,osd.0] have slow"
                                + " ops.");
        assertThat(ops.counts(osdMap)).containsEntry("mon.a", 2L).containsEntry("osd.0", 1L);
        ops.forgetMonitor("a");
        assertThat(ops.counts(osdMap)).doesNotContainKey("mon.a");
    }

    private String summary(SlowOps ops) {
        return ops.with(HealthChecks.NONE, osdMap).checks().get("SLOW_OPS").summary();
    }
}
