package io.sepiola.lab.simulation;

import io.sepiola.osd.pg.PgOptions;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How large a story's cluster is, and how it is set up.
 *
 * @param monitors one, or three
 * @param clients who ask at the same time
 * @param requests of all clients together
 * @param groups of the pool
 * @param delayMax of the network
 * @param commitMax of the disks
 * @param logCountMin entries that every log keeps
 * @param logTrimCount entries are trimmed once there are so many more
 * @param minSize of the pool
 * @param ambushes whether the faults are laid for the members of the busiest group, see {@link
 *     Ambush}
 * @param depthMax requests of one client under way at once
 * @param recoverable whether one good copy is always left, so that everything must come to a good
 *     end; otherwise the cluster may stop, but not lie
 */
record Setting(
        int osds,
        int monitors,
        int clients,
        int requests,
        int groups,
        Duration delayMax,
        Duration commitMax,
        int logCountMin,
        int logTrimCount,
        int depthMax,
        int minSize,
        boolean ambushes,
        boolean recoverable) {
    private static final int AMBUSH_EVERY = 3;
    private static final int LONG_READ_MIN = 4_000;
    private static final long CLIENT_BYTES_MAX = 60_000;

    /** Whether a seed is one of those with ambushes. */
    static boolean laysAmbushes(long seed) {
        return seed % AMBUSH_EVERY == 0;
    }

    /** The setting of a seed. */
    static Setting of(long seed, int requests) {
        SplittableRandom random = new SplittableRandom(seed ^ 0x5e771496L);
        boolean shortLogs = random.nextInt(4) != 0;
        boolean ambushes = laysAmbushes(seed);
        return new Setting(
                5,
                seed % 4 == 1 ? 1 : 3,
                2 + random.nextInt(2),
                requests,
                ambushes ? 1 + random.nextInt(3) : 4 + random.nextInt(5),
                Duration.ofNanos(100_000 + random.nextInt(10_000_000)),
                Duration.ofMillis(random.nextInt(4) == 0 ? 150 : 4),
                shortLogs ? 2 + random.nextInt(9) : 100,
                shortLogs ? random.nextInt(3) : 20,
                random.nextInt(3) == 0 ? 64 : 1 + random.nextInt(24),
                ambushes && random.nextInt(3) != 0 ? 1 : 2,
                ambushes,
                random.nextInt(10) != 0);
    }

    PgOptions groupOptions() {
        return PgOptions.DEFAULT
                .with(LONG_READ_MIN, CLIENT_BYTES_MAX)
                .withLogs(logCountMin, logTrimCount, PgOptions.DEFAULT.dupCountMax())
                .withChunks(4, 8_192, 3);
    }
}
