package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.UuidCodec;

import java.util.Optional;
import java.util.UUID;

/**
 * A heartbeat and its answer.
 *
 * <p>MOSDPing := fsid epoch:u32 op:u8 stamp:Utime padding:u32 upFrom:u32 pingStamp:Utime
 * sendStamp:Utime delta:optional Utime, zero bytes.
 *
 * @param op {@link #PING} or {@link #PING_REPLY}
 * @param stamp when the ping was sent
 * @param padding zero bytes at the end, so that large packets are tried as well
 * @param upFrom epoch
 * @param pingStamp span: of the pinger's monotonic clock
 * @param sendStamp span: of the sender's monotonic clock
 * @param delta between the clocks, as the sender knows it; seconds signed
 */
public record MOSDPing(
        UUID fsid,
        int epoch,
        int op,
        Utime stamp,
        int padding,
        int upFrom,
        Utime pingStamp,
        Utime sendStamp,
        Optional<Utime> delta)
        implements Message {
    /** A question. */
    public static final int PING = 4;

    /** The answer. */
    public static final int PING_REPLY = 5;

    /** The receiver has been marked down. */
    public static final int YOU_DIED = 6;

    static final MessageCodec<MOSDPing> CODEC =
            MessageCodec.of(
                    70,
                    5,
                    4,
                    MOSDPing.class,
                    (m, out) -> {
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.u32(m.epoch);
                        out.u8(m.op);
                        Utime.CODEC.encode(m.stamp, out);
                        out.u32(m.padding);
                        out.u32(m.upFrom);
                        Utime.CODEC.encode(m.pingStamp, out);
                        Utime.CODEC.encode(m.sendStamp, out);
                        Primitives.optional(Utime.CODEC).encode(m.delta, out);
                        out.zeros(m.padding);
                    },
                    (in, head) -> {
                        UUID fsid = UuidCodec.CODEC.decode(in);
                        int epoch = in.u32();
                        int op = in.u8();
                        Utime stamp = Utime.CODEC.decode(in);
                        int padding = in.u32();
                        int upFrom = in.u32();
                        Utime pingStamp = Utime.CODEC.decode(in);
                        Utime sendStamp = Utime.CODEC.decode(in);
                        Optional<Utime> delta = Primitives.optional(Utime.CODEC).decode(in);
                        in.skip(padding);
                        return new MOSDPing(
                                fsid, epoch, op, stamp, padding, upFrom, pingStamp, sendStamp,
                                delta);
                    });
}
