package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes, reads and deletes runs of data in chunks, a few chunks at a time. What is in memory is
 * bounded by {@link Memory}, not by an object's size. May be shared.
 */
public final class DataStore {
    /** Chunks of one run being written at once: chunk n is sent when chunk n-WINDOW is stored. */
    static final int WINDOW = 4;

    private static final Logger LOG = LoggerFactory.getLogger(DataStore.class);
    private static final int FIRST_BUFFER_BYTES = 64 << 10;

    private final Pools pools;
    private final Sessions sessions;
    private final Memory memory;
    private final Map<Tag, Integer> readers = new ConcurrentHashMap<>();

    /** Where data comes from. */
    @FunctionalInterface
    public interface Source {
        /** Reads up to {@code count} bytes, at least one; -1 at the end. */
        int read(byte[] target, int offset, int count);
    }

    /** Keeps its runs in the data pool. */
    public DataStore(Pools pools, Sessions sessions, Memory memory) {
        this.pools = pools;
        this.sessions = sessions;
        this.memory = memory;
    }

    /**
     * Stores all that the source has. When that fails, what was stored is deleted.
     *
     * @param sizeHint how much that will be, or -1
     * @throws S3Exception EntityTooLarge beyond {@code sizeMax}
     */
    Extent write(Source source, long sizeHint, long sizeMax, Home home) {
        Run run = new Run(sessions.next(), home.toBytes());
        try {
            return run.fill(source, sizeHint, sizeMax);
        } catch (RuntimeException | Error failure) {
            run.undo();
            throw failure;
        }
    }

    /** One run being written. */
    private final class Run {
        private final Tag tag;
        private final Bytes home;
        private final ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();
        private long chunkCount;
        private int held; // of memory, for the buffer being filled

        private Run(Tag tag, Bytes home) {
            this.tag = tag;
            this.home = home;
        }

        private Extent fill(Source source, long sizeHint, long sizeMax) {
            byte[] buffer = buffer(sizeHint, FIRST_BUFFER_BYTES);
            int used = 0;
            long size = 0;
            while (true) {
                if (used == buffer.length && used < Extent.CHUNK_SIZE) {
                    buffer = grow(buffer, sizeHint < 0 ? Long.MAX_VALUE : sizeHint - size + used);
                }
                int got = source.read(buffer, used, buffer.length - used);
                if (got < 0) {
                    break;
                }
                used += got;
                size += got;
                if (size > sizeMax) {
                    throw new S3Exception(S3Error.ENTITY_TOO_LARGE);
                }
                if (used == Extent.CHUNK_SIZE) {
                    send(Bytes.of(buffer));
                    buffer = buffer(sizeHint < 0 ? -1 : sizeHint - size, Extent.CHUNK_SIZE);
                    used = 0;
                }
            }
            if (used > 0) {
                send(Bytes.of(buffer, 0, used));
            }
            memory.give(held);
            held = 0;
            while (!underWay.isEmpty()) {
                Await.on(underWay.peek());
                underWay.remove();
            }
            return new Extent(tag, size);
        }

        private byte[] buffer(long sizeHint, int sizeMax) {
            // One byte more than what is announced, so that the end is found without growing.
            int size = (int) Math.min(sizeHint < 0 ? sizeMax : sizeHint + 1, sizeMax);
            memory.take(size);
            held = size;
            return new byte[Math.max(1, size)];
        }

        /**
         * Nobody waits for memory while holding some: from what is free it goes to a full chunk.
         */
        private byte[] grow(byte[] buffer, long sizeHint) {
            long wanted = buffer.length < Memory.FREE_BYTES ? Memory.FREE_BYTES : Extent.CHUNK_SIZE;
            int size = (int) Math.clamp(sizeHint, buffer.length, wanted - 1) + 1;
            memory.take(size);
            held = size;
            return Arrays.copyOf(buffer, size);
        }

        private void send(Bytes data) {
            while (underWay.size() >= WINDOW) {
                Await.on(underWay.peek());
                underWay.remove();
            }
            int given = held;
            held = 0;
            underWay.add(
                    pools.data()
                            .write()
                            .writeFull(data)
                            .setXattr(Home.XATTR, home)
                            .submit(tag.chunk(chunkCount))
                            .whenComplete((done, failure) -> memory.give(given)));
            chunkCount++;
        }

        private void undo() {
            memory.give(held);
            held = 0;
            boolean known = true;
            for (CompletableFuture<?> write : underWay) {
                try {
                    Await.on(write);
                } catch (RuntimeException failure) {
                    LOG.debug("a chunk of {} was not written", tag.text(), failure);
                }
            }
            try {
                deleteChunks(tag, chunkCount);
            } catch (RuntimeException failure) {
                LOG.warn("data of {} is left to a sweep", tag.text(), failure);
                known = false;
            }
            if (known) {
                sessions.resolved(tag);
            }
        }
    }

    /** The data is referred to: nothing is left to be swept. */
    void committed(Extent extent) {
        sessions.resolved(extent.tag());
    }

    /** The data will surely not be referred to. */
    void discard(Extent extent) {
        try {
            deleteChunks(extent.tag(), extent.chunkCount());
            sessions.resolved(extent.tag());
        } catch (RuntimeException failure) {
            LOG.warn("data of {} is left to a sweep", extent.tag().text(), failure);
        }
    }

    /**
     * Deletes chunks, those that are there: the last ones first and no more than a window at once,
     * so that what is left when this gateway dies half way has no gap in which a sweep would stop.
     */
    void deleteChunks(Tag tag, long count) {
        ArrayDeque<CompletableFuture<?>> underWay = new ArrayDeque<>();
        for (long chunk = count - 1; chunk >= 0; chunk--) {
            if (underWay.size() >= WINDOW) {
                Await.on(underWay.remove());
            }
            underWay.add(delete(tag.chunk(chunk)));
        }
        underWay.forEach(Await::on);
    }

    private CompletableFuture<?> delete(String object) {
        return pools.data()
                .remove(object)
                .handle((done, failure) -> {
                    if (failure != null && Errno.of(failure) != Errno.ENOENT) {
                        throw failure instanceof RuntimeException unchecked
                                ? unchecked
                                : new IllegalStateException(failure);
                    }
                    return done;
                });
    }

    /** Deletes all data of a layout, and the list of its extents last. */
    void delete(Layout layout) {
        for (Extent extent : extents(layout)) {
            deleteChunks(extent.tag(), extent.chunkCount());
        }
        if (layout instanceof Layout.Listed listed) {
            deleteChunks(listed.list().tag(), listed.list().chunkCount());
        }
    }

    /** The extents of a layout; none when their list is gone already. */
    public List<Extent> extents(Layout layout) {
        return switch (layout) {
            case Layout.Direct direct -> direct.extents();
            case Layout.Listed listed -> {
                List<Bytes> pieces = new ArrayList<>();
                try {
                    read(listed.list(), 0, listed.list().size(), pieces::add);
                } catch (RadosException failure) {
                    if (failure.errno() == Errno.ENOENT) {
                        yield List.of();
                    }
                    throw failure;
                }
                yield new Decoder(Bytes.concat(pieces)).list(Extent.CODEC);
            }
        };
    }

    /** Writes a list of extents as data of its own. */
    Extent writeList(List<Extent> extents, Home home) {
        Encoder out = new Encoder();
        out.list(extents, Extent.CODEC);
        byte[] bytes = out.toBytes().toArray();
        int[] at = {0};
        Source source =
                (target, offset, count) -> {
                    int taken = Math.min(count, bytes.length - at[0]);
                    System.arraycopy(bytes, at[0], target, offset, taken);
                    at[0] += taken;
                    return taken == 0 ? -1 : taken;
                };
        return write(source, bytes.length, Integer.MAX_VALUE, home);
    }

    private void read(Extent extent, long offset, long length, Consumer<Bytes> sink) {
        try (Reading reading = new Reading(List.of(extent), offset, length)) {
            for (Bytes piece = reading.next(); !piece.isEmpty(); piece = reading.next()) {
                sink.accept(piece);
            }
        }
    }

    /** Whether a reader of this gateway has begun with this layout's data, and not ended. */
    boolean isBeingRead(Layout layout) {
        return !readers.isEmpty()
                && extents(layout).stream().anyMatch(extent -> readers.containsKey(extent.tag()));
    }

    /** Begins to read a range of an object. */
    public Reading read(Layout layout, long offset, long length) {
        return new Reading(extents(layout), offset, length);
    }

    /** Whether a piece of that size counts against what all requests may hold at once. */
    public static boolean isCounted(int bytes) {
        return Memory.isCounted(bytes);
    }

    /** A range being read, a chunk ahead when there is memory for it. Owned by one caller. */
    public final class Reading implements AutoCloseable {
        private final List<Extent> extents;
        private final @Nullable Tag mark;
        private int extentIndex;
        private long at; // in the current extent
        private long left;
        private final ArrayDeque<Fetch> fetches = new ArrayDeque<>();
        private int held;
        private boolean lends;

        private record Fetch(CompletableFuture<Bytes> data, int size) {}

        private Reading(List<Extent> extents, long offset, long length) {
            this.extents = extents;
            this.mark = extents.isEmpty() ? null : extents.getFirst().tag();
            if (mark != null) {
                readers.merge(mark, 1, Integer::sum);
            }
            this.at = offset;
            this.left = length;
        }

        /** From now on for one who uses each piece once: it may lie in lent memory. */
        public Reading lending() {
            lends = true;
            return this;
        }

        /** Asks for the first piece already. */
        public Reading begin() {
            if (left > 0) {
                fetch();
            }
            return this;
        }

        private int nextSize() {
            while (extentIndex < extents.size() && at >= extents.get(extentIndex).size()) {
                at -= extents.get(extentIndex).size();
                extentIndex++;
            }
            if (extentIndex == extents.size()) {
                throw new IllegalStateException("the layout ends " + left + " bytes early");
            }
            long inExtent = extents.get(extentIndex).size() - at;
            long inChunk = Extent.CHUNK_SIZE - at % Extent.CHUNK_SIZE;
            return (int) Math.min(Math.min(inExtent, inChunk), left);
        }

        private void fetch() {
            int size = nextSize();
            if (fetches.isEmpty() && held == 0) {
                memory.take(size);
            } else if (!memory.tryTake(size)) {
                return; // not ahead, then
            }
            String object = extents.get(extentIndex).tag().chunk(at / Extent.CHUNK_SIZE);
            fetches.add(new Fetch(ask(object, at % Extent.CHUNK_SIZE, size), size));
            at += size;
            left -= size;
        }

        private CompletableFuture<Bytes> ask(String object, long offset, int size) {
            IoContext.ReadOperation read = pools.data().read().read(offset, size);
            return (lends ? read.mayLend() : read)
                    .submit(object)
                    .thenApply(results -> results.data(0));
        }

        /** The next piece; empty at the end. What it gave before is no longer counted. */
        public Bytes next() {
            memory.give(held);
            held = 0;
            if (fetches.isEmpty()) {
                if (left == 0) {
                    return Bytes.EMPTY;
                }
                fetch();
            }
            Fetch first = fetches.remove();
            held = first.size;
            if (left > 0) {
                fetch();
            }
            Bytes data = Await.on(first.data);
            if (data.size() != first.size) {
                throw new IllegalStateException(
                        "a chunk has " + data.size() + " bytes where " + first.size + " belong");
            }
            return data;
        }

        @Override
        public void close() {
            if (mark != null) {
                readers.computeIfPresent(mark, (tag, count) -> count == 1 ? null : count - 1);
            }
            memory.give(held);
            held = 0;
            for (Fetch fetch : fetches) {
                fetch.data.whenComplete((data, failure) -> memory.give(fetch.size));
            }
            fetches.clear();
        }
    }
}
