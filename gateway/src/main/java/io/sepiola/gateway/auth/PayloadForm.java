package io.sepiola.gateway.auth;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

/** The forms of x-amz-content-sha256. */
public enum PayloadForm {
    /** The body's SHA-256 stands in the header. */
    HASHED,
    /** Nothing vouches for the body. */
    UNSIGNED,
    /** Chunks, each signed. */
    CHUNKS_SIGNED,
    /** Chunks, each signed, with a signed trailer. */
    CHUNKS_SIGNED_TRAILER,
    /** Chunks, not signed, with a trailer that has a checksum. */
    CHUNKS_UNSIGNED_TRAILER;

    /** Whether the body is in S3's own chunks. */
    public boolean isChunked() {
        return this == CHUNKS_SIGNED
                || this == CHUNKS_SIGNED_TRAILER
                || this == CHUNKS_UNSIGNED_TRAILER;
    }

    static PayloadForm of(String value) {
        return switch (value) {
            case "UNSIGNED-PAYLOAD" -> UNSIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> CHUNKS_SIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> CHUNKS_SIGNED_TRAILER;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> CHUNKS_UNSIGNED_TRAILER;
            default -> {
                if (!isLowerHex64(value)) {
                    throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD,"
                                + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.");
                }
                yield HASHED;
            }
        };
    }

    static boolean isLowerHex64(String value) {
        if (value.length() != 64) {
            return false;
        }
        for (int i = 0; i < 64; i++) {
            char c = value.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
