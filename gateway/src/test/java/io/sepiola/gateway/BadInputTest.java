package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Requests that must be refused, by their numbers in the list of bad inputs; nothing is ever
 * stored.
 */
class BadInputTest {
    private static TestGateway gateway;
    private static S3Client one;

    @BeforeAll
    static void start() {
        gateway = new TestGateway();
        one = gateway.one;
        one.put("/bkt", "");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void nothingIsStored() throws InterruptedException {
        assertThat(one.get("/bkt").text()).doesNotContain("<Key>");
        gateway.awaitNothingLeft();
    }

    private static S3Client.Request put() {
        return one.request("PUT", "/bkt/key").body(S3Client.ascii("data"));
    }

    private static S3Client.Answer raw(String request) {
        return one.exchange(S3Client.ascii(request));
    }

    private static String crc32(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        byte[] value = new byte[4];
        for (int i = 0; i < 4; i++) {
            value[i] = (byte) (crc.getValue() >>> 24 - 8 * i);
        }
        return Base64.getEncoder().encodeToString(value);
    }

    @Test
    void x20UnsignedTrailerWithAWrongSignature() {
        S3Client forger = new S3Client(gateway.gateway.address(), "one", "guess");
        assertThat(
                        trailer(
                                forger,
                                "4\r\ndata\r\n0\r\nx-amz-checksum-crc32:"
                                        + crc32(S3Client.ascii("data"))
                                        + "\r\n\r\n"))
                .isEqualTo("403 SignatureDoesNotMatch");
    }

    private static String trailer(S3Client client, String body) {
        return client.request("PUT", "/bkt/key")
                .payload(S3Client.UNSIGNED_TRAILER)
                .header("x-amz-trailer", "x-amz-checksum-crc32")
                .header("x-amz-decoded-content-length", "4")
                .body(S3Client.ascii(body))
                .send()
                .outcome();
    }

    @Test
    void x21HeadersThatAreNotSigned() {
        for (String line :
                List.of("x-amz-copy-source: /bkt/other", "x-amz-acl: private", "X-Amz-Meta-A: b")) {
            assertThat(put().unsigned(line).send().outcome())
                    .as(line)
                    .isEqualTo("403 AccessDenied");
            String target = one.request("PUT", "/bkt/key").presigned("60");
            assertThat(
                            raw("PUT "
                                            + target
                                            + " HTTP/1.1\r\nHost: "
                                            + host()
                                            + "\r\n"
                                            + line
                                            + "\r\nContent-Length: 0\r\n\r\n")
                                    .outcome())
                    .as(line)
                    .isEqualTo("403 AccessDenied");
        }
    }

    private static String host() {
        return "127.0.0.1:" + gateway.gateway.address().getPort();
    }

    @Test
    void x22SignedHeadersInOtherForms() {
        assertThat(put().hostUnsigned().send().outcome()).isEqualTo("403 AccessDenied");
        assertThat(put().header("x-amz-meta-a", "1").unsigned("x-amz-meta-a: 2").send().outcome())
                .isEqualTo("403 SignatureDoesNotMatch");
        String head = put().header("x-amz-meta-a", "1").head();
        assertThat(raw(head.replace("x-amz-meta-a: 1\r\n", "") + "data").outcome())
                .isEqualTo("403 SignatureDoesNotMatch");
        assertThat(raw(head.replace("x-amz-meta-a: 1", "x-amz-meta-a:\r\n 1") + "data").outcome())
                .isEqualTo("400 InvalidRequest");
    }

    @Test
    void x23ChunksThatAreNotAsSigned() {
        byte[] data = new byte[40_000];
        Arrays.fill(data, (byte) 'x');
        data[0] = 'a';
        data[16384] = 'b';
        assertThat(chunks(data, chunks -> {})).isEqualTo("200");
        one.delete("/bkt/key");
        assertThat(chunks(data, chunks -> Collections.swap(chunks, 0, 1))).startsWith("403");
        assertThat(chunks(data, chunks -> chunks.remove(1))).startsWith("403");
        assertThat(chunks(data, chunks -> chunks.removeLast())).isEqualTo("400 IncompleteBody");
        assertThat(chunks(data, chunks -> chunks.add(S3Client.ascii("more"))))
                .isEqualTo("400 IncompleteBody");
        assertThat(chunks(data, chunks -> chunks.getFirst()[5000] ^= 1)).startsWith("403");
        assertThat(chunks(data, chunks -> chunks.getFirst()[30] ^= 1)).startsWith("403");
        for (String size : List.of("0x", "-1", "ffffffffffffffffff", "140000001", "", "g")) {
            String line = size + ";chunk-signature=" + "0".repeat(64) + "\r\n";
            assertThat(chunks(data, chunks -> chunks.addFirst(S3Client.ascii(line))))
                    .as(size)
                    .isEqualTo("400 IncompleteBody");
        }
        S3Client.Answer wrongLength =
                one.request("PUT", "/bkt/key")
                        .payload(S3Client.UNSIGNED_TRAILER)
                        .header("x-amz-trailer", "x-amz-checksum-crc32")
                        .header("x-amz-decoded-content-length", "5")
                        .body(
                                S3Client.ascii(
                                        "4\r\ndata\r\n0\r\nx-amz-checksum-crc32:"
                                                + crc32(S3Client.ascii("data"))
                                                + "\r\n\r\n"))
                        .send();
        assertThat(wrongLength.outcome()).isEqualTo("400 IncompleteBody");
    }

    private static String chunks(byte[] data, Consumer<List<byte[]>> spoil) {
        return one.request("PUT", "/bkt/key")
                .sendChunks(
                        data,
                        16384,
                        (chunks, last) -> {
                            List<byte[]> changed = new ArrayList<>(chunks);
                            spoil.accept(changed);
                            return changed;
                        })
                .outcome();
    }

    @Test
    void x24TrailersThatAreNotAsAnnounced() {
        String good = "x-amz-checksum-crc32:" + crc32(S3Client.ascii("data")) + "\r\n";
        String start = "4\r\ndata\r\n0\r\n";
        assertThat(trailer(one, start + good + "\r\n")).isEqualTo("200");
        one.delete("/bkt/key");
        assertThat(trailer(one, start + "\r\n")).isEqualTo("400 MalformedTrailerError");
        assertThat(trailer(one, start + good + "x-amz-checksum-sha1:AAAA\r\n\r\n"))
                .isEqualTo("400 MalformedTrailerError");
        assertThat(trailer(one, start + good + good + "\r\n"))
                .isEqualTo("400 MalformedTrailerError");
        assertThat(trailer(one, start + "x-amz-checksum-crc32:AAAAAA==\r\n\r\n"))
                .isEqualTo("400 BadDigest");
        assertThat(trailer(one, start + good)).isEqualTo("400 IncompleteBody");
        assertThat(
                        put().header("x-amz-checksum-crc32", crc32(S3Client.ascii("data")))
                                .header("x-amz-checksum-sha1", "2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
                                .send()
                                .outcome())
                .isEqualTo("400 InvalidRequest");
        for (boolean right : new boolean[] {true, false}) {
            String outcome = signedTrailer(right);
            assertThat(outcome).isEqualTo(right ? "200" : "403 SignatureDoesNotMatch");
        }
        one.delete("/bkt/key");
    }

    private static String signedTrailer(boolean right) {
        byte[] data = S3Client.ascii("data");
        String sum = "x-amz-checksum-crc32:" + crc32(data);
        S3Client.Request request =
                one.request("PUT", "/bkt/key")
                        .payload(S3Client.CHUNKS_TRAILER)
                        .header("x-amz-trailer", "x-amz-checksum-crc32");
        return request.sendChunks(
                        data,
                        4,
                        (chunks, last) -> {
                            String end =
                                    new String(
                                            chunks.getLast(),
                                            java.nio.charset.StandardCharsets.ISO_8859_1);
                            String signature =
                                    request.trailerSignature(right ? last : "0".repeat(64), sum);
                            return List.of(
                                    chunks.getFirst(),
                                    S3Client.ascii(end.substring(0, end.length() - 2)),
                                    S3Client.ascii(
                                            sum
                                                    + "\r\nx-amz-trailer-signature:"
                                                    + signature
                                                    + "\r\n\r\n"));
                        })
                .outcome();
    }

    @Test
    void x25HashesThatDoNotMatch() {
        assertThat(put().payload(S3Client.sha256(S3Client.ascii("other"))).send().outcome())
                .isEqualTo("400 XAmzContentSHA256Mismatch");
        String upper = S3Client.sha256(S3Client.ascii("data")).toUpperCase(java.util.Locale.ROOT);
        assertThat(put().payload(upper).send().outcome()).isEqualTo("400 InvalidArgument");
        String head = put().head();
        assertThat(
                        raw(head.replaceAll("x-amz-content-sha256: [0-9a-f]+\r\n", "") + "data")
                                .status())
                .isEqualTo(400);
        assertThat(put().header("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==").send().outcome())
                .isEqualTo("400 BadDigest");
        assertThat(put().header("content-md5", "short").send().outcome())
                .isEqualTo("400 InvalidDigest");
        byte[] large = new byte[9 << 20];
        assertThat(put().body(large).payload(S3Client.sha256(new byte[1])).send().outcome())
                .isEqualTo("400 XAmzContentSHA256Mismatch");
    }

    @Test
    void x26PresignedOutOfTime() {
        for (String expires : List.of("0", "-1", "abc", "604801", "", "99999999999999999999")) {
            assertThat(presigned(expires, Instant.now()))
                    .as(expires)
                    .isEqualTo("400 AuthorizationQueryParametersError");
        }
        assertThat(presigned("10", Instant.now().minusSeconds(12))).isEqualTo("403 AccessDenied");
        assertThat(presigned("60", Instant.now().plus(Duration.ofMinutes(16))))
                .isEqualTo("403 AccessDenied");
        assertThat(presigned("604800", Instant.now().minusSeconds(600_000)))
                .isEqualTo("404 NoSuchKey");
        assertThat(presignedPut("604801", Instant.now()))
                .isEqualTo("400 AuthorizationQueryParametersError");
        assertThat(presignedPut("10", Instant.now().minusSeconds(12)))
                .isEqualTo("403 AccessDenied");
        assertThat(presignedPut("60", Instant.now())).isEqualTo("200");
        one.delete("/bkt/key");
        String target = one.request("GET", "/bkt/key").presigned("60");
        String head = one.request("GET", "/bkt/key").head();
        assertThat(raw(head.replace("GET /bkt/key", "GET " + target)).outcome())
                .isEqualTo("400 InvalidArgument");
        assertThat(get(target + "&X-Amz-Expires=600"))
                .isEqualTo("400 AuthorizationQueryParametersError");
    }

    private static String presigned(String expires, Instant time) {
        return get(one.request("GET", "/bkt/key").time(time).presigned(expires));
    }

    private static String presignedPut(String expires, Instant time) {
        String target = one.request("PUT", "/bkt/key").time(time).presigned(expires);
        String head = "PUT " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n";
        return raw(head + "Content-Length: 4\r\n\r\ndata").outcome();
    }

    private static String get(String target) {
        return raw("GET " + target + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n").outcome();
    }

    @Test
    void x27Skew() {
        Instant now = Instant.now();
        assertThat(one.request("GET", "/bkt").time(now.minusSeconds(14 * 60 + 55)).send().status())
                .isEqualTo(200);
        assertThat(one.request("GET", "/bkt").time(now.plusSeconds(14 * 60 + 55)).send().status())
                .isEqualTo(200);
        for (int seconds : new int[] {-15 * 60 - 3, 15 * 60 + 5}) {
            assertThat(put().time(now.plusSeconds(seconds)).send().outcome())
                    .isEqualTo("403 RequestTimeTooSkewed");
        }
    }

    @Test
    void x28ScopesThatAreNotOurs() {
        assertThat(put().region("eu-west-1").send().outcome())
                .isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(put().service("ec2").send().outcome())
                .isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(put().terminator("aws5_request").send().outcome())
                .isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(put().scopeDate("20200101").send().outcome())
                .isEqualTo("400 AuthorizationHeaderMalformed");
        assertThat(put().algorithm("AWS4-HMAC-SHA512").send().outcome())
                .isEqualTo("400 InvalidRequest");
        assertThat(put().anonymous().send().outcome()).isEqualTo("403 AccessDenied");
        S3Client unknown = new S3Client(gateway.gateway.address(), "nobody", "x");
        assertThat(unknown.get("/bkt").outcome()).isEqualTo("403 InvalidAccessKeyId");
        S3Client empty = new S3Client(gateway.gateway.address(), "", "x");
        assertThat(empty.get("/bkt").outcome()).isEqualTo("400 AuthorizationHeaderMalformed");
        String head = put().head();
        int at = head.indexOf("Signature=") + 10;
        String signature = head.substring(at, at + 64);
        String upper = signature.toUpperCase(java.util.Locale.ROOT);
        assertThat(raw(head.replace(signature, upper) + "data").outcome())
                .isEqualTo("403 SignatureDoesNotMatch");
        assertThat(raw(head.replace(signature, "") + "data").outcome())
                .isEqualTo("403 SignatureDoesNotMatch");
        String old =
                "PUT /bkt/key HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Authorization: AWS one:c2ln\r\n"
                        + "Content-Length: 0\r\n\r\n";
        assertThat(raw(old).outcome()).isEqualTo("400 InvalidRequest");
    }

    @Test
    void x29NamesAreTakenLiterally() {
        one.put("/other", "");
        for (String key :
                List.of("..", "..%2F..%2Fother%2Fx", "%2Fother%2Fx", "a%2F%2Fb", "%252e%252e")) {
            String sent = key.replace("%2F", "/");
            one.put("/bkt/" + sent, key);
            assertThat(one.get("/bkt/" + sent).text()).as(key).isEqualTo(key);
            assertThat(one.get("/other").text()).doesNotContain("<Key>");
            one.delete("/bkt/" + sent);
        }
        assertThat(one.put("/bkt%2F..%2Fother/x", "x").status()).isIn(400, 403);
        assertThat(one.put("/bkt/a%00b", "x").outcome()).isEqualTo("400 InvalidURI");
        assertThat(one.put("/bkt/a%zzb", "x").outcome()).isEqualTo("400 InvalidURI");
        assertThat(one.put("/bkt/a%C3", "x").outcome()).isEqualTo("400 InvalidURI");
        assertThat(one.put("/bkt/" + "k".repeat(1025), "x").outcome())
                .isEqualTo("400 KeyTooLongError");
        assertThat(one.put("/bkt/" + "k".repeat(1024), "x").outcome()).isEqualTo("200");
        one.delete("/bkt/" + "k".repeat(1024));
        for (String source :
                List.of("/bkt/..%00", "bkt", "/", "/../bkt/x", "/bkt/" + "k".repeat(1025))) {
            assertThat(put().body(new byte[0]).header("x-amz-copy-source", source).send().status())
                    .as(source)
                    .isEqualTo(400);
        }
    }

    @Test
    void x36OverridesWithControlBytes() {
        one.put("/bkt/key", "x");
        assertThat(one.get("/bkt/key?response-content-type=a%0D%0AX%3A%20b").outcome())
                .isEqualTo("400 InvalidArgument");
        assertThat(one.get("/bkt/key?response-content-type=text%2Fq").headers())
                .containsEntry("content-type", "text/q");
        one.delete("/bkt/key");
    }

    @Test
    void x42And43Documents() {
        String key = "<Delete><Object><Key>a</Key></Object></Delete>";
        List<String> bad =
                List.of(
                        "<!DOCTYPE Delete SYSTEM \"file:///etc/passwd\">" + key,
                        "<!DOCTYPE Delete [<!ENTITY x SYSTEM"
                            + " \"http://127.0.0.1:1/\">]><Delete><Object><Key>&x;</Key></Object></Delete>",
                        "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b"
                                + " \"&a;&a;\">]><Delete><Object><Key>&b;</Key></Object></Delete>",
                        "<!DOCTYPE d [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>" + key,
                        "<Delete><Object><Key>&undefined;</Key></Object></Delete>",
                        "<x>".repeat(100_000),
                        "<Delete" + " a".repeat(100_000) + "/>",
                        "<Delete xmlns=\"urn:other\"><Object><Key>a</Key></Object></Delete>",
                        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + key,
                        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>" + key,
                        key + "<more/>",
                        key + "more",
                        "",
                        "<Other/>",
                        "<Delete></Delete>",
                        "<Delete>" + "<Object><Key>a</Key></Object>".repeat(1001) + "</Delete>");
        for (String document : bad) {
            String name = document.substring(0, Math.min(60, document.length()));
            assertThat(one.post("/bkt?delete", document).outcome())
                    .as(name)
                    .isEqualTo("400 MalformedXML");
        }
        assertThat(
                        one.request("POST", "/bkt?delete")
                                .body(key.getBytes(java.nio.charset.StandardCharsets.UTF_16))
                                .send()
                                .outcome())
                .isEqualTo("400 MalformedXML");
        assertThat(one.post("/bkt?delete", "<!-- " + "x".repeat(5 << 20) + " -->" + key).outcome())
                .isEqualTo("400 MaxMessageLengthExceeded");
        assertThat(
                        one.post(
                                        "/bkt?delete",
                                        "<Delete><Object><Key>${env:HOME}</Key></Object></Delete>")
                                .text())
                .contains("${env:HOME}");
    }

    @Test
    void x44To47HeadsThatTwoReadersCouldReadDifferently() throws IOException {
        String start = "PUT /bkt/key HTTP/1.1\r\nHost: x\r\n";
        List<String> bad =
                List.of(
                        start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
                        start + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n",
                        start + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n",
                        start + "Content-Length: +5\r\n\r\n",
                        start + "Content-Length: 5,5\r\n\r\n",
                        start + "Content-Length: 0x5\r\n\r\n",
                        start + "Content-Length: 9223372036854775808\r\n\r\n",
                        start + "Content-Length:\r\n\r\n",
                        start + "Transfer-Encoding: chunked, identity\r\n\r\n",
                        start + "Transfer-Encoding: chunked, xchunked\r\n\r\n",
                        start + "Transfer-Encoding: xchunked\r\n\r\n",
                        start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                        start + "Transfer-Encoding:\r\n chunked\r\n\r\n",
                        start + " Transfer-Encoding: chunked\r\n\r\n",
                        start + "A : b\r\n\r\n",
                        start + "no colon\r\n\r\n",
                        start + ": empty\r\n\r\n",
                        start + "A: b\u0000c\r\n\r\n",
                        start + "A: b\u0001c\r\n\r\n",
                        start + "\u00fc: b\r\n\r\n",
                        start + "A: b\n\r\n",
                        start + "A: b\rC: d\r\n\r\n",
                        start + "Host: y\r\n\r\n",
                        "PUT /bkt/key HTTP/1.1\r\n\r\n",
                        "PUT http://other/bkt/key HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PUT bkt/key HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PUT  /bkt/key HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PUT /bkt/k\u00fc HTTP/1.1\r\nHost: x\r\n\r\n",
                        "PUT /bkt/key\r\nHost: x\r\n\r\n",
                        "P(T /bkt/key HTTP/1.1\r\nHost: x\r\n\r\n");
        InetSocketAddress address = gateway.gateway.address();
        for (String head : bad) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(20_000);
                // What follows is a request to whoever took another length for the right one.
                String smuggled = "data" + one.request("GET", "/bkt").head();
                socket.getOutputStream().write(S3Client.ascii(head + smuggled));
                InputStream in = socket.getInputStream();
                S3Client.Answer answer = S3Client.read(in, false);
                assertThat(answer.status()).as(head).isEqualTo(400);
                assertThat(answer.headers()).as(head).containsEntry("connection", "close");
                assertThat(in.read()).as("closed after %s", head).isEqualTo(-1);
            }
        }
    }

    @Test
    void x46ChunksOfTheTransfer() {
        for (String body :
                List.of(
                        "zz\r\ndata\r\n0\r\n\r\n",
                        "4\ndata\r\n0\r\n\r\n",
                        "4;a=\nb\r\ndata\r\n0\r\n\r\n",
                        "4;" + "a".repeat(1 << 20) + "\r\ndata\r\n0\r\n\r\n",
                        "4\r\ndata0\r\n\r\n",
                        "fffffffffffffffff\r\ndata\r\n0\r\n\r\n",
                        "-4\r\ndata\r\n0\r\n\r\n")) {
            S3Client.Answer answer = transfer(body);
            assertThat(answer.status()).as(body.substring(0, 4)).isIn(400, 431);
            assertThat(answer.headers()).containsEntry("connection", "close");
        }
        assertThat(transfer("100000004\r\ndata").outcome()).isEqualTo("400 RequestTimeout");
        assertThat(transfer("4\r\ndata\r\n0\r\n\r\n").outcome()).isEqualTo("200");
        one.delete("/bkt/key");
    }

    private static S3Client.Answer transfer(String body) {
        return one.request("PUT", "/bkt/key")
                .payload(S3Client.UNSIGNED)
                .unsigned("Transfer-Encoding: chunked")
                .body(S3Client.ascii(body))
                .send();
    }

    @Test
    void x48HeadsThatAreTooLarge() {
        String start = "GET /bkt HTTP/1.1\r\nHost: x\r\n";
        assertThat(raw(start + "A: " + "b".repeat(64 << 10) + "\r\n\r\n").status()).isEqualTo(431);
        assertThat(raw(start + "A: b\r\n".repeat(10_000) + "\r\n").status()).isEqualTo(431);
        assertThat(raw("GET /" + "b".repeat(64 << 10) + " HTTP/1.1\r\nHost: x\r\n\r\n").status())
                .isEqualTo(414);
    }

    @Test
    void x49ClientsThatTakeTheirTime() throws IOException {
        InetSocketAddress address = gateway.gateway.address();
        try (Socket slowHead = new Socket(address.getAddress(), address.getPort());
                Socket slowBody = new Socket(address.getAddress(), address.getPort());
                Socket silent = new Socket(address.getAddress(), address.getPort())) {
            slowHead.getOutputStream().write(S3Client.ascii("GET /bkt HT"));
            slowBody.getOutputStream().write(S3Client.ascii(put().head() + "da"));
            silent.getOutputStream()
                    .write(S3Client.ascii(put().unsigned("Expect: 100-continue").head()));
            assertThat(one.get("/bkt").status()).isEqualTo(200);
            assertThat(S3Client.read(slowHead.getInputStream(), false).outcome())
                    .isEqualTo("400 RequestTimeout");
            assertThat(S3Client.read(slowBody.getInputStream(), false).outcome())
                    .isEqualTo("400 RequestTimeout");
            assertThat(S3Client.read(silent.getInputStream(), false).status()).isEqualTo(100);
            assertThat(S3Client.read(silent.getInputStream(), false).outcome())
                    .isEqualTo("400 RequestTimeout");
        }
    }

    @Test
    void x50ClientsThatAreGoneAtEveryByte() throws IOException, InterruptedException {
        InetSocketAddress address = gateway.gateway.address();
        byte[] small = S3Client.join(List.of(S3Client.ascii(put().head()), S3Client.ascii("dat")));
        for (int size = 0; size <= small.length; size += 7) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.getOutputStream().write(small, 0, size);
            }
        }
        byte[] data = new byte[10 << 20];
        byte[] large = S3Client.join(List.of(S3Client.ascii(put().body(data).head()), data));
        for (int size : new int[] {5 << 20, 9 << 20, large.length - 1}) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.getOutputStream().write(large, 0, size);
            }
        }
        gateway.awaitNothingLeft();
        assertThat(one.get("/bkt").status()).isEqualTo(200);
    }

    @Test
    void x51Counts() {
        assertThat(one.get("/bkt?max-keys=2147483648").status()).isEqualTo(200);
        assertThat(one.get("/bkt?max-keys=999999999999999999999").outcome())
                .isEqualTo("400 InvalidArgument");
        assertThat(put().header("x-amz-meta-a", "x".repeat(2048)).send().outcome())
                .isEqualTo("400 MetadataTooLarge");
        assertThat(
                        put().declaredLength((5L << 30) + 1)
                                .payload(S3Client.UNSIGNED)
                                .body(new byte[0])
                                .send()
                                .outcome())
                .isEqualTo("400 EntityTooLarge");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        one.put("/bkt/first", "1");
        one.put("/bkt/second", "22");
        InetSocketAddress address = gateway.gateway.address();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            String both =
                    one.request("GET", "/bkt/first").head()
                            + one.request("GET", "/bkt/second").head();
            socket.getOutputStream().write(S3Client.ascii(both));
            assertThat(S3Client.read(socket.getInputStream(), false).text()).isEqualTo("1");
            assertThat(S3Client.read(socket.getInputStream(), false).text()).isEqualTo("22");
        }
        one.delete("/bkt/first");
        one.delete("/bkt/second");
    }
}
