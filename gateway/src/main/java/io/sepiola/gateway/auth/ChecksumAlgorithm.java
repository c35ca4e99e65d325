package io.sepiola.gateway.auth;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * S3's additional checksums; their header is {@code x-amz-checksum-} and the name in lower case.
 */
public enum ChecksumAlgorithm {
    /** Ethernet's. */
    CRC32(4),
    /** Castagnoli's. */
    CRC32C(4),
    /** NVMe's. */
    CRC64NVME(8),
    /** 160 bits. */
    SHA1(20),
    /** 256 bits. */
    SHA256(32);

    /** What each header's name starts with. */
    public static final String HEADER_PREFIX = "x-amz-checksum-";

    private final int size;

    ChecksumAlgorithm(int size) {
        this.size = size;
    }

    /** The header's name. */
    public String header() {
        return HEADER_PREFIX + name().toLowerCase(Locale.ROOT);
    }

    /** The element's name in XML. */
    public String element() {
        return "Checksum" + name();
    }

    /** The algorithm of a header, or null when it is no checksum's. */
    public static @Nullable ChecksumAlgorithm ofHeaderOrNull(String header) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.header().equals(header)) {
                return algorithm;
            }
        }
        return null;
    }

    /** Whether a text can be a value of this algorithm. */
    public boolean isValue(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length == size;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** Starts a computation. */
    public Running start() {
        return switch (this) {
            case CRC32 -> new Running(new CRC32(), null, size);
            case CRC32C -> new Running(new CRC32C(), null, size);
            case CRC64NVME -> new Running(new Crc64Nvme(), null, size);
            case SHA1 -> new Running(null, Signature.digest("SHA-1"), size);
            case SHA256 -> new Running(null, Signature.digest("SHA-256"), size);
        };
    }

    /** A computation under way. Owned by one caller. */
    public static final class Running {
        private final @Nullable Checksum checksum;
        private final @Nullable MessageDigest digest;
        private final int size;

        private Running(@Nullable Checksum checksum, @Nullable MessageDigest digest, int size) {
            this.checksum = checksum;
            this.digest = digest;
            this.size = size;
        }

        /** Adds bytes. */
        public void update(byte[] bytes, int offset, int length) {
            if (checksum != null) {
                checksum.update(bytes, offset, length);
            }
            if (digest != null) {
                digest.update(bytes, offset, length);
            }
        }

        /** The value in base 64. */
        public String value() {
            byte[] value =
                    digest != null
                            ? digest.digest()
                            : checksumBytes(checksum == null ? 0 : checksum.getValue());
            return Base64.getEncoder().encodeToString(value);
        }

        private byte[] checksumBytes(long value) {
            ByteBuffer bytes = ByteBuffer.allocate(size);
            return (size == 4 ? bytes.putInt((int) value) : bytes.putLong(value)).array();
        }
    }
}
