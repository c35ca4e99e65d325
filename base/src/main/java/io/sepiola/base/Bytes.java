package io.sepiola.base;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * An immutable run of bytes, in one piece or several. Slicing and joining copy nothing. The arrays
 * underneath belong to this class once handed over: nobody writes to them again. May be shared.
 *
 * <p>A piece may also lie in {@link Lent} memory. Such bytes are for one use: whoever keeps them
 * longer than the one to whom they were lent takes {@link #detach} of them.
 */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new Piece[0], 0);

    private static final byte[] NO_ARRAY = new byte[0];

    /** In the array, or in lent memory when there is some. */
    private record Piece(byte[] array, @Nullable Lent lentOrNull, int offset, int length) {
        Piece(byte[] array, int offset, int length) {
            this(array, null, offset, length);
        }

        Piece slice(int from, int size) {
            return new Piece(array, lentOrNull, offset + from, size);
        }

        byte at(int index) {
            Lent lent = lentOrNull;
            return lent == null ? array[offset + index] : lent.at(offset + index);
        }

        void copyTo(int from, byte[] target, int targetOffset, int size) {
            Lent lent = lentOrNull;
            if (lent == null) {
                System.arraycopy(array, offset + from, target, targetOffset, size);
            } else {
                lent.copyTo(offset + from, target, targetOffset, size);
            }
        }

        int crc32c(int seed) {
            Lent lent = lentOrNull;
            return lent == null
                    ? Crc32c.of(seed, array, offset, length)
                    : lent.crc32c(seed, offset, length);
        }
    }

    private final Piece[] pieces;
    private final int size;

    private Bytes(Piece[] pieces, int size) {
        this.pieces = pieces;
        this.size = size;
    }

    /** Wraps the whole array, which the caller gives away. */
    public static Bytes of(byte[] array) {
        return of(array, 0, array.length);
    }

    /** Wraps a range of an array, which the caller gives away. */
    public static Bytes of(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(offset + "+" + length + " of " + array.length);
        }
        return length == 0
                ? EMPTY
                : new Bytes(new Piece[] {new Piece(array, offset, length)}, length);
    }

    /** A range of lent memory. */
    public static Bytes of(Lent lent, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, lent.size());
        return length == 0
                ? EMPTY
                : new Bytes(new Piece[] {new Piece(NO_ARRAY, lent, offset, length)}, length);
    }

    /** The UTF-8 encoding of a text. */
    public static Bytes utf8(String text) {
        return of(Utf8.encode(text));
    }

    /** Reads hexadecimal digits. */
    public static Bytes hex(String digits) {
        return of(HexFormat.of().parseHex(digits));
    }

    /** {@code size} zero bytes. */
    public static Bytes zeros(int size) {
        return of(new byte[size]);
    }

    /** Joins without copying. */
    public static Bytes concat(List<Bytes> parts) {
        List<Piece> all = new ArrayList<>(parts.size());
        long size = 0;
        for (Bytes part : parts) {
            all.addAll(Arrays.asList(part.pieces));
            size += part.size;
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("longer than 2 GiB: " + size);
        }
        return size == 0 ? EMPTY : new Bytes(all.toArray(new Piece[0]), (int) size);
    }

    /** Joins without copying. */
    public static Bytes concat(Bytes... parts) {
        return concat(Arrays.asList(parts));
    }

    /** In bytes. */
    public int size() {
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** The byte at {@code index}. */
    public byte at(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        int rest = index;
        for (Piece piece : pieces) {
            if (rest < piece.length) {
                return piece.at(rest);
            }
            rest -= piece.length;
        }
        throw Invariant.broken("pieces shorter than their sum");
    }

    /** A part of these bytes, by reference. */
    public Bytes slice(int offset, int length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(offset + "+" + length + " of " + size);
        }
        if (length == 0) {
            return EMPTY;
        }
        if (length == size) {
            return this;
        }
        if (pieces.length == 1) {
            return new Bytes(new Piece[] {pieces[0].slice(offset, length)}, length);
        }
        List<Piece> kept = new ArrayList<>();
        int skip = offset;
        int want = length;
        for (Piece piece : pieces) {
            if (want == 0) {
                break;
            }
            if (skip >= piece.length) {
                skip -= piece.length;
                continue;
            }
            int take = Math.min(want, piece.length - skip);
            kept.add(piece.slice(skip, take));
            want -= take;
            skip = 0;
        }
        return new Bytes(kept.toArray(new Piece[0]), length);
    }

    /** From {@code offset} to the end. */
    public Bytes slice(int offset) {
        return slice(offset, size - offset);
    }

    /** The same bytes in one piece: this when they are so already, else a copy. */
    public Bytes compact() {
        return pieces.length <= 1 ? this : of(toArray());
    }

    /**
     * The same bytes holding no larger array alive, and no lent memory: a copy when the array
     * underneath is larger than what is used of it. For what is kept long.
     */
    public Bytes detach() {
        return pieces.length == 1 && pieces[0].array.length == size ? this : of(toArray());
    }

    /** The same bytes on the heap; those that are lent go back. For the last one to use them. */
    public Bytes settle() {
        List<Lent> used = new ArrayList<>(0);
        for (Piece piece : pieces) {
            if (piece.lentOrNull != null) {
                piece.lentOrNull.retain();
                used.add(piece.lentOrNull);
            }
        }
        Bytes settled = used.isEmpty() ? this : of(toArray());
        used.forEach(Lent::release);
        return settled;
    }

    /** Whether any of them lie in lent memory. */
    public boolean isLent() {
        for (Piece piece : pieces) {
            if (piece.lentOrNull != null) {
                return true;
            }
        }
        return false;
    }

    /** A copy in a new array. */
    public byte[] toArray() {
        byte[] copy = new byte[size];
        copyTo(0, copy, 0, size);
        return copy;
    }

    /** Copies {@code length} bytes from {@code offset} into {@code target}. */
    public void copyTo(int offset, byte[] target, int targetOffset, int length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(offset + "+" + length + " of " + size);
        }
        int skip = offset;
        int done = 0;
        for (Piece piece : pieces) {
            if (done == length) {
                return;
            }
            if (skip >= piece.length) {
                skip -= piece.length;
                continue;
            }
            int take = Math.min(length - done, piece.length - skip);
            piece.copyTo(skip, target, targetOffset + done, take);
            done += take;
            skip = 0;
        }
    }

    /** Read-only views of the pieces, in order, for gathering writes; copies of what is lent. */
    public List<ByteBuffer> buffers() {
        List<ByteBuffer> views = new ArrayList<>(pieces.length);
        forEachPiece((array, offset, length) ->
                views.add(ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer()));
        return views;
    }

    /** Shows each piece's own array; the visitor only reads. */
    public void forEachPiece(PieceVisitor visitor) {
        for (Piece piece : pieces) {
            Lent lent = piece.lentOrNull;
            if (lent == null) {
                visitor.visit(piece.array, piece.offset, piece.length);
            } else {
                visitor.lent(lent, piece.offset, piece.length);
            }
        }
    }

    /** Sees one piece. */
    @FunctionalInterface
    public interface PieceVisitor {
        /** Reads {@code array} from {@code offset}, {@code length} bytes; never writes. */
        void visit(byte[] array, int offset, int length);

        /** Reads lent memory; unless told otherwise, from a copy. */
        default void lent(Lent memory, int offset, int length) {
            byte[] copy = new byte[length];
            memory.copyTo(offset, copy, 0, length);
            visit(copy, 0, length);
        }
    }

    boolean isPieceLent(int index) {
        return pieces[index].lentOrNull != null;
    }

    byte[] pieceCopy(int index) {
        Piece piece = pieces[index];
        byte[] copy = new byte[piece.length];
        piece.copyTo(0, copy, 0, piece.length);
        return copy;
    }

    byte[] pieceArray(int index) {
        return pieces[index].array;
    }

    int pieceOffset(int index) {
        return pieces[index].offset;
    }

    int pieceLength(int index) {
        return pieces[index].length;
    }

    /** Ceph's crc32c of all bytes, continuing from {@code seed}. */
    public int crc32c(int seed) {
        int crc = seed;
        for (Piece piece : pieces) {
            crc = piece.crc32c(crc);
        }
        return crc;
    }

    /** The text of which these bytes are the UTF-8 encoding; see {@link Utf8} for bad sequences. */
    public String toUtf8() {
        if (pieces.length == 1 && !isLent()) {
            return Utf8.decode(pieces[0].array, pieces[0].offset, size);
        }
        return Utf8.decode(toArray(), 0, size);
    }

    /** Lower-case hexadecimal digits. */
    public String toHex() {
        return HexFormat.of().formatHex(toArray());
    }

    /** Equal bytes, however they are cut into pieces. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Bytes that) || that.size != size) {
            return false;
        }
        if (pieces.length == 1 && that.pieces.length == 1 && !isLent() && !that.isLent()) {
            Piece a = pieces[0];
            Piece b = that.pieces[0];
            return Arrays.equals(
                    a.array, a.offset, a.offset + size, b.array, b.offset, b.offset + size);
        }
        return Arrays.equals(toArray(), that.toArray());
    }

    @Override
    public int hashCode() {
        return crc32c(-1);
    }

    /** Size and the first few bytes, for logs. */
    @Override
    public String toString() {
        String start = slice(0, Math.min(size, 16)).toHex();
        return size + " bytes [" + start + (size > 16 ? "..." : "") + "]";
    }
}
