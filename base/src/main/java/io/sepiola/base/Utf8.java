package io.sepiola.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 that loses nothing: a byte b that is part of no valid sequence becomes the lone surrogate
 * U+DC00 + b, and that becomes the byte again. Ceph's names and keys may be any bytes.
 */
public final class Utf8 {
    private Utf8() {}

    /** Every array has a text, and {@link #encode} gives the array back. */
    public static String decode(byte[] array, int offset, int length) {
        String text = new String(array, offset, length, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : decodeEscaping(array, offset, length);
    }

    private static String decodeEscaping(byte[] array, int offset, int length) {
        StringBuilder text = new StringBuilder(length);
        int end = offset + length;
        for (int at = offset; at < end; ) {
            int size = Math.min(sequenceSize(array[at] & 0xff), end - at);
            String one = new String(array, at, size, StandardCharsets.UTF_8);
            boolean valid =
                    Arrays.equals(
                            one.getBytes(StandardCharsets.UTF_8),
                            Arrays.copyOfRange(array, at, at + size));
            if (valid) {
                text.append(one);
                at += size;
            } else {
                text.append((char) (0xDC00 + (array[at] & 0xff)));
                at++;
            }
        }
        return text.toString();
    }

    private static int sequenceSize(int lead) {
        return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** The bytes of a text; those that {@link #decode} escaped come back as they were. */
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i)) {
                return encodeEscaped(text);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isEscape(String text, int index) {
        char c = text.charAt(index);
        return c >= 0xDC80
                && c <= 0xDCFF
                && (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static byte[] encodeEscaped(String text) {
        Encoder out = new Encoder(text.length() * 2);
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isEscape(text, i)) {
                out.raw(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
                out.u8(text.charAt(i));
                plain = i + 1;
            }
        }
        out.raw(text.substring(plain).getBytes(StandardCharsets.UTF_8));
        return out.toBytes().toArray();
    }

    /** Orders texts as their bytes, unsigned: the order of Ceph's names and keys. */
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Character.isSurrogate(x) || Character.isSurrogate(y)
                        ? Arrays.compareUnsigned(encode(a), encode(b))
                        : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
