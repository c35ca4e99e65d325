package io.sepiola.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client over a plain socket, with a signer of its own that can be told to sign wrongly. Targets
 * are given in the encoded form that is signed.
 */
final class S3Client {
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    static final String CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    static final String CHUNKS_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final InetSocketAddress address;
    private final String access;
    private final String secret;

    S3Client(InetSocketAddress address, String access, String secret) {
        this.address = address;
        this.access = access;
        this.secret = secret;
    }

    /** What came back; header names in lower case. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String element(String name) {
            int first = text().indexOf("<" + name + ">");
            int end = text().indexOf("</" + name + ">");
            return first < 0 ? "" : text().substring(first + name.length() + 2, end);
        }

        /** Status and S3's code, as in {@code 403 AccessDenied}. */
        String outcome() {
            return body.length == 0 || status < 300 ? "" + status : status + " " + element("Code");
        }

        String etag() {
            return headers.getOrDefault("etag", "");
        }
    }

    Request request(String method, String target) {
        return new Request(method, target);
    }

    Answer put(String target, byte[] body) {
        return request("PUT", target).body(body).send();
    }

    Answer put(String target, String body) {
        return put(target, body.getBytes(StandardCharsets.UTF_8));
    }

    Answer get(String target) {
        return request("GET", target).send();
    }

    Answer delete(String target) {
        return request("DELETE", target).send();
    }

    Answer post(String target, String body) {
        return request("POST", target).body(body.getBytes(StandardCharsets.UTF_8)).send();
    }

    /** A request being put together; each method returns this. */
    final class Request {
        private final String method;
        private final String target;
        private final TreeMap<String, String> signed = new TreeMap<>();
        private final List<String> unsigned = new ArrayList<>();
        private byte[] body = new byte[0];
        private String payload = "";
        private Instant time = Instant.now();
        private String region = "us-east-1";
        private String service = "s3";
        private String terminator = "aws4_request";
        private String algorithm = "AWS4-HMAC-SHA256";
        private String scopeDate = "";
        private boolean hostSigned = true;
        private boolean anonymous;
        private long declaredLength = -1;
        private String signature = "";

        private Request(String method, String target) {
            this.method = method;
            this.target = target;
        }

        Request header(String name, String value) {
            signed.put(name, value);
            return this;
        }

        /** A line that is sent but not signed. */
        Request unsigned(String line) {
            unsigned.add(line);
            return this;
        }

        Request body(byte[] bytes) {
            body = bytes;
            return this;
        }

        /** The value of x-amz-content-sha256 instead of the right one. */
        Request payload(String value) {
            payload = value;
            return this;
        }

        Request time(Instant value) {
            time = value;
            return this;
        }

        Request region(String value) {
            region = value;
            return this;
        }

        Request service(String value) {
            service = value;
            return this;
        }

        Request terminator(String value) {
            terminator = value;
            return this;
        }

        Request algorithm(String value) {
            algorithm = value;
            return this;
        }

        Request scopeDate(String value) {
            scopeDate = value;
            return this;
        }

        Request hostUnsigned() {
            hostSigned = false;
            return this;
        }

        Request anonymous() {
            anonymous = true;
            return this;
        }

        Request declaredLength(long value) {
            declaredLength = value;
            return this;
        }

        String timestamp() {
            return BASIC.format(time);
        }

        private String date() {
            return scopeDate.isEmpty() ? timestamp().substring(0, 8) : scopeDate;
        }

        String scope() {
            return date() + "/" + region + "/" + service + "/" + terminator;
        }

        byte[] signingKey() {
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String step : List.of(date(), region, service, terminator)) {
                key = hmac(key, step);
            }
            return key;
        }

        private String canonical(String query, String hash) {
            int question = target.indexOf('?');
            StringBuilder out = new StringBuilder(method).append('\n');
            out.append(question < 0 ? target : target.substring(0, question)).append('\n');
            out.append(query).append('\n');
            signed.forEach(
                    (name, value) -> out.append(name).append(':').append(value).append('\n'));
            return out.append('\n').append(names()).append('\n').append(hash).toString();
        }

        private String names() {
            return String.join(";", signed.keySet());
        }

        private String sign(String query, String hash) {
            return hex(
                    hmac(
                            signingKey(),
                            algorithm
                                    + "\n"
                                    + timestamp()
                                    + "\n"
                                    + scope()
                                    + "\n"
                                    + sha256(
                                            canonical(query, hash)
                                                    .getBytes(StandardCharsets.ISO_8859_1))));
        }

        private String canonicalQuery() {
            int question = target.indexOf('?');
            if (question < 0) {
                return "";
            }
            String[] parts = target.substring(question + 1).split("&");
            for (int i = 0; i < parts.length; i++) {
                parts[i] = parts[i].contains("=") ? parts[i] : parts[i] + "=";
            }
            Arrays.sort(parts);
            return String.join("&", parts);
        }

        /** Signs in the header, and gives the head as it goes over the wire. */
        String head() {
            String host = "127.0.0.1:" + address.getPort();
            StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            if (!anonymous) {
                payload = payload.isEmpty() ? sha256(body) : payload;
                signed.put("x-amz-date", timestamp());
                signed.put("x-amz-content-sha256", payload);
                if (hostSigned) {
                    signed.putIfAbsent("host", host);
                }
                signature = sign(canonicalQuery(), payload);
                head.append("Authorization: ").append(algorithm);
                head.append(" Credential=").append(access).append('/').append(scope());
                head.append(", SignedHeaders=").append(names());
                head.append(", Signature=").append(signature).append("\r\n");
            }
            if (!signed.containsKey("host")) {
                head.append("Host: ").append(host).append("\r\n");
            }
            signed.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
            unsigned.forEach(line -> head.append(line).append("\r\n"));
            boolean framed =
                    unsigned.stream()
                            .anyMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("transfer"));
            if (!framed && (body.length > 0 || declaredLength >= 0 || !method.equals("GET"))) {
                long length = declaredLength >= 0 ? declaredLength : body.length;
                head.append("Content-Length: ").append(length).append("\r\n");
            }
            return head.append("\r\n").toString();
        }

        /** The signature of the head, from which chunks go on. */
        String signature() {
            return signature;
        }

        Answer send() {
            byte[] head = head().getBytes(StandardCharsets.ISO_8859_1);
            byte[] all = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, all, head.length, body.length);
            return exchange(all);
        }

        /** Sends {@code data} in signed chunks; the editor may spoil what is sent. */
        Answer sendChunks(byte[] data, int chunkSize, Editor editor) {
            payload = payload.isEmpty() ? CHUNKS : payload;
            signed.put("x-amz-decoded-content-length", Integer.toString(data.length));
            declaredLength = 0;
            head(); // for the seed's signature
            List<byte[]> chunks = new ArrayList<>();
            String previous = signature;
            for (int at = 0; at <= data.length; at += chunkSize) {
                byte[] chunk = Arrays.copyOfRange(data, at, Math.min(data.length, at + chunkSize));
                previous = chunkSignature(previous, chunk);
                chunks.add(chunk(chunk, previous));
                if (chunk.length > 0 && at + chunkSize >= data.length) {
                    previous = chunkSignature(previous, new byte[0]);
                    chunks.add(chunk(new byte[0], previous));
                    break;
                }
            }
            byte[] sent = join(editor.edit(chunks, previous));
            declaredLength = sent.length;
            byte[] head = head().getBytes(StandardCharsets.ISO_8859_1);
            return exchange(join(List.of(head, sent)));
        }

        private byte[] chunk(byte[] data, String chunkSignature) {
            String line =
                    Integer.toHexString(data.length)
                            + ";chunk-signature="
                            + chunkSignature
                            + "\r\n";
            return join(List.of(ascii(line), data, ascii("\r\n")));
        }

        private String chunkSignature(String previous, byte[] chunk) {
            return hex(
                    hmac(
                            signingKey(),
                            "AWS4-HMAC-SHA256-PAYLOAD\n"
                                    + timestamp()
                                    + "\n"
                                    + scope()
                                    + "\n"
                                    + previous
                                    + "\n"
                                    + sha256(new byte[0])
                                    + "\n"
                                    + sha256(chunk)));
        }

        String trailerSignature(String previous, String trailer) {
            return hex(
                    hmac(
                            signingKey(),
                            "AWS4-HMAC-SHA256-TRAILER\n"
                                    + timestamp()
                                    + "\n"
                                    + scope()
                                    + "\n"
                                    + previous
                                    + "\n"
                                    + sha256(ascii(trailer + "\n"))));
        }

        /** The target with its signature in the query. */
        String presigned(String expires) {
            signed.put("host", "127.0.0.1:" + address.getPort());
            String credential = (access + "/" + scope()).replace("/", "%2F");
            String query =
                    "X-Amz-Algorithm="
                            + algorithm
                            + "&X-Amz-Credential="
                            + credential
                            + "&X-Amz-Date="
                            + timestamp()
                            + (expires.isEmpty() ? "" : "&X-Amz-Expires=" + expires)
                            + "&X-Amz-SignedHeaders="
                            + names().replace(";", "%3B");
            return target + "?" + query + "&X-Amz-Signature=" + sign(query, UNSIGNED);
        }
    }

    /** Spoils chunks before they are sent. */
    interface Editor {
        List<byte[]> edit(List<byte[]> chunks, String lastSignature);
    }

    Answer exchange(byte[] bytes) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            Thread writer =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    socket.getOutputStream().write(bytes);
                                } catch (IOException closedByServer) {
                                    // It may answer before it has read everything.
                                }
                            });
            Answer answer = read(socket.getInputStream(), bytes[0] == 'H');
            writer.interrupt();
            return answer;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    static Answer read(InputStream in, boolean headOnly) throws IOException {
        String status = line(in);
        if (status.isEmpty()) {
            return new Answer(0, Map.of(), new byte[0]);
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = headOnly ? new byte[0] : in.readNBytes(length);
        return new Answer(Integer.parseInt(status.substring(9, 12)), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parts.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String sha256(byte[] bytes) {
        return hex(digest("SHA-256", bytes));
    }

    static byte[] digest(String name, byte[] bytes) {
        try {
            return MessageDigest.getInstance(name).digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
