package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;

import java.util.List;

/**
 * An OSD lives; every few minutes.
 *
 * <p>MOSDBeacon := PaxosPrefix pgs:list of PgId minLastEpochClean:u32 lastPurgedSnapsScrub:Utime
 * interval:u32.
 *
 * @param version of its map
 * @param minLastEpochClean of those
 */
public record MOSDBeacon(
        long version,
        List<PgId> pgs,
        int minLastEpochClean,
        Utime lastPurgedSnapsScrub,
        int intervalSeconds)
        implements Message {
    static final MessageCodec<MOSDBeacon> CODEC =
            MessageCodec.of(
                    79,
                    3,
                    1,
                    MOSDBeacon.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        out.list(m.pgs, PgId.CODEC);
                        out.u32(m.minLastEpochClean);
                        Utime.CODEC.encode(m.lastPurgedSnapsScrub, out);
                        out.u32(m.intervalSeconds);
                    },
                    (in, head) ->
                            new MOSDBeacon(
                                    PaxosPrefix.decode(in),
                                    in.list(PgId.CODEC),
                                    in.u32(),
                                    Utime.CODEC.decode(in),
                                    in.u32()));
}
