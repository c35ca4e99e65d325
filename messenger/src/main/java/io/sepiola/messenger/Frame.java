package io.sepiola.messenger;

import io.sepiola.base.Bytes;

import java.util.List;

/**
 * One frame of msgr2.1.
 *
 * @param tag what it is, see {@link FrameTag}
 * @param segments one to four
 */
record Frame(int tag, List<Bytes> segments) {
    /** The first segment: all that a control frame has. */
    Bytes payload() {
        return segments.getFirst();
    }

    /** A segment, empty when the frame has fewer. */
    Bytes segment(int index) {
        return index < segments.size() ? segments.get(index) : Bytes.EMPTY;
    }
}
