package io.sepiola.gateway.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent encoding as S3 signs and lists it: everything but letters, digits and {@code -._~}. */
public final class PercentCode {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private PercentCode() {}

    /** Encodes a text's UTF-8 bytes; slashes stay when {@code keepSlash}. */
    public static String encode(String text, boolean keepSlash) {
        boolean plain = true;
        for (int i = 0; plain && i < text.length(); i++) {
            plain = isUnreserved(text.charAt(i)) || keepSlash && text.charAt(i) == '/';
        }
        if (plain) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isUnreserved(c) || keepSlash && c == '/') {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /**
     * Decodes; {@code plusIsSpace} in queries.
     *
     * @throws S3Exception InvalidURI, for a bad escape, bytes that are no UTF-8, or NUL
     */
    public static String decode(String text, boolean plusIsSpace) {
        boolean plain = true;
        for (int i = 0; plain && i < text.length(); i++) {
            char c = text.charAt(i);
            plain = c != '%' && c < 0x80 && !(plusIsSpace && c == '+');
        }
        if (plain) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                if (high < 0 || low < 0 || high + low == 0) {
                    throw new S3Exception(S3Error.INVALID_URI);
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put((byte) (plusIsSpace && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
    }
}
