package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.protocol.message.EncodedMessage;

/**
 * The first segment of a message frame (ceph_msg_header2).
 *
 * <p>MessageHeader := seq:u64 tid:u64 type:u16 priority:u16 version:u16 padding:u32 0,
 * dataOffset:u16 ackSeq:u64 flags:u8 3, compatVersion:u16 reserved:u16 0.
 *
 * @param seq counts the messages of a session, from 1
 * @param ackSeq the last message that came the other way
 */
record MessageHeader(
        long seq,
        long tid,
        int type,
        int priority,
        int version,
        int dataOffset,
        long ackSeq,
        int compatVersion) {
    static final int SIZE = 41;
    private static final int FLAGS = 3;

    static MessageHeader of(EncodedMessage message, long seq, long ackSeq) {
        return new MessageHeader(
                seq,
                message.tid(),
                message.type(),
                message.priority(),
                message.version(),
                message.dataOffset() & 0xfff,
                ackSeq,
                message.compatVersion());
    }

    Bytes encode() {
        byte[] array = new byte[SIZE];
        LittleEndian.u64(array, 0, seq);
        LittleEndian.u64(array, 8, tid);
        LittleEndian.u16(array, 16, type);
        LittleEndian.u16(array, 18, priority);
        LittleEndian.u16(array, 20, version);
        LittleEndian.u16(array, 26, dataOffset);
        LittleEndian.u64(array, 28, ackSeq);
        array[36] = FLAGS;
        LittleEndian.u16(array, 37, compatVersion);
        return Bytes.of(array);
    }

    static MessageHeader decode(Bytes segment) {
        Decoder in = new Decoder(segment);
        long seq = in.u64();
        long tid = in.u64();
        int type = in.u16();
        int priority = in.u16();
        int version = in.u16();
        in.u32();
        int dataOffset = in.u16();
        long ackSeq = in.u64();
        in.u8();
        return new MessageHeader(seq, tid, type, priority, version, dataOffset, ackSeq, in.u16());
    }

    EncodedMessage message(Frame frame) {
        return new EncodedMessage(
                type,
                version,
                compatVersion,
                priority,
                tid,
                frame.segment(1),
                frame.segment(2),
                frame.segment(3),
                dataOffset);
    }
}
