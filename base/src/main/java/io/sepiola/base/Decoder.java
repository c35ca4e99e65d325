package io.sepiola.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads values in Ceph's encoding (little-endian). Every length and count is held against what
 * remains before anything is allocated. Owned by one caller at a time.
 *
 * <p>All methods throw {@link Malformed} when the bytes do not hold what is asked for.
 */
public final class Decoder {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NONE = new byte[0];

    private final Bytes source;
    private int limit; // of the sized part that is being read
    private int piece = -1;
    private byte[] array = NONE;
    private int at; // within array
    private int arrayEnd;
    private int sourceAt; // of arrayEnd, within source

    /** Reads from the start of {@code source}. */
    public Decoder(Bytes source) {
        this.source = source;
        this.limit = source.size();
    }

    /** Bytes read so far. */
    public int position() {
        return sourceAt - (arrayEnd - at);
    }

    /** Bytes not yet read. */
    public int remaining() {
        return limit - position();
    }

    /** Whether anything is left. */
    public boolean hasMore() {
        return remaining() > 0;
    }

    /** States that nothing is left. */
    public void expectEnd() {
        if (remaining() != 0) {
            throw new Malformed(remaining() + " bytes left over at " + position());
        }
    }

    private void need(int size) {
        if (size < 0 || size > remaining()) {
            throw new Malformed(
                    "wanted "
                            + (size & 0xffffffffL)
                            + " bytes at "
                            + position()
                            + ", "
                            + remaining()
                            + " remain");
        }
    }

    private boolean contiguous(int size) {
        need(size);
        while (at == arrayEnd && size > 0) {
            nextPiece();
        }
        return arrayEnd - at >= size;
    }

    private void nextPiece() {
        passToNextPiece();
        load();
    }

    private void passToNextPiece() {
        piece++;
        array = source.isPieceLent(piece) ? NONE : source.pieceArray(piece);
        at = source.pieceOffset(piece);
        arrayEnd = at + source.pieceLength(piece);
        sourceAt += source.pieceLength(piece);
    }

    /** Before values are read from a piece: lent memory is passed by as it is, read as a copy. */
    private void load() {
        if (array == NONE && arrayEnd > at && source.isPieceLent(piece)) {
            array = source.pieceCopy(piece);
            at -= source.pieceOffset(piece);
            arrayEnd -= source.pieceOffset(piece);
        }
    }

    private long gather(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            while (at == arrayEnd) {
                nextPiece();
            }
            value |= (array[at++] & 0xffL) << (8 * i);
        }
        return value;
    }

    /** 0 to 255. */
    public int u8() {
        contiguous(1);
        return array[at++] & 0xff;
    }

    /** -128 to 127. */
    public byte s8() {
        return (byte) u8();
    }

    /** One byte; anything but 0 is true. */
    public boolean bool() {
        return u8() != 0;
    }

    /** 0 to 65535. */
    public int u16() {
        if (!contiguous(2)) {
            return (int) gather(2);
        }
        int value = (short) SHORT.get(array, at) & 0xffff;
        at += 2;
        return value;
    }

    /** 32 bits, to be read as signed or not. */
    public int u32() {
        if (!contiguous(4)) {
            return (int) gather(4);
        }
        int value = (int) INT.get(array, at);
        at += 4;
        return value;
    }

    /** 64 bits, to be read as signed or not. */
    public long u64() {
        if (!contiguous(8)) {
            return gather(8);
        }
        long value = (long) LONG.get(array, at);
        at += 8;
        return value;
    }

    /** IEEE, 4 bytes. */
    public float f32() {
        return Float.intBitsToFloat(u32());
    }

    /** IEEE, 8 bytes. */
    public double f64() {
        return Double.longBitsToDouble(u64());
    }

    /** {@code size} bytes, by reference. */
    public Bytes raw(int size) {
        need(size);
        Bytes taken = source.slice(position(), size);
        skip(size);
        return taken;
    }

    /** Passes over {@code size} bytes. */
    public void skip(int size) {
        need(size);
        int rest = size;
        while (rest > arrayEnd - at) {
            rest -= arrayEnd - at;
            at = arrayEnd;
            passToNextPiece();
        }
        at += rest;
        load();
    }

    /** All that remains, by reference. */
    public Bytes rest() {
        return raw(remaining());
    }

    /** u32 length, bytes; by reference. */
    public Bytes blob() {
        return raw(u32());
    }

    /** u32 length, UTF-8; see {@link Utf8} for what is none. */
    public String string() {
        int size = u32();
        if (!contiguous(size)) {
            return raw(size).toUtf8();
        }
        String text = Utf8.decode(array, at, size);
        at += size;
        return text;
    }

    /**
     * A u32 count of elements of which each takes at least {@code elementSizeMin} bytes (1 at
     * least), so that no count beyond what remains is believed.
     */
    public int count(int elementSizeMin) {
        int count = u32();
        if (count < 0 || (long) count * Math.max(1, elementSizeMin) > remaining()) {
            throw new Malformed(
                    "count "
                            + (count & 0xffffffffL)
                            + " at "
                            + (position() - 4)
                            + ", but "
                            + remaining()
                            + " bytes remain");
        }
        return count;
    }

    /** u32 count, elements. Unmodifiable. */
    public <T> List<T> list(Codec<? extends T> codec) {
        int count = count(1);
        List<T> values = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            values.add(codec.decode(this));
        }
        return Collections.unmodifiableList(values);
    }

    /**
     * u32 count, key value pairs, kept in the order read; a repeated key is refused. Unmodifiable.
     */
    public <K, V> Map<K, V> map(Codec<? extends K> keyCodec, Codec<? extends V> valueCodec) {
        int count = count(1);
        Map<K, V> map = LinkedHashMap.newLinkedHashMap(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            K key = keyCodec.decode(this);
            if (map.put(key, valueCodec.decode(this)) != null) {
                throw new Malformed("key twice in a map: " + key);
            }
        }
        return Collections.unmodifiableMap(map);
    }

    /** Reads a part of known size: within {@code body} this decoder ends where the part ends. */
    public <T> T sized(int size, Body<T> body) {
        need(size);
        int outerLimit = limit;
        limit = position() + size;
        try {
            T value = body.decode(this);
            skip(remaining());
            return value;
        } finally {
            limit = outerLimit;
        }
    }

    /** What reads the inside of a sized part. */
    @FunctionalInterface
    public interface Body<T> {
        /** Reads from {@code in}, which ends where the part ends. */
        T decode(Decoder in);
    }

    /** What reads the inside of a versioned struct. */
    @FunctionalInterface
    public interface StructBody<T> {
        /** Reads the fields that {@code version} has; later versions' fields are passed over. */
        T decode(int version, Decoder in);
    }

    /**
     * Ceph's versioned struct: u8 version, u8 compat, u32 length, fields. What the body leaves
     * unread belongs to a later version and is passed over.
     *
     * @param versionKnown the highest version that the body understands
     */
    public <T> T struct(int versionKnown, StructBody<T> body) {
        int version = u8();
        int compat = u8();
        if (compat > versionKnown) {
            throw new Malformed(
                    "encoding "
                            + version
                            + " needs a reader of version "
                            + compat
                            + ", this one knows "
                            + versionKnown);
        }
        int size = u32();
        need(size);
        int outerLimit = limit;
        limit = position() + size;
        try {
            T value = body.decode(version, this);
            skip(remaining());
            return value;
        } finally {
            limit = outerLimit;
        }
    }
}
