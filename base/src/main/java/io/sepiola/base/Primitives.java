package io.sepiola.base;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Codecs of the types that every other codec is made of. */
public final class Primitives {
    /** 0 to 255. */
    public static final Codec<Integer> U8 = of(Encoder::u8, Decoder::u8);

    /** One byte. */
    public static final Codec<Boolean> BOOL = of(Encoder::bool, Decoder::bool);

    /** -128 to 127. */
    public static final Codec<Integer> S8 = of(Encoder::u8, in -> (int) in.s8());

    /** 32 bits, signed or not. */
    public static final Codec<Integer> U32 = of(Encoder::u32, Decoder::u32);

    /** 64 bits, signed or not. */
    public static final Codec<Long> U64 = of(Encoder::u64, Decoder::u64);

    /** u32 length, UTF-8. */
    public static final Codec<String> STRING = of(Encoder::string, Decoder::string);

    /** u32 length, bytes. */
    public static final Codec<Bytes> BLOB = of(Encoder::blob, Decoder::blob);

    private Primitives() {}

    /** u32 count, elements; unmodifiable when decoded. */
    public static <T> Codec<List<T>> listOf(Codec<T> codec) {
        return of((out, list) -> out.list(list, codec), in -> in.list(codec));
    }

    /** u32 count, key value pairs in the map's order; unmodifiable when decoded. */
    public static <K, V> Codec<Map<K, V>> mapOf(Codec<K> keyCodec, Codec<V> valueCodec) {
        return of(
                (out, map) -> out.map(map, keyCodec, valueCodec),
                in -> in.map(keyCodec, valueCodec));
    }

    /** u8 present, the value when 1. */
    public static <T> Codec<Optional<T>> optional(Codec<T> codec) {
        return of(
                (out, value) -> {
                    out.bool(value.isPresent());
                    value.ifPresent(present -> codec.encode(present, out));
                },
                in -> in.bool() ? Optional.of(codec.decode(in)) : Optional.empty());
    }

    /** A codec made of two functions. */
    public static <T> Codec<T> of(BiConsumer<Encoder, T> encode, Function<Decoder, T> decode) {
        return new Codec<>() {
            @Override
            public void encode(T value, Encoder out) {
                encode.accept(out, value);
            }

            @Override
            public T decode(Decoder in) {
                return decode.apply(in);
            }
        };
    }
}
