package io.sepiola.protocol.fs;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.CompatSet;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A metadata server (MDSMap::mds_info_t).
 *
 * <p>MdsInfo := S(10/4){gid:u64 name:string rank:s32 incarnation:s32 state:s32 sequence:u64
 * EntityAddrVec laggy-since:utime s32 -1, string "", export-targets:set(s32) features:u64
 * join-id:s32 u8 0, flags:u64 CompatSet}. Version 9 ends before the CompatSet, and is written where
 * there is none. The constants once chose for whom a server stands by.
 *
 * @param rank its part of the tree; -1 none
 * @param state Ceph's number of what it does, such as 13 for active
 * @param sequence of its last message that changed the state
 * @param laggySince when it was last heard of; zero while it is well
 * @param exportTargets ranks to which it hands over directories
 * @param features of its connections
 * @param joinId the file system that it prefers; -1 any
 * @param flags 1: frozen
 * @param compatOrNull formats that it knows; null: it did not say (before 16.2.5)
 */
public record MdsInfo(
        long gid,
        String name,
        int rank,
        int incarnation,
        int state,
        long sequence,
        EntityAddrVec addrs,
        Utime laggySince,
        List<Integer> exportTargets,
        long features,
        int joinId,
        long flags,
        @Nullable CompatSet compatOrNull) {
    /** As in the class comment. */
    public static final Codec<MdsInfo> CODEC =
            Primitives.of(
                    (out, it) -> out.struct(it.compatOrNull == null ? 9 : 10, 4, it::encodeBody),
                    in -> in.struct(10, MdsInfo::decodeBody));

    private void encodeBody(Encoder out) {
        out.u64(gid).string(name).u32(rank).u32(incarnation).u32(state).u64(sequence);
        EntityAddrVec.CODEC.encode(addrs, out);
        Utime.CODEC.encode(laggySince, out);
        out.u32(-1).string("").list(exportTargets, Primitives.U32);
        out.u64(features).u32(joinId).bool(false).u64(flags);
        if (compatOrNull != null) {
            CompatSet.CODEC.encode(compatOrNull, out);
        }
    }

    private static MdsInfo decodeBody(int version, Decoder in) {
        if (version < 9) {
            throw new Malformed("mds_info_t of version " + version);
        }
        long gid = in.u64();
        String name = in.string();
        int rank = in.u32();
        int incarnation = in.u32();
        int state = in.u32();
        long sequence = in.u64();
        EntityAddrVec addrs = EntityAddrVec.CODEC.decode(in);
        Utime laggySince = Utime.CODEC.decode(in);
        in.u32(); // the rank for which it stood by
        in.string(); // the server for which it stood by
        List<Integer> exportTargets = in.list(Primitives.U32);
        long features = in.u64();
        int joinId = in.u32();
        in.bool(); // whether it replayed while it stood by
        return new MdsInfo(
                gid,
                name,
                rank,
                incarnation,
                state,
                sequence,
                addrs,
                laggySince,
                exportTargets,
                features,
                joinId,
                in.u64(),
                version >= 10 ? CompatSet.CODEC.decode(in) : null);
    }

    /** The formats that it knows, those of its time where it did not say. */
    public CompatSet compat() {
        return compatOrNull == null ? MdsFeatures.OLD : compatOrNull;
    }
}
