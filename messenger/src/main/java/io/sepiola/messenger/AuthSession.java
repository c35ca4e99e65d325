package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.auth.CryptoKey;

/**
 * What both ends share after a login.
 *
 * @param key signs the handshake
 * @param connectionSecret 64 bytes from which the keys of a secure connection are cut; empty for
 *     crc
 */
public record AuthSession(CryptoKey key, Bytes connectionSecret) {
    /** Never shows the secrets. */
    @Override
    public String toString() {
        return "AuthSession[" + (connectionSecret.isEmpty() ? "crc" : "secure") + "]";
    }
}
