package io.sepiola.protocol.message;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import java.util.Optional;

/**
 * What the leading monitor has to say to a client of another. With neither a message nor maps it
 * only says that it has looked at the next thing that this client said.
 *
 * <p>MRoute := tid:u64 EntityName EntityAddr has-message:u8 [NestedMessage] first-map:u32. The name
 * and the address are blank.
 *
 * @param session as {@link MForward#session}
 * @param message for the client
 * @param firstMap from which epoch on the client is to get OSD maps; 0 for none
 */
public record MRoute(long session, Optional<Message> message, int firstMap) implements Message {
    static final int TYPE = 47;

    private static final EntityName NOBODY = new EntityName(EntityType.NONE, 0);

    static final MessageCodec<MRoute> CODEC =
            MessageCodec.of(
                    TYPE,
                    3,
                    3,
                    MRoute.class,
                    (m, out) -> {
                        out.u64(m.session);
                        EntityName.CODEC.encode(NOBODY, out);
                        EntityAddr.CODEC.encode(EntityAddr.BLANK, out);
                        out.bool(m.message.isPresent());
                        m.message.ifPresent(message -> NestedMessage.encode(out, message));
                        out.u32(m.firstMap);
                    },
                    (in, head) -> {
                        long session = in.u64();
                        EntityName.CODEC.decode(in);
                        EntityAddr.CODEC.decode(in);
                        Optional<Message> message =
                                in.bool()
                                        ? Optional.of(NestedMessage.decode(in))
                                        : Optional.empty();
                        return new MRoute(session, message, in.u32());
                    });
}
