package io.sepiola.gateway.http;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * Reads request lines and headers (RFC 9112), refusing all that it leaves to the reader's kindness:
 * bare line feeds, folded lines, space before the colon, absolute targets, and every doubt about
 * where the body ends.
 */
final class HeadReader {
    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private final Wire wire;
    private final HttpLimits limits;

    HeadReader(Wire wire, HttpLimits limits) {
        this.wire = wire;
        this.limits = limits;
    }

    /** The next request, or null when the connection ends, or idles, before its first byte. */
    @Nullable HttpRequest nextOrNull() {
        if (!wire.awaitFirst(wire.nanos() + limits.idle().toNanos())) {
            return null;
        }
        long deadline = wire.nanos() + limits.head().toNanos();
        String start = startLine(deadline);
        int afterMethod = start.indexOf(' ');
        int afterTarget = start.lastIndexOf(' ');
        if (afterMethod <= 0 || afterTarget <= afterMethod + 1) {
            throw new HttpRefusal(400, "The request line is malformed.");
        }
        String method = start.substring(0, afterMethod);
        String target = start.substring(afterMethod + 1, afterTarget);
        String version = start.substring(afterTarget + 1);
        boolean http11 = version.equals("HTTP/1.1");
        if (!http11 && !version.equals("HTTP/1.0")) {
            throw new HttpRefusal(505, "Only HTTP/1.1 is spoken here.");
        }
        checkMethod(method);
        checkTarget(target);
        Headers headers = headers(limits.headBytes() - start.length(), deadline);
        checkHost(headers, http11);
        long length = bodyLength(headers);
        boolean continueExpected = continueExpected(headers, http11);
        int question = target.indexOf('?');
        return new HttpRequest(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                new HttpBody(wire, limits, length, continueExpected),
                http11 && !closeAsked(headers));
    }

    private String startLine(long deadline) {
        try {
            String line = wire.line(limits.targetBytes(), deadline);
            return line.isEmpty()
                    ? wire.line(limits.targetBytes(), deadline)
                    : line; // RFC 9112, 2.2
        } catch (HttpRefusal refusal) {
            throw refusal.status() == 431 ? new HttpRefusal(414, "The URI is too long.") : refusal;
        }
    }

    private static void checkMethod(String method) {
        for (int i = 0; i < method.length(); i++) {
            if (!isToken(method.charAt(i))) {
                throw new HttpRefusal(400, "The method is malformed.");
            }
        }
    }

    private static void checkTarget(String target) {
        if (target.charAt(0) != '/') {
            throw new HttpRefusal(400, "The request target must begin with a slash.");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                throw new HttpRefusal(
                        400, "The request target has a character that must be encoded.");
            }
        }
    }

    private Headers headers(int bytesMax, long deadline) {
        Headers headers = new Headers();
        int left = bytesMax;
        while (true) {
            String line = wire.line(Math.max(0, left), deadline);
            if (line.isEmpty()) {
                return headers;
            }
            left -= line.length() + 2;
            if (headers.count() >= limits.headerCount()) {
                throw new HttpRefusal(431, "There are too many headers.");
            }
            addHeader(line, headers);
        }
    }

    private static void addHeader(String line, Headers headers) {
        int colon = line.indexOf(':');
        if (colon <= 0) {
            throw new HttpRefusal(400, "A header line is malformed.");
        }
        for (int i = 0; i < colon; i++) {
            if (!isToken(line.charAt(i))) { // also a folded line, and space before the colon
                throw new HttpRefusal(400, "A header's name is malformed.");
            }
        }
        int first = colon + 1;
        int end = line.length();
        while (first < end && isBlank(line.charAt(first))) {
            first++;
        }
        while (end > first && isBlank(line.charAt(end - 1))) {
            end--;
        }
        headers.add(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(first, end));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isToken(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || TOKEN_PUNCTUATION.indexOf(c) >= 0;
    }

    private static void checkHost(Headers headers, boolean http11) {
        List<String> hosts = headers.all("host");
        if (hosts.size() > 1 || http11 && hosts.isEmpty()) {
            throw new HttpRefusal(400, "There must be one Host header.");
        }
    }

    private static long bodyLength(Headers headers) {
        List<String> codings = headers.all("transfer-encoding");
        List<String> lengths = headers.all("content-length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw new HttpRefusal(
                        400, "Content-Length and Transfer-Encoding exclude each other.");
            }
            if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new HttpRefusal(400, "The only transfer coding here is chunked.");
            }
            return HttpBody.UNKNOWN;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        String length = lengths.getFirst();
        if (lengths.size() > 1 || length.isEmpty() || length.length() > 18) {
            throw new HttpRefusal(400, "The Content-Length is malformed.");
        }
        for (int i = 0; i < length.length(); i++) {
            if (length.charAt(i) < '0' || length.charAt(i) > '9') {
                throw new HttpRefusal(400, "The Content-Length is malformed.");
            }
        }
        return Long.parseLong(length);
    }

    private static boolean continueExpected(Headers headers, boolean http11) {
        String expect = headers.firstOrNull("expect");
        if (expect == null) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new HttpRefusal(417, "Only 100-continue can be expected.");
        }
        return http11;
    }

    private static boolean closeAsked(Headers headers) {
        for (String value : headers.all("connection")) {
            if (value.toLowerCase(Locale.ROOT).contains("close")) {
                return true;
            }
        }
        return false;
    }
}
