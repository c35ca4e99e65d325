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
