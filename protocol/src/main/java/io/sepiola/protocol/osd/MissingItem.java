package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;

/**
 * What a member lacks of one object (pg_missing_item).
 *
 * <p>MissingItem := EVersion zero, EVersion max, need:EVersion have:EVersion flags:u8
 * ObjectCleanRegions.
 *
 * @param have zero when it has none
 * @param flags {@link #DELETE} when it shall remove it
 * @param cleanRegions what the version it has differs not in
 */
public record MissingItem(
        EVersion need, EVersion have, int flags, ObjectCleanRegions cleanRegions) {
    /** It is to be removed. */
    public static final int DELETE = 1;

    /** As in the class comment. */
    public static final Codec<MissingItem> CODEC =
            Primitives.of(MissingItem::encode, MissingItem::decode);

    private static void encode(Encoder out, MissingItem value) {
        EVersion.CODEC.encode(EVersion.ZERO, out); // marks that there are flags
        EVersion.CODEC.encode(EVersion.MAX, out); // marks that there are clean regions
        EVersion.CODEC.encode(value.need, out);
        EVersion.CODEC.encode(value.have, out);
        out.u8(value.flags);
        ObjectCleanRegions.CODEC.encode(value.cleanRegions, out);
    }

    private static MissingItem decode(Decoder in) {
        EVersion need = EVersion.CODEC.decode(in);
        if (!need.equals(EVersion.ZERO)) { // older than Ceph 12
            return new MissingItem(need, EVersion.CODEC.decode(in), 0, ObjectCleanRegions.DIRTY);
        }
        need = EVersion.CODEC.decode(in);
        boolean regions = need.equals(EVersion.MAX);
        if (regions) {
            need = EVersion.CODEC.decode(in);
        }
        EVersion have = EVersion.CODEC.decode(in);
        int flags = in.u8();
        return new MissingItem(
                need,
                have,
                flags,
                regions ? ObjectCleanRegions.CODEC.decode(in) : ObjectCleanRegions.DIRTY);
    }

    /** Whether the object is to be removed. */
    public boolean isDelete() {
        return (flags & DELETE) != 0;
    }
}
