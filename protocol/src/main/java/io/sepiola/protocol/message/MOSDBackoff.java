package io.sepiola.protocol.message;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.HObject;

/**
 * Tells a client to hold back operations on a range of objects, and to go on.
 *
 * <p>MOSDBackoff := spg epoch:u32 op:u8 id:u64 begin:HObject end:HObject.
 *
 * @param op {@link #BLOCK}, {@link #ACK_BLOCK} or {@link #UNBLOCK}
 * @param id chosen by the OSD
 * @param end not within the range
 */
public record MOSDBackoff(SpgId pg, int epoch, int op, long id, HObject begin, HObject end)
        implements Message {
    /** The OSD says: hold back. */
    public static final int BLOCK = 1;

    /** The client says: I hold back. */
    public static final int ACK_BLOCK = 2;

    /** The OSD says: go on. */
    public static final int UNBLOCK = 3;

    static final MessageCodec<MOSDBackoff> CODEC =
            MessageCodec.of(
                    61,
                    1,
                    1,
                    MOSDBackoff.class,
                    (m, out) -> {
                        SpgId.CODEC.encode(m.pg, out);
                        out.u32(m.epoch);
                        out.u8(m.op);
                        out.u64(m.id);
                        HObject.CODEC.encode(m.begin, out);
                        HObject.CODEC.encode(m.end, out);
                    },
                    (in, head) ->
                            new MOSDBackoff(
                                    SpgId.CODEC.decode(in),
                                    in.u32(),
                                    in.u8(),
                                    in.u64(),
                                    HObject.CODEC.decode(in),
                                    HObject.CODEC.decode(in)));
}
