package io.sepiola.lab.maps;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushEditor;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapEditor;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgRun;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a map of many OSDs costs: all groups mapped in one pass, one step applied, and memory. The
 * OSDs stand ten to a host, ten hosts to a rack, all up; three copies across racks.
 */
final class MapCost {
    /** One pass over all groups. */
    record Pass(int osds, int groups, int threads, double seconds, double bytesPerMapping) {
        @Override
        public String toString() {
            return String.format(
                    java.util.Locale.ROOT,
                    "%d groups on %d OSDs, %d threads: %.2f s, %.0f mappings/s, %.3f bytes each",
                    groups,
                    osds,
                    threads,
                    seconds,
                    groups / seconds,
                    bytesPerMapping);
        }
    }

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final OsdMap map;

    MapCost(int osds, int groups) {
        this.map = make(osds, groups);
    }

    private static OsdMap make(int osds, int groups) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("rack"));
        for (int osd = 0; osd < osds; osd++) {
            crush.createOrMove(
                    osd,
                    "osd." + osd,
                    OsdMap.WEIGHT_IN,
                    Map.of(
                            "host", "host" + osd / 10,
                            "rack", "rack" + osd / 100,
                            "root", "default"));
        }
        OsdMapEditor edit =
                OsdMap.initial(new UUID(1, 2), new Utime(1_800_000_000, 0), crush.build())
                        .edit()
                        .osdMax(osds);
        for (int osd = 0; osd < osds; osd++) {
            edit.addState(osd, OsdMap.STATE_EXISTS | OsdMap.STATE_UP).weight(osd, OsdMap.WEIGHT_IN);
        }
        PgPool pool = PgPool.builder().pgNum(groups).pgpNum(groups).build();
        OsdMap map = edit.pool(1, "rbd", pool.with(it -> it.pgs(groups))).build();
        OsdMapIncremental.Builder up = OsdMapIncremental.after(map);
        for (int osd = 0; osd < osds; osd++) {
            up.newUp(osd, addrs(osd, 0), addrs(osd, 2), addrs(osd, 4), addrs(osd, 6));
            up.newUuid(osd, new UUID(osd, osd));
        }
        return map.apply(up.build());
    }

    private static EntityAddrVec addrs(int osd, int port) {
        String text = "10." + osd / 62500 + "." + osd / 250 % 250 + "." + (1 + osd % 250);
        InetAddress ip = InetAddress.ofLiteral(text);
        return new EntityAddrVec(
                List.of(
                        EntityAddr.of(2, new InetSocketAddress(ip, 6800 + port), osd),
                        EntityAddr.of(1, new InetSocketAddress(ip, 6801 + port), osd)));
    }

    OsdMap map() {
        return map;
    }

    /** Maps every group once, the groups shared out to threads; a short pass warms up first. */
    Pass mapAll(int threads) {
        int groups = map.pools().get(1L).pgNum();
        pass(threads, Math.min(groups, 1 << 14), new AtomicLong());
        AtomicLong allocated = new AtomicLong();
        long begun = System.nanoTime();
        pass(threads, groups, allocated);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Pass(map.osdMax(), groups, threads, seconds, allocated.get() / (double) groups);
    }

    private void pass(int threads, int groups, AtomicLong allocated) {
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) groups * i / threads);
            int to = (int) ((long) groups * (i + 1) / threads);
            workers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                PgRun run = map.run(1);
                                run.map(from);
                                long before = THREADS.getCurrentThreadAllocatedBytes();
                                for (int seed = from; seed < to; seed++) {
                                    run.map(seed);
                                }
                                allocated.addAndGet(
                                        THREADS.getCurrentThreadAllocatedBytes() - before);
                            }));
        }
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Bytes step() {
        return OsdMapIncremental.CODEC.toBytes(
                OsdMapIncremental.after(map)
                        .newUpThru(17, 12)
                        .newPgTemp(new io.sepiola.protocol.PgId(1, 5), List.of(1, 2, 3))
                        .build());
    }

    /** What decoding and applying a step allocates that touches one OSD and one group. */
    long bytesPerStep() {
        Bytes step = step();
        OsdMap last = map;
        for (int i = 0; i < 100; i++) {
            last = map.apply(OsdMapIncremental.CODEC.fromBytes(step));
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            last = map.apply(OsdMapIncremental.CODEC.fromBytes(step));
        }
        long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / 100;
        return last.epoch() == map.epoch() + 1 ? bytes : -1;
    }

    /** How long decoding and applying such a step takes, in microseconds. */
    double microsPerStep() {
        Bytes step = step();
        long begun = 0;
        int epochs = 0;
        for (int round = 0; round < 2; round++) {
            begun = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                epochs += map.apply(OsdMapIncremental.CODEC.fromBytes(step)).epoch();
            }
        }
        return epochs == 0 ? -1 : (System.nanoTime() - begun) / 20_000 / 1e3;
    }

    /** What a decoded map keeps in memory, its encoding aside. */
    static long memory(Bytes encoded) {
        long before = used();
        OsdMap map = OsdMap.CODEC.fromBytes(encoded);
        long after = used();
        return map.osdMax() < 0 ? -1 : after - before;
    }

    private static long used() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The full form; {@code lab/bin/bench-maps} puts the genuine tool beside it. */
    public static void main(String[] arguments) throws IOException {
        Map<Integer, Double> micros = new TreeMap<>();
        for (int osds : new int[] {100, 1000, 10_000}) {
            MapCost cost = new MapCost(osds, 1 << 10);
            micros.put(osds, cost.microsPerStep());
            System.out.printf(
                    "step on %d OSDs: %.1f us, %d bytes%n",
                    osds, micros.get(osds), cost.bytesPerStep());
        }
        MapCost full = new MapCost(10_000, 1_000_000);
        Bytes encoded = full.map().encoded();
        Files.write(Path.of(arguments[0]), encoded.toArray());
        System.out.printf(
                "memory of a map of 10000 OSDs: %d KiB, encoded %d KiB%n",
                memory(encoded) / 1024, encoded.size() / 1024);
        System.out.println(full.mapAll(1));
        Pass pass = full.mapAll(2);
        System.out.println(pass);
        System.out.printf(java.util.Locale.ROOT, "RATE %.0f%n", pass.groups() / pass.seconds());
    }
}
