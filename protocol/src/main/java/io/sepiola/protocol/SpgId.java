package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

/**
 * One shard of a placement group (spg_t).
 *
 * <p>SpgId := S(1/1){PgId shard:s8}.
 *
 * @param shard the position in an erasure-coded group; {@link #NO_SHARD} in a replicated one
 */
public record SpgId(PgId pg, int shard) implements Comparable<SpgId> {
    /** The shard of a replicated group. */
    public static final int NO_SHARD = -1;

    /** As in the class comment. */
    public static final Codec<SpgId> CODEC =
            Primitives.of(
                    (out, spg) ->
                            out.struct(
                                    1,
                                    1,
                                    body -> {
                                        PgId.CODEC.encode(spg.pg, body);
                                        body.u8(spg.shard);
                                    }),
                    in -> in.struct(1, (v, body) -> new SpgId(PgId.CODEC.decode(body), body.s8())));

    /** A replicated group. */
    public static SpgId replicated(PgId pg) {
        return new SpgId(pg, NO_SHARD);
    }

    @Override
    public int compareTo(SpgId other) {
        int byPg = pg.compareTo(other.pg);
        return byPg != 0 ? byPg : Integer.compare(shard, other.shard);
    }

    @Override
    public String toString() {
        return shard == NO_SHARD ? pg.toString() : pg + "s" + shard;
    }
}
