package io.sepiola.gateway;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.IoContext;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A cluster in memory, as strict as Ceph's OSDs: a compound write takes effect as a whole or not at
 * all; a compare on an object that is not there is ENOENT; an absent key compares as empty; reads
 * and removals of what is not there fail. Everything completes on one thread of its own, as on an
 * event loop.
 */
public final class FakeRados {
    static final int ENOENT = 2;
    static final int EEXIST = 17;
    static final int ERANGE = 34;
    static final int ENODATA = 61;
    static final int EOVERFLOW = 75;
    static final int ECANCELED = 125;

    private final UUID fsid = UUID.randomUUID();
    private final ExecutorService loop =
            Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task, "fake-rados");
                thread.setDaemon(true);
                return thread;
            });
    private final Map<String, TreeMap<String, Stored>> pools = new TreeMap<>();
    private final AtomicLong versions = new AtomicLong();
    private volatile Consumer<Write> beforeWrite = write -> {};

    /** A write about to be carried out; a hook may throw {@link RadosException}. */
    record Write(String pool, String object, int stepCount) {}

    private static final class Stored {
        private byte[] data = new byte[0];
        private TreeMap<String, Bytes> xattrs = new TreeMap<>();
        private TreeMap<String, Bytes> omap = new TreeMap<>(Utf8::compare);
        private Bytes omapHeader = Bytes.EMPTY;
        private long version;
        private Instant modified = Instant.now();

        private Stored copy() {
            Stored copy = new Stored();
            copy.data = data;
            copy.xattrs = new TreeMap<>(xattrs);
            copy.omap = new TreeMap<>(omap);
            copy.omapHeader = omapHeader;
            copy.version = version;
            return copy;
        }
    }

    /** An empty one. */
    public FakeRados() {}

    /** The client's face of this cluster; what is not faked fails when it is called. */
    public Rados rados() {
        return face(Rados.class, this);
    }

    private static <T> T face(Class<T> type, Object fake) {
        InvocationHandler handler =
                (proxy, method, arguments) -> {
                    try {
                        Method own =
                                fake.getClass()
                                        .getDeclaredMethod(
                                                method.getName(), method.getParameterTypes());
                        own.setAccessible(true);
                        return own.invoke(fake, arguments);
                    } catch (NoSuchMethodException notFaked) {
                        if (method.isDefault()) {
                            return InvocationHandler.invokeDefault(proxy, method, arguments);
                        }
                        throw new UnsupportedOperationException(method.toString());
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                };
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Calls this before each write, on the fake's thread. */
    void beforeWrite(Consumer<Write> hook) {
        beforeWrite = hook;
    }

    /** Waits until something holds; looked at whenever an operation has been carried out. */
    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("never came to hold");
            }
            wait(left);
        }
    }

    /** The names of the objects in a pool. */
    synchronized List<String> objects(String pool) {
        TreeMap<String, Stored> objects = pools.get(pool);
        return objects == null ? List.of() : List.copyOf(objects.keySet());
    }

    /** The omap keys of an object. */
    synchronized List<String> omapKeys(String pool, String object) {
        TreeMap<String, Stored> objects = pools.get(pool);
        Stored stored = objects == null ? null : objects.get(object);
        return stored == null ? List.of() : List.copyOf(stored.omap.keySet());
    }

    private <T> CompletableFuture<T> later(java.util.concurrent.Callable<T> work) {
        CompletableFuture<T> future = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                T result;
                synchronized (this) {
                    result = work.call();
                    notifyAll();
                }
                future.complete(result);
            } catch (Throwable failure) {
                future.completeExceptionally(failure);
            }
        });
        return future;
    }

    private static RadosException errno(int errno, String what) {
        return new RadosException(errno, what + " (errno " + errno + ")");
    }

    public UUID fsid() {
        return fsid;
    }

    public long globalId() {
        return 4242;
    }

    public CompletableFuture<IoContext> open(String pool) {
        return later(() -> {
            if (!pools.containsKey(pool)) {
                throw errno(ENOENT, "no pool " + pool);
            }
            return new Io(pool).self;
        });
    }

    public CompletableFuture<List<String>> pools() {
        return later(() -> List.copyOf(pools.keySet()));
    }

    public CompletableFuture<Void> createPool(String pool) {
        return later(() -> {
            if (pools.putIfAbsent(pool, new TreeMap<>(Utf8::compare)) != null) {
                throw errno(EEXIST, "pool " + pool);
            }
            return null;
        });
    }

    public CompletableFuture<Rados.CommandReply> monitorCommand(String json, Bytes input) {
        return later(() -> new Rados.CommandReply(0, "", Bytes.EMPTY));
    }

    public void close() {
        loop.shutdown();
    }

    private final class Io {
        private final IoContext self = face(IoContext.class, this);
        private final String pool;

        private Io(String pool) {
            this.pool = pool;
        }

        public String pool() {
            return pool;
        }

        public long poolId() {
            return 1;
        }

        public IoContext failingWhenFull() {
            return self;
        }

        public IoContext.WriteOperation write() {
            return new Writing(pool).self;
        }

        public IoContext.ReadOperation read() {
            return new ReadingSteps(pool).self;
        }

        public CompletableFuture<IoContext.ObjectPage> list(
                IoContext.@Nullable Cursor cursor, int countMax) {
            return later(() ->
                    new IoContext.ObjectPage(
                            pools.get(pool).keySet().stream()
                                    .map(name -> new IoContext.ListedObject("", name, ""))
                                    .toList(),
                            null));
        }
    }

    /** The object while a compound write is carried out; null when it is not there. */
    private static final class Draft {
        private @Nullable Stored stored;

        private Draft(@Nullable Stored stored) {
            this.stored = stored;
        }

        private Stored existing() {
            if (stored == null) {
                throw errno(ENOENT, "no object");
            }
            return stored;
        }

        private Stored made() {
            if (stored == null) {
                stored = new Stored();
            }
            return stored;
        }
    }

    private final class Writing {
        private final IoContext.WriteOperation self = face(IoContext.WriteOperation.class, this);
        private final String pool;
        private final List<Consumer<Draft>> steps = new ArrayList<>();

        private Writing(String pool) {
            this.pool = pool;
        }

        private IoContext.WriteOperation step(Consumer<Draft> step) {
            steps.add(step);
            return self;
        }

        public IoContext.WriteOperation assertVersion(long version) {
            return step(draft -> {
                long actual = draft.existing().version;
                if (version != actual) {
                    throw errno(version < actual ? ERANGE : EOVERFLOW, "version");
                }
            });
        }

        public IoContext.WriteOperation assertExists() {
            return step(Draft::existing);
        }

        public IoContext.WriteOperation compareXattr(
                String name, IoContext.Comparison comparison, Bytes value) {
            return step(draft ->
                    compare(
                            draft.existing().xattrs.getOrDefault(name, Bytes.EMPTY),
                            comparison,
                            value));
        }

        public IoContext.WriteOperation compareOmap(
                String key, IoContext.Comparison comparison, Bytes value) {
            return step(draft ->
                    compare(
                            draft.existing().omap.getOrDefault(key, Bytes.EMPTY),
                            comparison,
                            value));
        }

        private void compare(Bytes stored, IoContext.Comparison comparison, Bytes value) {
            boolean holds =
                    switch (comparison) {
                        case EQ -> stored.equals(value);
                        case NE -> !stored.equals(value);
                        default -> throw new UnsupportedOperationException();
                    };
            if (!holds) {
                throw errno(ECANCELED, "compare");
            }
        }

        public IoContext.WriteOperation create(boolean exclusive) {
            return step(draft -> {
                if (exclusive && draft.stored != null) {
                    throw errno(EEXIST, "object");
                }
                draft.made();
            });
        }

        public IoContext.WriteOperation write(long offset, Bytes data) {
            return step(draft -> {
                Stored stored = draft.made();
                byte[] grown =
                        Arrays.copyOf(
                                stored.data,
                                (int) Math.max(stored.data.length, offset + data.size()));
                data.copyTo(0, grown, (int) offset, data.size());
                stored.data = grown;
            });
        }

        public IoContext.WriteOperation writeFull(Bytes data) {
            return step(draft -> draft.made().data = data.toArray());
        }

        public IoContext.WriteOperation remove() {
            return step(draft -> {
                draft.existing();
                draft.stored = null;
            });
        }

        public IoContext.WriteOperation setXattr(String name, Bytes value) {
            return step(draft -> draft.made().xattrs.put(name, value));
        }

        public IoContext.WriteOperation setOmap(SortedMap<String, Bytes> entries) {
            return step(draft -> draft.made().omap.putAll(entries));
        }

        public IoContext.WriteOperation removeOmap(SortedSet<String> keys) {
            return step(draft -> keys.forEach(draft.existing().omap::remove));
        }

        public IoContext.WriteOperation clearOmap() {
            return step(draft -> draft.existing().omap.clear());
        }

        public IoContext.WriteOperation setOmapHeader(Bytes header) {
            return step(draft -> draft.made().omapHeader = header);
        }

        public IoContext.WriteOperation allocationHint(long objectSize, long writeSize) {
            return self;
        }

        public CompletableFuture<IoContext.WriteResult> submit(String object) {
            List<Consumer<Draft>> sent = List.copyOf(steps);
            return later(() -> {
                beforeWrite.accept(new Write(pool, object, sent.size()));
                TreeMap<String, Stored> objects = pools.get(pool);
                Stored before = objects.get(object);
                Draft draft = new Draft(before == null ? null : before.copy());
                sent.forEach(step -> step.accept(draft));
                long version = versions.incrementAndGet();
                if (draft.stored == null) {
                    objects.remove(object);
                } else {
                    draft.stored.version = version;
                    draft.stored.modified = Instant.now();
                    objects.put(object, draft.stored);
                }
                return new IoContext.WriteResult(version);
            });
        }
    }

    private final class ReadingSteps {
        private final IoContext.ReadOperation self = face(IoContext.ReadOperation.class, this);
        private final String pool;
        private final List<java.util.function.Function<Stored, Object>> steps = new ArrayList<>();

        private ReadingSteps(String pool) {
            this.pool = pool;
        }

        private IoContext.ReadOperation step(java.util.function.Function<Stored, Object> step) {
            steps.add(step);
            return self;
        }

        public IoContext.ReadOperation read(long offset, int length) {
            return step(stored -> {
                int first = (int) Math.min(offset, stored.data.length);
                int taken = Math.min(length, stored.data.length - first);
                return Bytes.of(Arrays.copyOfRange(stored.data, first, first + taken));
            });
        }

        public IoContext.ReadOperation stat() {
            return step(stored -> new IoContext.ObjectStat(stored.data.length, stored.modified));
        }

        public IoContext.ReadOperation xattr(String name) {
            return step(stored -> {
                Bytes value = stored.xattrs.get(name);
                if (value == null) {
                    throw errno(ENODATA, "xattr " + name);
                }
                return value;
            });
        }

        public IoContext.ReadOperation xattrs() {
            return step(stored -> new TreeMap<>(stored.xattrs));
        }

        public IoContext.ReadOperation omap(String after, String prefix, int countMax) {
            return step(stored -> {
                TreeMap<String, Bytes> found = new TreeMap<>(Utf8::compare);
                boolean more = false;
                SortedMap<String, Bytes> rest =
                        after.isEmpty() ? stored.omap : stored.omap.tailMap(after, false);
                for (var entry : rest.entrySet()) {
                    if (entry.getKey().startsWith(prefix)) {
                        if (found.size() == countMax) {
                            more = true;
                            break;
                        }
                        found.put(entry.getKey(), entry.getValue());
                    }
                }
                return new IoContext.OmapEntries(found, more);
            });
        }

        public IoContext.ReadOperation omapOf(SortedSet<String> keys) {
            return step(stored -> {
                TreeMap<String, Bytes> found = new TreeMap<>(Utf8::compare);
                for (String key : keys) {
                    Bytes value = stored.omap.get(key);
                    if (value != null) {
                        found.put(key, value);
                    }
                }
                return found;
            });
        }

        public IoContext.ReadOperation omapHeader() {
            return step(stored -> stored.omapHeader);
        }

        public CompletableFuture<IoContext.ReadResults> submit(String object) {
            return later(() -> {
                Stored stored = pools.get(pool).get(object);
                if (stored == null) {
                    throw errno(ENOENT, "no object " + object);
                }
                List<Object> results = new ArrayList<>();
                steps.forEach(step -> results.add(step.apply(stored)));
                return face(IoContext.ReadResults.class, new Results(stored.version, results));
            });
        }
    }

    private record Results(long version, List<Object> values) {
        public int result(int step) {
            return 0;
        }

        public Bytes data(int step) {
            return (Bytes) values.get(step);
        }

        public IoContext.ObjectStat stat(int step) {
            return (IoContext.ObjectStat) values.get(step);
        }

        @SuppressWarnings("unchecked")
        public SortedMap<String, Bytes> entries(int step) {
            return (SortedMap<String, Bytes>) values.get(step);
        }

        public IoContext.OmapEntries omap(int step) {
            return (IoContext.OmapEntries) values.get(step);
        }
    }
}
