package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

/**
 * A snapshot that a pool made (pool_snap_info_t).
 *
 * <p>PoolSnap := S(2/2){id:u64 stamp:utime name:string}.
 */
public record PoolSnap(long id, Utime stamp, String name) {
    /** As in the class comment. */
    public static final Codec<PoolSnap> CODEC =
            Primitives.of(
                    (out, snap) ->
                            out.struct(
                                    2,
                                    2,
                                    body -> {
                                        body.u64(snap.id);
                                        Utime.CODEC.encode(snap.stamp, body);
                                        body.string(snap.name);
                                    }),
                    in ->
                            in.struct(
                                    2,
                                    (v, body) ->
                                            new PoolSnap(
                                                    body.u64(),
                                                    Utime.CODEC.decode(body),
                                                    body.string())));
}
