package io.sepiola.osd.scrub;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Shard;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ScrubMap;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.ReadAnswer;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Looks through one member's copies of a range of objects, a little at a time, so that others get
 * their turn on the shard; long reads are done by the store's own threads. What cannot be read is
 * noted, not thrown. Owned by the group.
 */
public final class ScrubScan {
    private static final int PAGE_COUNT = 128;
    private static final long LARGE_OMAP_KEYS = 200_000; // osd_deep_scrub_large_omap_object_...
    private static final long LARGE_OMAP_BYTES = 1L << 30;

    private final ObjectStore store;
    private final Shard shard;
    private final CollectionId collection;
    private final HObject until;
    private final boolean deep;
    private final ScrubOptions options;
    private final Consumer<ScrubMap> done;
    private final SortedMap<HObject, ScrubMap.Entry> found = new TreeMap<>();
    private final ArrayDeque<HObject> todo = new ArrayDeque<>();
    private HObject from;
    private @Nullable HObject seen;
    private boolean listed;
    private boolean cancelled;

    /**
     * Of the objects from {@code from} and before {@code until}.
     *
     * @param done told once, on the shard, unless this is cancelled before
     */
    public ScrubScan(
            ObjectStore store,
            Shard shard,
            CollectionId collection,
            HObject from,
            HObject until,
            boolean deep,
            ScrubOptions options,
            Consumer<ScrubMap> done) {
        this.store = store;
        this.shard = shard;
        this.collection = collection;
        this.from = from;
        this.until = until;
        this.deep = deep;
        this.options = options;
        this.done = done;
    }

    /** Begins. */
    public void start() {
        later(this::next);
    }

    /** Nobody wants to know any more. */
    public void cancel() {
        cancelled = true;
    }

    private void later(Runnable step) {
        shard.execute(() -> {
            if (!cancelled) {
                step.run();
            }
        });
    }

    /** Whether a group's members are to have that object in common. */
    public static boolean isShared(HObject object) {
        return !object.name().isEmpty() && object.pool() >= 0 && !object.isMin();
    }

    private void next() {
        while (todo.isEmpty() && !listed) {
            list();
        }
        HObject object = todo.pollFirst();
        if (object == null) {
            done.accept(new ScrubMap(found));
        } else {
            look(object);
        }
    }

    private void list() {
        List<GhObject> page = store.list(collection, GhObject.of(from), PAGE_COUNT);
        listed = page.size() < PAGE_COUNT;
        HObject before = seen;
        for (GhObject stored : page) {
            HObject object = stored.object();
            if (object.compareTo(until) >= 0) {
                listed = true;
                return;
            }
            if (seen == null || object.compareTo(seen) > 0) {
                seen = object;
                from = object; // comes again as the first of the next page
                if (isShared(object)) {
                    todo.addLast(object);
                }
            }
        }
        listed |= Objects.equals(seen, before);
    }

    /** One object on the way through its data and omap. */
    private final class Look {
        final HObject object;
        final GhObject stored;
        final long size;
        final SortedMap<String, Bytes> attrs;
        int digest = -1;
        int omapDigest = -1;
        long omapBytes;
        long omapKeys;

        Look(HObject object, long size, SortedMap<String, Bytes> attrs) {
            this.object = object;
            this.stored = GhObject.of(object);
            this.size = size;
            this.attrs = attrs;
        }
    }

    private void look(HObject object) {
        GhObject stored = GhObject.of(object);
        long size;
        SortedMap<String, Bytes> attrs;
        try {
            size = store.size(collection, stored).orElse(-1L);
            attrs = size < 0 ? new TreeMap<>() : store.attrs(collection, stored);
        } catch (NoSuchObject gone) {
            later(this::next);
            return;
        } catch (StoreException unreadable) {
            found.put(object, entry(0, Map.of(), ScrubMap.Entry.STAT_ERROR));
            later(this::next);
            return;
        }
        if (size < 0) {
            later(this::next);
        } else if (deep) {
            read(new Look(object, size, attrs), 0);
        } else {
            found.put(object, entry(size, attrs, 0));
            later(this::next);
        }
    }

    private static ScrubMap.Entry entry(long size, Map<String, Bytes> attrs, int flags) {
        return new ScrubMap.Entry(size, false, attrs, 0, 0, flags, 0, 0, 0, 0);
    }

    private void unreadable(Look look) {
        found.put(look.object, entry(look.size, look.attrs, ScrubMap.Entry.READ_ERROR));
        later(this::next);
    }

    private void read(Look look, long offset) {
        if (offset >= look.size) {
            omapHeader(look);
            return;
        }
        int length = (int) Math.min(options.strideSize(), look.size - offset);
        try {
            store.read(
                    collection,
                    look.stored,
                    offset,
                    length,
                    shard,
                    answer -> wasRead(look, offset, answer));
        } catch (NoSuchObject gone) {
            later(this::next);
        } catch (StoreException unreadable) {
            unreadable(look);
        }
    }

    private void wasRead(Look look, long offset, ReadAnswer answer) {
        switch (answer) {
            case ReadAnswer.Data(Bytes data) -> {
                Bytes kept = data.settle();
                if (cancelled) {
                    return;
                }
                look.digest = kept.crc32c(look.digest);
                if (kept.isEmpty()) {
                    unreadable(look); // shorter than its size
                } else {
                    later(() -> read(look, offset + kept.size()));
                }
            }
            case ReadAnswer.Failed _ -> {
                if (!cancelled) {
                    unreadable(look);
                }
            }
        }
    }

    private void omapHeader(Look look) {
        try {
            Bytes header = store.omapHeader(collection, look.stored);
            look.omapDigest = header.isEmpty() ? -1 : header.crc32c(-1);
            omap(look, "");
        } catch (NoSuchObject gone) {
            later(this::next);
        } catch (StoreException unreadable) {
            unreadable(look);
        }
    }

    private void omap(Look look, String after) {
        ObjectStore.OmapPage page;
        try {
            page = store.omap(collection, look.stored, after, "", options.keyCount());
        } catch (NoSuchObject gone) {
            later(this::next);
            return;
        } catch (StoreException unreadable) {
            unreadable(look);
            return;
        }
        String last = after;
        for (Map.Entry<String, Bytes> entry : page.entries().entrySet()) {
            last = entry.getKey();
            Bytes encoded = new Encoder().string(last).blob(entry.getValue()).toBytes();
            look.omapDigest = encoded.crc32c(look.omapDigest);
            look.omapBytes += encoded.size() - 8;
            look.omapKeys++;
        }
        if (page.more() && !page.entries().isEmpty()) {
            String to = last;
            later(() -> omap(look, to));
            return;
        }
        boolean large = look.omapKeys > LARGE_OMAP_KEYS || look.omapBytes > LARGE_OMAP_BYTES;
        int flags = ScrubMap.Entry.DIGEST | ScrubMap.Entry.OMAP_DIGEST;
        found.put(
                look.object,
                new ScrubMap.Entry(
                        look.size,
                        false,
                        look.attrs,
                        look.digest,
                        look.omapDigest,
                        large ? flags | ScrubMap.Entry.LARGE_OMAP : flags,
                        large ? look.omapKeys : 0,
                        large ? look.omapBytes : 0,
                        look.omapBytes,
                        look.omapKeys));
        later(this::next);
    }
}
