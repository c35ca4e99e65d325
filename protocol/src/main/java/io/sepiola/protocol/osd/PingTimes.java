package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;

/**
 * How long heartbeats to one OSD took. Within {@link OsdStat}.
 *
 * <p>PingTimes := lastUpdate:u32, back and front: 10 times u32 each, in microseconds: average,
 * least and most of 1, 5 and 15 minutes, and the last.
 *
 * @param lastUpdate seconds since 1970
 * @param micros 80 bytes as above
 */
public record PingTimes(int lastUpdate, Bytes micros) {
    private static final int NETWORK_BYTES = 40;

    /**
     * Times on one network, in microseconds.
     *
     * @param averages of 1, 5 and 15 minutes, as the next two
     */
    public record Network(int[] averages, int[] leasts, int[] mosts, int last) {
        private void encode(Encoder out) {
            for (int[] values : new int[][] {averages, leasts, mosts}) {
                for (int value : values) {
                    out.u32(value);
                }
            }
            out.u32(last);
        }
    }

    /** Of both networks. */
    public static PingTimes of(int lastUpdate, Network back, Network front) {
        Encoder out = new Encoder();
        back.encode(out);
        front.encode(out);
        return new PingTimes(lastUpdate, out.toBytes());
    }

    /** The averages of 1, 5 and 15 minutes, in microseconds. */
    public long[] averages(boolean front) {
        Decoder in = new Decoder(micros.slice(front ? NETWORK_BYTES : 0, NETWORK_BYTES));
        return new long[] {
            Integer.toUnsignedLong(in.u32()),
            Integer.toUnsignedLong(in.u32()),
            Integer.toUnsignedLong(in.u32())
        };
    }

    /** As in the class comment. */
    public static final Codec<PingTimes> CODEC =
            Primitives.of(PingTimes::encode, PingTimes::decode);

    private static void encode(Encoder out, PingTimes value) {
        out.u32(value.lastUpdate);
        out.raw(value.micros);
    }

    private static PingTimes decode(Decoder in) {
        int lastUpdate = in.u32();
        Bytes micros = in.raw(80);
        return new PingTimes(lastUpdate, micros);
    }
}
