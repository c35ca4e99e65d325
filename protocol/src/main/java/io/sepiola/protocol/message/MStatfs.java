package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.Optional;
import java.util.UUID;

/**
 * Asks how full the cluster, or a pool, is.
 *
 * <p>MStatfs := PaxosPrefix fsid pool:optional u64.
 */
public record MStatfs(long tid, long version, UUID fsid, Optional<Long> pool) implements Message {
    static final MessageCodec<MStatfs> CODEC =
            MessageCodec.of(
                    13,
                    2,
                    1,
                    MStatfs.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        Primitives.optional(Primitives.U64).encode(m.pool, out);
                    },
                    (in, head) ->
                            new MStatfs(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    Primitives.optional(Primitives.U64).decode(in)));
}
