package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.List;

/**
 * Entries of the log that change no object, such as errors.
 *
 * <p>MOSDPGUpdateLogMissing := epoch:u32 SpgId from:s8 repTid:u64 list of PgLogEntry, minEpoch:u32
 * trimTo:EVersion rollForwardTo:EVersion.
 *
 * @param pg of the receiver
 * @param from shard
 */
public record MOSDPGUpdateLogMissing(
        int epoch,
        SpgId pg,
        int from,
        long repTid,
        List<PgLogEntry> entries,
        int minEpoch,
        EVersion trimTo,
        EVersion rollForwardTo)
        implements Message {
    static final MessageCodec<MOSDPGUpdateLogMissing> CODEC =
            MessageCodec.of(
                    114,
                    3,
                    1,
                    MOSDPGUpdateLogMissing.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        SpgId.CODEC.encode(m.pg, out);
                        out.u8(m.from);
                        out.u64(m.repTid);
                        out.list(m.entries, PgLogEntry.CODEC);
                        out.u32(m.minEpoch);
                        EVersion.CODEC.encode(m.trimTo, out);
                        EVersion.CODEC.encode(m.rollForwardTo, out);
                    },
                    (in, head) ->
                            new MOSDPGUpdateLogMissing(
                                    in.u32(),
                                    SpgId.CODEC.decode(in),
                                    in.s8(),
                                    in.u64(),
                                    in.list(PgLogEntry.CODEC),
                                    in.u32(),
                                    EVersion.CODEC.decode(in),
                                    EVersion.CODEC.decode(in)));
}
