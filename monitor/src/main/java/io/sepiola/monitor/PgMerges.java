package io.sepiola.monitor;

import io.sepiola.base.Mark;
import io.sepiola.monitor.state.Draft;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDPGReadyToMerge;

import java.util.List;

/**
 * Takes the last group of a pool away once its primary says that it and its target have become
 * quiet. Owned by the monitor's shard.
 */
final class PgMerges {
    private PgMerges() {}

    /** A primary says that the last group can be merged, or that it cannot for now. */
    static void ready(Draft draft, MOSDPGReadyToMerge message) {
        PgId source = message.source();
        OsdMap map = draft.state().osdMaps().newest();
        PgPool pool = map.pools().get(source.pool());
        if (pool == null || !isPlanned(pool, message)) {
            Mark.hit("word of a merge that is not planned any more");
            return;
        }
        int epoch = map.epoch() + 1;
        OsdMapIncremental.Builder step = draft.osdMapStep();
        if (!message.ready()) {
            Mark.hit("a merge is put off");
            step.newPool(
                    source.pool(),
                    pool.with(next ->
                            next.pgNumPending(pool.pgNum()).forcedResendPrenautilus(epoch)));
            return;
        }
        PgMerge merge =
                new PgMerge(
                        source,
                        epoch,
                        message.lastEpochStarted(),
                        message.lastEpochClean(),
                        message.sourceVersion(),
                        message.targetVersion());
        step.newPool(
                source.pool(),
                pool.with(next ->
                        next.pgNum(pool.pgNum() - 1)
                                .lastMerge(merge)
                                .forcedResendPrenautilus(epoch)));
        forget(map, source, step);
    }

    private static boolean isPlanned(PgPool pool, MOSDPGReadyToMerge message) {
        int seed = message.source().seed();
        return pool.pgNum() == seed + 1
                && pool.pgNumPending() == seed
                && message.version() >= Integer.toUnsignedLong(pool.lastChange());
    }

    /** What the map says of the group alone is void. */
    private static void forget(OsdMap map, PgId source, OsdMapIncremental.Builder step) {
        if (map.pgTemp().containsKey(source)) {
            step.newPgTemp(source, List.of());
        }
        if (map.primaryTemp().containsKey(source)) {
            step.newPrimaryTemp(source, -1);
        }
        if (map.upmap().containsKey(source)) {
            step.oldUpmap(source);
        }
        if (map.upmapItems().containsKey(source)) {
            step.oldUpmapItems(source);
        }
    }
}
