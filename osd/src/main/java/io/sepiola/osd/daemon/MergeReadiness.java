package io.sepiola.osd.daemon;

import io.sepiola.osd.peering.HashBits;
import io.sepiola.osd.peering.Membership;
import io.sepiola.osd.peering.Phase;
import io.sepiola.osd.pg.Pg;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDPGReadyToMerge;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the monitors when the last group of a pool can be merged: it and its target are led from
 * here, have the same members, all of which have everything, and take no operations any more. Or
 * that they cannot, because members are absent; the pool then goes on with all its groups. Owned by
 * the OSD's shard.
 */
final class MergeReadiness {
    private final int self;
    private final Map<SpgId, Pg> groups;
    private final Consumer<Message> monitors;
    private final Map<PgId, MOSDPGReadyToMerge> told = new HashMap<>();

    MergeReadiness(int self, Map<SpgId, Pg> groups, Consumer<Message> monitors) {
        this.self = self;
        this.groups = groups;
        this.monitors = monitors;
    }

    /** A map was reached, or a group that is about to be merged changed its state. */
    void check(OsdMap map) {
        told.keySet().removeIf(source -> !isPending(map, source));
        map.pools()
                .forEach((id, pool) -> {
                    if (pool.pgNumPending() < pool.pgNum()) {
                        check(map, new PgId(id, pool.pgNum() - 1));
                    }
                });
    }

    /** A new session with the monitors: what was told may be lost. */
    void askAgain(OsdMap map) {
        told.clear();
        check(map);
    }

    private static boolean isPending(OsdMap map, PgId source) {
        PgPool pool = map.pools().get(source.pool());
        return pool != null
                && pool.pgNumPending() == source.seed()
                && pool.pgNum() == source.seed() + 1;
    }

    private void check(OsdMap map, PgId sourceId) {
        if (!isPending(map, sourceId)) {
            return;
        }
        int target = HashBits.fold(sourceId.seed(), sourceId.seed());
        Pg source = ledOrNull(map, sourceId);
        Pg into = ledOrNull(map, new PgId(sourceId.pool(), target));
        if (source != null && into != null && isReady(source) && isReady(into)) {
            if (source.peering().members().acting().equals(into.peering().members().acting())) {
                tell(map, sourceId, source, into);
            }
        } else if (isShort(source) || isShort(into)) {
            send(
                    map,
                    sourceId,
                    new MOSDPGReadyToMerge(
                            map.epoch(), sourceId, EVersion.ZERO, EVersion.ZERO, 0, 0, false));
        }
    }

    private @Nullable Pg ledOrNull(OsdMap map, PgId id) {
        Pg pg = groups.get(SpgId.replicated(id));
        boolean led =
                pg != null
                        && !pg.isRemoved()
                        && pg.epoch() == map.epoch()
                        && pg.peering().members().isPremerge()
                        && pg.peering().members().primary() == self;
        return led ? pg : null;
    }

    private static boolean isReady(Pg pg) {
        Membership members = pg.peering().members();
        int cleanAt = pg.ledger().history.lastEpochClean();
        return pg.peering().phase() instanceof Phase.Active active
                && active.stage() == Phase.Stage.CLEAN
                && members.actingCount() >= members.size()
                && Integer.compareUnsigned(cleanAt, pg.ledger().history.sameIntervalSince()) >= 0;
    }

    private static boolean isShort(@Nullable Pg pg) {
        return pg != null
                && pg.peering().isPeered()
                && pg.peering().members().actingCount() < pg.peering().members().size();
    }

    private void tell(OsdMap map, PgId sourceId, Pg source, Pg into) {
        send(
                map,
                sourceId,
                new MOSDPGReadyToMerge(
                        map.epoch(),
                        sourceId,
                        source.ledger().lastUpdate,
                        into.ledger().lastUpdate,
                        into.ledger().history.lastEpochStarted(),
                        into.ledger().history.lastEpochClean(),
                        true));
    }

    private void send(OsdMap map, PgId source, MOSDPGReadyToMerge message) {
        PgPool pool = map.pools().get(source.pool());
        Pg pg = groups.get(SpgId.replicated(source));
        int since = pool == null ? 0 : pool.lastChange();
        if (pg != null && Integer.compareUnsigned(pg.peering().lastReset(), since) > 0) {
            since = pg.peering().lastReset();
        }
        MOSDPGReadyToMerge before = told.get(source);
        boolean same =
                before != null
                        && before.ready() == message.ready()
                        && before.lastEpochClean() == message.lastEpochClean()
                        && before.version() >= Integer.toUnsignedLong(since);
        if (!same) {
            told.put(source, message);
            monitors.accept(message);
        }
    }
}
