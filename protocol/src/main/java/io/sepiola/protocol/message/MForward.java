package io.sepiola.protocol.message;

import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

/**
 * What a client said to a monitor that does not lead, handed to the one that does.
 *
 * <p>MForward := tid:u64 client-type:u8 EntityAddrVec EntityAddr MonCap NestedMessage features:u64
 * AuthName; MonCap := S(4/4){text:string}.
 *
 * @param session where the answers go, by a number of the monitor that hands over (Ceph's tid)
 * @param clientAddrs as the client gave them
 * @param clientSeenAt from where it was seen to come
 * @param caps of the client, as the monitor that hands over knows them
 * @param features of the client's connection
 * @param client who has logged in
 * @param message what it said
 */
public record MForward(
        long session,
        EntityType clientType,
        EntityAddrVec clientAddrs,
        EntityAddr clientSeenAt,
        String caps,
        long features,
        AuthName client,
        Message message)
        implements Message {
    static final int TYPE = 46;

    static final MessageCodec<MForward> CODEC =
            MessageCodec.of(
                    TYPE,
                    4,
                    4,
                    MForward.class,
                    (m, out) -> {
                        out.u64(m.session).u8(m.clientType.code());
                        EntityAddrVec.CODEC.encode(m.clientAddrs, out);
                        EntityAddr.CODEC.encode(m.clientSeenAt, out);
                        out.struct(4, 4, body -> body.string(m.caps));
                        NestedMessage.encode(out, m.message);
                        out.u64(m.features);
                        AuthName.CODEC.encode(m.client, out);
                    },
                    (in, head) -> {
                        long session = in.u64();
                        EntityType type = EntityType.of(in.u8());
                        EntityAddrVec addrs = EntityAddrVec.CODEC.decode(in);
                        EntityAddr seenAt = EntityAddr.CODEC.decode(in);
                        String caps = in.struct(4, (version, body) -> body.string());
                        Message message = NestedMessage.decode(in);
                        long features = in.u64();
                        AuthName client = AuthName.CODEC.decode(in);
                        return new MForward(
                                session, type, addrs, seenAt, caps, features, client, message);
                    });
}
