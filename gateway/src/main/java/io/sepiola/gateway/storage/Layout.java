package io.sepiola.gateway.storage;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;

import java.util.List;

/** Where an object's data is: u8 kind, then the extents, or the extent that lists them. */
public sealed interface Layout {
    /** No data. */
    Layout EMPTY = new Direct(List.of());

    /** The extents themselves, in order. */
    record Direct(List<Extent> extents) implements Layout {
        /** Copies the list. */
        public Direct {
            extents = List.copyOf(extents);
        }
    }

    /** Too many extents for an index entry: they are listed, encoded, in data of their own. */
    record Listed(Extent list) implements Layout {}

    /** Reads and writes both. */
    Codec<Layout> CODEC =
            new Codec<>() {
                @Override
                public void encode(Layout layout, Encoder out) {
                    switch (layout) {
                        case Direct direct -> out.u8(0).list(direct.extents, Extent.CODEC);
                        case Listed listed -> {
                            out.u8(1);
                            Extent.CODEC.encode(listed.list, out);
                        }
                    }
                }

                @Override
                public Layout decode(Decoder in) {
                    int kind = in.u8();
                    return switch (kind) {
                        case 0 -> new Direct(in.list(Extent.CODEC));
                        case 1 -> new Listed(Extent.CODEC.decode(in));
                        default -> throw new Malformed("layout of kind " + kind);
                    };
                }
            };
}
