package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;
import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads objects' data in two steps: under the store's lock it is planned from where it comes, and
 * outside of it the block file is read, and every block of it held against its checksum.
 */
final class BlockReader {
    private static final int LENT_BLOCKS_MIN = (256 << 10) / Extent.BLOCK_SIZE;
    private static final ReadBuffers NO_BUFFERS = new ReadBuffers(0);

    /** The newer data of a block, where there are some. */
    @FunctionalInterface
    interface Newer {
        @Nullable Bytes blockOrNull(long disk);
    }

    private sealed interface Piece {
        record Hole(int size) implements Piece {}

        record Memory(Bytes data) implements Piece {}

        /** What is stored has to be decompressed. */
        record Packed(Packing packing, List<Piece> stored) implements Piece {}

        record Blocks(Extent extent, int first, int count) implements Piece {
            Blocks first(int some) {
                return new Blocks(extent, first, some);
            }

            Blocks after(int some) {
                return new Blocks(extent, first + some, count - some);
            }
        }
    }

    /** A planned read. */
    final class Plan {
        private final List<Piece> pieces = new ArrayList<>();
        private final Object name;
        private final Seal seal;
        private final int skip;
        private final int size;

        private Plan(Object name, long nid, int skip, int size) {
            this.name = name;
            this.seal = new Seal(nid);
            this.skip = skip;
            this.size = size;
        }

        /** Reads; throws when a checksum does not match. */
        Bytes run() {
            return run(NO_BUFFERS);
        }

        /** Reads long pieces into buffers, which the result lends, as far as there are any. */
        Bytes run(ReadBuffers buffers) {
            return read(pieces, buffers).slice(skip, size);
        }

        private Bytes read(List<Piece> from, ReadBuffers buffers) {
            List<Bytes> parts = new ArrayList<>(from.size());
            try {
                for (Piece piece : from) {
                    switch (piece) {
                        case Piece.Hole(int hole) -> parts.add(Bytes.zeros(hole));
                        case Piece.Memory(Bytes data) -> parts.add(data);
                        case Piece.Packed packed -> parts.add(decompressed(packed));
                        case Piece.Blocks blocks -> readBlocks(blocks, buffers, parts);
                    }
                }
            } catch (StoreException failure) {
                parts.forEach(Bytes::settle); // the buffers of what was good go back
                throw failure;
            }
            return parts.size() == 1 ? parts.getFirst() : Bytes.concat(parts);
        }

        private Bytes decompressed(Piece.Packed packed) {
            Packing packing = packed.packing;
            byte[] stored =
                    read(packed.stored, NO_BUFFERS).slice(0, packing.storedSize()).toArray();
            try {
                int size = Math.toIntExact(Extent.bytes(packing.rawCount()));
                return Bytes.of(packing.algorithm().decompress(stored, size))
                        .slice(
                                (int) Extent.bytes(packing.skip()),
                                (int) Extent.bytes(packing.count()));
            } catch (Malformed damaged) {
                throw new StoreException(
                        StoreException.Kind.CORRUPT,
                        name + ": " + damaged.getMessage() + "; repair it from another copy",
                        damaged);
            }
        }

        private void readBlocks(Piece.Blocks blocks, ReadBuffers buffers, List<Bytes> parts) {
            Piece.Blocks left = blocks;
            while (left.count >= LENT_BLOCKS_MIN) {
                ByteBuffer buffer = buffers.takeOrNull();
                if (buffer == null) {
                    break;
                }
                int count = Math.min(left.count, ReadBuffers.SIZE / Extent.BLOCK_SIZE);
                parts.add(readLent(left.first(count), buffer, buffers));
                left = left.after(count);
            }
            if (left.count > 0) {
                byte[] data = new byte[Math.toIntExact(Extent.bytes(left.count))];
                fill(left, ByteBuffer.wrap(data));
                parts.add(Bytes.of(data));
            }
        }

        private Bytes readLent(Piece.Blocks blocks, ByteBuffer buffer, ReadBuffers buffers) {
            int size = Math.toIntExact(Extent.bytes(blocks.count));
            boolean good = false;
            int sum;
            try {
                sum = fill(blocks, buffer.limit(size));
                good = true;
            } finally {
                if (!good) {
                    buffers.giveBack(buffer);
                }
            }
            return Bytes.of(buffers.lend(buffer, size, sum), 0, size);
        }

        /**
         * Fills the buffer, and holds every block in it against its checksum. Returns that of all,
         * made from the blocks' own: it vouches for the bytes from the disk to the other end of a
         * connection.
         */
        private int fill(Piece.Blocks blocks, ByteBuffer target) {
            Extent extent = blocks.extent;
            long disk = extent.disk() + blocks.first;
            try {
                file.read(Extent.bytes(disk), target);
            } catch (IOException failure) {
                throw new StoreException(
                        StoreException.Kind.IO,
                        "cannot read " + name + ": " + failure.getMessage() + "; check the disk",
                        failure);
            }
            int sum = -1;
            for (int i = 0; i < blocks.count; i++) {
                int start = i * Extent.BLOCK_SIZE;
                target.limit(start + Extent.BLOCK_SIZE).position(start);
                int block = extent.block() + blocks.first + i;
                int bytes = Crc32c.of(-1, target);
                int found = bytes ^ seal.place(block);
                int expected = extent.checksums()[blocks.first + i];
                if (found != expected) {
                    throw new StoreException(
                            StoreException.Kind.CORRUPT,
                            String.format(
                                    "block %d of %s, block %d of the file: checksum %08x, should be"
                                            + " %08x; repair it from another copy",
                                    block, name, disk + i, found, expected));
                }
                sum = Crc32c.joined(sum, bytes, Extent.BLOCK_SIZE);
            }
            return sum;
        }
    }

    private final Disk.File file;

    BlockReader(Disk.File file) {
        this.file = file;
    }

    /** Plans to read a range that lies within the object's size. */
    Plan plan(Object name, long nid, Extents extents, long offset, int size, Newer newer) {
        if (size == 0) {
            return new Plan(name, nid, 0, 0);
        }
        int first = (int) (offset / Extent.BLOCK_SIZE);
        int end = (int) ((offset + size + Extent.BLOCK_SIZE - 1) / Extent.BLOCK_SIZE);
        Plan plan = new Plan(name, nid, (int) (offset % Extent.BLOCK_SIZE), size);
        int at = first;
        for (Extent extent : extents.touching(first, end)) {
            int from = Math.max(first, extent.block());
            int to = Math.min(end, extent.end());
            hole(plan, from - at);
            Packing packing = extent.part(from, to).packingOrNull();
            if (packing == null) {
                blocks(plan.pieces, extent, from, to, newer);
            } else {
                Extent stored = extent.asStored();
                List<Piece> pieces = new ArrayList<>();
                blocks(pieces, stored, stored.block(), stored.end(), newer);
                plan.pieces.add(new Piece.Packed(packing, pieces));
            }
            at = to;
        }
        hole(plan, end - at);
        return plan;
    }

    private static void hole(Plan plan, int blocks) {
        if (blocks > 0) {
            plan.pieces.add(new Piece.Hole(Math.toIntExact(Extent.bytes(blocks))));
        }
    }

    private static void blocks(List<Piece> pieces, Extent extent, int from, int to, Newer newer) {
        int start = from;
        for (int block = from; block < to; block++) {
            Bytes data = newer.blockOrNull(extent.disk() + (block - extent.block()));
            if (data != null) {
                onDisk(pieces, extent, start, block);
                pieces.add(new Piece.Memory(data));
                start = block + 1;
            }
        }
        onDisk(pieces, extent, start, to);
    }

    private static void onDisk(List<Piece> pieces, Extent extent, int from, int to) {
        if (from < to) {
            pieces.add(new Piece.Blocks(extent, from - extent.block(), to - from));
        }
    }
}
