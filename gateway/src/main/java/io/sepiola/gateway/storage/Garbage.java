package io.sepiola.gateway.storage;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;

/** What a commit left to be deleted: u8 kind, u64 when it is due, and what it is. */
sealed interface Garbage {
    /** Milliseconds since 1970. */
    long dueMillis();

    /** Data that an entry referred to. */
    record Data(long dueMillis, Layout layout) implements Garbage {}

    /**
     * An ended upload.
     *
     * @param object the upload's object in the index pool
     * @param kept the parts that live on
     */
    record Upload(long dueMillis, String object, Layout kept) implements Garbage {}

    /** Reads and writes both. */
    Codec<Garbage> CODEC =
            new Codec<>() {
                @Override
                public void encode(Garbage garbage, Encoder out) {
                    switch (garbage) {
                        case Data data -> {
                            out.u8(0).u64(data.dueMillis);
                            Layout.CODEC.encode(data.layout, out);
                        }
                        case Upload upload -> {
                            out.u8(1).u64(upload.dueMillis).string(upload.object);
                            Layout.CODEC.encode(upload.kept, out);
                        }
                    }
                }

                @Override
                public Garbage decode(Decoder in) {
                    int kind = in.u8();
                    return switch (kind) {
                        case 0 -> new Data(in.u64(), Layout.CODEC.decode(in));
                        case 1 -> new Upload(in.u64(), in.string(), Layout.CODEC.decode(in));
                        default -> throw new Malformed("garbage of kind " + kind);
                    };
                }
            };
}
