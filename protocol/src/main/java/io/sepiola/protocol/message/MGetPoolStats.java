package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * Asks for the statistics of pools.
 *
 * <p>MGetPoolStats := PaxosPrefix fsid pools:list of string.
 */
public record MGetPoolStats(long tid, long version, UUID fsid, List<String> pools)
        implements Message {
    static final MessageCodec<MGetPoolStats> CODEC =
            MessageCodec.of(
                    58,
                    1,
                    1,
                    MGetPoolStats.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.pools, Primitives.STRING);
                    },
                    (in, head) ->
                            new MGetPoolStats(
                                    head.tid(),
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    in.list(Primitives.STRING)));
}
