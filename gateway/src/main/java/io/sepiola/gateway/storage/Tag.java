package io.sepiola.gateway.storage;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.HexFormat;

/**
 * Names a run of data, never used twice.
 *
 * @param session of the gateway that wrote it
 * @param number counts from 0 in its session
 */
public record Tag(long session, long number) {
    static final Codec<Tag> CODEC =
            new Codec<>() {
                @Override
                public void encode(Tag tag, Encoder out) {
                    out.u64(tag.session).u64(tag.number);
                }

                @Override
                public Tag decode(Decoder in) {
                    return new Tag(in.u64(), in.u64());
                }
            };

    /** As in object names and keys. */
    String text() {
        return HexFormat.of().toHexDigits(session) + "." + Long.toHexString(number);
    }

    /** The object that holds a chunk of this data. */
    String chunk(long index) {
        return text() + "." + Long.toHexString(index);
    }
}
