package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Codecs that several maps share. */
final class MapCodecs {
    /** uuid_d: 16 bytes. */
    static final Codec<UUID> UUID16 =
            Primitives.of(
                    (out, id) ->
                            out.u64(Long.reverseBytes(id.getMostSignificantBits()))
                                    .u64(Long.reverseBytes(id.getLeastSignificantBits())),
                    in -> {
                        long most = Long.reverseBytes(in.u64());
                        return new UUID(most, Long.reverseBytes(in.u64()));
                    });

    /** No fsid. */
    static final UUID UUID_ZERO = new UUID(0, 0);

    static final Codec<List<Integer>> INTS =
            Primitives.of(
                    (out, list) -> out.list(list, Primitives.U32),
                    in -> {
                        int count = in.count(4);
                        List<Integer> values = new ArrayList<>(count);
                        for (int i = 0; i < count; i++) {
                            values.add(in.u32());
                        }
                        return List.copyOf(values);
                    });

    static final Codec<NavigableMap<String, String>> TEXTS =
            sortedMap(Primitives.STRING, Primitives.STRING);

    private MapCodecs() {}

    /** A map with ascending keys. */
    static <K extends Comparable<? super K>, V> Codec<NavigableMap<K, V>> sortedMap(
            Codec<K> keyCodec, Codec<V> valueCodec) {
        return Primitives.of(
                (out, map) -> out.map(map, keyCodec, valueCodec),
                in ->
                        Collections.unmodifiableNavigableMap(
                                new TreeMap<>(in.map(keyCodec, valueCodec))));
    }

    /** A set in ascending order. */
    static <T extends Comparable<? super T>> Codec<NavigableSet<T>> sortedSet(Codec<T> codec) {
        return Primitives.of(
                (out, set) -> out.list(set, codec),
                in -> {
                    List<T> read = in.list(codec);
                    NavigableSet<T> set = new TreeSet<>(read);
                    if (set.size() != read.size()) {
                        throw new Malformed("an element twice in a set");
                    }
                    return Collections.unmodifiableNavigableSet(set);
                });
    }

    static void ints(Encoder out, int[] values) {
        out.u32(values.length);
        for (int value : values) {
            out.u32(value);
        }
    }

    static int[] ints(Decoder in) {
        int[] values = new int[in.count(4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.u32();
        }
        return values;
    }
}
