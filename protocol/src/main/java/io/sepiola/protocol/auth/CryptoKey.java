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
 * A secret of cephx and what is done with it. An {@code aes} key encrypts with AES-128 in CBC mode,
 * Ceph's constant initialisation vector and PKCS#7 padding; an {@code aes256k} key as {@link
 * AesCtsHmac} does, so that whatever is changed on the way is noticed.
 *
 * <p>CryptoKey := type:u16 created:Utime length:u16 secret. Sealed := E(key, {u8 1, u64 magic,
 * fields}).
 *
 * @param secret of the size that the type asks for
 */
public record CryptoKey(KeyType type, Utime created, Bytes secret) {
    /** No key. */
    public static final CryptoKey NONE = new CryptoKey(KeyType.NONE, Utime.ZERO, Bytes.EMPTY);

    private static final long MAGIC = 0xff009cad8826aa55L;
    private static final byte[] VECTOR = "cephsageyudagreg".getBytes(StandardCharsets.US_ASCII);

    /** As in the class comment. */
    public static final Codec<CryptoKey> CODEC =
            Primitives.of(CryptoKey::encode, CryptoKey::decode);

    /** Refuses a secret of the wrong size. */
    public CryptoKey {
        if (secret.size() != type.secretSize()) {
            throw new Malformed(
                    "a key of type " + type.label() + " of " + secret.size() + " bytes");
        }
    }

    private static void encode(Encoder out, CryptoKey key) {
        out.u16(key.type.code());
        Utime.CODEC.encode(key.created, out);
        out.u16(key.secret.size()).raw(key.secret);
    }

    private static CryptoKey decode(Decoder in) {
        KeyType type = KeyType.of(in.u16());
        Utime created = Utime.CODEC.decode(in);
        return new CryptoKey(type, created, in.raw(in.u16()).detach());
    }

    /** A new key. */
    public static CryptoKey generate(KeyType type, RandomGenerator random, Instant now) {
        byte[] secret = new byte[type.secretSize()];
        random.nextBytes(secret);
        return new CryptoKey(type, Utime.of(now), Bytes.of(secret));
    }

    /**
     * Reads a key as keyring files hold it.
     *
     * @throws Malformed when it is not base64, or not of a key with which something can be sealed
     */
    public static CryptoKey parse(String base64) {
        try {
            CryptoKey key = CODEC.fromBytes(Bytes.of(Base64.getDecoder().decode(base64.strip())));
            if (key.type == KeyType.NONE) {
                throw new Malformed("a key of type none, with which nothing can be sealed");
            }
            return key;
        } catch (IllegalArgumentException | Malformed bad) {
            throw new Malformed(
                    "not what Ceph writes a key as (base64 of type, time and secret): "
                            + bad.getMessage(),
                    bad);
        }
    }

    /** As keyring files hold it. */
    public String toBase64() {
        return Base64.getEncoder().encodeToString(CODEC.toBytes(this).toArray());
    }

    /**
     * Encrypts fields so that {@link #open} can tell that this key was used.
     *
     * @param random secure outside of simulations
     */
    public Bytes seal(KeyUse use, RandomGenerator random, Consumer<Encoder> fields) {
        Encoder out = new Encoder();
        out.u8(1).u64(MAGIC);
        fields.accept(out);
        byte[] plain = out.toBytes().toArray();
        return switch (type) {
            case NONE -> throw Invariant.broken("no key to encrypt with");
            case AES -> Bytes.of(crypt(Cipher.ENCRYPT_MODE, plain));
            case AES256K -> {
                byte[] confounder = new byte[AesCtsHmac.CONFOUNDER_SIZE];
                random.nextBytes(confounder);
                yield new AesCtsHmac(secret.toArray(), use.number()).encrypt(confounder, plain);
            }
        };
    }

    /**
     * Decrypts what {@link #seal} encrypted for the same use; the result stands at the first field.
     *
     * @throws Malformed when another key was used, or the bytes were changed
     */
    public Decoder open(KeyUse use, Bytes sealed) {
        Decoder in =
                new Decoder(
                        switch (type) {
                            case NONE -> throw new Malformed("sealed bytes, no key to open them");
                            case AES -> Bytes.of(crypt(Cipher.DECRYPT_MODE, sealed.toArray()));
                            case AES256K ->
                                    new AesCtsHmac(secret.toArray(), use.number())
                                            .decrypt(sealed.toArray());
                        });
        if (in.u8() != 1 || in.u64() != MAGIC) {
            throw new Malformed("sealed with another key, or changed on the way");
        }
        return in;
    }

    /**
     * Eight bytes that only who has the secret can tell, for it depends on both challenges: all
     * whole words, xored, of E(secret, {server challenge, client challenge}) with its length for an
     * {@code aes} key, of HMAC-SHA256 over both challenges for another.
     *
     * @throws Malformed when this is no key
     */
    public long proof(long serverChallenge, long clientChallenge) {
        if (type == KeyType.NONE) {
            throw new Malformed("no key, which proves nothing");
        }
        Encoder challenges = new Encoder().u64(serverChallenge).u64(clientChallenge);
        Bytes folded =
                type == KeyType.AES
                        ? new Encoder().blob(sealedForProof(challenges.toBytes())).toBytes()
                        : Bytes.of(hmac().doFinal(challenges.toBytes().toArray()));
        Decoder words = new Decoder(folded);
        long proof = 0;
        while (words.remaining() >= Long.BYTES) {
            proof ^= words.u64();
        }
        return proof;
    }

    private Bytes sealedForProof(Bytes challenges) {
        Bytes plain = new Encoder().u8(1).u64(MAGIC).raw(challenges).toBytes();
        return Bytes.of(crypt(Cipher.ENCRYPT_MODE, plain.toArray()));
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
        return "CryptoKey[type=" + type.label() + "]";
    }
}
