package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.PgShard;

import java.util.List;

/**
 * The intervals in which a placement group may have been written since it was last clean
 * (PastIntervals).
 *
 * <p>PastIntervals := S(1/1){u8 2, S(1/1){first:u32 last:u32 all:list of PgShard, list of
 * Interval}}, or S(1/1){u8 0} for none.
 *
 * @param first epoch
 * @param last epoch
 * @param all who was acting in any of them
 */
public record PastIntervals(int first, int last, List<PgShard> all, List<Interval> intervals) {
    /**
     * One interval: the time between two changes of the acting set.
     *
     * <p>Interval := S(1/1){first:u32 last:u32 acting:list of PgShard}.
     */
    public record Interval(int first, int last, List<PgShard> acting) {
        /** As in the comment. */
        public static final Codec<Interval> CODEC =
                Primitives.of(
                        (out, interval) -> {
                            int begun = out.beginStruct(1, 1);
                            out.u32(interval.first).u32(interval.last);
                            out.list(interval.acting, PgShard.CODEC).endSized(begun);
                        },
                        in ->
                                in.struct(
                                        1,
                                        (version, body) ->
                                                new Interval(
                                                        body.u32(),
                                                        body.u32(),
                                                        body.list(PgShard.CODEC))));
    }

    /** None. */
    public static final PastIntervals NONE = new PastIntervals(0, 0, List.of(), List.of());

    /** As in the class comment. */
    public static final Codec<PastIntervals> CODEC =
            Primitives.of(PastIntervals::encode, PastIntervals::decode);

    private static void encode(Encoder out, PastIntervals value) {
        int begun = out.beginStruct(1, 1);
        out.u8(2); // the compact form
        int inner = out.beginStruct(1, 1);
        out.u32(value.first).u32(value.last);
        out.list(value.all, PgShard.CODEC).list(value.intervals, Interval.CODEC);
        out.endSized(inner).endSized(begun);
    }

    private static PastIntervals decode(Decoder in) {
        return in.struct(1, PastIntervals::decodeFields);
    }

    private static PastIntervals decodeFields(int version, Decoder in) {
        int form = in.u8();
        return switch (form) {
            case 0 -> NONE;
            case 2 ->
                    in.struct(
                            1,
                            (inner, body) ->
                                    new PastIntervals(
                                            body.u32(),
                                            body.u32(),
                                            body.list(PgShard.CODEC),
                                            body.list(Interval.CODEC)));
            default -> throw new Malformed("past intervals of form " + form);
        };
    }
}
