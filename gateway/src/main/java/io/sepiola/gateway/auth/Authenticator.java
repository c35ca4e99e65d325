package io.sepiola.gateway.auth;

import io.sepiola.base.Clock;
import io.sepiola.gateway.http.Headers;
import io.sepiola.gateway.http.HttpRequest;
import io.sepiola.gateway.protocol.PercentCode;
import io.sepiola.gateway.protocol.Query;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;
import io.sepiola.gateway.protocol.Timestamps;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks a request's signature. Every x-amz-* header that arrives must be signed, on presigned
 * requests too: an unsigned one could add a copy source, an ACL, or metadata to what was signed.
 * May be shared.
 */
public final class Authenticator {
    private static final Duration SKEW_MAX = Duration.ofMinutes(15);
    private static final int EXPIRY_SECONDS_MAX = 604_800;
    private static final int KEY_CACHE_MAX = 4096;
    private static final List<String> QUERY_PARAMETERS =
            List.of(
                    "X-Amz-Algorithm",
                    "X-Amz-Credential",
                    "X-Amz-Date",
                    "X-Amz-Expires",
                    "X-Amz-SignedHeaders",
                    "X-Amz-Signature");

    private final String region;
    private final Clock clock;
    private final Account.Directory accounts;
    private final Map<SigningKeyId, byte[]> signingKeys = new ConcurrentHashMap<>();

    private record SigningKeyId(String secretKey, String date) {}

    /** What a request claims. */
    private record Claim(
            String accessKey,
            String date,
            String region,
            List<String> signedHeaders,
            String signature,
            String timestamp,
            String payload,
            boolean presigned) {
        String scope() {
            return date + "/" + region + "/s3/aws4_request";
        }
    }

    /** Accepts signatures for this region. */
    public Authenticator(String region, Clock clock, Account.Directory accounts) {
        this.region = region;
        this.clock = clock;
        this.accounts = accounts;
    }

    /**
     * Finds out who sent a request.
     *
     * @param decodedPath the path as it is signed: decoded, to be encoded once
     * @throws S3Exception when nobody, or somebody else, did
     */
    public Caller authenticate(HttpRequest request, String decodedPath, Query query) {
        String authorization = request.headers().firstOrNull("authorization");
        boolean inQuery = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
        if (authorization != null && inQuery || request.headers().all("authorization").size() > 1) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or"
                            + " the Authorization header should be specified");
        }
        if (authorization == null && !inQuery) {
            if (query.has("AWSAccessKeyId") || query.has("Signature")) {
                throw oldSignature();
            }
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        Claim claim =
                authorization != null
                        ? claimOfHeader(request.headers(), authorization)
                        : claimOfQuery(request.headers(), query);
        checkScope(claim);
        checkSigned(request.headers(), claim);
        PayloadForm form = PayloadForm.of(claim.payload);
        if (request.headers().has("x-amz-security-token") || query.has("X-Amz-Security-Token")) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
        Account account = accounts.findOrNull(claim.accessKey);
        if (account == null) {
            throw new S3Exception(S3Error.INVALID_ACCESS_KEY_ID);
        }
        byte[] key = signingKey(account.secretKey(), claim.date);
        String prefix = claim.timestamp + "\n" + claim.scope() + "\n";
        String canonical = canonicalRequest(request, decodedPath, query, claim);
        String wanted =
                Signature.sign(
                        key,
                        Signature.ALGORITHM
                                + "\n"
                                + prefix
                                + Signature.sha256(
                                        canonical.getBytes(StandardCharsets.ISO_8859_1)));
        if (!Signature.same(wanted, claim.signature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        if (account.suspended()) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "The user is suspended.");
        }
        return new Caller(account, form, claim.payload, new Caller.Chain(key, prefix, wanted));
    }

    private byte[] signingKey(String secretKey, String date) {
        if (signingKeys.size() > KEY_CACHE_MAX) {
            signingKeys.clear();
        }
        return signingKeys.computeIfAbsent(
                new SigningKeyId(secretKey, date),
                id -> Signature.signingKey(id.secretKey, id.date, region));
    }

    private static S3Exception oldSignature() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The authorization mechanism you have provided is not supported. Please use"
                        + " AWS4-HMAC-SHA256.");
    }

    private Claim claimOfHeader(Headers headers, String authorization) {
        if (!authorization.startsWith(Signature.ALGORITHM + " ")) {
            throw oldSignature();
        }
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        for (String part : authorization.substring(Signature.ALGORITHM.length()).split(",", 5)) {
            String item = part.strip();
            if (item.startsWith("Credential=") && credential == null) {
                credential = item.substring(11);
            } else if (item.startsWith("SignedHeaders=") && signedHeaders == null) {
                signedHeaders = item.substring(14);
            } else if (item.startsWith("Signature=") && signature == null) {
                signature = item.substring(10);
            } else {
                throw new S3Exception(S3Error.AUTHORIZATION_HEADER_MALFORMED);
            }
        }
        if (credential == null || signedHeaders == null || signature == null) {
            throw new S3Exception(S3Error.AUTHORIZATION_HEADER_MALFORMED);
        }
        String timestamp = timestampOfHeaders(headers);
        String payload = onlyOne(headers, "x-amz-content-sha256");
        if (payload == null) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Missing required header for this request: x-amz-content-sha256");
        }
        Duration skew = Duration.between(instant(timestamp), clock.now()).abs();
        if (skew.compareTo(SKEW_MAX) > 0) {
            throw new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED);
        }
        return claim(
                credential,
                signedHeaders,
                signature,
                timestamp,
                payload,
                false,
                S3Error.AUTHORIZATION_HEADER_MALFORMED);
    }

    private static @Nullable String onlyOne(Headers headers, String name) {
        List<String> values = headers.all(name);
        if (values.size() > 1) {
            throw new S3Exception(S3Error.INVALID_REQUEST, name + " is given more than once.");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private static String timestampOfHeaders(Headers headers) {
        String timestamp = onlyOne(headers, "x-amz-date");
        if (timestamp == null) {
            timestamp = headers.firstOrNull("date");
        }
        if (timestamp == null || Timestamps.parseBasic(timestamp).isEmpty()) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "AWS authentication requires a valid Date or x-amz-date header");
        }
        return timestamp;
    }

    private static Instant instant(String timestamp) {
        return Timestamps.parseBasic(timestamp)
                .orElseThrow(
                        () -> new S3Exception(S3Error.ACCESS_DENIED, "The date is malformed."));
    }

    private Claim claimOfQuery(Headers headers, Query query) {
        for (String name : QUERY_PARAMETERS) {
            if (query.count(name) != 1) {
                throw badQuery(
                        "Query-string authentication version 4 requires the X-Amz-Algorithm,"
                            + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders,"
                            + " and X-Amz-Expires parameters.");
            }
        }
        if (!query.get("X-Amz-Algorithm", "").equals(Signature.ALGORITHM)) {
            throw badQuery("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        String timestamp = query.get("X-Amz-Date", "");
        if (Timestamps.parseBasic(timestamp).isEmpty()) {
            throw badQuery(
                    "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        long seconds = expirySeconds(query.get("X-Amz-Expires", ""));
        Instant signed = instant(timestamp);
        Instant now = clock.now();
        if (signed.isAfter(now.plus(SKEW_MAX))) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not yet valid");
        }
        if (now.isAfter(signed.plusSeconds(seconds))) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired");
        }
        String inHeader = onlyOne(headers, "x-amz-content-sha256");
        String payload =
                inHeader != null ? inHeader : query.get("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        return claim(
                query.get("X-Amz-Credential", ""),
                query.get("X-Amz-SignedHeaders", ""),
                query.get("X-Amz-Signature", ""),
                timestamp,
                payload,
                true,
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    }

    private static S3Exception badQuery(String message) {
        return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
    }

    private static long expirySeconds(String text) {
        boolean number = !text.isEmpty() && text.length() <= 9;
        for (int i = 0; number && i < text.length(); i++) {
            number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        long seconds = number ? Long.parseLong(text) : 0;
        if (seconds < 1 || seconds > EXPIRY_SECONDS_MAX) {
            throw badQuery("X-Amz-Expires must be a number from 1 to 604800 (a week) of seconds");
        }
        return seconds;
    }

    private static Claim claim(
            String credential,
            String signedHeaders,
            String signature,
            String timestamp,
            String payload,
            boolean presigned,
            S3Error malformed) {
        String[] scope = credential.split("/", 7);
        if (scope.length != 5
                || scope[0].isEmpty()
                || !scope[3].equals("s3")
                || !scope[4].equals("aws4_request")) {
            throw new S3Exception(
                    malformed,
                    "The Credential is malformed; expecting"
                            + " \"<YOUR-AKID>/YYYYMMDD/REGION/s3/aws4_request\".");
        }
        if (!timestamp.startsWith(scope[1]) || scope[1].length() != 8) {
            throw new S3Exception(
                    malformed, "The date of the Credential is not that of the request.");
        }
        if (!PayloadForm.isLowerHex64(signature)) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        List<String> names = List.of(signedHeaders.split(";", -1));
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i - 1).compareTo(names.get(i)) >= 0) {
                throw new S3Exception(malformed, "SignedHeaders must be sorted, each name once.");
            }
        }
        return new Claim(
                scope[0], scope[1], scope[2], names, signature, timestamp, payload, presigned);
    }

    private void checkScope(Claim claim) {
        if (!claim.region.equals(region)) {
            throw S3Exception.ofRegion(
                    claim.presigned
                            ? S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR
                            : S3Error.AUTHORIZATION_HEADER_MALFORMED,
                    claim.region,
                    region);
        }
    }

    private static void checkSigned(Headers headers, Claim claim) {
        List<String> missing = new ArrayList<>(0);
        if (!claim.signedHeaders.contains("host")) {
            missing.add("host");
        }
        for (int i = 0; i < headers.count(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-") && !claim.signedHeaders.contains(name)) {
                missing.add(name);
            }
        }
        if (!claim.presigned
                && !headers.has("x-amz-date")
                && !claim.signedHeaders.contains("date")) {
            missing.add("date");
        }
        if (!missing.isEmpty()) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "There were headers present in the request which were not signed: "
                            + String.join(", ", missing));
        }
        for (String name : claim.signedHeaders) {
            if (!headers.has(name)) {
                throw new S3Exception(
                        S3Error.SIGNATURE_DOES_NOT_MATCH, "A signed header is absent: " + name);
            }
        }
    }

    private static String canonicalRequest(
            HttpRequest request, String decodedPath, Query query, Claim claim) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(PercentCode.encode(decodedPath, true)).append('\n');
        out.append(query.canonical(claim.presigned ? "X-Amz-Signature" : "")).append('\n');
        for (String name : claim.signedHeaders) {
            out.append(name).append(':');
            boolean first = true;
            for (String value : request.headers().all(name)) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                appendSingleSpaced(value, out);
            }
            out.append('\n');
        }
        out.append('\n').append(String.join(";", claim.signedHeaders)).append('\n');
        return out.append(claim.payload).toString();
    }

    private static void appendSingleSpaced(String value, StringBuilder out) {
        boolean space = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' && space) {
                continue;
            }
            space = c == ' ';
            out.append(c);
        }
    }
}
