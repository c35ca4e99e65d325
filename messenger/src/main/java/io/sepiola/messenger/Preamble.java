package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;

import java.util.List;

/**
 * What stands before every frame.
 *
 * <p>Preamble := tag:u8 segmentCount:u8 4 x {length:u32 alignment:u16} flags:u8 0, reserved:u8 0,
 * crc:u32 of the 28 bytes before, from 0.
 *
 * @param lengths of the segments; as many as there are segments
 */
record Preamble(int tag, int[] lengths) {
    static final int SIZE = 32;
    static final int SEGMENTS_MAX = 4;
    private static final int CRC_AT = 28;
    private static final int ALIGNMENT = 8;
    private static final int DATA_ALIGNMENT = 4096;

    /** For a frame; empty segments at the end are left out, but for the first. */
    static Preamble of(int tag, List<Bytes> segments) {
        int count = segments.size();
        while (count > 1 && segments.get(count - 1).isEmpty()) {
            count--;
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = segments.get(i).size();
        }
        return new Preamble(tag, lengths);
    }

    int count() {
        return lengths.length;
    }

    /** Writes 32 bytes. */
    void write(byte[] target, int offset) {
        target[offset] = (byte) tag;
        target[offset + 1] = (byte) lengths.length;
        for (int i = 0; i < lengths.length; i++) {
            int at = offset + 2 + 6 * i;
            LittleEndian.u32(target, at, lengths[i]);
            LittleEndian.u16(target, at + 4, i == 3 ? DATA_ALIGNMENT : ALIGNMENT);
        }
        LittleEndian.u32(target, offset + CRC_AT, Crc32c.of(0, target, offset, CRC_AT));
    }

    /** Reads 32 bytes; says nothing about whether the lengths are allowed. */
    static Preamble read(byte[] source) {
        if (Crc32c.of(0, source, 0, CRC_AT) != LittleEndian.u32(source, CRC_AT)) {
            throw new Malformed("wrong crc of a preamble");
        }
        Decoder in = new Decoder(Bytes.of(source, 0, CRC_AT));
        int tag = in.u8();
        int count = in.u8();
        if (!FrameTag.isKnown(tag) || count < 1 || count > SEGMENTS_MAX) {
            throw new Malformed("a frame of tag " + tag + " with " + count + " segments");
        }
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = in.u32();
            in.u16(); // the alignment is advice for allocating
        }
        return new Preamble(tag, lengths);
    }
}
