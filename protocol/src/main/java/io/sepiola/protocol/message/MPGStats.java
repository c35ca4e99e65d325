package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PingTimes;
import io.sepiola.protocol.osd.StoreStat;

import java.util.Map;
import java.util.UUID;

/**
 * The state of an OSD and of the placement groups it leads, to the manager.
 *
 * <p>MPGStats := PaxosPrefix fsid OsdStat, map of PgId to PgStat, epoch:u32 Utime, map of pool:s64
 * to StoreStat.
 *
 * @param hadMapFor span
 * @param pools what of the store is the pool's
 */
public record MPGStats(
        long version,
        UUID fsid,
        OsdStat osd,
        Map<PgId, PgStat> pgs,
        int epoch,
        Utime hadMapFor,
        Map<Long, StoreStat> pools)
        implements Message {
    static final MessageCodec<MPGStats> CODEC =
            MessageCodec.of(
                    87,
                    2,
                    1,
                    MPGStats.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        OsdStat.CODEC.encode(m.osd, out);
                        out.map(m.pgs, PgId.CODEC, PgStat.CODEC);
                        out.u32(m.epoch);
                        Utime.CODEC.encode(m.hadMapFor, out);
                        out.map(m.pools, Primitives.U64, StoreStat.CODEC);
                    },
                    (in, head) ->
                            new MPGStats(
                                    PaxosPrefix.decode(in),
                                    UuidCodec.CODEC.decode(in),
                                    OsdStat.CODEC.decode(in),
                                    in.map(PgId.CODEC, PgStat.CODEC),
                                    in.u32(),
                                    Utime.CODEC.decode(in),
                                    in.map(Primitives.U64, StoreStat.CODEC)));

    /** The same with the times of the OSD's pings. */
    public MPGStats withPings(Map<Integer, PingTimes> times) {
        return new MPGStats(version, fsid, osd.withPings(times), pgs, epoch, hadMapFor, pools);
    }
}
