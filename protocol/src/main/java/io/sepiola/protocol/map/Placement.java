package io.sepiola.protocol.map;

import io.sepiola.base.Utf8;
import io.sepiola.crush.CrushHash;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushMapper;
import io.sepiola.crush.CrushRule;
import io.sepiola.crush.ObjectHash;
import io.sepiola.protocol.PgId;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * From an object's name to OSDs, in Ceph's order: raw, upmap, up, affinity, temporary. Reads one
 * map's fields; has no state of its own.
 */
final class Placement {
    private static final int NONE = CrushMap.ITEM_NONE;
    private static final byte NAMESPACE_SEPARATOR = 0x1f;

    private final OsdMapFields map;

    Placement(OsdMapFields map) {
        this.map = map;
    }

    PgId rawPg(ObjectLocator locator, String name) {
        if (locator.hash() != -1) {
            return new PgId(locator.pool(), (int) locator.hash());
        }
        PgPool pool = map.pools.get(locator.pool());
        int kind = pool == null ? ObjectHash.RJENKINS : pool.objectHash();
        byte[] key = Utf8.encode(locator.key().isEmpty() ? name : locator.key());
        if (!locator.namespace().isEmpty()) {
            byte[] namespace = Utf8.encode(locator.namespace());
            byte[] both = Arrays.copyOf(namespace, namespace.length + 1 + key.length);
            both[namespace.length] = NAMESPACE_SEPARATOR;
            System.arraycopy(key, 0, both, namespace.length + 1, key.length);
            key = both;
        }
        return new PgId(locator.pool(), ObjectHash.of(kind, key));
    }

    PgId actualPg(PgId raw) {
        PgPool pool = map.pools.get(raw.pool());
        return pool == null ? raw : new PgId(raw.pool(), pool.pgSeed(raw.seed()));
    }

    UpActing map(PgId pg) {
        PgPool pool = map.pools.get(pg.pool());
        if (pool == null) {
            return UpActing.NONE;
        }
        PgId actual = new PgId(pg.pool(), pool.pgSeed(pg.seed()));
        int x = placementSeed(pool, pg);
        int[] up = existing(pool, crush(pool, pg.pool(), x));
        up = upmapped(up, actual);
        up = onlyUp(pool, up);
        int upPrimary = firstOf(up);
        if (map.affinity.length > 0) {
            upPrimary = preferred(pool, up, x, upPrimary);
        }
        int[] acting = temporary(pool, actual);
        int actingPrimary = -1;
        Integer primaryTemp = map.primaryTemp.get(actual);
        if (primaryTemp != null) {
            actingPrimary = primaryTemp;
        } else if (acting != null) {
            actingPrimary = firstOf(acting);
        }
        if (acting == null || acting.length == 0) {
            acting = up;
            if (actingPrimary == -1) {
                actingPrimary = upPrimary;
            }
        }
        return new UpActing(up, upPrimary, acting, actingPrimary);
    }

    int[] rawOsds(PgId pg) {
        PgPool pool = map.pools.get(pg.pool());
        return pool == null
                ? new int[0]
                : existing(pool, crush(pool, pg.pool(), placementSeed(pool, pg)));
    }

    /** The input to CRUSH. */
    static int placementSeed(PgPool pool, PgId pg) {
        int seed = PgPool.stableMod(pg.seed(), pool.pgpNum());
        return pool.hasFlag(PgPool.FLAG_HASHPSPOOL)
                ? CrushHash.of(seed, (int) pg.pool())
                : seed + (int) pg.pool();
    }

    private int[] crush(PgPool pool, long id, int x) {
        int rule = rule(pool);
        return rule < 0
                ? new int[0]
                : CrushMapper.map(
                        map.crush,
                        rule,
                        x,
                        pool.size(),
                        map.weight,
                        map.crush.chooseArgsOfPoolOrNull(id));
    }

    private int rule(PgPool pool) {
        for (int id = 0; id < map.crush.ruleSlots(); id++) {
            CrushRule rule = map.crush.rule(id).orElse(null);
            if (rule != null
                    && rule.ruleset() == pool.crushRule()
                    && rule.type() == pool.type()
                    && rule.sizeMin() <= pool.size()
                    && rule.sizeMax() >= pool.size()) {
                return id;
            }
        }
        return -1;
    }

    private boolean exists(int osd) {
        return map.has(osd) && (map.state[osd] & OsdMap.STATE_EXISTS) != 0;
    }

    private boolean isUp(int osd) {
        int both = OsdMap.STATE_EXISTS | OsdMap.STATE_UP;
        return map.has(osd) && (map.state[osd] & both) == both;
    }

    /** Writes into {@code osds}, which is ours. */
    private int[] existing(PgPool pool, int[] osds) {
        int kept = 0;
        for (int osd : osds) {
            boolean exists = exists(osd);
            if (exists || pool.keepsPositions()) {
                osds[kept++] = exists ? osd : NONE;
            }
        }
        return kept == osds.length ? osds : Arrays.copyOf(osds, kept);
    }

    private int[] onlyUp(PgPool pool, int[] osds) {
        int kept = 0;
        for (int osd : osds) {
            boolean up = isUp(osd);
            if (up || pool.keepsPositions()) {
                osds[kept++] = up ? osd : NONE;
            }
        }
        return kept == osds.length ? osds : Arrays.copyOf(osds, kept);
    }

    private int[] upmapped(int[] raw, PgId pg) {
        int[] osds = raw;
        List<Integer> whole = map.upmap.isEmpty() ? null : map.upmap.get(pg);
        if (whole != null) {
            for (int osd : whole) {
                if (osd != NONE && map.has(osd) && map.weight[osd] == 0) {
                    return raw; // Ceph then disregards the items too.
                }
            }
            osds = toInts(whole);
        }
        List<UpmapItem> items = map.upmapItems.isEmpty() ? null : map.upmapItems.get(pg);
        if (items != null) {
            for (UpmapItem item : items) {
                replace(osds, item);
            }
        }
        return osds;
    }

    private void replace(int[] osds, UpmapItem item) {
        int at = -1;
        for (int i = 0; i < osds.length; i++) {
            if (osds[i] == item.to()) {
                return;
            }
            boolean out = item.to() != NONE && map.has(item.to()) && map.weight[item.to()] == 0;
            if (osds[i] == item.from() && at < 0 && !out) {
                at = i;
            }
        }
        if (at >= 0) {
            osds[at] = item.to();
        }
    }

    private static int firstOf(int[] osds) {
        for (int osd : osds) {
            if (osd != NONE) {
                return osd;
            }
        }
        return -1;
    }

    private int preferred(PgPool pool, int[] osds, int x, int first) {
        boolean any = false;
        for (int osd : osds) {
            any |= osd != NONE && map.affinity[osd] != OsdMap.AFFINITY_DEFAULT;
        }
        if (!any) {
            return first;
        }
        int at = -1;
        for (int i = 0; i < osds.length; i++) {
            int osd = osds[i];
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
        int chosen = osds[at];
        if (!pool.keepsPositions() && at > 0) {
            System.arraycopy(osds, 0, osds, 1, at);
            osds[0] = chosen;
        }
        return chosen;
    }

    private int @Nullable [] temporary(PgPool pool, PgId pg) {
        List<Integer> wanted = map.pgTemp.isEmpty() ? null : map.pgTemp.get(pg);
        return wanted == null ? null : onlyUp(pool, toInts(wanted));
    }

    private static int[] toInts(List<Integer> list) {
        int[] ints = new int[list.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = list.get(i);
        }
        return ints;
    }
}
