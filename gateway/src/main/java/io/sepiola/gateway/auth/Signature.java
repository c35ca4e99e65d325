package io.sepiola.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The primitives of Signature Version 4. */
public final class Signature {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String EMPTY_SHA256 =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final HexFormat HEX = HexFormat.of();

    private Signature() {}

    /** The key that signs on one day in one region. */
    static byte[] signingKey(String secretKey, String date, String region) {
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String step : new String[] {date, region, "s3", "aws4_request"}) {
            key = hmac(key, step.getBytes(StandardCharsets.UTF_8));
        }
        return key;
    }

    static String sign(byte[] signingKey, String text) {
        return HEX.formatHex(hmac(signingKey, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A digest that every Java has: MD5, SHA-1, SHA-256. */
    public static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Lower-case hexadecimal SHA-256. */
    static String sha256(byte[] bytes) {
        return HEX.formatHex(digest("SHA-256").digest(bytes));
    }

    /** Compares without telling by its time where the difference is. */
    static boolean same(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
