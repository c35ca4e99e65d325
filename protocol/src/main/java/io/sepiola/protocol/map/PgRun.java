package io.sepiola.protocol.map;

import io.sepiola.crush.CrushHash;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.RuleRun;
import io.sepiola.protocol.PgId;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * Maps one group after another of one pool, in Ceph's order: raw, upmap, up, affinity, temporary.
 * Nothing is allocated for a group; the arrays are written anew by each {@link #map}, and hold as
 * many as the sizes say. Owned by one thread; several may share the map.
 */
public final class PgRun {
    private static final int NONE = CrushMap.ITEM_NONE;

    private final OsdMapFields map;
    private final PgPool pool;
    private final long poolId;
    private final @Nullable RuleRun rule;
    private final SeedTable<List<Integer>> upmaps;
    private final SeedTable<List<UpmapItem>> items;
    private final SeedTable<List<Integer>> pgTemps;
    private final SeedTable<Integer> primaryTemps;
    private int[] crush;
    private int[] raw;
    private int rawSize;
    private int[] up;
    private int upSize;
    private int upPrimary;
    private int[] acting;
    private int actingSize;
    private int actingPrimary;

    private PgRun(
            OsdMapFields map,
            PgPool pool,
            long poolId,
            SeedTable<List<Integer>> upmaps,
            SeedTable<List<UpmapItem>> items,
            SeedTable<List<Integer>> pgTemps,
            SeedTable<Integer> primaryTemps) {
        this.map = map;
        this.pool = pool;
        this.poolId = poolId;
        this.upmaps = upmaps;
        this.items = items;
        this.pgTemps = pgTemps;
        this.primaryTemps = primaryTemps;
        int count = pool.size();
        this.rule = runOrNull(map, pool, poolId);
        this.crush = new int[count];
        this.raw = new int[count];
        this.up = new int[count];
        this.acting = new int[count];
    }

    /** For all groups of the pool. */
    static PgRun of(OsdMapFields map, PgPool pool, long poolId) {
        return new PgRun(
                map,
                pool,
                poolId,
                SeedTable.of(map.upmap, poolId),
                SeedTable.of(map.upmapItems, poolId),
                SeedTable.of(map.pgTemp, poolId),
                SeedTable.of(map.primaryTemp, poolId));
    }

    /** For one group, of an actual seed. */
    static PgRun of(OsdMapFields map, PgPool pool, PgId actual) {
        return new PgRun(
                map,
                pool,
                actual.pool(),
                SeedTable.of(map.upmap, actual),
                SeedTable.of(map.upmapItems, actual),
                SeedTable.of(map.pgTemp, actual),
                SeedTable.of(map.primaryTemp, actual));
    }

    private static @Nullable RuleRun runOrNull(OsdMapFields map, PgPool pool, long poolId) {
        if (pool.size() == 0) {
            return null;
        }
        for (int id = 0; id < map.crush.ruleSlots(); id++) {
            CrushRule rule = map.crush.rule(id).orElse(null);
            if (rule != null
                    && rule.ruleset() == pool.crushRule()
                    && rule.type() == pool.type()
                    && rule.sizeMin() <= pool.size()
                    && rule.sizeMax() >= pool.size()) {
                return new RuleRun(
                        map.crush,
                        rule,
                        pool.size(),
                        map.weight,
                        map.crush.chooseArgsOfPoolOrNull(poolId));
            }
        }
        return null;
    }

    /**
     * Maps a group.
     *
     * @param seed full or cut to the pool's number of groups
     */
    public void map(int seed) {
        int actual = pool.pgSeed(seed);
        int x = Placement.placementSeed(pool, poolId, seed);
        raw(x);
        if (up.length < rawSize) {
            up = new int[rawSize];
        }
        System.arraycopy(raw, 0, up, 0, rawSize);
        upSize = upmapped(rawSize, actual);
        upSize = onlyUp(up, upSize);
        upPrimary = firstOf(up, upSize);
        if (map.affinity.length > 0) {
            upPrimary = preferred(x, upPrimary);
        }
        temporary(actual);
    }

    private void raw(int x) {
        int size = rule == null ? 0 : rule.map(x, crush);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int osd = crush[i];
            boolean exists = map.has(osd) && (map.state[osd] & OsdMap.STATE_EXISTS) != 0;
            if (exists || pool.keepsPositions()) {
                raw[kept++] = exists ? osd : NONE;
            }
        }
        rawSize = kept;
    }

    private boolean isUp(int osd) {
        int both = OsdMap.STATE_EXISTS | OsdMap.STATE_UP;
        return map.has(osd) && (map.state[osd] & both) == both;
    }

    private int onlyUp(int[] osds, int size) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int osd = osds[i];
            boolean isUp = isUp(osd);
            if (isUp || pool.keepsPositions()) {
                osds[kept++] = isUp ? osd : NONE;
            }
        }
        return kept;
    }

    private int upmapped(int size, int seed) {
        int newSize = size;
        List<Integer> whole = upmaps.ofOrNull(seed);
        if (whole != null) {
            for (int i = 0; i < whole.size(); i++) {
                if (isOut(whole.get(i))) {
                    return size; // Ceph then disregards the items too.
                }
            }
            newSize = whole.size();
            if (up.length < newSize) {
                up = new int[newSize];
            }
            for (int i = 0; i < newSize; i++) {
                up[i] = whole.get(i);
            }
        }
        List<UpmapItem> moves = items.ofOrNull(seed);
        if (moves != null) {
            for (int i = 0; i < moves.size(); i++) {
                replace(newSize, moves.get(i));
            }
        }
        return newSize;
    }

    private boolean isOut(int osd) {
        return osd != NONE && map.has(osd) && map.weight[osd] == 0;
    }

    private void replace(int size, UpmapItem item) {
        int at = -1;
        boolean out = isOut(item.to());
        for (int i = 0; i < size; i++) {
            if (up[i] == item.to()) {
                return;
            }
            if (up[i] == item.from() && at < 0 && !out) {
                at = i;
            }
        }
        if (at >= 0) {
            up[at] = item.to();
        }
    }

    private static int firstOf(int[] osds, int size) {
        for (int i = 0; i < size; i++) {
            if (osds[i] != NONE) {
                return osds[i];
            }
        }
        return -1;
    }

    private int preferred(int x, int first) {
        boolean any = false;
        for (int i = 0; i < upSize; i++) {
            any |= up[i] != NONE && map.affinity[up[i]] != OsdMap.AFFINITY_DEFAULT;
        }
        if (!any) {
            return first;
        }
        int at = -1;
        for (int i = 0; i < upSize; i++) {
            int osd = up[i];
            if (osd == NONE) {
                continue;
            }
            int affinity = map.affinity[osd];
            if (affinity < OsdMap.AFFINITY_DEFAULT && (CrushHash.of(x, osd) >>> 16) >= affinity) {
                // Rejected, but better than nobody.
                if (at < 0) {
                    at = i;
                }
            } else {
                at = i;
                break;
            }
        }
        if (at < 0) {
            return first;
        }
        int chosen = up[at];
        if (!pool.keepsPositions() && at > 0) {
            System.arraycopy(up, 0, up, 1, at);
            up[0] = chosen;
        }
        return chosen;
    }

    private void temporary(int seed) {
        List<Integer> wanted = pgTemps.ofOrNull(seed);
        actingSize = 0;
        actingPrimary = -1;
        if (wanted != null) {
            if (acting.length < wanted.size()) {
                acting = new int[wanted.size()];
            }
            for (int i = 0; i < wanted.size(); i++) {
                acting[i] = wanted.get(i);
            }
            actingSize = onlyUp(acting, wanted.size());
            actingPrimary = firstOf(acting, actingSize);
        }
        Integer primary = primaryTemps.ofOrNull(seed);
        if (primary != null) {
            actingPrimary = primary;
        }
        if (actingSize == 0) {
            if (acting.length < upSize) {
                acting = new int[upSize];
            }
            System.arraycopy(up, 0, acting, 0, upSize);
            actingSize = upSize;
            if (actingPrimary == -1) {
                actingPrimary = upPrimary;
            }
        }
    }

    /** The pool. */
    public PgPool pool() {
        return pool;
    }

    /** What CRUSH alone chose, existing OSDs only; not to be written to. */
    public int[] raw() {
        return raw;
    }

    /** How many of them. */
    public int rawSize() {
        return rawSize;
    }

    /** The primary among them, or -1. */
    public int rawPrimary() {
        return firstOf(raw, rawSize);
    }

    /** Whom the map means; not to be written to. */
    public int[] up() {
        return up;
    }

    /** How many of them. */
    public int upSize() {
        return upSize;
    }

    /** Their primary, or -1. */
    public int upPrimary() {
        return upPrimary;
    }

    /** Who serves now; not to be written to. */
    public int[] acting() {
        return acting;
    }

    /** How many of them. */
    public int actingSize() {
        return actingSize;
    }

    /** Their primary, or -1. */
    public int actingPrimary() {
        return actingPrimary;
    }

    UpActing toUpActing() {
        return new UpActing(
                Arrays.copyOf(up, upSize),
                upPrimary,
                Arrays.copyOf(acting, actingSize),
                actingPrimary);
    }

    int[] toRaw() {
        return Arrays.copyOf(raw, rawSize);
    }
}
