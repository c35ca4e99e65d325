package io.sepiola.protocol.auth;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret of cephx and what is done with it: AES-128 in CBC mode with Ceph's constant
 * initialisation vector and PKCS#7 padding.
 *
 * <p>CryptoKey := type:u16 created:Utime length:u16 secret. Sealed := E(key, {u8 1, u64 magic,
 * fields}).
 *
 * @param type 1 is AES-128; 0 is no key
 * @param secret 16 bytes for AES-128
 */
public record CryptoKey(int type, Utime created, Bytes secret) {
    /** AES-128. */
    public static final int AES = 1;

    /** Bytes of an AES-128 secret. */
    public static final int SECRET_SIZE = 16;

    /** No key. */
    public static final CryptoKey NONE = new CryptoKey(0, Utime.ZERO, Bytes.EMPTY);

    private static final long MAGIC = 0xff009cad8826aa55L;
    private static final byte[] VECTOR = "cephsageyudagreg".getBytes(StandardCharsets.US_ASCII);

    /** As in the class comment. */
    public static final Codec<CryptoKey> CODEC =
            Primitives.of(CryptoKey::encode, CryptoKey::decode);

    /** Refuses an AES key of the wrong size. */
    public CryptoKey {
        if (type == AES && secret.size() != SECRET_SIZE) {
            throw new Malformed("an AES-128 key of " + secret.size() + " bytes");
        }
    }

    private static void encode(Encoder out, CryptoKey key) {
        out.u16(key.type);
        Utime.CODEC.encode(key.created, out);
        out.u16(key.secret.size()).raw(key.secret);
    }

    private static CryptoKey decode(Decoder in) {
        int type = in.u16();
        if (type > AES) {
            throw new Malformed("unknown key type " + type + "; only AES-128 (1) is supported");
        }
        Utime created = Utime.CODEC.decode(in);
        return new CryptoKey(type, created, in.raw(in.u16()).detach());
    }

    /** A new AES-128 key. */
    public static CryptoKey generate(RandomGenerator random, Instant now) {
        byte[] secret = new byte[SECRET_SIZE];
        random.nextBytes(secret);
        return new CryptoKey(AES, Utime.of(now), Bytes.of(secret));
    }

    /**
     * Reads a key as keyring files hold it.
     *
     * @throws Malformed when it is not base64, or not of a key with which something can be sealed
     */
    public static CryptoKey parse(String base64) {
        try {
            CryptoKey key = CODEC.fromBytes(Bytes.of(Base64.getDecoder().decode(base64.strip())));
            if (key.type != AES) {
                throw new Malformed("a key of type " + key.type + "; only AES-128 (1) is one");
            }
            return key;
        } catch (IllegalArgumentException notBase64) {
            throw new Malformed("a key that is not base64", notBase64);
        }
    }

    /** As keyring files hold it. */
    public String toBase64() {
        return Base64.getEncoder().encodeToString(CODEC.toBytes(this).toArray());
    }

    /** Encrypts fields so that {@link #open} can tell that this key was used. */
    public Bytes seal(Consumer<Encoder> fields) {
        Encoder out = new Encoder();
        out.u8(1).u64(MAGIC);
        fields.accept(out);
        return Bytes.of(crypt(Cipher.ENCRYPT_MODE, out.toBytes().toArray()));
    }

    /**
     * Decrypts what {@link #seal} encrypted; the result stands at the first field.
     *
     * @throws Malformed when another key was used, or the bytes were changed
     */
    public Decoder open(Bytes sealed) {
        if (type != AES) {
            throw new Malformed("sealed bytes, but no key to open them");
        }
        Decoder in = new Decoder(Bytes.of(crypt(Cipher.DECRYPT_MODE, sealed.toArray())));
        if (in.u8() != 1 || in.u64() != MAGIC) {
            throw new Malformed("sealed with another key, or changed on the way");
        }
        return in;
    }

    /** HMAC-SHA256 over what is given later. */
    public Mac hmac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.toArray(), "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks HMAC-SHA256", missing);
        }
    }

    private byte[] crypt(int mode, byte[] text) {
        Invariant.that(type == AES, "no key to encrypt with");
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    mode, new SecretKeySpec(secret.toArray(), "AES"), new IvParameterSpec(VECTOR));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException wrong) {
            throw new Malformed("sealed with another key, or changed on the way", wrong);
        }
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "CryptoKey[type=" + type + "]";
    }
}
