package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

/**
 * An object at a version.
 *
 * <p>ObjectVersion := HObject EVersion.
 */
public record ObjectVersion(HObject object, EVersion version) {
    /** As in the class comment. */
    public static final Codec<ObjectVersion> CODEC =
            Primitives.of(ObjectVersion::encode, ObjectVersion::decode);

    private static void encode(Encoder out, ObjectVersion value) {
        HObject.CODEC.encode(value.object, out);
        EVersion.CODEC.encode(value.version, out);
    }

    private static ObjectVersion decode(Decoder in) {
        HObject object = HObject.CODEC.decode(in);
        EVersion version = EVersion.CODEC.decode(in);
        return new ObjectVersion(object, version);
    }
}
