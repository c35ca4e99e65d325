package io.sepiola.protocol.auth;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

/**
 * A ticket as its holder carries it, unable to read it (CephXTicketBlob).
 *
 * <p>TicketBlob := u8 1, secretId:u64 sealed:blob. Sealed is a {@link ServiceTicketInfo} under the
 * service's rotating secret of that id.
 */
public record TicketBlob(long secretId, Bytes sealed) {
    /** No ticket. */
    public static final TicketBlob NONE = new TicketBlob(0, Bytes.EMPTY);

    /** As in the class comment. */
    public static final Codec<TicketBlob> CODEC =
            Primitives.of(
                    (out, ticket) -> out.u8(1).u64(ticket.secretId).blob(ticket.sealed),
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("CephXTicketBlob of version " + version);
                        }
                        return new TicketBlob(in.u64(), in.blob().detach());
                    });

    /** Whether this stands for no ticket. */
    public boolean isNone() {
        return sealed.isEmpty();
    }
}
