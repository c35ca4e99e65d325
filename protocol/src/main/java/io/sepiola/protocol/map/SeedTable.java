package io.sepiola.protocol.map;

import io.sepiola.protocol.PgId;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** What a map says of single groups of one pool, looked up by seed without allocating. */
final class SeedTable<V> {
    private final int[] seeds; // ascending, without sign
    private final List<V> values;

    private SeedTable(int[] seeds, List<V> values) {
        this.seeds = seeds;
        this.values = values;
    }

    /** All that is said of the pool's groups. */
    static <V> SeedTable<V> of(NavigableMap<PgId, V> map, long pool) {
        if (map.isEmpty()) {
            return new SeedTable<>(new int[0], List.of());
        }
        NavigableMap<PgId, V> part = map.subMap(new PgId(pool, 0), true, new PgId(pool, -1), true);
        int[] seeds = new int[part.size()];
        List<V> values = new ArrayList<>(seeds.length);
        for (Map.Entry<PgId, V> entry : part.entrySet()) {
            seeds[values.size()] = entry.getKey().seed();
            values.add(entry.getValue());
        }
        return new SeedTable<>(seeds, values);
    }

    /** What is said of one group. */
    static <V> SeedTable<V> of(NavigableMap<PgId, V> map, PgId pg) {
        V value = map.isEmpty() ? null : map.get(pg);
        return value == null
                ? new SeedTable<>(new int[0], List.of())
                : new SeedTable<>(new int[] {pg.seed()}, List.of(value));
    }

    @Nullable V ofOrNull(int seed) {
        if (seeds.length == 0) {
            return null;
        }
        // Seeds are below pg_num, which is a positive int; so signed order is theirs too.
        int at = Arrays.binarySearch(seeds, seed);
        return at < 0 ? null : values.get(at);
    }
}
