package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.SpgId;

/**
 * An object as one store keeps it (ghobject_t): with a shard, and a generation for rollback.
 *
 * <p>GhObject := S(6/3){HObject's fields, generation:u64 shard:s8 isMax:u8 (from version 6)}.
 */
public record GhObject(HObject object, long generation, int shard) implements Comparable<GhObject> {
    /** The generation of what has none. */
    public static final long NO_GENERATION = -1;

    /** As in the class comment. */
    public static final Codec<GhObject> CODEC =
            Primitives.of(
                    (out, o) ->
                            out.struct(
                                    6,
                                    3,
                                    body -> {
                                        o.object.encodeFields(body);
                                        body.u64(o.generation).u8(o.shard).bool(o.object.isMax());
                                    }),
                    in ->
                            in.struct(
                                    6,
                                    (v, body) -> {
                                        GhObject read =
                                                new GhObject(
                                                        HObject.decodeFields(body),
                                                        body.u64(),
                                                        body.s8());
                                        if (v >= 6) {
                                            body.bool(); // repeats the object's own isMax
                                        }
                                        return read;
                                    }));

    /** An object of a replicated group. */
    public static GhObject of(HObject object) {
        return new GhObject(object, NO_GENERATION, SpgId.NO_SHARD);
    }

    /** Shard, then object, then generation: Ceph's order. */
    @Override
    public int compareTo(GhObject other) {
        int order = Integer.compare(shard, other.shard);
        if (order == 0) {
            order = object.compareTo(other.object);
        }
        return order != 0 ? order : Long.compareUnsigned(generation, other.generation);
    }

    @Override
    public String toString() {
        return generation == NO_GENERATION && shard == SpgId.NO_SHARD
                ? object.toString()
                : object + "#" + Long.toUnsignedString(generation) + "s" + shard;
    }
}
