package io.sepiola.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Appends values in Ceph's encoding (little-endian). Long payloads are taken by reference, so the
 * result may be in several pieces. Owned by one caller at a time.
 */
public final class Encoder {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int REFERENCE_SIZE_MIN = 2048;

    private final List<Bytes> done = new ArrayList<>(0);
    private int doneSize;
    private byte[] array;
    private int start; // of what is not yet in done
    private int end;

    /** Starts empty. */
    public Encoder() {
        this(256);
    }

    /** Starts empty, with room for {@code sizeHint} bytes. */
    public Encoder(int sizeHint) {
        array = new byte[Math.max(16, sizeHint)];
    }

    /** Bytes appended so far. */
    public int size() {
        return doneSize + end - start;
    }

    /** What was appended. The encoder may go on; what was given out stays as it was. */
    public Bytes toBytes() {
        flush();
        return done.size() == 1 ? done.getFirst() : Bytes.concat(done);
    }

    private void flush() {
        if (end > start) {
            done.add(Bytes.of(array, start, end - start));
            doneSize += end - start;
            start = end;
        }
    }

    private int room(int size) {
        if (array.length - end < size) {
            int used = end - start;
            array = Arrays.copyOfRange(array, start, start + Math.max(used * 2 + 64, used + size));
            start = 0;
            end = used;
        }
        int at = end;
        end += size;
        return at;
    }

    /** The low 8 bits. */
    public Encoder u8(int value) {
        int at = room(1);
        array[at] = (byte) value;
        return this;
    }

    /** One byte, 0 or 1. */
    public Encoder bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** The low 16 bits. */
    public Encoder u16(int value) {
        int at = room(2);
        SHORT.set(array, at, (short) value);
        return this;
    }

    /** 32 bits, signed or not. */
    public Encoder u32(int value) {
        int at = room(4);
        INT.set(array, at, value);
        return this;
    }

    /** 64 bits, signed or not. */
    public Encoder u64(long value) {
        int at = room(8);
        LONG.set(array, at, value);
        return this;
    }

    /** IEEE, 4 bytes. */
    public Encoder f32(float value) {
        return u32(Float.floatToRawIntBits(value));
    }

    /** IEEE, 8 bytes. */
    public Encoder f64(double value) {
        return u64(Double.doubleToRawLongBits(value));
    }

    /** Bytes without a length; long ones by reference. */
    public Encoder raw(Bytes bytes) {
        if (bytes.size() >= REFERENCE_SIZE_MIN) {
            flush();
            done.add(bytes);
            doneSize += bytes.size();
        } else {
            int at = room(bytes.size());
            bytes.copyTo(0, array, at, bytes.size());
        }
        return this;
    }

    /** Bytes without a length, copied. */
    public Encoder raw(byte[] bytes) {
        int at = room(bytes.length);
        System.arraycopy(bytes, 0, array, at, bytes.length);
        return this;
    }

    /** {@code count} zero bytes. */
    public Encoder zeros(int count) {
        int at = room(count);
        Arrays.fill(array, at, at + count, (byte) 0);
        return this;
    }

    /** u32 length, bytes: Ceph's bufferlist. */
    public Encoder blob(Bytes bytes) {
        return u32(bytes.size()).raw(bytes);
    }

    /** u32 length, UTF-8. */
    public Encoder string(String text) {
        int length = text.length();
        int at = room(4 + length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                end = at; // not as short as it seemed
                return stringOfUtf8(text);
            }
            array[at + 4 + i] = (byte) c;
        }
        INT.set(array, at, length);
        return this;
    }

    private Encoder stringOfUtf8(String text) {
        byte[] utf8 = Utf8.encode(text);
        return u32(utf8.length).raw(utf8);
    }

    /** u32 count, elements in the collection's order. */
    public <T> Encoder list(Collection<T> values, Codec<? super T> codec) {
        u32(values.size());
        for (T value : values) {
            codec.encode(value, this);
        }
        return this;
    }

    /** u32 count, key value pairs in the map's order (give a sorted map: Ceph writes them so). */
    public <K, V> Encoder map(
            Map<K, V> map, Codec<? super K> keyCodec, Codec<? super V> valueCodec) {
        u32(map.size());
        map.forEach((key, value) -> {
            keyCodec.encode(key, this);
            valueCodec.encode(value, this);
        });
        return this;
    }

    /** u32 length, then what {@code body} appends. */
    public Encoder sized(Consumer<Encoder> body) {
        int begun = beginSized();
        body.accept(this);
        return endSized(begun);
    }

    /**
     * Ceph's versioned struct: u8 version, u8 compat, u32 length, then what {@code body} appends.
     */
    public Encoder struct(int version, int compat, Consumer<Encoder> body) {
        return u8(version).u8(compat).sized(body);
    }

    /**
     * Begins a part whose u32 length goes before it; parts may be nested. Where no lambda is
     * wanted.
     *
     * @return to be given to {@link #endSized}
     */
    public int beginSized() {
        u32(0);
        return size();
    }

    /** Begins a versioned struct; to be ended with {@link #endSized}. */
    public int beginStruct(int version, int compat) {
        return u8(version).u8(compat).beginSized();
    }

    /**
     * Ends the part that {@link #beginSized} or {@link #beginStruct} began, and sets its length.
     * Until then {@link #toBytes} must not be called.
     */
    public Encoder endSized(int begun) {
        int length = size() - begun;
        int position = begun - 4;
        if (position >= doneSize) {
            INT.set(array, start + position - doneSize, length);
            return this;
        }
        // A long payload was taken by reference in between: the length is in an earlier piece,
        // which
        // nobody else has seen yet. It was appended at once, so it lies within one piece.
        for (Bytes piece : done) {
            if (position < piece.size()) {
                INT.set(piece.pieceArray(0), piece.pieceOffset(0) + position, length);
                return this;
            }
            position -= piece.size();
        }
        throw Invariant.broken("a sized part begins at %d, behind the end", begun);
    }
}
