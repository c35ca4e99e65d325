package io.sepiola.gateway.service;

import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.protocol.PercentCode;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What a request is about. The bucket is cut off before anything is decoded, so that no encoded
 * slash moves a request into another bucket; keys are taken literally, dots and slashes included.
 *
 * @param bucket "" for the service itself
 * @param key "" for the bucket itself
 * @param signedPath the decoded path, which is what clients sign
 */
record Target(String bucket, String key, String signedPath) {
    private static final int KEY_BYTES_MAX = 1024;

    /** Reads path and Host. */
    static Target of(HttpRequest request, List<String> hostNames) {
        String path = request.path();
        String signedPath = PercentCode.decode(path, false);
        String bucket = bucketOfHost(request.headers().get("host", ""), hostNames);
        String key;
        if (bucket.isEmpty()) {
            int slash = path.indexOf('/', 1);
            bucket =
                    PercentCode.decode(path.substring(1, slash < 0 ? path.length() : slash), false);
            key = slash < 0 ? "" : PercentCode.decode(path.substring(slash + 1), false);
            if (bucket.isEmpty() && slash > 0) {
                throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
            }
        } else {
            key = PercentCode.decode(path.substring(1), false);
        }
        if (!bucket.isEmpty() && !isBucketName(bucket)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
        }
        checkKey(key);
        return new Target(bucket, key, signedPath);
    }

    private static String bucketOfHost(String host, List<String> hostNames) {
        if (hostNames.isEmpty()) {
            return "";
        }
        int colon = host.indexOf(':');
        String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
        for (String own : hostNames) {
            if (name.length() > own.length() + 1 && name.endsWith("." + own)) {
                return name.substring(0, name.length() - own.length() - 1);
            }
        }
        return "";
    }

    static void checkKey(String key) {
        if (key.length() > KEY_BYTES_MAX
                || key.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES_MAX) {
            throw new S3Exception(S3Error.KEY_TOO_LONG);
        }
        if (key.indexOf('\0') >= 0) {
            throw new S3Exception(S3Error.INVALID_URI);
        }
    }

    /** Amazon's rules for names of buckets. */
    static boolean isBucketName(String name) {
        if (name.length() < 3 || name.length() > 63) {
            return false;
        }
        boolean address = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z';
            boolean edge = i == 0 || i == name.length() - 1;
            if (!digit && !letter && (edge || c != '-' && c != '.')) {
                return false;
            }
            if (c == '.' && name.charAt(i - 1) == '.') {
                return false;
            }
            address &= digit || c == '.';
        }
        return !(address && name.chars().filter(c -> c == '.').count() == 3);
    }
}
