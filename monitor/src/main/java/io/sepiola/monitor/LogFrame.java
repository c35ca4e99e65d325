package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import org.jspecify.annotations.Nullable;

/**
 * One record of a log file.
 *
 * <p>LogFrame := size:u32 crc:u32 version:u64 payload. {@code size} counts the payload; {@code crc}
 * is crc32c, from ffffffff, over size, version and payload.
 *
 * @param end where the next frame starts
 */
record LogFrame(long version, Bytes payload, int end) {
    private static final int HEADER_SIZE = 16;

    static Bytes encode(long version, Bytes payload) {
        return new Encoder(HEADER_SIZE + 16)
                .u32(payload.size())
                .u32(crc(version, payload))
                .u64(version)
                .raw(payload)
                .toBytes();
    }

    private static int crc(long version, Bytes payload) {
        Bytes head = new Encoder(16).u32(payload.size()).u64(version).toBytes();
        return payload.crc32c(head.crc32c(-1));
    }

    /** The frame at {@code at}; null when there is no whole and sound one. */
    static @Nullable LogFrame read(Bytes file, int at) {
        if (file.size() - at < HEADER_SIZE) {
            return null;
        }
        Decoder in = new Decoder(file.slice(at));
        int size = in.u32();
        int crc = in.u32();
        long version = in.u64();
        if (size < 0 || size > in.remaining()) {
            return null;
        }
        Bytes payload = in.raw(size);
        return crc == crc(version, payload)
                ? new LogFrame(version, payload, at + HEADER_SIZE + size)
                : null;
    }

    /** Whether a sound frame of a later version follows the bad one at {@code at}. */
    static boolean anyAfter(Bytes file, int at, long badVersion) {
        for (int i = at + 1; i <= file.size() - HEADER_SIZE; i++) {
            // The version is looked at first: it is cheap, and hardly ever right by chance.
            Bytes version = file.slice(i + 8, 8);
            long found = new Decoder(version).u64();
            if (found > badVersion && found < badVersion + (1 << 20) && read(file, i) != null) {
                return true;
            }
        }
        return false;
    }
}
