package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;

/** Where a store keeps an object (coll_t): with the daemon's own, or with a placement group's. */
public sealed interface CollectionId {
    /**
     * CollectionId := u8 2, kind:u8 (0 meta, 2 group) SpgId, u64 -2. Other kinds belong to stores
     * of old releases and are refused.
     */
    Codec<CollectionId> CODEC = Primitives.of(CollectionId::encode, CollectionId::decode);

    private static void encode(Encoder out, CollectionId id) {
        out.u8(2);
        switch (id) {
            case Meta _ -> {
                out.u8(0);
                SpgId.CODEC.encode(SpgId.replicated(new PgId(0, 0)), out);
            }
            case Pg group -> {
                out.u8(2);
                SpgId.CODEC.encode(group.pg, out);
            }
        }
        out.u64(HObject.HEAD);
    }

    private static CollectionId decode(Decoder in) {
        int version = in.u8();
        if (version != 2) {
            throw new Malformed("collection of version " + version);
        }
        int kind = in.u8();
        SpgId pg = SpgId.CODEC.decode(in);
        in.u64(); // was a snapshot
        return switch (kind) {
            case 0 -> META;
            case 2 -> new Pg(pg);
            default -> throw new Malformed("collection of kind " + kind);
        };
    }

    /** The daemon's own objects: superblock and maps. */
    record Meta() implements CollectionId {
        @Override
        public String toString() {
            return "meta";
        }
    }

    /** One placement group's objects. */
    record Pg(SpgId pg) implements CollectionId {
        @Override
        public String toString() {
            return pg + "_head";
        }
    }

    /** The daemon's own. */
    CollectionId META = new Meta();
}
