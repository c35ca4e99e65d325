package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;

/**
 * The last merge of two placement groups of a pool (pg_merge_meta_t).
 *
 * <p>PgMerge := S(1/1){source:PgId ready:u32 started:u32 clean:u32 source:EVersion
 * target:EVersion}.
 */
public record PgMerge(
        PgId source,
        int readyEpoch,
        int lastEpochStarted,
        int lastEpochClean,
        EVersion sourceVersion,
        EVersion targetVersion) {
    /** No merge yet. */
    public static final PgMerge NONE =
            new PgMerge(new PgId(0, 0), 0, 0, 0, EVersion.ZERO, EVersion.ZERO);

    /** As in the class comment. */
    public static final Codec<PgMerge> CODEC =
            Primitives.of(
                    (out, merge) ->
                            out.struct(
                                    1,
                                    1,
                                    body -> {
                                        PgId.CODEC.encode(merge.source, body);
                                        body.u32(merge.readyEpoch).u32(merge.lastEpochStarted);
                                        body.u32(merge.lastEpochClean);
                                        EVersion.CODEC.encode(merge.sourceVersion, body);
                                        EVersion.CODEC.encode(merge.targetVersion, body);
                                    }),
                    in ->
                            in.struct(
                                    1,
                                    (v, body) ->
                                            new PgMerge(
                                                    PgId.CODEC.decode(body),
                                                    body.u32(),
                                                    body.u32(),
                                                    body.u32(),
                                                    EVersion.CODEC.decode(body),
                                                    EVersion.CODEC.decode(body))));
}
