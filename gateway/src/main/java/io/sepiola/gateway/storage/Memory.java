package io.sepiola.gateway.storage;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the object data in memory over all requests. Buffers of up to {@link #FREE_BYTES} are not
 * counted: the number of connections bounds them. May be shared.
 */
public final class Memory {
    /** What each request may have without asking. */
    static final int FREE_BYTES = 256 << 10;

    private static final int UNIT = 1024;
    private static final long PATIENCE_SECONDS = 30;

    private final Semaphore units;

    /** At most so many bytes. */
    public Memory(int bytes) {
        units = new Semaphore(Math.max(bytes, 2 * Extent.CHUNK_SIZE) / UNIT);
    }

    /** Whether so many bytes are counted at all. */
    static boolean isCounted(int bytes) {
        return bytes > FREE_BYTES;
    }

    private static int cost(int bytes) {
        return !isCounted(bytes) ? 0 : (bytes + UNIT - 1) / UNIT;
    }

    /**
     * Waits for room.
     *
     * @throws S3Exception SlowDown, when there is none for long
     */
    void take(int bytes) {
        try {
            if (!units.tryAcquire(cost(bytes), PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new S3Exception(S3Error.SLOW_DOWN);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3Error.SLOW_DOWN);
        }
    }

    /** Takes room if there is some now. */
    boolean tryTake(int bytes) {
        return units.tryAcquire(cost(bytes));
    }

    void give(int bytes) {
        units.release(cost(bytes));
    }
}
