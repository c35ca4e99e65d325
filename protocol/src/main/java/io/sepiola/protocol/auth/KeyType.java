package io.sepiola.protocol.auth;

import io.sepiola.base.Malformed;

import java.util.Optional;

/**
 * The kinds of cephx keys. In the order of their strength, so that of two the weaker is the
 * smaller.
 */
public enum KeyType {
    /** No key: nothing can be sealed. */
    NONE("none", 0),

    /** AES-128 in CBC mode with a constant vector and no checksum: CVE-2025-30156. */
    AES("aes", 16),

    /** AES-256 with HMAC-SHA384 of RFC 8009: Ceph 19.2.6, 20.2.4 and later. */
    AES256K("aes256k", 32);

    private final String label;
    private final int secretSize;

    KeyType(String label, int secretSize) {
        this.label = label;
        this.secretSize = secretSize;
    }

    /** As Ceph's commands say it. */
    public String label() {
        return label;
    }

    /** Bytes of a secret. */
    public int secretSize() {
        return secretSize;
    }

    /** As keys are written. */
    public int code() {
        return ordinal();
    }

    /** Whether what is sealed under such a key cannot be changed unnoticed. */
    public boolean isSecure() {
        return this == AES256K;
    }

    /** The weaker of two, which who knows either also knows. */
    public KeyType weaker(KeyType other) {
        return compareTo(other) <= 0 ? this : other;
    }

    /** The type of that label, if there is one. */
    public static Optional<KeyType> labelled(String label) {
        for (KeyType type : values()) {
            if (type.label.equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * The type of that code.
     *
     * @throws Malformed when there is none
     */
    public static KeyType of(int code) {
        if (code < 0 || code >= values().length) {
            throw new Malformed("unknown key type " + code + "; aes (1) and aes256k (2) are known");
        }
        return values()[code];
    }
}
