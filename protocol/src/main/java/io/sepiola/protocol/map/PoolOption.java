package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.NavigableMap;

/**
 * The value of a pool's option (pool_opts_t).
 *
 * <p>options := S(2/1){u32 n, n x {key:s32 kind:s32 value}}, kind 0 string, 1 s64, 2 f64.
 */
public sealed interface PoolOption {
    /** Options by key. */
    Codec<NavigableMap<Integer, PoolOption>> MAP =
            Primitives.of(
                    (out, options) ->
                            out.struct(
                                    2,
                                    1,
                                    body ->
                                            body.map(
                                                    options,
                                                    Primitives.U32,
                                                    Primitives.of(
                                                            PoolOption::encode,
                                                            PoolOption::decode))),
                    in ->
                            in.struct(
                                    2,
                                    (v, body) ->
                                            MapCodecs.sortedMap(
                                                            Primitives.U32,
                                                            Primitives.of(
                                                                    PoolOption::encode,
                                                                    PoolOption::decode))
                                                    .decode(body)));

    /** Text. */
    record Text(String value) implements PoolOption {}

    /** A whole number. */
    record Whole(long value) implements PoolOption {}

    /** A fraction. */
    record Real(double value) implements PoolOption {}

    private static void encode(Encoder out, PoolOption option) {
        switch (option) {
            case Text text -> out.u32(0).string(text.value);
            case Whole whole -> out.u32(1).u64(whole.value);
            case Real real -> out.u32(2).f64(real.value);
        }
    }

    private static PoolOption decode(Decoder in) {
        int kind = in.u32();
        return switch (kind) {
            case 0 -> new Text(in.string());
            case 1 -> new Whole(in.u64());
            case 2 -> new Real(in.f64());
            default -> throw new Malformed("pool option of kind " + kind);
        };
    }
}
