package io.sepiola.gateway.auth;

import io.sepiola.gateway.http.ClientGone;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.http.HttpBody;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A body's data as the client meant it, without transfer forms. {@link #read} returns -1 only after
 * length, signatures, digests and checksums were found right; whoever stores the data must have
 * seen it. Owned by one caller.
 */
public final class Payload {
    private final ByteSource source;
    private final @Nullable ChunkedPayload chunks;
    private final long length;
    private final MessageDigest md5 = Signature.digest("MD5");
    private final @Nullable MessageDigest sha256;
    private final String sha256Wanted;
    private final @Nullable String md5Wanted;
    private @Nullable ChecksumAlgorithm algorithm;
    private ChecksumAlgorithm.@Nullable Running checksum;
    private String checksumWanted = "";
    private boolean checksumInTrailer;
    private long readBytes;
    private @Nullable String etag;

    /**
     * Prepares to read.
     *
     * @throws S3Exception when the headers contradict each other
     */
    public Payload(Headers headers, HttpBody body, Caller caller) {
        PayloadForm form = caller.form();
        if (form.isChunked()) {
            chunks = new ChunkedPayload(body::read, form, caller.chain());
            source = chunks;
            length = decodedLength(headers);
        } else {
            chunks = null;
            source = body::read;
            length = body.length();
        }
        sha256 = form == PayloadForm.HASHED ? Signature.digest("SHA-256") : null;
        sha256Wanted = caller.payload();
        md5Wanted = headers.firstOrNull("content-md5");
        if (md5Wanted != null && !isMd5(md5Wanted)) {
            throw new S3Exception(S3Error.INVALID_DIGEST);
        }
        chooseChecksum(headers, form);
    }

    private static long decodedLength(Headers headers) {
        String text = headers.get("x-amz-decoded-content-length", "");
        if (text.isEmpty()) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        boolean number = text.length() <= 18;
        for (int i = 0; number && i < text.length(); i++) {
            number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!number) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "x-amz-decoded-content-length is malformed.");
        }
        return Long.parseLong(text);
    }

    private static boolean isMd5(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length == 16;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private void chooseChecksum(Headers headers, PayloadForm form) {
        for (int i = 0; i < headers.count(); i++) {
            ChecksumAlgorithm named = ChecksumAlgorithm.ofHeaderOrNull(headers.name(i));
            if (named != null) {
                choose(named);
                checksumWanted = headers.value(i);
                if (!named.isValue(checksumWanted)) {
                    throw new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "Value for " + named.header() + " header is invalid.");
                }
            }
        }
        boolean trailing =
                form == PayloadForm.CHUNKS_SIGNED_TRAILER
                        || form == PayloadForm.CHUNKS_UNSIGNED_TRAILER;
        String trailer = headers.firstOrNull("x-amz-trailer");
        if (trailing != (trailer != null)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "x-amz-trailer and the form of the payload disagree.");
        }
        if (trailer != null) {
            ChecksumAlgorithm named =
                    ChecksumAlgorithm.ofHeaderOrNull(trailer.strip().toLowerCase(Locale.ROOT));
            if (named == null) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "The value specified in the x-amz-trailer header is not supported");
            }
            choose(named);
            checksumInTrailer = true;
        }
    }

    private void choose(ChecksumAlgorithm named) {
        if (algorithm != null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Expecting a single x-amz-checksum- header. Multiple checksum types are not"
                            + " allowed.");
        }
        algorithm = named;
        checksum = named.start();
    }

    /** In bytes, or {@link HttpBody#UNKNOWN}. */
    public long length() {
        return length;
    }

    /**
     * Reads up to {@code count} bytes; -1 at the end, when all checks have passed.
     *
     * @throws S3Exception when a check fails
     * @throws ClientGone when the connection ends first
     */
    public int read(byte[] target, int offset, int count) {
        int got = source.read(target, offset, count);
        if (got < 0) {
            if (etag == null) {
                finish();
            }
            return -1;
        }
        readBytes += got;
        if (length != HttpBody.UNKNOWN && readBytes > length) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        md5.update(target, offset, got);
        if (sha256 != null) {
            sha256.update(target, offset, got);
        }
        if (checksum != null) {
            checksum.update(target, offset, got);
        }
        return got;
    }

    private void finish() {
        if (length != HttpBody.UNKNOWN && readBytes != length) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        byte[] digest = md5.digest();
        if (sha256 != null
                && !Signature.same(HexFormat.of().formatHex(sha256.digest()), sha256Wanted)) {
            throw new S3Exception(S3Error.CONTENT_SHA256_MISMATCH);
        }
        if (md5Wanted != null && !md5Wanted.equals(Base64.getEncoder().encodeToString(digest))) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The Content-MD5 you specified did not match what we received.");
        }
        finishChecksum();
        etag = HexFormat.of().formatHex(digest);
    }

    private void finishChecksum() {
        if (chunks != null) {
            takeTrailers(chunks);
        }
        if (algorithm == null || checksum == null) {
            return;
        }
        String value = checksum.value();
        if (!value.equals(checksumWanted)) {
            throw new S3Exception(
                    S3Error.BAD_DIGEST,
                    "The " + algorithm + " you specified did not match the calculated checksum.");
        }
    }

    private void takeTrailers(ChunkedPayload payload) {
        ChecksumAlgorithm announced = checksumInTrailer ? algorithm : null;
        for (var trailer : payload.trailers().entrySet()) {
            if (announced == null
                    || !trailer.getKey().equals(announced.header())
                    || !announced.isValue(trailer.getValue())) {
                throw new S3Exception(S3Error.MALFORMED_TRAILER);
            }
            checksumWanted = trailer.getValue();
        }
        if (announced != null && checksumWanted.isEmpty()) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
    }

    /** Reads all of a small body. */
    public byte[] readAll(int sizeMax) {
        if (length > sizeMax) {
            throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
        }
        byte[] bytes = new byte[(int) Math.max(1024, length + 1)];
        int size = 0;
        for (int got = read(bytes, 0, bytes.length);
                got >= 0;
                got = read(bytes, size, bytes.length - size)) {
            size += got;
            if (size > sizeMax) {
                throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
            }
            if (size == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, size * 2);
            }
        }
        return java.util.Arrays.copyOf(bytes, size);
    }

    /** The MD5 in hexadecimal, once the end has been read. */
    public String etag() {
        if (etag == null) {
            throw new IllegalStateException("not read to its end");
        }
        return etag;
    }

    /** The checksum's algorithm, or null when the client gave none. */
    public @Nullable ChecksumAlgorithm checksumAlgorithmOrNull() {
        return algorithm;
    }

    /** The checksum's value, once the end has been read; "" when the client gave none. */
    public String checksum() {
        return checksumWanted;
    }
}
