package io.sepiola.gateway.http;

import java.util.concurrent.TimeUnit;

/**
 * A request's body, read once from start to end. Sends "100 Continue" when it is first read and the
 * client waits for it. Owned by the connection's thread.
 */
public final class HttpBody {
    /** A body sent in chunks does not tell its length. */
    public static final long UNKNOWN = -1;

    private static final long CHUNK_SIZE_MAX = 1L << 40;
    private static final int LINE_BYTES_MAX = 4096;

    private final Wire wire;
    private final HttpLimits limits;
    private final long length;
    private boolean continueExpected;
    private boolean done;
    private long left; // of the body, or of the current chunk
    private boolean chunkOpen;
    private long readBytes;
    private long startedNanos;

    HttpBody(Wire wire, HttpLimits limits, long length, boolean continueExpected) {
        this.wire = wire;
        this.limits = limits;
        this.length = length;
        this.left = Math.max(0, length);
        this.done = length == 0;
        this.continueExpected = continueExpected && !done;
    }

    /** In bytes, or {@link #UNKNOWN}. */
    public long length() {
        return length;
    }

    /** Whether every byte has been read. */
    public boolean isDone() {
        return done;
    }

    boolean isContinueExpected() {
        return continueExpected;
    }

    /**
     * Reads up to {@code count} bytes; -1 at the end.
     *
     * @throws ClientGone when the connection ends first
     * @throws HttpRefusal when the body is malformed, or too slow
     */
    public int read(byte[] target, int offset, int count) {
        if (done) {
            return -1;
        }
        if (readBytes == 0) {
            startedNanos = wire.nanos();
        }
        if (continueExpected) {
            continueExpected = false;
            wire.writeContinue();
        }
        if (length == UNKNOWN && left == 0 && !nextChunk()) {
            done = true;
            return -1;
        }
        int got = wire.read(target, offset, (int) Math.min(count, left), deadline());
        if (got < 0) {
            throw new ClientGone("connection ended inside a body");
        }
        left -= got;
        readBytes += got;
        if (length != UNKNOWN && left == 0) {
            done = true;
        }
        return got;
    }

    private long deadline() {
        long stall = wire.nanos() + limits.stall().toNanos();
        long overall =
                startedNanos
                        + limits.stall().toNanos()
                        + TimeUnit.SECONDS.toNanos(1) * (readBytes / limits.bodyRateMin());
        return Math.min(stall, overall);
    }

    private boolean nextChunk() {
        if (chunkOpen) {
            wire.expectLineEnd(deadline());
        }
        chunkOpen = true;
        String line = wire.line(LINE_BYTES_MAX, deadline());
        int end = 0;
        long size = 0;
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0 && end < 16) {
            size = size * 16 + Character.digit(line.charAt(end), 16);
            end++;
            if (size > CHUNK_SIZE_MAX) {
                throw new HttpRefusal(400, "A chunk is too large.");
            }
        }
        if (end == 0 || end < line.length() && line.charAt(end) != ';') {
            throw new HttpRefusal(400, "A chunk's size is malformed.");
        }
        if (size > 0) {
            left = size;
            return true;
        }
        int trailerBytes = 0;
        while (true) { // trailers mean nothing here, and are bounded
            String trailer = wire.line(LINE_BYTES_MAX, deadline());
            if (trailer.isEmpty()) {
                return false;
            }
            trailerBytes += trailer.length();
            if (trailerBytes > LINE_BYTES_MAX) {
                throw new HttpRefusal(400, "Trailers are too long.");
            }
        }
    }

    /** Reads on to the end, throwing the bytes away, within bounds; whether it got there. */
    boolean drain(long bytesMax, long nanosMax) {
        if (done) {
            return true;
        }
        byte[] waste = new byte[16 << 10];
        long end = wire.nanos() + nanosMax;
        long bytes = 0;
        while (bytes < bytesMax && wire.nanos() - end < 0) {
            int got = read(waste, 0, waste.length);
            if (got < 0) {
                return true;
            }
            bytes += got;
            if (done) {
                return true;
            }
        }
        return false;
    }
}
