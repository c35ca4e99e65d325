package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * One shard on one OSD (pg_shard_t).
 *
 * <p>PgShard := S(1/1){osd:s32 shard:s8}.
 *
 * @param shard {@link SpgId#NO_SHARD} in a replicated group
 */
public record PgShard(int osd, int shard) implements Comparable<PgShard> {
    /** As in the class comment. */
    public static final Codec<PgShard> CODEC = Primitives.of(PgShard::encode, PgShard::decode);

    private static void encode(Encoder out, PgShard value) {
        int begun = out.beginStruct(1, 1);
        out.u32(value.osd);
        out.u8(value.shard);
        out.endSized(begun);
    }

    private static PgShard decode(Decoder in) {
        return in.struct(1, PgShard::decodeFields);
    }

    private static PgShard decodeFields(int version, Decoder in) {
        int osd = in.u32();
        int shard = in.s8();
        return new PgShard(osd, shard);
    }

    /** A member of a replicated group. */
    public static PgShard replicated(int osd) {
        return new PgShard(osd, SpgId.NO_SHARD);
    }

    @Override
    public int compareTo(PgShard other) {
        int byOsd = Integer.compare(osd, other.osd);
        return byOsd != 0 ? byOsd : Integer.compare(shard, other.shard);
    }

    @Override
    public String toString() {
        return shard == SpgId.NO_SHARD ? Integer.toString(osd) : osd + "(" + shard + ")";
    }
}
