package io.sepiola.gateway.service;

import io.sepiola.gateway.auth.ChecksumAlgorithm;
import io.sepiola.gateway.auth.Payload;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;
import io.sepiola.gateway.storage.ObjectEntry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an object keeps of its request's headers, and gives back. */
final class ObjectHeaders {
    static final String METADATA = "x-amz-meta-";

    private static final int METADATA_BYTES_MAX = 2048;
    private static final List<String> KEPT =
            List.of(
                    "content-type",
                    "cache-control",
                    "content-disposition",
                    "content-encoding",
                    "content-language",
                    "expires");

    private ObjectHeaders() {}

    /** Refuses headers that ask for what would not be done. */
    static void checkSupported(Headers headers) {
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-")) {
                check(name, headers.value(i));
            }
        }
    }

    private static void check(String name, String value) {
        if (name.equals("x-amz-acl")) {
            if (!value.equals("private") && !value.equals("bucket-owner-full-control")) {
                throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
            }
        } else if (name.startsWith("x-amz-grant-")) {
            throw new S3Exception(S3Error.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        } else if (name.equals("x-amz-storage-class")) {
            if (!value.equals("STANDARD")) {
                throw new S3Exception(S3Error.INVALID_STORAGE_CLASS);
            }
        } else if (name.startsWith("x-amz-server-side-encryption")
                || name.startsWith("x-amz-copy-source-server-side-encryption")
                || name.startsWith("x-amz-object-lock-")
                || name.equals("x-amz-bucket-object-lock-enabled") && !value.equals("false")
                || name.equals("x-amz-tagging")
                || name.equals("x-amz-write-offset-bytes")
                || name.equals("x-amz-website-redirect-location")) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED,
                    "A header you provided implies functionality that is not implemented: " + name);
        }
    }

    /** Content-Type and its like. */
    static Map<String, String> kept(Headers headers) {
        Map<String, String> kept = new TreeMap<>();
        for (String name : KEPT) {
            String value = headers.firstOrNull(name);
            if (name.equals("content-encoding") && value != null) {
                value = withoutChunked(value);
            }
            if (value != null && !value.isEmpty()) {
                kept.put(name, value);
            }
        }
        return kept;
    }

    private static String withoutChunked(String codings) {
        StringBuilder rest = new StringBuilder();
        for (String coding : codings.split(",", 16)) {
            if (!coding.strip().equalsIgnoreCase("aws-chunked")) {
                rest.append(rest.isEmpty() ? "" : ",").append(coding.strip());
            }
        }
        return rest.toString();
    }

    /** The user's own; lines of the same name are joined. */
    static Map<String, String> metadata(Headers headers) {
        Map<String, String> metadata = new TreeMap<>();
        int bytes = 0;
        for (int i = 0; i < headers.count(); i++) {
            if (headers.name(i).startsWith(METADATA)) {
                String name = headers.name(i).substring(METADATA.length());
                metadata.merge(name, headers.value(i), (one, other) -> one + "," + other);
                bytes += name.length() + headers.value(i).length();
            }
        }
        if (bytes > METADATA_BYTES_MAX) {
            throw new S3Exception(S3Error.METADATA_TOO_LARGE);
        }
        return metadata;
    }

    /** The client's checksum of a payload read to its end, by its header. */
    static Map<String, String> checksum(Payload payload) {
        ChecksumAlgorithm algorithm = payload.checksumAlgorithmOrNull();
        return algorithm == null ? Map.of() : Map.of(algorithm.header(), payload.checksum());
    }

    /** The headers of an answer that gives an object. */
    static void give(ObjectEntry entry, Query query, Headers answer) {
        answer.add("last-modified", Timestamps.http(entry.modifiedMillis()))
                .add("etag", "\"" + entry.etag() + "\"")
                .add("accept-ranges", "bytes");
        Map<String, String> shown = new TreeMap<>(entry.headers());
        shown.putIfAbsent("content-type", "binary/octet-stream");
        for (String name : KEPT) {
            String override = query.firstOrNull("response-" + name);
            if (override != null) {
                shown.put(name, checkedOverride(override));
            }
        }
        shown.forEach(answer::add);
        entry.metadata().forEach((name, value) -> answer.add(METADATA + name, value));
    }

    private static String checkedOverride(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) == 0x7f) {
                throw new S3Exception(
                        S3Error.INVALID_ARGUMENT,
                        "A response header must not have control characters.");
            }
        }
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
