package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;

import java.util.UUID;

/**
 * What an OSD keeps of itself (OSDSuperblock).
 *
 * <p>OsdSuperblock := S(10/5){fields in order}.
 *
 * @param osd the id
 * @param mounted the epoch of the last start
 * @param trimLowerBound the oldest epoch the cluster keeps
 */
public record OsdSuperblock(
        UUID clusterFsid,
        int osd,
        int currentEpoch,
        int oldestMap,
        int newestMap,
        double weight,
        CompatSet features,
        int cleanThru,
        int mounted,
        UUID osdFsid,
        int purgedSnapsLast,
        Utime lastPurgedSnapsScrub,
        int trimLowerBound) {
    /** As in the class comment. */
    public static final Codec<OsdSuperblock> CODEC =
            Primitives.of(OsdSuperblock::encode, OsdSuperblock::decode);

    private static void encode(Encoder out, OsdSuperblock value) {
        int begun = out.beginStruct(10, 5);
        UuidCodec.CODEC.encode(value.clusterFsid, out);
        out.u32(value.osd);
        out.u32(value.currentEpoch);
        out.u32(value.oldestMap);
        out.u32(value.newestMap);
        out.f64(value.weight);
        CompatSet.CODEC.encode(value.features, out);
        out.u32(value.cleanThru);
        out.u32(value.mounted);
        UuidCodec.CODEC.encode(value.osdFsid, out);
        out.u32(0);
        out.u32(0);
        out.u32(value.purgedSnapsLast);
        Utime.CODEC.encode(value.lastPurgedSnapsScrub, out);
        out.u32(value.trimLowerBound);
        out.endSized(begun);
    }

    private static OsdSuperblock decode(Decoder in) {
        return in.struct(10, OsdSuperblock::decodeFields);
    }

    private static OsdSuperblock decodeFields(int layout, Decoder in) {
        UUID clusterFsid = UuidCodec.CODEC.decode(in);
        int osd = in.u32();
        int currentEpoch = in.u32();
        int oldestMap = in.u32();
        int newestMap = in.u32();
        double weight = in.f64();
        CompatSet features = CompatSet.CODEC.decode(in);
        int cleanThru = in.u32();
        int mounted = in.u32();
        UUID osdFsid = UuidCodec.CODEC.decode(in);
        in.u32(); // lastMarkedFull, was an epoch
        in.u32(); // poolsMarkedFull, was a map
        int purgedSnapsLast = in.u32();
        Utime lastPurgedSnapsScrub = Utime.CODEC.decode(in);
        int trimLowerBound = layout >= 10 ? in.u32() : 0;
        return new OsdSuperblock(
                clusterFsid,
                osd,
                currentEpoch,
                oldestMap,
                newestMap,
                weight,
                features,
                cleanThru,
                mounted,
                osdFsid,
                purgedSnapsLast,
                lastPurgedSnapsScrub,
                trimLowerBound);
    }
}
