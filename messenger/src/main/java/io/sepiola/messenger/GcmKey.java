package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;

import java.security.GeneralSecurityException;
import java.security.Key;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of a secure connection: AES-128-GCM with a nonce that counts blocks, so that no
 * nonce is used twice under a key.
 *
 * <p>ConnectionSecret := key:16 serverToClientNonce:12 clientToServerNonce:12, 24 bytes without
 * use. Nonce := fixed:u32 counter:u64; the counter grows by one with each block.
 */
final class GcmKey {
    static final int TAG_SIZE = 16;
    private static final int KEY_SIZE = 16;
    private static final int NONCE_SIZE = 12;
    private static final int UPDATE_SIZE = 64 << 10;

    private final Key key;
    private final byte[] nonce;
    private final Cipher cipher;
    private long blocks;

    private GcmKey(Bytes secret, int nonceOffset) {
        if (secret.size() != Cephx.CONNECTION_SECRET_SIZE) {
            throw new Malformed("a connection secret of " + secret.size() + " bytes");
        }
        key = new SecretKeySpec(secret.slice(0, KEY_SIZE).toArray(), "AES");
        nonce = secret.slice(nonceOffset, NONCE_SIZE).toArray();
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks AES-GCM", missing);
        }
    }

    static GcmKey serverToClient(Bytes secret) {
        return new GcmKey(secret, KEY_SIZE);
    }

    static GcmKey clientToServer(Bytes secret) {
        return new GcmKey(secret, KEY_SIZE + NONCE_SIZE);
    }

    /** Encrypts one block; the result is longer by the tag. */
    byte[] seal(Bytes plain) {
        byte[] sealed = new byte[plain.size() + TAG_SIZE];
        try {
            begin(Cipher.ENCRYPT_MODE);
            int[] at = {0};
            plain.forEachPiece((array, offset, length) ->
                    at[0] += update(array, offset, length, sealed, at[0]));
            cipher.doFinal(sealed, at[0]);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("AES-GCM refused to encrypt", broken);
        }
        return sealed;
    }

    // In pieces of 64 KiB: one call over megabytes runs interpreted until the compiler has seen
    // many.
    private int update(byte[] array, int offset, int length, byte[] sealed, int sealedAt) {
        int written = 0;
        try {
            for (int done = 0; done < length; done += UPDATE_SIZE) {
                int size = Math.min(UPDATE_SIZE, length - done);
                written += cipher.update(array, offset + done, size, sealed, sealedAt + written);
            }
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("AES-GCM refused to encrypt", broken);
        }
        return written;
    }

    /**
     * Decrypts one block.
     *
     * @throws Malformed when it was changed, or is out of turn
     */
    byte[] open(Bytes sealed) {
        byte[][] plain = new byte[1][];
        sealed.compact()
                .forEachPiece((array, offset, length) -> plain[0] = open(array, offset, length));
        return plain[0];
    }

    // In one call: the JDK keeps all ciphertext until the tag has been checked anyway.
    private byte[] open(byte[] sealed, int offset, int length) {
        try {
            begin(Cipher.DECRYPT_MODE);
            return cipher.doFinal(sealed, offset, length);
        } catch (GeneralSecurityException forged) {
            throw new Malformed("a block that is not authentic", forged);
        }
    }

    private void begin(int mode) throws GeneralSecurityException {
        Invariant.that(blocks >= 0, "nonces are used up");
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_SIZE, nonce));
        blocks++;
        LittleEndian.u64(nonce, 4, LittleEndian.u64(nonce, 4) + 1);
    }
}
