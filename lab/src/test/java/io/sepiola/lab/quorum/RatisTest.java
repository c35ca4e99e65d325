package io.sepiola.lab.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.ThreadShard;
import io.sepiola.monitor.Peers;
import io.sepiola.monitor.Quorum;
import io.sepiola.monitor.QuorumLibrary;

import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The library's log: several members in this process, in real time. */
final class RatisTest extends QuorumContract {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration END = Duration.ofSeconds(10);

    @TempDir private Path directory;
    private final QuorumLibrary library =
            ServiceLoader.load(QuorumLibrary.class).findFirst().orElseThrow();
    private final Map<String, Ears> alive = new ConcurrentHashMap<>();
    private final boolean[][] cut = new boolean[MEMBERS_MAX][MEMBERS_MAX];
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Where one member's questions go, and where it is asked. */
    private final class Ears implements Peers {
        private final int rank;
        private final Shard shard;
        private volatile Service service = (kind, question, answer) -> answer.accept(Bytes.EMPTY);

        Ears(int rank, Shard shard) {
            this.rank = rank;
            this.shard = shard;
        }

        @Override
        public CompletableFuture<Bytes> ask(String member, int kind, Bytes question) {
            CompletableFuture<Bytes> answered = new CompletableFuture<>();
            Ears other = alive.get(member);
            if (other == null || isCut(rank, other.rank)) {
                answered.completeExceptionally(new IOException("no line to " + member));
                return answered;
            }
            other.shard.execute(() ->
                    other.service.asked(
                            kind,
                            question,
                            answer -> {
                                if (answer.isEmpty() || isCut(rank, other.rank)) {
                                    answered.completeExceptionally(new IOException("no answer"));
                                } else {
                                    answered.complete(answer);
                                }
                            }));
            return answered;
        }

        @Override
        public void serve(Service wanted) {
            service = wanted;
        }
    }

    private boolean isCut(int from, int to) {
        synchronized (cut) {
            return cut[from][to];
        }
    }

    @Override
    Shard shard(String name) {
        return new ThreadShard(name, (shard, thrown) -> failure.compareAndSet(null, thrown));
    }

    @Override
    Quorum place(int rank, Shard shard) {
        Ears ears = new Ears(rank, shard);
        alive.put(name(rank), ears);
        return library.member(
                new QuorumLibrary.Place(
                        name(rank),
                        map(1, 0, 1, 2),
                        directory.resolve(name(rank)),
                        ears,
                        shard,
                        QuorumContract::summary,
                        thrown -> failure.compareAndSet(null, thrown)));
    }

    @Override
    void stopped(int rank, Shard shard) {
        alive.remove(name(rank));
        comes(() -> isFree(rank), END); // its files are closed on a thread of its own
        ((ThreadShard) shard).close();
    }

    private boolean isFree(int rank) {
        Path lock = directory.resolve(name(rank)).resolve(FSID.toString()).resolve("in_use.lock");
        if (!Files.exists(lock)) {
            return true;
        }
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = file.tryLock()) {
            return taken != null;
        } catch (IOException | OverlappingFileLockException used) {
            return false;
        }
    }

    @Override
    void loseDisk(int rank) throws IOException {
        try (var files = Files.walk(directory.resolve(name(rank)))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    void cut(int from, int to, boolean wanted) {
        synchronized (cut) {
            cut[from][to] = wanted;
            cut[to][from] = wanted;
        }
    }

    @Override
    void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Override
    boolean comes(BooleanSupplier condition, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pass(POLL);
        }
        return true;
    }

    @Override
    void close() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("a member failed", thrown);
        }
    }
}
