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
 * since the last sync of a file, in sectors of 512 bytes, in any order; that it brings back files
 * that were deleted; that it comes before, within or after any write or sync; and that it comes
 * again during recovery. A sync that returned holds.
 */
final class FakeDisk implements Disk {
    /** The power is gone. */
    static final class PowerLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PowerLost() {
            super("power lost", null, false, false);
        }
    }

    private static final int SECTOR = 512;

    private record Piece(int offset, byte[] data) {}

    private final TreeMap<String, FakeFile> files = new TreeMap<>();
    private final TreeMap<String, FakeFile> deleted = new TreeMap<>();
    private int openCount;
    private int stepsLeft = Integer.MAX_VALUE;
    private boolean syncsFail;
    private long freeBytes = Long.MAX_VALUE;

    /** Loses power after this many writes and syncs. */
    synchronized void loseAfter(int steps) {
        stepsLeft = steps;
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
        if (--stepsLeft < 0) {
            throw new PowerLost();
        }
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
    public synchronized long freeBytes() {
        return freeBytes;
    }

    private final class FakeFile implements File {
        private byte[] current = new byte[0];
        private byte[] durable = new byte[0];
        private final List<Piece> unsynced = new ArrayList<>();

        private void restore(Random random) {
            Collections.shuffle(unsynced, random);
            double kept = random.nextInt(3) / 2.0;
            for (Piece piece : unsynced) {
                if (random.nextDouble() <= kept) {
                    System.arraycopy(piece.data, 0, durable, piece.offset, piece.data.length);
                }
            }
            unsynced.clear();
            current = durable.clone();
        }

        @Override
        public void write(long offset, ByteBuffer source) {
            synchronized (FakeDisk.this) {
                int at = (int) offset;
                grow(at + source.remaining());
                while (source.hasRemaining()) {
                    byte[] data = new byte[Math.min(SECTOR - at % SECTOR, source.remaining())];
                    source.get(data);
                    unsynced.add(new Piece(at, data));
                    System.arraycopy(data, 0, current, at, data.length);
                    at += data.length;
                }
                step();
            }
        }

        private void grow(int size) {
            if (size > current.length) {
                current = Arrays.copyOf(current, size);
                durable = Arrays.copyOf(durable, size);
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            synchronized (FakeDisk.this) {
                int at = (int) offset;
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
                if (syncsFail) {
                    throw new IOException("Input/output error");
                }
                for (Piece piece : unsynced) {
                    System.arraycopy(piece.data, 0, durable, piece.offset, piece.data.length);
                }
                unsynced.clear();
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
