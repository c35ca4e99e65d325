package io.sepiola.gateway.service;

import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.storage.BucketIndex;
import io.sepiola.gateway.storage.ObjectEntry;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** If-Match and its like (RFC 9110, section 13). */
final class Conditions {
    private Conditions() {}

    /** What a conditional read comes to. */
    enum Outcome {
        /** Give the object. */
        GIVE,
        /** 304: the client has it already. */
        NOT_MODIFIED,
        /** 412. */
        FAILED
    }

    /** Judges a read; copies put {@code x-amz-copy-source-} before the headers' names. */
    static Outcome ofRead(Headers headers, String prefix, ObjectEntry entry) {
        String match = headers.firstOrNull(prefix + "if-match");
        String noneMatch = headers.firstOrNull(prefix + "if-none-match");
        Optional<Instant> modified = time(headers, prefix + "if-modified-since");
        Optional<Instant> unmodified = time(headers, prefix + "if-unmodified-since");
        Instant changed = Instant.ofEpochSecond(entry.modifiedMillis() / 1000);
        if (match != null) {
            if (!matches(match, entry.etag())) {
                return Outcome.FAILED;
            }
        } else if (unmodified.isPresent() && changed.isAfter(unmodified.get())) {
            return Outcome.FAILED;
        }
        if (noneMatch != null) {
            if (matches(noneMatch, entry.etag())) {
                return Outcome.NOT_MODIFIED;
            }
        } else if (modified.isPresent() && !changed.isAfter(modified.get())) {
            return Outcome.NOT_MODIFIED;
        }
        return Outcome.GIVE;
    }

    private static Optional<Instant> time(Headers headers, String name) {
        String value = headers.firstOrNull(name);
        return value == null ? Optional.empty() : Timestamps.parseHttp(value);
    }

    private static boolean matches(String list, String etag) {
        for (String item : list.split(",", 64)) {
            String one = item.strip();
            if (one.equals("*") || unquoted(one).equals(etag)) {
                return true;
            }
        }
        return false;
    }

    static String unquoted(String etag) {
        String bare = etag.startsWith("W/") ? etag.substring(2) : etag;
        return bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")
                ? bare.substring(1, bare.length() - 1)
                : bare;
    }

    /** Whether a write depends on what is there. */
    static boolean isConditional(Headers headers) {
        return headers.has("if-match") || headers.has("if-none-match");
    }

    /** Judges writes, at the moment of their commit. */
    static BucketIndex.Condition ofWrite(Headers headers) {
        String match = headers.firstOrNull("if-match");
        String noneMatch = headers.firstOrNull("if-none-match");
        if (noneMatch != null && !noneMatch.strip().equals("*")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        return current -> check(match, noneMatch, current);
    }

    private static void check(
            @Nullable String match, @Nullable String noneMatch, @Nullable ObjectEntry current) {
        if (noneMatch != null && current != null) {
            throw new S3Exception(S3Error.PRECONDITION_FAILED);
        }
        if (match != null) {
            if (current == null) {
                throw new S3Exception(S3Error.NO_SUCH_KEY);
            }
            if (!matches(match, current.etag())) {
                throw new S3Exception(S3Error.PRECONDITION_FAILED);
            }
        }
    }
}
