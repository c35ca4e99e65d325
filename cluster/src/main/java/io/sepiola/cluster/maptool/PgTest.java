package io.sepiola.cluster.maptool;

import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgRun;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Maps all groups and counts how many each OSD serves (osdmaptool --test-map-pgs). */
final class PgTest {
    private final OsdMap map;
    private final OsdmaptoolOptions options;
    private final PrintStream out;
    private final RandomGenerator random;
    private final int[] count;
    private final int[] first;
    private final int[] primary;
    private final int[] sizes = new int[256];

    PgTest(OsdMap map, OsdmaptoolOptions options, PrintStream out, RandomGenerator random) {
        this.map = map;
        this.options = options;
        this.out = out;
        this.random = random;
        this.count = new int[map.osdMax()];
        this.first = new int[map.osdMax()];
        this.primary = new int[map.osdMax()];
    }

    /** {@code [1,2,3]}. */
    static String list(int[] osds, int size) {
        return Texts.list(Arrays.copyOf(osds, size));
    }

    /** One group in one line, without its end. */
    static String line(PgId pg, PgRun run) {
        return pg
                + " raw ("
                + list(run.raw(), run.rawSize())
                + ", p"
                + run.rawPrimary()
                + ") up ("
                + list(run.up(), run.upSize())
                + ", p"
                + run.upPrimary()
                + ") acting ("
                + list(run.acting(), run.actingSize())
                + ", p"
                + run.actingPrimary()
                + ")";
    }

    void run() {
        for (Map.Entry<Long, PgPool> entry : map.pools().entrySet()) {
            if (options.pool == -1 || entry.getKey() == options.pool) {
                pool(entry.getKey(), entry.getValue());
            }
        }
        summary();
    }

    private void pool(long id, PgPool pool) {
        out.println("pool " + id + " pg_num " + Integer.toUnsignedLong(pool.pgNum()));
        PgRun run = map.run(id);
        int[] chosen = new int[pool.size()];
        for (int seed = 0; seed < pool.pgNum(); seed++) {
            if (options.random) {
                for (int i = 0; i < chosen.length; i++) {
                    chosen[i] = random.nextInt(map.osdMax());
                }
                count(id, seed, chosen, chosen.length, chosen.length == 0 ? -1 : chosen[0]);
                continue;
            }
            run.map(seed);
            if (options.dumpPgsAll && !options.dumpPgs) {
                out.println(line(new PgId(id, seed), run));
            }
            count(id, seed, run.acting(), run.actingSize(), run.actingPrimary());
        }
    }

    private void count(long pool, int seed, int[] osds, int size, int primaryOsd) {
        if (options.dumpPgs) {
            out.println(new PgId(pool, seed) + "\t" + list(osds, size) + "\t" + primaryOsd);
        }
        sizes[Math.min(size, sizes.length - 1)]++;
        for (int i = 0; i < size; i++) {
            if (osds[i] >= 0 && osds[i] < count.length) {
                count[osds[i]]++;
            }
        }
        if (size > 0 && osds[0] >= 0 && osds[0] < first.length) {
            first[osds[0]]++;
        }
        if (primaryOsd >= 0 && primaryOsd < primary.length) {
            primary[primaryOsd]++;
        }
    }

    /** By device: its weight in the first bucket that holds it; absent when none does. */
    private int[] crushWeights() {
        int[] weights = new int[map.osdMax()];
        boolean[] found = new boolean[map.osdMax()];
        CrushMap crush = map.crush();
        for (int slot = 0; slot < crush.bucketSlots(); slot++) {
            CrushBucket bucket = crush.bucket(-1 - slot).orElse(null);
            for (int i = 0; bucket != null && i < bucket.size(); i++) {
                int item = bucket.item(i);
                if (item >= 0 && item < found.length && !found[item]) {
                    found[item] = true;
                    weights[item] = bucket.itemWeight(i);
                }
            }
        }
        return weights;
    }

    private void summary() {
        int[] weights = crushWeights();
        out.println("#osd\tcount\tfirst\tprimary\tc wt\twt");
        long total = 0;
        int in = 0;
        int least = -1;
        int most = -1;
        for (int osd = 0; osd < count.length; osd++) {
            if (!map.isIn(osd) || weights[osd] <= 0) {
                continue;
            }
            in++;
            out.println(
                    "osd."
                            + osd
                            + "\t"
                            + count[osd]
                            + "\t"
                            + first[osd]
                            + "\t"
                            + primary[osd]
                            + "\t"
                            + Texts.fraction(weights[osd])
                            + "\t"
                            + Texts.fraction(map.weight(osd)));
            total += count[osd];
            if (count[osd] > 0) {
                least = least < 0 || count[osd] < count[least] ? osd : least;
                most = most < 0 || count[osd] > count[most] ? osd : most;
            }
        }
        spread(weights, total, in);
        if (least >= 0) {
            out.println(" min osd." + least + " " + count[least]);
            out.println(" max osd." + most + " " + count[most]);
        }
        for (int size = 0; size < sizes.length; size++) {
            if (sizes[size] > 0) {
                out.println("size " + size + "\t" + sizes[size]);
            }
        }
    }

    private void spread(int[] weights, long total, int in) {
        long average = in == 0 ? 0 : total / in;
        double deviation = 0;
        for (int osd = 0; osd < count.length; osd++) {
            if (map.isIn(osd) && weights[osd] > 0) {
                deviation += (double) (average - count[osd]) * (average - count[osd]);
            }
        }
        deviation = Math.sqrt(deviation / in);
        double expected = Math.sqrt((double) total / in * (1.0 - 1.0 / in));
        out.println(" in " + in);
        out.println(
                " avg "
                        + average
                        + " stddev "
                        + shown(deviation)
                        + " ("
                        + shown(deviation / average)
                        + "x) (expected "
                        + shown(expected)
                        + " "
                        + shown(expected / average)
                        + "x))");
    }

    /** No OSD divides nothing by nothing; C++ prints that with the sign of its bits. */
    private static String shown(double value) {
        return Double.isNaN(value) ? "-nan" : Texts.general(value, 6);
    }
}
