package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns bytes into frames; the grammar stands in {@link FrameWriter}. Lengths are held against
 * their limits before anything is allocated. Large parts are filled as they come, so that a link
 * never has to keep more than one small part.
 */
final class FrameReader {
    /** What a frame may weigh that is no message. */
    static final int CONTROL_SIZE_MAX = 64 << 10;

    /** What one who has yet to log in may say: several times what any login takes. */
    static final int STRANGER_SIZE_MAX = 64 << 10;

    /** What the one whom we dialled may say before the login is through; it brings our tickets. */
    static final int DIALLED_SIZE_MAX = 512 << 10;

    private static final int SMALL_SIZE_MAX = 64 << 10;
    private static final int ABORTED = 0x01;

    private final int heardSizeMax;
    private final int frontSizeMax;
    private final int dataSizeMax;
    private @Nullable GcmKey keyOrNull;
    private boolean messages;
    private @Nullable List<Bytes> heardOrNull = new ArrayList<>();
    private int heardSize;

    private @Nullable Preamble preambleOrNull;
    private Bytes inline = Bytes.EMPTY; // in secure mode, what came of segment 0 with the preamble
    private final List<Bytes> parts = new ArrayList<>();
    private byte @Nullable [] fillingOrNull;
    private int filled;

    /** With the sizes of a message's parts, and of all that comes before the login is through. */
    FrameReader(int heardSizeMax, int frontSizeMax, int dataSizeMax) {
        this.heardSizeMax = heardSizeMax;
        this.frontSizeMax = frontSizeMax;
        this.dataSizeMax = dataSizeMax;
    }

    /** From now on in secure mode. */
    void secure(GcmKey key) {
        keyOrNull = key;
    }

    /** From now on messages are allowed. */
    void allowMessages() {
        messages = true;
    }

    /** Everything taken from the link so far; from now on no longer remembered. */
    Bytes heard() {
        List<Bytes> heard = heardOrNull;
        if (heard == null) {
            throw Invariant.broken("what was heard is asked for twice");
        }
        heardOrNull = null;
        return Bytes.concat(heard);
    }

    /** Takes bytes that belong to no frame: the banner. Null when they have not come yet. */
    @Nullable Bytes rawOrNull(Transport.Source source, int size) {
        return source.available() < size ? null : hear(source.take(size));
    }

    private Bytes hear(Bytes bytes) {
        List<Bytes> heard = heardOrNull;
        if (heard != null) {
            heardSize += bytes.size();
            if (heardSize > heardSizeMax) {
                throw new Malformed("too much was said before the login was through");
            }
            heard.add(bytes);
        }
        return bytes;
    }

    /** The next frame, or null when it has not come in full. */
    @Nullable Frame nextOrNull(Transport.Source source) {
        while (true) {
            Preamble preamble = preambleOrNull;
            if (preamble == null) {
                preamble = preambleOrNull(source);
                if (preamble == null) {
                    return null;
                }
                preambleOrNull = preamble;
            }
            if (!collect(source, preamble)) {
                return null;
            }
            Frame frame =
                    keyOrNull == null ? crcFrameOrNull(preamble) : secureFrameOrNull(preamble);
            preambleOrNull = null;
            parts.clear();
            inline = Bytes.EMPTY;
            if (frame != null) {
                return frame;
            }
        }
    }

    private @Nullable Preamble preambleOrNull(Transport.Source source) {
        GcmKey key = keyOrNull;
        Preamble preamble;
        if (key == null) {
            if (source.available() < Preamble.SIZE) {
                return null;
            }
            preamble = Preamble.read(hear(source.take(Preamble.SIZE)).toArray());
        } else {
            int size = Preamble.SIZE + FrameWriter.INLINE_SIZE + GcmKey.TAG_SIZE;
            if (source.available() < size) {
                return null;
            }
            byte[] plain = key.open(source.take(size));
            preamble = Preamble.read(plain);
            int have = Math.min(FrameWriter.INLINE_SIZE, Math.max(0, preamble.lengths()[0]));
            inline = Bytes.of(plain, Preamble.SIZE, have);
        }
        check(preamble);
        return preamble;
    }

    private void check(Preamble preamble) {
        int[] lengths = preamble.lengths();
        if (preamble.tag() != FrameTag.MESSAGE) {
            if (preamble.count() != 1 || lengths[0] < 0 || lengths[0] > CONTROL_SIZE_MAX) {
                throw new Malformed(
                        "a control frame of tag " + preamble.tag() + " that is too large");
            }
            return;
        }
        if (!messages) {
            throw new Malformed("a message before the session stands");
        }
        for (int i = 0; i < lengths.length; i++) {
            int max = i == 0 ? MessageHeader.SIZE : i == 3 ? dataSizeMax : frontSizeMax;
            if (lengths[i] < 0 || lengths[i] > max) {
                throw new Malformed(
                        "segment "
                                + i
                                + " of "
                                + (lengths[i] & 0xffffffffL)
                                + " bytes, at most "
                                + max);
            }
        }
        if (lengths[0] != MessageHeader.SIZE) {
            throw new Malformed("a message header of " + lengths[0] + " bytes");
        }
    }

    // What follows the preamble comes in parts: all in one when it is small, else segment by
    // segment.

    private boolean collect(Transport.Source source, Preamble preamble) {
        for (int size = nextPart(preamble); size > 0; size = nextPart(preamble)) {
            Bytes part = partOrNull(source, size);
            if (part == null) {
                return false;
            }
            parts.add(part);
        }
        return true;
    }

    /** The size of the part that comes next; 0 when there is none. */
    private int nextPart(Preamble preamble) {
        long total = keyOrNull == null ? crcSize(preamble) : secureSize(preamble);
        if (keyOrNull != null || total <= SMALL_SIZE_MAX) {
            return parts.isEmpty() ? Math.toIntExact(total) : 0;
        }
        int[] lengths = preamble.lengths();
        int seen = 0;
        for (int i = 0; i < lengths.length; i++) {
            int size = i == 0 ? crcFirstSize(preamble) : lengths[i];
            if (size > 0 && seen++ == parts.size()) {
                return size;
            }
        }
        return lengths.length > 1 && seen == parts.size() ? FrameWriter.CRC_EPILOGUE_SIZE : 0;
    }

    private static int crcFirstSize(Preamble preamble) {
        int first = preamble.lengths()[0];
        return first == 0 ? 0 : first + 4;
    }

    private static long crcSize(Preamble preamble) {
        long size = crcFirstSize(preamble);
        for (int i = 1; i < preamble.count(); i++) {
            size += preamble.lengths()[i];
        }
        return preamble.count() > 1 ? size + FrameWriter.CRC_EPILOGUE_SIZE : size;
    }

    private static long secureSize(Preamble preamble) {
        int[] lengths = preamble.lengths();
        long size = FrameWriter.padded(Math.max(0, lengths[0] - FrameWriter.INLINE_SIZE));
        for (int i = 1; i < lengths.length; i++) {
            size += FrameWriter.padded(lengths[i]);
        }
        if (lengths.length > 1) {
            size += FrameWriter.SECURE_EPILOGUE_SIZE;
        }
        return size == 0 ? 0 : size + GcmKey.TAG_SIZE;
    }

    private @Nullable Bytes partOrNull(Transport.Source source, int size) {
        byte[] filling = fillingOrNull;
        if (filling == null) {
            if (source.available() >= size) {
                return hear(source.take(size));
            }
            if (size <= SMALL_SIZE_MAX) {
                return null;
            }
            filling = new byte[size];
            fillingOrNull = filling;
            filled = 0;
        }
        int take = Math.min(source.available(), size - filled);
        source.read(filling, filled, take);
        filled += take;
        if (filled < size) {
            return null;
        }
        fillingOrNull = null;
        return hear(Bytes.of(filling));
    }

    private @Nullable Frame crcFrameOrNull(Preamble preamble) {
        Bytes all = Bytes.concat(parts);
        int[] lengths = preamble.lengths();
        List<Bytes> segments = new ArrayList<>(lengths.length);
        segments.add(all.slice(0, lengths[0]));
        if (lengths[0] > 0) {
            int crc = LittleEndian.u32(all.slice(lengths[0], 4).toArray(), 0);
            checkCrc(0, segments.getFirst(), crc);
        }
        if (lengths.length == 1) {
            return new Frame(preamble.tag(), segments);
        }
        byte[] epilogue = all.slice(all.size() - FrameWriter.CRC_EPILOGUE_SIZE).toArray();
        int at = crcFirstSize(preamble);
        for (int i = 1; i < lengths.length; i++) {
            segments.add(all.slice(at, lengths[i]));
            at += lengths[i];
            checkCrc(i, segments.get(i), LittleEndian.u32(epilogue, 4 * i - 3));
        }
        return isComplete(epilogue[0]) ? new Frame(preamble.tag(), segments) : null;
    }

    private static void checkCrc(int index, Bytes segment, int crc) {
        if (segment.crc32c(-1) != crc) {
            throw new Malformed("wrong crc of segment " + index);
        }
    }

    private @Nullable Frame secureFrameOrNull(Preamble preamble) {
        int[] lengths = preamble.lengths();
        if (parts.isEmpty()) {
            return new Frame(preamble.tag(), List.of(inline));
        }
        GcmKey key = keyOrNull;
        if (key == null) {
            throw Invariant.broken("a secure frame without a key");
        }
        Bytes plain = Bytes.of(key.open(parts.getFirst()));
        List<Bytes> segments = new ArrayList<>(lengths.length);
        int firstRest = Math.max(0, lengths[0] - FrameWriter.INLINE_SIZE);
        segments.add(Bytes.concat(inline, plain.slice(0, firstRest)));
        int at = FrameWriter.padded(firstRest);
        for (int i = 1; i < lengths.length; i++) {
            segments.add(plain.slice(at, lengths[i]));
            at += FrameWriter.padded(lengths[i]);
        }
        boolean complete = lengths.length == 1 || isComplete(plain.at(at));
        return complete ? new Frame(preamble.tag(), segments) : null;
    }

    private static boolean isComplete(byte lateStatus) {
        int status = lateStatus & 0x0f;
        if (status != FrameWriter.COMPLETE && status != ABORTED) {
            throw new Malformed("late status " + status + " of a frame");
        }
        return status == FrameWriter.COMPLETE;
    }
}
