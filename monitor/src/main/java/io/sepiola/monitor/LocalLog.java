package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * The log of a single monitor: files in one directory, synced before a commit is told.
 *
 * <p>Files, each a run of {@link LogFrame}s:
 *
 * <ul>
 *   <li>{@code log-V}: the records after version V, in order.
 *   <li>{@code snapshot-V}: one frame, the state as of version V.
 *   <li>{@code lock}: locked by the process that has the log open.
 * </ul>
 *
 * <p>A snapshot is written under another name, synced and renamed; then a new log file starts, and
 * older files go. Each record is one write and one sync, therefore only the very last frame can be
 * torn by a crash: it was never told committed and is cut off. A bad frame anywhere else is damage,
 * and the log refuses to open.
 *
 * <p>Called on the owner's shard; the files belong to {@code disk}, which runs one task at a time.
 */
public final class LocalLog implements ReplicatedLog {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

    private final Path directory;
    private final Executor disk;
    private final Shard owner;
    private final FileChannel lockFile;
    private final FileLock lock;
    private @Nullable FileChannel log; // belongs to disk once recovered
    private long version; // of the last frame written; belongs to disk once recovered
    private volatile boolean failed;
    private volatile boolean closed;

    /**
     * Opens the log of that directory and makes the directory when it is missing.
     *
     * @param disk runs blocking work, one task at a time and in order
     * @throws IOException when the directory cannot be written, or is open in another process
     */
    public LocalLog(Path directory, Executor disk, Shard owner) throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.owner = owner;
        Files.createDirectories(directory);
        lockFile =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        lock = locked();
    }

    /** Whether that directory holds anything of a monitor's log. */
    public static boolean isThere(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var files = Files.newDirectoryStream(directory, "{log,snapshot}-*")) {
            for (Path file : files) {
                if (Files.size(file) > 0) { // an empty one is left by a start that did not succeed
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + directory, unreadable);
        }
    }

    /**
     * Removes a log that another has taken over.
     *
     * @throws IOException when not all of it could be removed
     */
    public static void remove(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "{log-*,snapshot-*,lock}")) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    private FileLock locked() throws IOException {
        FileLock taken = null;
        try {
            taken = lockFile.tryLock();
        } catch (OverlappingFileLockException ours) {
            LOG.debug("locked within this process", ours);
        }
        if (taken == null) {
            lockFile.close();
            throw new IOException(directory + " is in use by another monitor; stop that one first");
        }
        return taken;
    }

    @Override
    public Recovered recover() {
        try {
            return read();
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot read the log in " + directory, broken);
        }
    }

    private Recovered read() throws IOException {
        long base = 0;
        for (long candidate : versions("snapshot-")) {
            base = Math.max(base, candidate);
        }
        Bytes snapshot = base == 0 ? Bytes.EMPTY : readSnapshot(base);
        version = base;
        List<Bytes> records = new ArrayList<>();
        List<Long> starts = versions("log-");
        for (int i = 0; i < starts.size(); i++) {
            if (i + 1 < starts.size() && starts.get(i + 1) <= base) {
                continue; // a crash came between the snapshot and the removal of this file
            }
            readLog(starts.get(i), base, i + 1 == starts.size(), records);
        }
        if (log == null) {
            log = newLog(version);
        }
        removeBefore(base);
        return new Recovered(version, snapshot, records);
    }

    private Bytes readSnapshot(long at) throws IOException {
        Path file = directory.resolve("snapshot-" + at);
        Bytes content = Bytes.of(Files.readAllBytes(file));
        LogFrame frame = LogFrame.read(content, 0);
        if (frame == null || frame.version() != at || frame.end() != content.size()) {
            throw new Malformed(file + " is damaged; restore it from a copy");
        }
        return frame.payload();
    }

    private void readLog(long start, long base, boolean last, List<Bytes> records)
            throws IOException {
        Path file = directory.resolve("log-" + start);
        Bytes content = Bytes.of(Files.readAllBytes(file));
        int at = 0;
        long expected = start + 1;
        while (at < content.size()) {
            LogFrame frame = LogFrame.read(content, at);
            if (frame == null) {
                break;
            }
            if (frame.version() != expected) {
                throw new Malformed(
                        file + ": record " + frame.version() + " where " + expected + " belongs");
            }
            if (expected > base) {
                records.add(frame.payload());
                version = expected;
            }
            expected++;
            at = frame.end();
        }
        boolean torn = at < content.size();
        if (torn && (!last || LogFrame.anyAfter(content, at, expected))) {
            throw new Malformed(file + " is damaged at byte " + at + "; restore it from a copy");
        }
        if (last) {
            log = FileChannel.open(file, StandardOpenOption.WRITE);
            if (torn) {
                LOG.warn("{}: cut off an unfinished record at byte {}", file, at);
                log.truncate(at);
                log.force(true);
            }
            log.position(at);
        }
    }

    private List<Long> versions(String prefix) throws IOException {
        List<Long> found = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, prefix + "*")) {
            for (Path file : files) {
                String digits = file.getFileName().toString().substring(prefix.length());
                if (digits.matches("[0-9]{1,18}")) {
                    found.add(Long.parseLong(digits));
                }
            }
        }
        found.sort(null);
        return found;
    }

    @Override
    public void append(Bytes record, LongConsumer committed) {
        owner.own();
        if (!closed) { // what comes afterwards is told committed to nobody
            disk.execute(() -> write(record, committed));
        }
    }

    private void write(Bytes record, LongConsumer committed) {
        FileChannel file = log;
        if (failed || file == null) {
            return;
        }
        try {
            long next = version + 1;
            writeFully(file, LogFrame.encode(next, record));
            file.force(false);
            version = next;
            owner.execute(() -> committed.accept(next));
        } catch (IOException broken) {
            fail(broken);
        }
    }

    private void fail(IOException broken) {
        // After a failed sync nobody knows what is on disk: nothing may be told committed again.
        failed = true;
        owner.execute(() -> {
            throw new UncheckedIOException(
                    "the log in " + directory + " cannot be written", broken);
        });
    }

    @Override
    public void snapshot(long at, Bytes state) {
        owner.own();
        if (!closed) {
            disk.execute(() -> writeSnapshot(at, state));
        }
    }

    private void writeSnapshot(long at, Bytes state) {
        FileChannel old = log;
        if (failed || old == null || at != version) {
            return; // records came after it; a later snapshot will do
        }
        try {
            Path temporary = directory.resolve("new-snapshot");
            try (FileChannel file =
                    FileChannel.open(
                            temporary,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                writeFully(file, LogFrame.encode(at, state));
                file.force(true);
            }
            Files.move(
                    temporary,
                    directory.resolve("snapshot-" + at),
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            syncDirectory();
            log = newLog(at);
            old.close();
            removeBefore(at);
        } catch (IOException broken) {
            fail(broken);
        }
    }

    private FileChannel newLog(long after) throws IOException {
        FileChannel file =
                FileChannel.open(
                        directory.resolve("log-" + after),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        file.force(true);
        syncDirectory();
        return file;
    }

    private void removeBefore(long base) throws IOException {
        for (long old : versions("snapshot-")) {
            if (old < base) {
                Files.deleteIfExists(directory.resolve("snapshot-" + old));
            }
        }
        List<Long> starts = versions("log-");
        for (int i = 0; i + 1 < starts.size(); i++) {
            if (starts.get(i + 1) <= base) {
                Files.deleteIfExists(directory.resolve("log-" + starts.get(i)));
            }
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel opened = FileChannel.open(directory, StandardOpenOption.READ)) {
            opened.force(true);
        }
    }

    private static void writeFully(FileChannel file, Bytes content) throws IOException {
        for (ByteBuffer buffer : content.buffers()) {
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        disk.execute(() -> {
            try {
                failed = true;
                if (log != null) {
                    log.close();
                }
                lock.release();
                lockFile.close();
            } catch (IOException late) {
                LOG.debug("closing the log in {}", directory, late);
            }
        });
    }
}
