package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Merges the shards of a bucket's index into one order, by bytes. Reads a page of each shard at a
 * time. Owned by one caller.
 */
public final class Scan {
    private static final int PAGE_COUNT_MIN = 16;

    private final IoContext pool;
    private final String space;
    private final String prefix;
    private final int pageCount;
    private final List<Cursor> cursors = new ArrayList<>();

    /** A key with its encoded entry. */
    public record Found(String key, Bytes entry) {}

    private static final class Cursor {
        private final String shard;
        private final ArrayDeque<Found> ready = new ArrayDeque<>();
        private String after;
        private boolean more = true;
        private @Nullable CompletableFuture<IoContext.OmapEntries> page;

        private Cursor(String shard, String after) {
            this.shard = shard;
            this.after = after;
        }
    }

    Scan(IoContext pool, Bucket bucket, String space, String prefix, String after, int countHint) {
        this.pool = pool;
        this.space = space;
        this.prefix = prefix;
        this.pageCount =
                Math.clamp(
                        countHint / bucket.shardCount() * 5L / 4 + PAGE_COUNT_MIN,
                        PAGE_COUNT_MIN,
                        Omap.PAGE_COUNT_MAX);
        for (int shard = 0; shard < bucket.shardCount(); shard++) {
            cursors.add(new Cursor(bucket.shard(shard), after));
        }
    }

    /** The next key, or null at the end. */
    public @Nullable Found nextOrNull() {
        fill();
        Cursor best = null;
        for (Cursor cursor : cursors) {
            Found head = cursor.ready.peek();
            if (head != null
                    && (best == null || Utf8.compare(head.key, best.ready.getFirst().key) < 0)) {
                best = cursor;
            }
        }
        return best == null ? null : best.ready.remove();
    }

    /** Goes on behind {@code after}, when that is further. */
    public void skipTo(String after) {
        for (Cursor cursor : cursors) {
            while (!cursor.ready.isEmpty()
                    && Utf8.compare(cursor.ready.getFirst().key, after) <= 0) {
                cursor.ready.remove();
            }
            if (cursor.ready.isEmpty() && Utf8.compare(cursor.after, after) < 0) {
                cursor.after = after;
            }
        }
    }

    private void fill() {
        for (Cursor cursor : cursors) {
            if (cursor.ready.isEmpty() && cursor.more) {
                cursor.page =
                        Omap.page(
                                pool,
                                cursor.shard,
                                space + cursor.after,
                                space + prefix,
                                pageCount);
            }
        }
        for (Cursor cursor : cursors) {
            CompletableFuture<IoContext.OmapEntries> page = cursor.page;
            cursor.page = null;
            if (page != null) {
                take(cursor, await(page));
            }
        }
    }

    private void take(Cursor cursor, IoContext.OmapEntries page) {
        for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
            cursor.ready.add(new Found(entry.getKey().substring(space.length()), entry.getValue()));
        }
        cursor.more = page.more() && !page.entries().isEmpty();
        if (!page.entries().isEmpty()) {
            cursor.after = cursor.ready.getLast().key;
        }
    }

    private static IoContext.OmapEntries await(CompletableFuture<IoContext.OmapEntries> page) {
        try {
            return Await.on(page);
        } catch (RadosException failure) {
            throw failure.errno() == Errno.ENOENT
                    ? new S3Exception(S3Error.NO_SUCH_BUCKET)
                    : failure;
        }
    }
}
