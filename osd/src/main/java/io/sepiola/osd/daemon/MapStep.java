package io.sepiola.osd.daemon;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.HashBits;
import io.sepiola.osd.pg.Pg;
import io.sepiola.osd.pg.Reshape;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes an OSD's placement groups from one map to the next: those of a pool that has fewer groups
 * then are merged before the step, those of one that has more are split after it. Owned by the
 * OSD's shard.
 */
final class MapStep {
    private static final Logger LOG = LoggerFactory.getLogger(MapStep.class);

    private final Map<SpgId, Pg> groups;

    MapStep(Map<SpgId, Pg> groups) {
        this.groups = groups;
    }

    /** All groups that have not reached the map. */
    void take(OsdMap next) {
        take(next, new TreeMap<>(groups).values());
    }

    /**
     * Takes the groups to the map.
     *
     * @return those that came out of splits
     */
    List<Pg> take(OsdMap next, Collection<Pg> all) {
        Map<SpgId, List<Pg>> sources = new TreeMap<>();
        List<Pg> others = new ArrayList<>();
        for (Pg pg : all) {
            if (pg.isRemoved() || pg.epoch() >= next.epoch()) {
                continue;
            }
            PgId id = pg.id().pg();
            if (isUnknown(next, id)) {
                continue;
            }
            int count = pgNum(next, id);
            if (count > 0 && id.seed() >= count) {
                PgId target = new PgId(id.pool(), HashBits.fold(id.seed(), count));
                sources.computeIfAbsent(SpgId.replicated(target), any -> new ArrayList<>()).add(pg);
            } else {
                others.add(pg);
            }
        }
        List<Pg> made = new ArrayList<>();
        for (Pg pg : others) {
            List<Pg> into = sources.remove(pg.id());
            int count = pgNum(next, pg.id().pg());
            if (count > 0 && HashBits.of(pg.id().pg().seed(), count) < bits(pg)) {
                merge(pg, into == null ? List.of() : into, next);
            } else if (count > pg.pgNum()) {
                made.addAll(split(pg, next, count));
            } else {
                pg.advance(next);
            }
        }
        for (List<Pg> left : sources.values()) {
            left.forEach(this::drop);
        }
        return made;
    }

    private static int pgNum(OsdMap map, PgId id) {
        return map.pool(id.pool()).map(PgPool::pgNum).orElse(0);
    }

    private static int bits(Pg pg) {
        return HashBits.of(pg.id().pg().seed(), pg.pgNum());
    }

    private void merge(Pg target, List<Pg> sources, OsdMap next) {
        LOG.info("{}: takes in {} at {}", target, sources, next.epoch());
        sources.forEach(source -> groups.remove(source.id(), source));
        Reshape.merge(target, sources, next);
    }

    /**
     * What is to be merged is here without its target. When the merge was agreed, all members had
     * both, so that this one was no member, or has not heard of the target since.
     */
    private void drop(Pg source) {
        Mark.hit("a group is to be merged whose target is not here");
        source.remove();
    }

    private List<Pg> split(Pg parent, OsdMap next, int count) {
        List<Integer> seeds = new ArrayList<>();
        PgId id = parent.id().pg();
        for (int seed : HashBits.folded(id.seed(), parent.pgNum(), count)) {
            SpgId child = SpgId.replicated(new PgId(id.pool(), seed));
            Pg present = groups.get(child);
            if (present != null && present.isRemoved()) {
                Mark.hit("a group is split off that was being removed from here");
                present.finishRemoval();
                present = groups.get(child);
            }
            if (present == null) {
                seeds.add(seed);
            } else {
                Mark.hit("a group that came late is split, and its part is here already");
            }
        }
        if (seeds.isEmpty()) {
            parent.advance(next);
            return List.of();
        }
        LOG.info("{}: splits off {} at {}", parent, seeds, next.epoch());
        List<Pg> children = Reshape.split(parent, next, seeds);
        children.forEach(child -> groups.put(child.id(), child));
        return children;
    }

    /**
     * Whether the monitors have not given the pool's number yet. Those that made it were replaced
     * by others that go on from a backup: the group rests where it is, until the pool is made
     * again. A pool that was removed has a number that was given.
     */
    private static boolean isUnknown(OsdMap map, PgId id) {
        return id.pool() > map.poolMax() && map.pool(id.pool()).isEmpty();
    }

    /** What is here and has no place in a newer map. */
    static boolean isGone(OsdMap map, PgId id) {
        return isGhost(map, id) && !isUnknown(map, id);
    }

    /** What a newer map has no place for. */
    static boolean isGhost(OsdMap map, PgId id) {
        @Nullable PgPool pool = map.pools().get(id.pool());
        return pool == null || id.seed() < 0 || id.seed() >= pool.pgNum();
    }
}
