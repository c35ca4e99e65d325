package io.sepiola.messenger;

import io.sepiola.base.Bytes;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns frames into bytes.
 *
 * <p>crc := Preamble segment0 [crc:u32 of it, unless empty] segment1... [status:u8 0x0e, 3 x
 * crc:u32, when there are more than one]. Crcs start at ffffffff.
 *
 * <p>secure := seal(Preamble, first 48 bytes of segment 0, zeros) [seal(rest of segment 0, padded
 * to 16, segment1 padded... [status:u8 0x0e, 15 zeros])].
 */
final class FrameWriter {
    static final int COMPLETE = 0x0e;
    static final int CRC_EPILOGUE_SIZE = 13;
    static final int SECURE_EPILOGUE_SIZE = 16;
    static final int INLINE_SIZE = 48;
    static final int BLOCK = 16;

    private @Nullable GcmKey keyOrNull;

    /** From now on in secure mode. */
    void secure(GcmKey key) {
        keyOrNull = key;
    }

    /** A control frame. */
    Bytes control(int tag, Bytes payload) {
        return write(tag, List.of(payload));
    }

    /** A frame of up to four segments; payloads go by reference in crc mode. */
    Bytes write(int tag, List<Bytes> segments) {
        Preamble preamble = Preamble.of(tag, segments);
        GcmKey key = keyOrNull;
        return key == null ? crc(preamble, segments) : secure(preamble, segments, key);
    }

    private static Bytes crc(Preamble preamble, List<Bytes> segments) {
        Bytes first = segments.getFirst();
        int firstSize = first.size();
        byte[] head = new byte[Preamble.SIZE + (firstSize == 0 ? 0 : firstSize + 4)];
        preamble.write(head, 0);
        if (firstSize > 0) {
            first.copyTo(0, head, Preamble.SIZE, firstSize);
            LittleEndian.u32(head, Preamble.SIZE + firstSize, first.crc32c(-1));
        }
        if (preamble.count() == 1) {
            return Bytes.of(head);
        }
        List<Bytes> parts = new ArrayList<>(Preamble.SEGMENTS_MAX + 1);
        parts.add(Bytes.of(head));
        byte[] epilogue = new byte[CRC_EPILOGUE_SIZE];
        epilogue[0] = COMPLETE;
        for (int i = 1; i < preamble.count(); i++) {
            parts.add(segments.get(i));
            LittleEndian.u32(epilogue, 4 * i - 3, segments.get(i).crc32c(-1));
        }
        parts.add(Bytes.of(epilogue));
        return Bytes.concat(parts);
    }

    private static Bytes secure(Preamble preamble, List<Bytes> segments, GcmKey key) {
        Bytes first = segments.getFirst();
        byte[] head = new byte[Preamble.SIZE + INLINE_SIZE];
        preamble.write(head, 0);
        int inline = Math.min(INLINE_SIZE, first.size());
        first.copyTo(0, head, Preamble.SIZE, inline);
        Bytes sealedHead = Bytes.of(key.seal(Bytes.of(head)));
        List<Bytes> rest = new ArrayList<>(2 * Preamble.SEGMENTS_MAX + 1);
        addPadded(rest, first.slice(inline));
        for (int i = 1; i < preamble.count(); i++) {
            addPadded(rest, segments.get(i).settle()); // sealing copies; lent memory goes back
        }
        if (preamble.count() > 1) {
            byte[] epilogue = new byte[SECURE_EPILOGUE_SIZE];
            epilogue[0] = COMPLETE;
            rest.add(Bytes.of(epilogue));
        }
        return rest.isEmpty()
                ? sealedHead
                : Bytes.concat(sealedHead, Bytes.of(key.seal(Bytes.concat(rest))));
    }

    private static void addPadded(List<Bytes> parts, Bytes segment) {
        if (!segment.isEmpty()) {
            parts.add(segment);
            parts.add(Bytes.zeros(padded(segment.size()) - segment.size()));
        }
    }

    static int padded(int size) {
        return (size + BLOCK - 1) & -BLOCK;
    }
}
