package io.sepiola.gateway.storage;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.IoContext;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Reading of omaps. */
final class Omap {
    /** No more than Ceph gives in one answer by default. */
    static final int PAGE_COUNT_MAX = 1000;

    private Omap() {}

    /** The values of these keys, where they exist. */
    static CompletableFuture<SortedMap<String, Bytes>> of(
            IoContext pool, String object, String... keys) {
        TreeSet<String> wanted = new TreeSet<>(Utf8::compare);
        wanted.addAll(List.of(keys));
        return pool.read().omapOf(wanted).submit(object).thenApply(results -> results.entries(0));
    }

    /** One key's value; empty when there is none. */
    static CompletableFuture<Bytes> get(IoContext pool, String object, String key) {
        return of(pool, object, key).thenApply(found -> found.getOrDefault(key, Bytes.EMPTY));
    }

    /** A page of the entries behind {@code after} that begin with {@code prefix}. */
    static CompletableFuture<IoContext.OmapEntries> page(
            IoContext pool, String object, String after, String prefix, int countMax) {
        return pool.read()
                .omap(after, prefix, Math.min(countMax, PAGE_COUNT_MAX))
                .submit(object)
                .thenApply(results -> results.omap(0));
    }
}
