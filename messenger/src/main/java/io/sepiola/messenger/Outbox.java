package io.sepiola.messenger;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.message.EncodedMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * What a session has to say: messages that wait for a link, and those that were sent and that the
 * peer has not acknowledged. After a break these go back to the head of the queue, and get the same
 * numbers again. Owned by its session.
 */
final class Outbox {
    private record Unacked(long seq, EncodedMessage message) {}

    private final ArrayDeque<Unacked> unacked = new ArrayDeque<>();
    private final ArrayDeque<EncodedMessage> unsent = new ArrayDeque<>();
    private int requeued; // how many at the head of unsent had a number before the break
    private long bytes; // of unsent and unacked
    private long lastSeq; // of the last message numbered

    private static long sizeOf(EncodedMessage message) {
        return MessageHeader.SIZE
                + (long) message.front().size()
                + message.middle().size()
                + message.data().size();
    }

    /** Of all that is kept. */
    long bytes() {
        return bytes;
    }

    /** Whether anything waits for a link. */
    boolean isWaiting() {
        return !unsent.isEmpty();
    }

    /** Waits for a link. */
    void add(EncodedMessage message) {
        unsent.add(message);
        bytes += sizeOf(message);
    }

    /** The next that waits, to be numbered and sent; null when none does. */
    @Nullable EncodedMessage takeOrNull() {
        requeued = 0;
        EncodedMessage message = unsent.pollFirst();
        if (message != null) {
            bytes -= sizeOf(message);
        }
        return message;
    }

    /**
     * Numbers a message that is sent now.
     *
     * @param keep until the peer has acknowledged it
     */
    long number(EncodedMessage message, boolean keep) {
        lastSeq++;
        if (keep) {
            unacked.add(new Unacked(lastSeq, message));
            bytes += sizeOf(message);
        }
        return lastSeq;
    }

    /** The link is gone: what the peer has not acknowledged must go out again. */
    void requeue() {
        while (!unacked.isEmpty()) {
            unsent.addFirst(unacked.removeLast().message());
            lastSeq--;
            requeued++;
        }
    }

    /** After a break the peer says what it had received: that is not sent again. */
    void received(long seq) {
        if (seq < lastSeq || seq > lastSeq + requeued) {
            throw new Malformed(
                    "the peer received " + seq + ", but we sent " + lastSeq + "+" + requeued);
        }
        while (lastSeq < seq) {
            bytes -= sizeOf(unsent.removeFirst());
            lastSeq++;
            requeued--;
        }
    }

    /** Forgets what the peer has acknowledged. */
    void acknowledged(long seq) {
        if (seq > lastSeq) {
            throw new Malformed("message " + seq + " acknowledged, " + lastSeq + " sent");
        }
        while (!unacked.isEmpty() && unacked.getFirst().seq() <= seq) {
            bytes -= sizeOf(unacked.removeFirst().message());
        }
    }

    /** Numbers begin anew; what waits stays. */
    void restart() {
        lastSeq = 0;
    }

    /** Forgets everything that waits. */
    void clear() {
        unsent.clear();
        bytes = 0;
    }
}
