package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * The monitors' status and health for the manager, as JSON.
 *
 * <p>MMgrDigest := status:blob health:blob.
 */
public record MMgrDigest(Bytes monStatus, Bytes health) implements Message {
    static final MessageCodec<MMgrDigest> CODEC =
            MessageCodec.of(
                    1797,
                    1,
                    1,
                    MMgrDigest.class,
                    (m, out) -> {
                        out.blob(m.monStatus);
                        out.blob(m.health);
                    },
                    (in, head) -> new MMgrDigest(in.blob(), in.blob()));

    @Override
    public int priority() {
        return PRIORITY_HIGH;
    }
}
