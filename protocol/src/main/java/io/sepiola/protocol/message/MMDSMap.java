package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.fs.MdsMap;

import java.util.UUID;

/**
 * The map of one file system, to its clients and servers.
 *
 * <p>MMDSMap := fsid:16 epoch:u32 blob{MdsMap} name:string; the first version had no name.
 *
 * @param encoded as the sender wrote it, since the layout depends on the receiver's features
 * @param name left empty by Ceph's monitors
 */
public record MMDSMap(UUID fsid, int epoch, Bytes encoded, String name) implements Message {
    static final MessageCodec<MMDSMap> CODEC =
            MessageCodec.of(
                    21,
                    2,
                    1,
                    MMDSMap.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.epoch).blob(m.encoded).string(m.name);
                    },
                    (in, head) ->
                            new MMDSMap(
                                    UuidCodec.CODEC.decode(in),
                                    in.u32(),
                                    in.blob().detach(),
                                    head.version() >= 2 ? in.string() : ""));

    /**
     * The map itself.
     *
     * @throws io.sepiola.base.Malformed when it is none
     */
    public MdsMap map() {
        return MdsMap.CODEC.fromBytes(encoded);
    }

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
