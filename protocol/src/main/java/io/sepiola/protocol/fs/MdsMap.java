package io.sepiola.protocol.fs;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.CompatSet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file system's settings and its metadata servers (MDSMap).
 *
 * <p>MdsMap := S(5/4){epoch:u32 flags:u32 last-failure:u32 root:s32 session-timeout:u32
 * session-autoclose:u32 file-size-max:u64 rank-count:s32 servers:map(u64, MdsInfo)
 * data-pools:vector(s64) cas-pool:s64, u16 16, CompatSet metadata-pool:s64 created:utime
 * modified:utime table-server:s32 in:set(s32) map(s32, s32) up:map(s32, u64) failed:set(s32)
 * stopped:set(s32) last-failure-osd-epoch:u32 ever-allowed:u8 explicitly-allowed:u8 inline-data:u8
 * enabled:u8 name:string damaged:set(s32) balancer:string standbys-wanted:s32 rank-count-before:s32
 * release:u8 required:blob}. The number before the CompatSet is the version of what follows; later
 * releases append. The nameless map gives each rank that is in the map's epoch, for old readers,
 * and the release is 0.
 *
 * @param flags Ceph's bits, such as 2 for snapshots
 * @param root the rank of the root directory
 * @param rankCount how many ranks are wanted (max_mds)
 * @param servers by global id
 * @param casPool no longer used
 * @param tableServer the rank that keeps the tables
 * @param in ranks that exist
 * @param up the server of a rank, by its global id
 * @param stopped ranks that once were in
 * @param balancer an object with a program, or nothing
 * @param standbysWanted -1: one, where there is any
 * @param requiredClientFeatures bits, the lowest in the first byte
 */
public record MdsMap(
        int epoch,
        int flags,
        int lastFailure,
        int root,
        int sessionTimeoutSeconds,
        int sessionAutocloseSeconds,
        long fileSizeMax,
        int rankCount,
        Map<Long, MdsInfo> servers,
        List<Long> dataPools,
        long casPool,
        CompatSet compat,
        long metadataPool,
        Utime created,
        Utime modified,
        int tableServer,
        List<Integer> in,
        Map<Integer, Long> up,
        List<Integer> failed,
        List<Integer> stopped,
        int lastFailureOsdEpoch,
        int everAllowed,
        int explicitlyAllowed,
        boolean inlineData,
        boolean enabled,
        String name,
        List<Integer> damaged,
        String balancer,
        int standbysWanted,
        int rankCountBefore,
        Bytes requiredClientFeatures) {
    private static final int REST_VERSION = 16;
    private static final Codec<List<Integer>> RANKS = Primitives.listOf(Primitives.U32);

    /** As in the class comment. */
    public static final Codec<MdsMap> CODEC =
            Primitives.of(
                    (out, map) -> out.struct(5, 4, map::encodeBody),
                    in -> in.struct(5, MdsMap::decodeBody));

    private void encodeBody(Encoder out) {
        out.u32(epoch).u32(flags).u32(lastFailure).u32(root);
        out.u32(sessionTimeoutSeconds).u32(sessionAutocloseSeconds);
        out.u64(fileSizeMax).u32(rankCount).map(servers, Primitives.U64, MdsInfo.CODEC);
        out.list(dataPools, Primitives.U64).u64(casPool);
        out.u16(REST_VERSION);
        CompatSet.CODEC.encode(compat, out);
        out.u64(metadataPool);
        Utime.CODEC.encode(created, out);
        Utime.CODEC.encode(modified, out);
        out.u32(tableServer);
        RANKS.encode(in, out);
        Map<Integer, Integer> incarnations = new LinkedHashMap<>();
        in.forEach(rank -> incarnations.put(rank, epoch));
        out.map(incarnations, Primitives.U32, Primitives.U32);
        out.map(up, Primitives.U32, Primitives.U64);
        RANKS.encode(failed, out);
        RANKS.encode(stopped, out);
        out.u32(lastFailureOsdEpoch).u8(everAllowed).u8(explicitlyAllowed);
        out.bool(inlineData).bool(enabled).string(name);
        RANKS.encode(damaged, out);
        out.string(balancer).u32(standbysWanted).u32(rankCountBefore);
        out.u8(0).blob(requiredClientFeatures);
    }

    private static MdsMap decodeBody(int version, Decoder in) {
        if (version < 5) {
            throw new Malformed("MDSMap of version " + version);
        }
        return new MdsMap(
                in.u32(),
                in.u32(),
                in.u32(),
                in.u32(),
                in.u32(),
                in.u32(),
                in.u64(),
                in.u32(),
                in.map(Primitives.U64, MdsInfo.CODEC),
                in.list(Primitives.U64),
                in.u64(),
                compat(in),
                in.u64(),
                Utime.CODEC.decode(in),
                Utime.CODEC.decode(in),
                in.u32(),
                RANKS.decode(in),
                up(in),
                RANKS.decode(in),
                RANKS.decode(in),
                in.u32(),
                in.u8(),
                in.u8(),
                in.bool(),
                in.bool(),
                in.string(),
                RANKS.decode(in),
                in.string(),
                in.u32(),
                in.u32(),
                required(in));
    }

    private static CompatSet compat(Decoder in) {
        int restVersion = in.u16();
        if (restVersion < REST_VERSION) {
            throw new Malformed("MDSMap whose second part has version " + restVersion);
        }
        return CompatSet.CODEC.decode(in);
    }

    private static Map<Integer, Long> up(Decoder in) {
        in.map(Primitives.U32, Primitives.U32); // incarnations, which servers tell better
        return in.map(Primitives.U32, Primitives.U64);
    }

    private static Bytes required(Decoder in) {
        in.u8(); // the oldest client, which the features replaced
        return in.blob();
    }
}
