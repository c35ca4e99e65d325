package io.sepiola.protocol.auth;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encryption of RFC 8009 with AES-256 and HMAC-SHA384 (aes256-cts-hmac-sha384-192): each use of a
 * key has two derived keys, one to encrypt and one to authenticate.
 *
 * <p>Ciphertext := AES-CTS(Ke, 0, {confounder:16 plain}) HMAC(Ki, {vector:16 ciphertext})[0, 24).
 * Derived(label, n) := HMAC(key, {u32be 1, label u8 0, bits:u32be})[0, n). Label := use:u32be u8
 * 0xaa to encrypt, 0x55 to authenticate.
 */
final class AesCtsHmac {
    static final int CONFOUNDER_SIZE = 16;
    static final int CHECKSUM_SIZE = 24;
    private static final int ENCRYPTION = 0xaa;
    private static final int INTEGRITY = 0x55;
    private static final byte[] VECTOR = new byte[16];

    private final byte[] encryptionKey;
    private final byte[] integrityKey;

    /** For one use of a key of 32 bytes. */
    AesCtsHmac(byte[] key, int use) {
        this.encryptionKey = derived(key, use, ENCRYPTION, 32);
        this.integrityKey = derived(key, use, INTEGRITY, CHECKSUM_SIZE);
    }

    static byte[] derived(byte[] key, int use, int purpose, int size) {
        ByteBuffer input = ByteBuffer.allocate(14);
        input.putInt(1).putInt(use).put((byte) purpose).put((byte) 0).putInt(8 * size);
        return Arrays.copyOf(hmac(key, input.array()), size);
    }

    /**
     * Encrypts.
     *
     * @param confounder 16 bytes that never come again under this key
     */
    Bytes encrypt(byte[] confounder, byte[] plain) {
        byte[] whole = Arrays.copyOf(confounder, CONFOUNDER_SIZE + plain.length);
        System.arraycopy(plain, 0, whole, CONFOUNDER_SIZE, plain.length);
        byte[] text = crypt(Cipher.ENCRYPT_MODE, whole);
        byte[] sealed = Arrays.copyOf(text, text.length + CHECKSUM_SIZE);
        System.arraycopy(checksum(text), 0, sealed, text.length, CHECKSUM_SIZE);
        return Bytes.of(sealed);
    }

    /**
     * Decrypts, after the checksum was found right.
     *
     * @throws Malformed when another key, or the key for another use, made it, or it was changed
     */
    Bytes decrypt(byte[] sealed) {
        int size = sealed.length - CHECKSUM_SIZE;
        if (size < CONFOUNDER_SIZE) {
            throw new Malformed("sealed bytes that are too few: " + sealed.length);
        }
        byte[] text = Arrays.copyOf(sealed, size);
        byte[] checksum = Arrays.copyOfRange(sealed, size, sealed.length);
        if (!MessageDigest.isEqual(checksum, checksum(text))) {
            throw new Malformed("sealed with another key, or changed on the way");
        }
        return Bytes.of(crypt(Cipher.DECRYPT_MODE, text)).slice(CONFOUNDER_SIZE);
    }

    private byte[] checksum(byte[] text) {
        byte[] input = Arrays.copyOf(VECTOR, VECTOR.length + text.length);
        System.arraycopy(text, 0, input, VECTOR.length, text.length);
        return Arrays.copyOf(hmac(integrityKey, input), CHECKSUM_SIZE);
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA384");
            mac.init(new SecretKeySpec(key, "HmacSHA384"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks HMAC-SHA384", missing);
        }
    }

    private byte[] crypt(int mode, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTS/NoPadding");
            cipher.init(mode, new SecretKeySpec(encryptionKey, "AES"), new IvParameterSpec(VECTOR));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks AES-256 in CTS mode", missing);
        }
    }
}
