package io.sepiola.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk that loses power. It must be survived that a crash keeps any part of what was written
 * since the last sync of a file, in sectors of 512 bytes, in any order; that it leaves anything in
 * place of what was not kept where a file grew; that it brings back files that were deleted; that
 * it comes before, within or after any write or sync; and that it comes again during recovery. A
 * sync that returned holds.
 *
 * <p>It also fails and lies, see {@link Fault}.
 */
final class FakeDisk implements Disk {
    /** The power is gone. */
    static final class PowerLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerLost() {
            super("power lost", null, false, false);
        }
    }

    /** What a write or a sync does instead. */
    enum Fault {
        /** It is refused. */
        FAILS,
        /** Half is written, then it is refused. */
        HALF,
        /** There is no room. */
        FULL,
        /** The sync is refused once; what was unsynced is gone, later syncs do nothing about it. */
        SYNC_FAILS_ONCE,
        /** It is said to be done, and nothing was. */
        LOST,
        /** It goes to the next 4096 bytes. */
        MISDIRECTED
    }

    private static final int SECTOR = 512;

    private record Piece(int offset, byte[] data) {}

    private final TreeMap<String, FakeFile> files = new TreeMap<>();
    private final TreeMap<String, FakeFile> deleted = new TreeMap<>();
    private int openCount;
    private int stepsLeft = Integer.MAX_VALUE;
    private boolean syncsFail;
    private long freeBytes = Long.MAX_VALUE;
    private Runnable observer = () -> {};
    private int faultAfter = -1;
    private Fault faultOrNull;
    private int readShift = -1;
    private boolean gone;

    /** Loses power after this many writes and syncs. */
    synchronized void loseAfter(int steps) {
        stepsLeft = steps;
    }

    /** Calls {@code observer} at every write, when it is in no order yet, and before every sync. */
    synchronized void observe(Runnable observer) {
        this.observer = observer;
    }

    /** The write or sync after {@code steps} others goes wrong. */
    synchronized void fault(int steps, Fault fault) {
        faultAfter = steps;
        faultOrNull = fault;
    }

    /** Whether the fault of {@link #fault} has come. */
    synchronized boolean isFaultSpent() {
        return faultAfter < 0;
    }

    /** Reads are refused (0), or answered from so many bytes further on; -1 ends that. */
    synchronized void faultReads(int shift) {
        readShift = shift;
    }

    /** Nothing can be read any more. */
    synchronized void disappear() {
        readShift = 0;
        gone = true;
    }

    /** The disk as it is, with what is not synced. */
    synchronized FakeDisk copy() {
        FakeDisk copy = new FakeDisk();
        files.forEach((name, file) -> copy.files.put(name, copy.copyOf(file)));
        deleted.forEach((name, file) -> copy.deleted.put(name, copy.copyOf(file)));
        return copy;
    }

    private FakeFile copyOf(FakeFile file) {
        FakeFile copy = new FakeFile();
        copy.current = file.current.clone();
        copy.durable = file.durable.clone();
        copy.synced = file.synced;
        copy.unsynced.addAll(file.unsynced);
        return copy;
    }

    /** Every further sync is refused. */
    synchronized void failSyncs() {
        syncsFail = true;
    }

    synchronized void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    /** Power is back; chance decides what is left. */
    synchronized void restore(Random random) {
        stepsLeft = Integer.MAX_VALUE;
        deleted.forEach((name, file) -> {
            if (random.nextBoolean()) {
                files.putIfAbsent(name, file);
            }
        });
        deleted.clear();
        files.values().forEach(file -> file.restore(random));
    }

    /** Changes one byte behind everybody's back. */
    synchronized void flip(String name, long offset) {
        FakeFile file = files.get(name);
        file.current[(int) offset] ^= 0x10;
        file.durable[(int) offset] ^= 0x10;
    }

    /** What a file holds now. */
    synchronized byte[] content(String name) {
        return files.get(name).current.clone();
    }

    /** Forgets every file. */
    synchronized void clear() {
        files.clear();
        deleted.clear();
    }

    /** Opened and not closed. */
    synchronized int openCount() {
        return openCount;
    }

    private void step() {
        observer.run();
        if (--stepsLeft < 0) {
            throw new PowerLost();
        }
    }

    /** The fault whose turn it is. */
    private Fault faultOrNull() {
        return faultAfter >= 0 && faultAfter-- == 0 ? faultOrNull : null;
    }

    @Override
    public synchronized File open(String name) {
        openCount++;
        return files.computeIfAbsent(name, made -> new FakeFile());
    }

    @Override
    public File openLog(String name) {
        return open(name);
    }

    @Override
    public synchronized List<String> list(String prefix) {
        return files.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Override
    public synchronized void delete(String name) {
        FakeFile file = files.remove(name);
        if (file != null) {
            deleted.put(name, file);
        }
    }

    @Override
    public synchronized void probe() throws IOException {
        if (gone) {
            throw new IOException("Input/output error");
        }
    }

    @Override
    public synchronized long freeBytes() {
        return freeBytes;
    }

    private final class FakeFile implements File {
        private byte[] current = new byte[0];
        private byte[] durable = new byte[0];
        private int synced; // the size at the last sync
        private final List<Piece> unsynced = new ArrayList<>();

        private void restore(Random random) {
            Collections.shuffle(unsynced, random);
            double kept = random.nextInt(3) / 2.0;
            for (Piece piece : unsynced) {
                if (random.nextDouble() <= kept) {
                    System.arraycopy(piece.data, 0, durable, piece.offset, piece.data.length);
                } else if (piece.offset >= synced && random.nextInt(4) == 0) {
                    byte[] garbage = new byte[piece.data.length];
                    random.nextBytes(garbage);
                    System.arraycopy(garbage, 0, durable, piece.offset, garbage.length);
                }
            }
            unsynced.clear();
            synced = durable.length;
            current = durable.clone();
        }

        @Override
        public void write(long offset, ByteBuffer source) throws IOException {
            synchronized (FakeDisk.this) {
                Fault fault = faultOrNull();
                int at = (int) offset;
                if (fault == Fault.FAILS || fault == Fault.FULL) {
                    throw new IOException(
                            fault == Fault.FULL ? "No space left on device" : "Input/output error");
                } else if (fault == Fault.LOST) {
                    grow(at + source.remaining());
                    source.position(source.limit());
                } else if (fault == Fault.MISDIRECTED) {
                    at += 4096;
                } else if (fault == Fault.HALF) {
                    source.limit(source.position() + source.remaining() / 2);
                }
                grow(at + source.remaining());
                while (source.hasRemaining()) {
                    byte[] data = new byte[Math.min(SECTOR - at % SECTOR, source.remaining())];
                    source.get(data);
                    unsynced.add(new Piece(at, data));
                    System.arraycopy(data, 0, current, at, data.length);
                    at += data.length;
                }
                step();
                if (fault == Fault.HALF) {
                    throw new IOException("Input/output error");
                }
            }
        }

        private void grow(int size) {
            if (size > current.length) {
                current = Arrays.copyOf(current, size);
                durable = Arrays.copyOf(durable, size);
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) throws IOException {
            synchronized (FakeDisk.this) {
                if (readShift == 0) {
                    throw new IOException("Input/output error");
                }
                int at = (int) Math.min(current.length, offset + Math.max(0, readShift));
                int length = Math.max(0, Math.min(target.remaining(), current.length - at));
                target.put(current, at, length);
                while (target.hasRemaining()) {
                    target.put((byte) 0);
                }
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (FakeDisk.this) {
                step();
                Fault fault = faultOrNull();
                if (fault == Fault.SYNC_FAILS_ONCE) {
                    unsynced.clear(); // the kernel takes the pages for clean
                    throw new IOException("Input/output error");
                }
                if (fault == Fault.LOST) {
                    unsynced.clear();
                    return;
                }
                if (fault == Fault.FAILS || syncsFail) {
                    throw new IOException("Input/output error");
                }
                for (Piece piece : unsynced) {
                    System.arraycopy(piece.data, 0, durable, piece.offset, piece.data.length);
                }
                unsynced.clear();
                synced = durable.length;
            }
        }

        @Override
        public long size() {
            synchronized (FakeDisk.this) {
                return current.length;
            }
        }

        @Override
        public void extend(long size) {
            synchronized (FakeDisk.this) {
                grow((int) size);
            }
        }

        @Override
        public void close() {
            synchronized (FakeDisk.this) {
                openCount--;
            }
        }
    }
}
