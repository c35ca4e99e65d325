package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Multipart uploads. */
class UploadTest {
    private static final int MINIMUM = 5 << 20;

    private TestGateway gateway;
    private S3Client one;

    @BeforeEach
    void start() {
        gateway = new TestGateway();
        one = gateway.one;
        one.put("/bkt", "");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private String create() {
        return one.request("POST", "/bkt/key?uploads")
                .header("x-amz-meta-a", "b")
                .send()
                .element("UploadId");
    }

    private S3Client.Answer part(String id, int number, byte[] body) {
        return one.put("/bkt/key?partNumber=" + number + "&uploadId=" + id, body);
    }

    private S3Client.Answer complete(String id, String... numbersWithTags) {
        StringBuilder body = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < numbersWithTags.length; i += 2) {
            body.append("<Part><PartNumber>").append(numbersWithTags[i]).append("</PartNumber>");
            body.append("<ETag>").append(numbersWithTags[i + 1]).append("</ETag></Part>");
        }
        return one.post("/bkt/key?uploadId=" + id, body + "</CompleteMultipartUpload>");
    }

    private static byte[] random(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void partsInAnyOrderAndReplacedBecomeOneObject() throws InterruptedException {
        String id = create();
        byte[] first = random(MINIMUM, 1);
        byte[] second = random(MINIMUM + 7, 2);
        byte[] last = random(3, 3);
        String lastTag = part(id, 9, last).etag();
        part(id, 2, random(MINIMUM, 99));
        String secondTag = part(id, 2, second).etag();
        String firstTag = part(id, 1, first).etag();
        part(id, 5, random(MINIMUM, 98)); // left out
        assertThat(ObjectTest.elements(one.get("/bkt/key?uploadId=" + id), "PartNumber"))
                .containsExactly("1", "2", "5", "9");
        assertThat(one.get("/bkt/key").outcome()).isEqualTo("404 NoSuchKey");
        S3Client.Answer done = complete(id, "1", firstTag, "2", secondTag, "9", lastTag);
        byte[] whole = S3Client.join(List.of(first, second, last));
        byte[] digests =
                S3Client.join(
                        List.of(
                                S3Client.digest("MD5", first),
                                S3Client.digest("MD5", second),
                                S3Client.digest("MD5", last)));
        String etag = S3Client.hex(S3Client.digest("MD5", digests)) + "-3";
        assertThat(done.element("ETag")).isEqualTo("&quot;" + etag + "&quot;");
        S3Client.Answer got = one.get("/bkt/key");
        assertThat(got.body()).isEqualTo(whole);
        assertThat(got.headers())
                .containsEntry("x-amz-meta-a", "b")
                .containsEntry("etag", "\"" + etag + "\"");
        S3Client.Answer partOnly = one.get("/bkt/key?partNumber=2");
        assertThat(partOnly.body()).isEqualTo(second);
        // Asked again it answers the same; the parts left out and replaced are collected.
        assertThat(complete(id, "1", firstTag, "2", secondTag, "9", lastTag).element("ETag"))
                .isEqualTo(done.element("ETag"));
        gateway.rados.await(() ->
                gateway.garbage() == 0 && gateway.rados.objects(TestGateway.DATA).size() == 5);
        assertThat(one.get("/bkt/key").body()).isEqualTo(whole);
        one.delete("/bkt/key");
        gateway.awaitNothingLeft();
    }

    @Test
    void theRulesOfCompletion() throws InterruptedException {
        String id = create();
        String small = part(id, 1, new byte[10]).etag();
        String big = part(id, 2, random(MINIMUM, 1)).etag();
        assertThat(complete(id, "1", small, "2", big).outcome()).isEqualTo("400 EntityTooSmall");
        assertThat(complete(id, "2", big, "1", small).outcome()).isEqualTo("400 InvalidPartOrder");
        assertThat(complete(id, "2", big, "2", big).outcome()).isEqualTo("400 InvalidPartOrder");
        assertThat(complete(id, "2", small).outcome()).isEqualTo("400 InvalidPart");
        assertThat(complete(id, "3", small).outcome()).isEqualTo("400 InvalidPart");
        assertThat(complete(id).outcome()).isEqualTo("400 MalformedXML");
        assertThat(complete(id, "0", small).outcome()).isEqualTo("400 InvalidArgument");
        assertThat(part(id, 0, new byte[1]).outcome()).isEqualTo("400 InvalidArgument");
        assertThat(part(id, 10_001, new byte[1]).outcome()).isEqualTo("400 InvalidArgument");
        assertThat(part("0".repeat(32), 1, new byte[1]).outcome()).isEqualTo("404 NoSuchUpload");
        assertThat(complete(id, "1", small).outcome()).isEqualTo("200");
        assertThat(part(id, 1, new byte[1]).outcome()).isEqualTo("404 NoSuchUpload");
        assertThat(one.delete("/bkt/key?uploadId=" + id).outcome()).isEqualTo("404 NoSuchUpload");
        one.delete("/bkt/key");
        gateway.awaitNothingLeft();
    }

    /** What is wrong in a part is no part; what was there before stays. */
    @Test
    void partsThatAreCutOffOrNotAsSignedAreNotThere() throws Exception {
        String id = create();
        byte[] good = random(MINIMUM, 1);
        String etag = part(id, 1, good).etag();
        int stored = gateway.rados.objects(TestGateway.DATA).size();
        String target = "/bkt/key?partNumber=1&uploadId=" + id;
        byte[] other = random(9 << 20, 2);
        byte[] whole =
                S3Client.join(
                        List.of(
                                S3Client.ascii(one.request("PUT", target).body(other).head()),
                                other));
        InetSocketAddress address = gateway.gateway.address();
        for (int size : new int[] {200, 1 << 20, 5 << 20, whole.length - 1}) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.getOutputStream().write(whole, 0, size);
            }
        }
        assertThat(
                        one.request("PUT", target)
                                .body(other)
                                .payload(S3Client.sha256(good))
                                .send()
                                .outcome())
                .isEqualTo("400 XAmzContentSHA256Mismatch");
        String tampered =
                one.request("PUT", target)
                        .sendChunks(
                                other,
                                1 << 20,
                                (chunks, last) -> {
                                    chunks.get(6)[5000] ^= 1;
                                    return chunks;
                                })
                        .outcome();
        assertThat(tampered).isEqualTo("403 SignatureDoesNotMatch");
        gateway.rados.await(() -> gateway.rados.objects(TestGateway.DATA).size() == stored);
        assertThat(complete(id, "1", etag).outcome()).isEqualTo("200");
        assertThat(one.get("/bkt/key").body()).isEqualTo(good);
        one.delete("/bkt/key");
        gateway.awaitNothingLeft();
    }

    @Test
    void abortedUploadsLeaveNothing() throws InterruptedException {
        String id = create();
        part(id, 1, random(MINIMUM, 1));
        assertThat(one.get("/bkt?uploads").element("UploadId")).isEqualTo(id);
        assertThat(one.delete("/bkt/key?uploadId=" + id).status()).isEqualTo(204);
        assertThat(one.get("/bkt?uploads").element("UploadId")).isEmpty();
        assertThat(one.get("/bkt/key?uploadId=" + id).outcome()).isEqualTo("404 NoSuchUpload");
        gateway.awaitNothingLeft();
        assertThat(one.delete("/bkt").status()).isEqualTo(204);
    }

    @Test
    void aBucketWithOpenUploadsCanBeDeleted() {
        String id = create();
        part(id, 1, random(MINIMUM, 1));
        assertThat(one.delete("/bkt").status()).isEqualTo(204);
        assertThat(gateway.rados.objects(TestGateway.INDEX)).isEmpty();
        assertThat(gateway.rados.objects(TestGateway.DATA)).isEmpty();
    }

    @Test
    void manyPartsAreListedInDataOfTheirOwn() throws Exception {
        String id = create();
        byte[] body = random(MINIMUM, 1);
        String[] named = new String[140];
        List<Callable<String>> uploads = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            int number = i + 1;
            uploads.add(() -> part(id, number, body).etag());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            int i = 0;
            for (Future<String> etag : threads.invokeAll(uploads)) {
                named[2 * i] = "" + (i + 1);
                named[2 * i + 1] = etag.get();
                i++;
            }
        }
        assertThat(complete(id, named).outcome()).isEqualTo("200");
        S3Client.Answer middle =
                one.request("GET", "/bkt/key")
                        .header("range", "bytes=" + 69L * MINIMUM + "-" + (69L * MINIMUM + 9))
                        .send();
        assertThat(middle.body()).isEqualTo(Arrays.copyOf(body, 10));
        one.delete("/bkt/key");
        gateway.awaitNothingLeft();
    }

    @Test
    void partsCanBeCopied() {
        byte[] source = random(MINIMUM + 100, 4);
        one.put("/bkt/source", source);
        String id = create();
        S3Client.Answer whole =
                one.request("PUT", "/bkt/key?partNumber=1&uploadId=" + id)
                        .header("x-amz-copy-source", "/bkt/source")
                        .send();
        S3Client.Answer range =
                one.request("PUT", "/bkt/key?partNumber=2&uploadId=" + id)
                        .header("x-amz-copy-source", "/bkt/source")
                        .header("x-amz-copy-source-range", "bytes=5-9")
                        .send();
        S3Client.Answer outside =
                one.request("PUT", "/bkt/key?partNumber=3&uploadId=" + id)
                        .header("x-amz-copy-source", "/bkt/source")
                        .header("x-amz-copy-source-range", "bytes=5-99999999")
                        .send();
        assertThat(outside.outcome()).isEqualTo("400 InvalidArgument");
        String first = whole.element("ETag").replace("&quot;", "");
        String second = range.element("ETag").replace("&quot;", "");
        assertThat(complete(id, "1", first, "2", second).outcome()).isEqualTo("200");
        assertThat(one.get("/bkt/key").body())
                .isEqualTo(S3Client.join(List.of(source, Arrays.copyOfRange(source, 5, 10))));
    }

    @Test
    void completionsRacedWithAbortsHaveOneOutcome() throws Exception {
        for (int round = 0; round < 10; round++) {
            String id = create();
            String etag = part(id, 1, new byte[] {(byte) round}).etag();
            List<Callable<String>> clients =
                    List.of(
                            () -> complete(id, "1", etag).outcome(),
                            () -> one.delete("/bkt/key?uploadId=" + id).outcome(),
                            () -> complete(id, "1", etag).outcome());
            List<String> outcomes = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<String> outcome : threads.invokeAll(clients)) {
                    outcomes.add(outcome.get());
                }
            }
            boolean aborted = outcomes.get(1).equals("204");
            assertThat(outcomes.get(0)).isEqualTo(aborted ? "404 NoSuchUpload" : "200");
            assertThat(outcomes.get(2)).isEqualTo(outcomes.get(0));
            assertThat(one.get("/bkt/key").status()).isEqualTo(aborted ? 404 : 200);
            one.delete("/bkt/key");
        }
        gateway.awaitNothingLeft();
    }
}
