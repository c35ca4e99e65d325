package io.sepiola.osd.pg;

import io.sepiola.osd.op.OpLimits;

/**
 * Bounds of placement groups.
 *
 * @param limits of operations
 * @param logCountMin entries that every log keeps (osd_min_pg_log_entries)
 * @param logTrimCount entries are trimmed once there are so many more
 * @param dupCountMax requests of trimmed entries that are remembered (osd_pg_log_dups_tracked)
 * @param contextCountMax objects whose information is kept in memory, for each group
 * @param recoveryCountMax objects recovered at once, for each shard
 * @param backfillCountMax groups that recover or are backfilled at once, on either side
 *     (osd_max_backfills)
 * @param backfillBatchCount objects compared at once while a member is filled
 * @param chunkSizeMax bytes of an object sent at once in recovery
 * @param omapChunkCountMax omap entries of an object sent at once in recovery
 * @param longReadMin bytes of a read from which the group goes on while the disk works
 * @param clientBytesMax bytes that clients sent and are not answered, in all groups of an OSD;
 *     beyond them it reads no more (osd_client_message_size_cap)
 * @param waitingCountMax operations that may wait in one group; more are dropped, and come again
 *     with the next change of the map that concerns them
 */
public record PgOptions(
        OpLimits limits,
        int logCountMin,
        int logTrimCount,
        int dupCountMax,
        int contextCountMax,
        int recoveryCountMax,
        int backfillCountMax,
        int backfillBatchCount,
        int chunkSizeMax,
        int omapChunkCountMax,
        int longReadMin,
        long clientBytesMax,
        int waitingCountMax) {
    /** The same with other bounds of what takes long and what waits. */
    public PgOptions with(int otherLongReadMin, long otherClientBytesMax) {
        return new PgOptions(
                limits,
                logCountMin,
                logTrimCount,
                dupCountMax,
                contextCountMax,
                recoveryCountMax,
                backfillCountMax,
                backfillBatchCount,
                chunkSizeMax,
                omapChunkCountMax,
                otherLongReadMin,
                otherClientBytesMax,
                waitingCountMax);
    }

    /** The same with objects recovered in parts of other sizes. */
    public PgOptions withParts(int otherChunkSizeMax, int otherOmapChunkCountMax) {
        return new PgOptions(
                limits,
                logCountMin,
                logTrimCount,
                dupCountMax,
                contextCountMax,
                recoveryCountMax,
                backfillCountMax,
                backfillBatchCount,
                otherChunkSizeMax,
                otherOmapChunkCountMax,
                longReadMin,
                clientBytesMax,
                waitingCountMax);
    }

    /** The same with logs of other lengths. */
    public PgOptions withLogs(int otherLogCountMin, int otherLogTrimCount, int otherDupCountMax) {
        return new PgOptions(
                limits,
                otherLogCountMin,
                otherLogTrimCount,
                otherDupCountMax,
                contextCountMax,
                recoveryCountMax,
                backfillCountMax,
                backfillBatchCount,
                chunkSizeMax,
                omapChunkCountMax,
                longReadMin,
                clientBytesMax,
                waitingCountMax);
    }

    /** The same with other amounts moved at once. */
    public PgOptions withChunks(
            int otherBackfillBatchCount, int otherChunkSizeMax, int otherOmapChunkCountMax) {
        return new PgOptions(
                limits,
                logCountMin,
                logTrimCount,
                dupCountMax,
                contextCountMax,
                recoveryCountMax,
                backfillCountMax,
                otherBackfillBatchCount,
                otherChunkSizeMax,
                otherOmapChunkCountMax,
                longReadMin,
                clientBytesMax,
                waitingCountMax);
    }

    /** What suits a small cluster. */
    public static final PgOptions DEFAULT =
            new PgOptions(
                    OpLimits.DEFAULT,
                    500,
                    32,
                    3000,
                    256,
                    8,
                    1,
                    64,
                    8 << 20,
                    8192,
                    128 << 10,
                    96 << 20,
                    20_000);
}
