package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.HitSetHistory;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgStat;

import java.util.List;
import java.util.Optional;

/**
 * A write, from the primary to the other members.
 *
 * <p>MOSDRepOp := epoch:u32 minEpoch:u32, trace of 24 zero bytes, OsdReqId SpgId object:HObject
 * acks:u8 version:EVersion log:blob of list of PgLogEntry, PgStat trimTo:EVersion newTemp:HObject
 * discardTemp:HObject from:PgShard, optional HitSetHistory, minLastCompleteOnDisk:EVersion; data is
 * a transaction.
 *
 * @param minEpoch the group's current interval began here
 * @param pg of the receiver
 * @param acks which answers are wanted: {@link MOSDOp#ON_DISK}
 * @param version of the write
 * @param log entries to be appended
 * @param trimTo the log may be trimmed to here
 * @param newTemp a temporary object that is begun
 * @param discardTemp a temporary object that is done with
 * @param minLastCompleteOnDisk every member has everything up to here on disk
 * @param transaction {@link io.sepiola.protocol.osd.Transaction}
 */
public record MOSDRepOp(
        long tid,
        int epoch,
        int minEpoch,
        OsdReqId reqId,
        SpgId pg,
        HObject object,
        int acks,
        EVersion version,
        List<PgLogEntry> log,
        PgStat stats,
        EVersion trimTo,
        HObject newTemp,
        HObject discardTemp,
        PgShard from,
        Optional<HitSetHistory> hitSets,
        EVersion minLastCompleteOnDisk,
        Bytes transaction)
        implements Message {
    static final MessageCodec<MOSDRepOp> CODEC =
            MessageCodec.of(
                    112,
                    3,
                    1,
                    MOSDRepOp.class,
                    (m, out) -> {
                        out.u32(m.epoch);
                        out.u32(m.minEpoch);
                        out.zeros(24); // no trace
                        OsdReqId.CODEC.encode(m.reqId, out);
                        SpgId.CODEC.encode(m.pg, out);
                        HObject.CODEC.encode(m.object, out);
                        out.u8(m.acks);
                        EVersion.CODEC.encode(m.version, out);
                        int begun = out.beginSized();
                        out.list(m.log, PgLogEntry.CODEC);
                        out.endSized(begun);
                        PgStat.CODEC.encode(m.stats, out);
                        EVersion.CODEC.encode(m.trimTo, out);
                        HObject.CODEC.encode(m.newTemp, out);
                        HObject.CODEC.encode(m.discardTemp, out);
                        PgShard.CODEC.encode(m.from, out);
                        Primitives.optional(HitSetHistory.CODEC).encode(m.hitSets, out);
                        EVersion.CODEC.encode(m.minLastCompleteOnDisk, out);
                    },
                    m -> m.transaction,
                    (in, head) -> {
                        int epoch = in.u32();
                        int minEpoch = in.u32();
                        in.skip(24); // trace
                        OsdReqId reqId = OsdReqId.CODEC.decode(in);
                        SpgId pg = SpgId.CODEC.decode(in);
                        HObject object = HObject.CODEC.decode(in);
                        int acks = in.u8();
                        EVersion version = EVersion.CODEC.decode(in);
                        List<PgLogEntry> log =
                                in.sized(in.u32(), body -> body.list(PgLogEntry.CODEC));
                        PgStat stats = PgStat.CODEC.decode(in);
                        EVersion trimTo = EVersion.CODEC.decode(in);
                        HObject newTemp = HObject.CODEC.decode(in);
                        HObject discardTemp = HObject.CODEC.decode(in);
                        PgShard from = PgShard.CODEC.decode(in);
                        Optional<HitSetHistory> hitSets =
                                Primitives.optional(HitSetHistory.CODEC).decode(in);
                        EVersion minLastCompleteOnDisk = EVersion.CODEC.decode(in);
                        return new MOSDRepOp(
                                head.tid(),
                                epoch,
                                minEpoch,
                                reqId,
                                pg,
                                object,
                                acks,
                                version,
                                log,
                                stats,
                                trimTo,
                                newTemp,
                                discardTemp,
                                from,
                                hitSets,
                                minLastCompleteOnDisk,
                                head.data());
                    });
}
