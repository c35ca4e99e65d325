package io.sepiola.gateway.auth;

import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes S3's own chunks apart, and checks their chain of signatures:
 *
 * <pre>
 * payload := chunk* last trailer? CRLF
 * chunk   := size:hex (";chunk-signature=" hex64)? CRLF data CRLF
 * last    := "0" (";chunk-signature=" hex64)? CRLF
 * trailer := (name ":" value CRLF)+ ("x-amz-trailer-signature:" hex64 CRLF)?
 * </pre>
 *
 * Data is given out before its chunk's signature could be checked: nobody may use it before the end
 * has been reached. Owned by one caller.
 */
final class ChunkedPayload implements ByteSource {
    private static final int LINE_BYTES_MAX = 1024;
    private static final int TRAILER_COUNT_MAX = 8;
    private static final long CHUNK_SIZE_MAX = 5L << 30;
    private static final String SIGNATURE = ";chunk-signature=";
    private static final String TRAILER_SIGNATURE = "x-amz-trailer-signature";

    private final ByteSource source;
    private final PayloadForm form;
    private final Caller.Chain chain;
    private final byte[] buffer = new byte[8 << 10];
    private final MessageDigest chunkDigest = Signature.digest("SHA-256");
    private final Map<String, String> trailers = new LinkedHashMap<>();
    private int at;
    private int end;
    private String previous;
    private String claimed = "";
    private long left;
    private boolean chunkOpen;
    private boolean done;

    ChunkedPayload(ByteSource source, PayloadForm form, Caller.Chain chain) {
        this.source = source;
        this.form = form;
        this.chain = chain;
        this.previous = chain.signature();
    }

    /** The trailer's headers, once the end has been read; names in lower case. */
    Map<String, String> trailers() {
        return trailers;
    }

    private boolean signed() {
        return form != PayloadForm.CHUNKS_UNSIGNED_TRAILER;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        if (done) {
            return -1;
        }
        if (left == 0) {
            closeChunk();
            openChunk();
            if (left == 0) {
                finish();
                return -1;
            }
        }
        int wanted = (int) Math.min(count, left);
        int got;
        if (at < end) {
            got = Math.min(wanted, end - at);
            System.arraycopy(buffer, at, target, offset, got);
            at += got;
        } else {
            got = source.read(target, offset, wanted);
            if (got < 0) {
                throw incomplete();
            }
        }
        if (signed()) {
            chunkDigest.update(target, offset, got);
        }
        left -= got;
        return got;
    }

    private static S3Exception incomplete() {
        return new S3Exception(S3Error.INCOMPLETE_BODY, "The chunks of the body are malformed.");
    }

    private int next() {
        if (at == end) {
            at = 0;
            end = source.read(buffer, 0, buffer.length);
            if (end < 0) {
                end = 0;
                throw incomplete();
            }
        }
        return buffer[at++] & 0xff;
    }

    private String line() {
        StringBuilder line = new StringBuilder(100);
        while (true) {
            int b = next();
            if (b == '\r') {
                if (next() != '\n') {
                    throw incomplete();
                }
                return line.toString();
            }
            if (b < ' ' || b >= 0x7f || line.length() >= LINE_BYTES_MAX) {
                throw incomplete();
            }
            line.append((char) b);
        }
    }

    private void openChunk() {
        String line = line();
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon);
        if (signed()) {
            if (semicolon < 0 || !line.startsWith(SIGNATURE, semicolon)) {
                throw incomplete();
            }
            claimed = line.substring(semicolon + SIGNATURE.length());
        } else if (semicolon >= 0) {
            throw incomplete();
        }
        left = size(size);
        chunkOpen = true;
    }

    private static long size(String text) {
        if (text.isEmpty() || text.length() > 16) {
            throw incomplete();
        }
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || size > CHUNK_SIZE_MAX) {
                throw incomplete();
            }
            size = size * 16 + digit;
        }
        if (size > CHUNK_SIZE_MAX) {
            throw incomplete();
        }
        return size;
    }

    private void closeChunk() {
        if (chunkOpen) {
            chunkOpen = false;
            if (next() != '\r' || next() != '\n') {
                throw incomplete();
            }
            checkChunk();
        }
    }

    private void checkChunk() {
        if (signed()) {
            String digest = HexFormat.of().formatHex(chunkDigest.digest());
            check(
                    "AWS4-HMAC-SHA256-PAYLOAD\n"
                            + chain.prefix()
                            + previous
                            + "\n"
                            + Signature.EMPTY_SHA256
                            + "\n"
                            + digest,
                    claimed);
        }
    }

    private void check(String text, String signature) {
        String wanted = Signature.sign(chain.signingKey(), text);
        if (!Signature.same(wanted, signature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        previous = wanted;
    }

    private void finish() {
        checkChunk(); // of the last, empty one
        if (form == PayloadForm.CHUNKS_SIGNED) {
            if (!line().isEmpty()) {
                throw incomplete();
            }
        } else {
            readTrailers();
        }
        if (at < end || source.read(buffer, 0, 1) >= 0) {
            throw incomplete(); // bytes after the end
        }
        done = true;
    }

    private void readTrailers() {
        StringBuilder canonical = new StringBuilder();
        String signature = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || trailers.size() >= TRAILER_COUNT_MAX) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals(TRAILER_SIGNATURE)) {
                signature = value;
            } else if (signature.isEmpty() && trailers.put(name, value) == null) {
                canonical.append(name).append(':').append(value).append('\n');
            } else {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
        }
        if (signed()) {
            check(
                    "AWS4-HMAC-SHA256-TRAILER\n"
                            + chain.prefix()
                            + previous
                            + "\n"
                            + Signature.sha256(
                                    canonical.toString().getBytes(StandardCharsets.ISO_8859_1)),
                    signature);
        } else if (!signature.isEmpty()) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
    }
}
