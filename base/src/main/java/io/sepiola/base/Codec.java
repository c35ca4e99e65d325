package io.sepiola.base;

/**
 * Turns one type into Ceph's bytes and back. A codec has no state and may be shared.
 *
 * @param <T> the type
 */
public interface Codec<T> {
    /** Appends the encoding of {@code value} to {@code out}. */
    void encode(T value, Encoder out);

    /**
     * Reads one value.
     *
     * @throws Malformed when the bytes are not an encoding of the type, or ask for more than
     *     remains
     */
    T decode(Decoder in);

    /** The encoding of {@code value} alone. */
    default Bytes toBytes(T value) {
        Encoder out = new Encoder();
        encode(value, out);
        return out.toBytes();
    }

    /**
     * Decodes a value that must use every byte of {@code bytes}.
     *
     * @throws Malformed when the bytes are no such value, or bytes are left over
     */
    default T fromBytes(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        T value = decode(in);
        in.expectEnd();
        return value;
    }
}
