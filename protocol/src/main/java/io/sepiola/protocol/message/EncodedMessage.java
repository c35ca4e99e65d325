package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;

/**
 * A message as a frame carries it: the header's fields that belong to the message, and its parts.
 *
 * @param type Ceph's number of the message type, 16 bits
 * @param version of the front's layout, 16 bits
 * @param compatVersion the oldest version whose readers understand it
 * @param priority 0 to 255; higher goes first
 * @param tid matches an answer to its question
 * @param front the fields
 * @param middle hardly ever used
 * @param data payload
 * @param dataOffset where in the object the payload goes, so that a receiver may align it; only the
 *     low 12 bits count
 */
public record EncodedMessage(
        int type,
        int version,
        int compatVersion,
        int priority,
        long tid,
        Bytes front,
        Bytes middle,
        Bytes data,
        int dataOffset) {
    /** With no wish about alignment. */
    public EncodedMessage(
            int type,
            int version,
            int compatVersion,
            int priority,
            long tid,
            Bytes front,
            Bytes middle,
            Bytes data) {
        this(type, version, compatVersion, priority, tid, front, middle, data, 0);
    }

    /** The same for who keeps it: none of it lies in lent memory. */
    public EncodedMessage detached() {
        return data.isLent()
                ? new EncodedMessage(
                        type,
                        version,
                        compatVersion,
                        priority,
                        tid,
                        front,
                        middle,
                        data.detach(),
                        dataOffset)
                : this;
    }
}
