package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Message;

/**
 * A message within another, as Ceph's encode_message writes it.
 *
 * <p>NestedMessage := Header Footer front:blob middle:blob data:blob; Header := seq:u64 tid:u64
 * type:u16 priority:u16 version:u16 front-size:u32 middle-size:u32 data-size:u32 data-offset:u16
 * source-type:u8 source-number:u64 compat-version:u16 reserved:u16 crc:u32; Footer := front-crc:u32
 * middle-crc:u32 data-crc:u32 flags:u8. The sizes repeat those of the blobs. The checksums are
 * zero, as the flags say: the frame around it has its own.
 */
final class NestedMessage {
    private static final int COMPLETE = 1;
    private static final int NO_CRC = 2;

    private NestedMessage() {}

    static void encode(Encoder out, Message message) {
        EncodedMessage inner = Messages.encode(message).detached();
        out.u64(0).u64(inner.tid());
        out.u16(inner.type()).u16(inner.priority()).u16(inner.version());
        out.u32(inner.front().size()).u32(inner.middle().size()).u32(inner.data().size());
        out.u16(inner.dataOffset() & 0xfff);
        out.u8(0).u64(0); // from whom: the message around it says so
        out.u16(inner.compatVersion()).u16(0).u32(0);
        out.u32(0).u32(0).u32(0).u8(COMPLETE | NO_CRC);
        out.blob(inner.front()).blob(inner.middle()).blob(inner.data());
    }

    /**
     * Reads one; there may be none within what is nested itself.
     *
     * @throws Malformed as {@link Messages#decode}
     */
    static Message decode(Decoder in) {
        in.u64();
        long tid = in.u64();
        int type = in.u16();
        int priority = in.u16();
        int version = in.u16();
        in.skip(3 * Integer.BYTES);
        int dataOffset = in.u16();
        in.skip(1 + Long.BYTES);
        int compatVersion = in.u16();
        in.skip(2 + Integer.BYTES + 3 * Integer.BYTES + 1);
        Bytes front = in.blob();
        Bytes middle = in.blob();
        Bytes data = in.blob();
        if (type == MForward.TYPE || type == MRoute.TYPE) {
            throw new Malformed("a message of type " + type + " within another");
        }
        return Messages.decode(
                new EncodedMessage(
                        type,
                        version,
                        compatVersion,
                        priority,
                        tid,
                        front,
                        middle,
                        data,
                        dataOffset));
    }
}
