package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDMap;
import io.sepiola.protocol.message.Subscription;
import io.sepiola.protocol.osd.CompatSet;
import io.sepiola.protocol.osd.OsdSuperblock;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Thousands of OSDs of one monitor, in simulated time: they start, report, fail by hundreds and
 * come back. Everybody hears of everything, in few epochs, and the monitor's memory stays bounded.
 */
final class ManyOsdsTest {
    private static final int OSDS = Integer.getInteger("osds", 5_000);
    private static final int PER_HOST = 20;
    private static final int HOSTS_LOST = Math.max(1, OSDS / PER_HOST / 10);
    private static final int REPORTERS = 5; // of each OSD that is silent
    private static final Duration STARTING = Duration.ofSeconds(20);
    private static final Duration COMMIT = Duration.ofMillis(20);
    private static final long HEAP_MAX = 200L << 20;
    private static final long FEATURES = 0x3f01cfbdfffdffffL;

    private static final UUID FSID = new UUID(7, 7);
    private static final EntityAddr ADDR =
            EntityAddr.msgr2(new InetSocketAddress("127.0.0.1", 3300), 0);
    private static final CompatSet.Features NONE = CompatSet.Features.NONE;

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("mon");
    private final Simulation.SimulatedShard osdShard = simulation.shard("osds");
    private final List<Daemon> osds = new ArrayList<>();
    private FakeMessenger network;
    private Monitor monitor;
    private FakeMessenger.Peer admin;
    private long tid;
    private long bytes; // of maps that were sent

    /** An OSD as the monitor sees it: it starts, lives, and hears of maps. */
    private final class Daemon {
        private final int id;
        private final FakeMessenger.Peer peer;
        private int epoch;

        Daemon(int id) {
            this.id = id;
            this.peer = network.peer("osd." + id, 5_000 + id, addrs(), this::hear);
        }

        private EntityAddrVec addrs() {
            return at(0);
        }

        private EntityAddrVec at(int network) {
            String ip = "10." + network + "." + id / 250 + "." + (1 + id % 250);
            return EntityAddrVec.of(EntityAddr.msgr2(new InetSocketAddress(ip, 6800), id));
        }

        private void hear(Message message) {
            if (message instanceof MOSDMap maps) {
                epoch = Math.max(epoch, maps.newest());
                maps.incrementals().values().forEach(change -> bytes += change.size());
                maps.full().values().forEach(map -> bytes += map.size());
            }
        }

        /** What an OSD says when it starts: where it is, what it wishes to hear, and boot. */
        void start(boolean again) {
            command(
                    peer,
                    "{\"prefix\":\"osd crush create-or-move\",\"id\":"
                            + id
                            + ",\"weight\":1.0,\"args\":[\"host="
                            + host(id)
                            + "\",\"root=default\"]}");
            peer.say(new MMonSubscribe(Map.of("osd_pg_creates", new Subscription(0, 0)), "h"));
            int newest = map().epoch();
            OsdSuperblock superblock =
                    new OsdSuperblock(
                            FSID,
                            id,
                            newest,
                            1,
                            newest,
                            0,
                            new CompatSet(NONE, NONE, NONE),
                            0,
                            0,
                            uuid(id),
                            0,
                            Utime.ZERO,
                            0);
            peer.say(
                    new MOSDBoot(
                            newest,
                            superblock,
                            at(1),
                            at(2),
                            again ? 1 : 0,
                            at(3),
                            Map.of("hostname", host(id)),
                            FEATURES));
            osdShard.timers().after(Duration.ofSeconds(2), () -> ask(map().epoch()));
            if (!again) {
                beaconLater();
            }
        }

        private void beaconLater() {
            osdShard.timers().after(Duration.ofSeconds(300), this::beacon);
        }

        /** It leads groups, which is to be known. */
        private void ask(int wanted) {
            peer.say(new MOSDAlive(wanted, wanted));
        }

        private void beacon() {
            peer.say(new MOSDBeacon(map().epoch(), List.of(), map().epoch(), Utime.ZERO, 300));
            beaconLater();
        }

        void report(int silent) {
            peer.say(
                    new MOSDFailure(
                            0,
                            FSID,
                            silent,
                            map().addrs(silent),
                            map().epoch(),
                            MOSDFailure.FAILED,
                            25));
        }
    }

    private static String host(int osd) {
        return "h" + osd / PER_HOST;
    }

    private static UUID uuid(int osd) {
        return new UUID(100, osd);
    }

    private OsdMap map() {
        return monitor.state().osdMaps().newest();
    }

    private void command(FakeMessenger.Peer who, String json) {
        command(who, json, Bytes.EMPTY);
    }

    private void command(FakeMessenger.Peer who, String json, Bytes input) {
        who.say(new MMonCommand(++tid, 0, FSID, List.of(json), input));
    }

    private void begin() {
        List<FakeMessenger> made = new ArrayList<>();
        monitor =
                new Monitor(
                        MonitorOptions.of("a", FSID, ADDR),
                        shard,
                        simulation.random(),
                        new MemoryLog(new MemoryLog.Disk(), shard, COMMIT),
                        (self, auth, dispatcher) -> {
                            FakeMessenger messenger = new FakeMessenger(self, dispatcher);
                            made.add(messenger);
                            return messenger;
                        });
        network = made.getFirst();
        SortedMap<AuthName, EntityAuth> keys =
                new TreeMap<>(Genesis.keys(simulation.random(), simulation.clock().now()));
        for (int osd = 0; osd < OSDS; osd++) {
            keys.put(
                    AuthName.parse("osd." + osd),
                    Genesis.entity(
                            simulation.random(),
                            simulation.clock().now(),
                            Map.of("mon", "allow profile osd")));
        }
        Genesis genesis =
                new Genesis(
                        FSID,
                        List.of(new MonMap.MonInfo("a", EntityAddrVec.of(ADDR))),
                        keys,
                        new TreeMap<>(),
                        "host");
        monitor.start(Optional.of(genesis));
        simulation.run(Duration.ofSeconds(1));
        admin = network.peer("client.admin", 4200, EntityAddrVec.EMPTY);
        simulation.run(Duration.ofMillis(10));
        for (int osd = 0; osd < OSDS; osd++) {
            command(
                    admin,
                    "{\"prefix\":\"osd new\",\"uuid\":\"" + uuid(osd) + "\",\"id\":" + osd + "}");
            if (osd % 100 == 99) {
                simulation.run(COMMIT.multipliedBy(3));
            }
        }
        CrushEditor editor = new CrushEditor(map().crush());
        for (int osd = 0; osd < OSDS; osd++) {
            editor.createOrMove(
                    osd, "osd." + osd, 0x10000, Map.of("host", host(osd), "root", "default"));
        }
        Bytes crush = CrushMap.CODEC.toBytes(editor.build());
        command(admin, "{\"prefix\":\"osd setcrushmap\"}", crush);
        simulation.run(Duration.ofSeconds(1));
        assertThat(map().osdCount()).isEqualTo(OSDS);
        assertThat(map().crush().parent(OSDS - 1)).isPresent();
        for (int osd = 0; osd < OSDS; osd++) {
            osds.add(new Daemon(osd));
        }
    }

    /** Runs and says what it took: epochs, bytes of maps, seconds here. */
    private int epochsOf(String what, Duration time) {
        int first = map().epoch();
        long sent = bytes;
        long began = System.nanoTime();
        simulation.run(time);
        int epochs = map().epoch() - first;
        System.out.printf(
                "ManyOsdsTest: %d OSDs, %s: %d epochs in %d simulated s (%.1f s here), %d MiB of"
                        + " maps sent%n",
                OSDS,
                what,
                epochs,
                time.toSeconds(),
                (System.nanoTime() - began) / 1e9,
                bytes - sent >> 20);
        return epochs;
    }

    private void within(Duration time, Runnable task) {
        long nanos = (long) (simulation.random().nextDouble() * time.toNanos());
        osdShard.timers().after(Duration.ofNanos(nanos), task);
    }

    @Test
    void thousandsStartFailAndComeBackInFewEpochs() {
        begin();
        osds.forEach(osd -> within(STARTING, () -> osd.start(false)));
        int started = epochsOf("all start and lead", STARTING.plusSeconds(5));
        assertThat(map().upCount()).isEqualTo(OSDS);
        assertThat(map().inCount()).isEqualTo(OSDS);
        assertThat(started).isLessThan(few(STARTING));
        allHaveHeard();

        for (int round = 0; round < 3; round++) {
            int first = round * HOSTS_LOST * PER_HOST % OSDS;
            int end = Math.min(OSDS, first + HOSTS_LOST * PER_HOST);
            for (int osd = first; osd < end; osd++) {
                int silent = osd;
                for (int i = 0; i < REPORTERS; i++) {
                    Daemon reporter = osds.get(other(first, end));
                    within(Duration.ofSeconds(2), () -> reporter.report(silent));
                }
            }
            int failed = epochsOf((end - first) + " of them fail", Duration.ofSeconds(5));
            assertThat(map().upCount()).isEqualTo(OSDS - (end - first));
            assertThat(failed).isLessThan(few(Duration.ofSeconds(2)));
            List<Daemon> back = osds.subList(first, end);
            back.forEach(osd -> within(Duration.ofSeconds(2), () -> osd.start(true)));
            int returned = epochsOf("and come back", Duration.ofSeconds(10));
            assertThat(map().upCount()).isEqualTo(OSDS);
            assertThat(returned).isLessThan(few(Duration.ofSeconds(4)));
        }
        epochsOf("nothing happens but beacons", Duration.ofMinutes(20));
        assertThat(map().upCount()).isEqualTo(OSDS);
        allHaveHeard();
        long heap = usedHeap();
        System.out.printf(
                "ManyOsdsTest: map of %d KiB, epochs %d..%d kept; %d MiB of heap with all of it%n",
                map().encoded().size() >> 10,
                monitor.state().osdMaps().oldestEpoch(),
                map().epoch(),
                heap >> 20);
        assertThat(heap).isLessThan(HEAP_MAX);
    }

    /** One for each wait of the monitor's in {@code time}, and some in which commands are done. */
    private static int few(Duration time) {
        double wait = Math.min(1, OSDS * 0.0002);
        return (int) (time.toMillis() / 1000.0 / wait) + 10;
    }

    private int other(int first, int end) {
        int osd = simulation.random().nextInt(OSDS - (end - first));
        return osd < first ? osd : osd + (end - first);
    }

    private void allHaveHeard() {
        assertThat(osds).allMatch(osd -> osd.epoch == map().epoch());
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
