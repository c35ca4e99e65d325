package io.sepiola.protocol.fs;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.osd.CompatSet;

import java.util.List;
import java.util.Map;

/**
 * All file systems and metadata servers of a cluster (FSMap).
 *
 * <p>FsMap := S(7/6){epoch:u32 next-id:u64 legacy-id:s32 CompatSet enable-multiple:u8
 * file-systems:vector(Filesystem) roles:map(u64, s32) standbys:map(u64, MdsInfo)
 * standby-epochs:map(u64, u32) ever-enabled-multiple:u8}. Version 5 and those before are no FsMap
 * but an old MdsMap; they and version 6 are refused.
 *
 * @param nextId of the file system that is made next
 * @param legacyId the file system of clients that name none; -1 none
 * @param compat what a new file system starts with
 * @param roles a server's file system by its global id; -1 of those that stand by
 * @param standbys servers of no file system, by global id
 * @param standbyEpochs when each of them was last changed
 */
public record FsMap(
        int epoch,
        long nextId,
        int legacyId,
        CompatSet compat,
        boolean enableMultiple,
        List<Filesystem> filesystems,
        Map<Long, Integer> roles,
        Map<Long, MdsInfo> standbys,
        Map<Long, Integer> standbyEpochs,
        boolean everEnabledMultiple) {
    /** No file system, as a new monitor's first map has it. */
    public static final FsMap FIRST =
            new FsMap(
                    1,
                    1,
                    -1,
                    MdsFeatures.DEFAULT,
                    true,
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    true);

    /** As in the class comment. */
    public static final Codec<FsMap> CODEC =
            Primitives.of(
                    (out, map) -> out.struct(7, 6, map::encodeBody),
                    in -> in.struct(7, FsMap::decodeBody));

    private void encodeBody(Encoder out) {
        out.u32(epoch).u64(nextId).u32(legacyId);
        CompatSet.CODEC.encode(compat, out);
        out.bool(enableMultiple).list(filesystems, Filesystem.CODEC);
        out.map(roles, Primitives.U64, Primitives.U32);
        out.map(standbys, Primitives.U64, MdsInfo.CODEC);
        out.map(standbyEpochs, Primitives.U64, Primitives.U32).bool(everEnabledMultiple);
    }

    private static FsMap decodeBody(int version, Decoder in) {
        if (version < 7) {
            throw new Malformed("FSMap of version " + version);
        }
        return new FsMap(
                in.u32(),
                in.u64(),
                in.u32(),
                CompatSet.CODEC.decode(in),
                in.bool(),
                in.list(Filesystem.CODEC),
                in.map(Primitives.U64, Primitives.U32),
                in.map(Primitives.U64, MdsInfo.CODEC),
                in.map(Primitives.U64, Primitives.U32),
                in.bool());
    }
}
