package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.UuidCodec;

import java.util.List;
import java.util.UUID;

/**
 * The manager wants groups to be recovered or backfilled before others, or not any more.
 *
 * <p>MOSDForceRecovery := fsid, list of SpgId, options:u8.
 *
 * @param options {@link #RECOVERY} or {@link #BACKFILL}, with {@link #CANCEL} when no more
 */
public record MOSDForceRecovery(UUID fsid, List<SpgId> pgs, int options) implements Message {
    /** Recovery of objects by the log. */
    public static final int RECOVERY = 1;

    /** Backfill. */
    public static final int BACKFILL = 2;

    /** As if nothing had been forced. */
    public static final int CANCEL = 4;

    static final MessageCodec<MOSDForceRecovery> CODEC =
            MessageCodec.of(
                    151,
                    2,
                    2,
                    MOSDForceRecovery.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.list(m.pgs, SpgId.CODEC);
                        out.u8(m.options);
                    },
                    (in, head) ->
                            new MOSDForceRecovery(
                                    UuidCodec.CODEC.decode(in), in.list(SpgId.CODEC), in.u8()));
}
