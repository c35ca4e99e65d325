package io.sepiola.gateway.auth;

/** Bytes read once, from start to end. */
@FunctionalInterface
interface ByteSource {
    /** Reads up to {@code count} bytes, at least one; -1 at the end. */
    int read(byte[] target, int offset, int count);
}
