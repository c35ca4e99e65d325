package io.sepiola.protocol.map;

import io.sepiola.base.Utf8;
import io.sepiola.crush.CrushHash;
import io.sepiola.crush.ObjectHash;
import io.sepiola.protocol.PgId;

import java.util.Arrays;

/**
 * From an object's name to its group, and from a single group to OSDs by {@link PgRun}. Reads one
 * map's fields; has no state of its own.
 */
final class Placement {
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
        PgRun run = PgRun.of(map, pool, new PgId(pg.pool(), pool.pgSeed(pg.seed())));
        run.map(pg.seed());
        return run.toUpActing();
    }

    int[] rawOsds(PgId pg) {
        PgPool pool = map.pools.get(pg.pool());
        if (pool == null) {
            return new int[0];
        }
        PgRun run = PgRun.of(map, pool, new PgId(pg.pool(), pool.pgSeed(pg.seed())));
        run.map(pg.seed());
        return run.toRaw();
    }

    /** The input to CRUSH. */
    static int placementSeed(PgPool pool, long poolId, int fullSeed) {
        int seed = PgPool.stableMod(fullSeed, pool.pgpNum());
        return pool.hasFlag(PgPool.FLAG_HASHPSPOOL)
                ? CrushHash.of(seed, (int) poolId)
                : seed + (int) poolId;
    }
}
