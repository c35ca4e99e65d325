package io.sepiola.gateway.service;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

/** A part of an object: {@code length} bytes from {@code offset}. */
record ByteRange(long offset, long length) {
    /**
     * Reads a Range header. What is no single range of bytes is ignored, as RFC 9110 allows: null.
     *
     * @throws S3Exception InvalidRange, when it lies behind the end
     */
    static @Nullable ByteRange ofOrNull(@Nullable String header, long size) {
        if (header == null || !header.startsWith("bytes=") || header.length() > 64) {
            return null;
        }
        String spec = header.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long first = number(spec.substring(0, dash));
        long last = number(spec.substring(dash + 1));
        boolean openStart = dash == 0;
        boolean openEnd = dash == spec.length() - 1;
        if (first < 0 && !openStart || last < 0 && !openEnd || openStart && openEnd) {
            return null;
        }
        if (openStart) {
            long length = Math.min(last, size);
            if (length == 0) {
                throw new S3Exception(S3Error.INVALID_RANGE);
            }
            return new ByteRange(size - length, length);
        }
        if (!openEnd && last < first) {
            return null;
        }
        if (first >= size) {
            throw new S3Exception(S3Error.INVALID_RANGE);
        }
        long end = openEnd ? size : Math.min(last, size - 1) + 1;
        return new ByteRange(first, end - first);
    }

    /** The number, or -1. */
    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
