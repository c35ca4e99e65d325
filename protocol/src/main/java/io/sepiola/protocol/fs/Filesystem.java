package io.sepiola.protocol.fs;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * One file system.
 *
 * <p>Filesystem := S(2/1){id:s32 map:blob(MdsMap) Mirror}.
 *
 * @param id never used again
 * @param mirror where it is copied to
 */
public record Filesystem(int id, MdsMap map, Mirror mirror) {
    /** As in the class comment. */
    public static final Codec<Filesystem> CODEC =
            Primitives.of(
                    (out, it) -> out.struct(2, 1, it::encodeBody),
                    in -> in.struct(2, Filesystem::decodeBody));

    private void encodeBody(Encoder out) {
        out.u32(id).blob(MdsMap.CODEC.toBytes(map));
        Mirror.CODEC.encode(mirror, out);
    }

    private static Filesystem decodeBody(int version, Decoder in) {
        int id = in.u32();
        MdsMap map = in.sized(in.u32(), MdsMap.CODEC::decode);
        return new Filesystem(id, map, version >= 2 ? Mirror.CODEC.decode(in) : Mirror.NONE);
    }

    /**
     * Copies of a file system in other clusters (MirrorInfo).
     *
     * <p>Mirror := S(1/1){mirrored:u8 peers:set(Peer)}.
     */
    public record Mirror(boolean mirrored, List<Peer> peers) {
        /** Not copied. */
        public static final Mirror NONE = new Mirror(false, List.of());

        /** As in the class comment. */
        public static final Codec<Mirror> CODEC =
                Primitives.of(
                        (out, it) ->
                                out.struct(
                                        1,
                                        1,
                                        body -> body.bool(it.mirrored).list(it.peers, Peer.CODEC)),
                        in ->
                                in.struct(
                                        1,
                                        (v, body) ->
                                                new Mirror(body.bool(), body.list(Peer.CODEC))));
    }

    /**
     * One of those copies.
     *
     * <p>Peer := S(1/1){uuid:string S(1/1){client:string cluster:string file-system:string}}.
     *
     * @param client who is allowed to write there
     */
    public record Peer(String uuid, String client, String cluster, String filesystem) {
        /** As in the class comment. */
        public static final Codec<Peer> CODEC =
                Primitives.of(
                        (out, it) -> out.struct(1, 1, it::encodeBody),
                        in -> in.struct(1, (v, body) -> decodeBody(body)));

        private void encodeBody(Encoder out) {
            out.string(uuid)
                    .struct(
                            1,
                            1,
                            remote -> remote.string(client).string(cluster).string(filesystem));
        }

        private static Peer decodeBody(Decoder in) {
            String uuid = in.string();
            return in.struct(
                    1,
                    (v, remote) ->
                            new Peer(uuid, remote.string(), remote.string(), remote.string()));
        }
    }
}
