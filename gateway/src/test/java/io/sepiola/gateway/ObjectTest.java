package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.client.RadosException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Buckets and objects over a cluster in memory, spoken to over a socket. */
class ObjectTest {
    private TestGateway gateway;
    private S3Client one;

    @BeforeEach
    void start() {
        gateway = new TestGateway();
        one = gateway.one;
        assertThat(one.put("/bkt", "").outcome()).isEqualTo("200");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void objectsOfEverySizeComeBack() {
        int chunk = 4 << 20;
        for (int size : new int[] {0, 1, 4096, 65536, chunk - 1, chunk, chunk + 1, 3 * chunk + 5}) {
            byte[] bytes = random(size);
            S3Client.Answer put = one.put("/bkt/size" + size, bytes);
            assertThat(put.etag())
                    .isEqualTo("\"" + S3Client.hex(S3Client.digest("MD5", bytes)) + "\"");
            assertThat(one.get("/bkt/size" + size).body()).as("%s bytes", size).isEqualTo(bytes);
        }
    }

    @Test
    void requestsAreCounted() throws Exception {
        one.get("/bkt/nosuch");
        String counted = "{rgw={req=2, failed_req=1, qactive=0}}";
        gateway.rados.await(() -> counters().equals(counted)); // after the answer is there
        assertThat(counters()).isEqualTo(counted);
    }

    private String counters() {
        return gateway.gateway.counters().dump("", "").toString();
    }

    @Test
    void rangesAreCutOverChunks() {
        byte[] bytes = random((8 << 20) + 100);
        one.put("/bkt/key", bytes);
        for (String range : List.of("0-0", "4194300-4194310", "5-", "-7", "8388607-99999999")) {
            S3Client.Answer answer =
                    one.request("GET", "/bkt/key").header("range", "bytes=" + range).send();
            assertThat(answer.status()).as(range).isEqualTo(206);
            String[] given = answer.headers().get("content-range").split("[ /-]");
            int first = Integer.parseInt(given[1]);
            int last = Integer.parseInt(given[2]);
            assertThat(answer.body())
                    .as(range)
                    .isEqualTo(java.util.Arrays.copyOfRange(bytes, first, last + 1));
        }
        S3Client.Answer outside =
                one.request("GET", "/bkt/key").header("range", "bytes=8388708-").send();
        assertThat(outside.outcome()).isEqualTo("416 InvalidRange");
        assertThat(outside.headers()).containsEntry("content-range", "bytes */8388708");
    }

    @Test
    void headersAndMetadataComeBack() {
        one.request("PUT", "/bkt/key")
                .header("content-type", "text/plain")
                .header("cache-control", "no-cache")
                .header("content-encoding", "aws-chunked,gzip")
                .header("x-amz-meta-color", "blue")
                .body(new byte[] {1})
                .send();
        S3Client.Answer answer = one.request("HEAD", "/bkt/key").send();
        assertThat(answer.headers())
                .containsEntry("content-type", "text/plain")
                .containsEntry("cache-control", "no-cache")
                .containsEntry("content-encoding", "gzip")
                .containsEntry("x-amz-meta-color", "blue")
                .containsEntry("content-length", "1");
    }

    @Test
    void conditionsOnReads() {
        String etag = one.put("/bkt/key", "x").etag();
        assertThat(conditional("if-match", etag)).isEqualTo("200");
        assertThat(conditional("if-match", "\"other\"")).isEqualTo("412 PreconditionFailed");
        assertThat(conditional("if-none-match", etag)).isEqualTo("304");
        assertThat(conditional("if-none-match", "\"other\"")).isEqualTo("200");
        assertThat(conditional("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"))
                .isEqualTo("304");
        assertThat(conditional("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT"))
                .isEqualTo("200");
        assertThat(conditional("if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT"))
                .isEqualTo("412 PreconditionFailed");
    }

    private String conditional(String name, String value) {
        return one.request("GET", "/bkt/key").header(name, value).send().outcome();
    }

    @Test
    void overwrittenAndDeletedDataIsCollected() throws InterruptedException {
        one.put("/bkt/key", random(9 << 20));
        one.put("/bkt/key", "small");
        assertThat(one.get("/bkt/key").text()).isEqualTo("small");
        gateway.rados.await(() -> gateway.rados.objects(TestGateway.DATA).size() == 1);
        assertThat(one.delete("/bkt/key").status()).isEqualTo(204);
        assertThat(one.delete("/bkt/key").status()).isEqualTo(204);
        assertThat(one.get("/bkt/key").outcome()).isEqualTo("404 NoSuchKey");
        gateway.awaitNothingLeft();
        assertThat(one.delete("/bkt").status()).isEqualTo(204);
        assertThat(gateway.rados.objects(TestGateway.INDEX)).isEmpty();
    }

    @Test
    void bucketsBelongToTheirOwner() {
        one.put("/bkt/key", "x");
        S3Client two = gateway.two;
        assertThat(two.put("/bkt", "").outcome()).isEqualTo("409 BucketAlreadyExists");
        assertThat(one.put("/bkt", "").outcome()).isEqualTo("200");
        for (String target :
                List.of("/bkt", "/bkt/key", "/bkt?uploads", "/bkt?acl", "/bkt/key?acl")) {
            assertThat(two.get(target).outcome()).as(target).isEqualTo("403 AccessDenied");
        }
        assertThat(two.put("/bkt/key", "y").outcome()).isEqualTo("403 AccessDenied");
        assertThat(two.delete("/bkt/key").outcome()).isEqualTo("403 AccessDenied");
        assertThat(two.delete("/bkt").outcome()).isEqualTo("403 AccessDenied");
        two.put("/own", "");
        assertThat(copy(two, "/own/stolen", "/bkt/key").outcome()).isEqualTo("403 AccessDenied");
        assertThat(two.get("/").text()).contains("<Name>own</Name>").doesNotContain("bkt");
        assertThat(one.delete("/bkt").outcome()).isEqualTo("409 BucketNotEmpty");
    }

    private static S3Client.Answer copy(S3Client client, String target, String source) {
        return client.request("PUT", target).header("x-amz-copy-source", source).send();
    }

    @Test
    void copiesKeepOrReplaceMetadata() {
        byte[] bytes = random(5 << 20);
        one.request("PUT", "/bkt/a%20b").header("x-amz-meta-a", "1").body(bytes).send();
        assertThat(copy(one, "/bkt/copy", "/bkt/a%20b").outcome()).isEqualTo("200");
        assertThat(one.get("/bkt/copy").body()).isEqualTo(bytes);
        assertThat(one.get("/bkt/copy").headers()).containsEntry("x-amz-meta-a", "1");
        one.request("PUT", "/bkt/copy")
                .header("x-amz-copy-source", "bkt/a%20b")
                .header("x-amz-metadata-directive", "REPLACE")
                .header("x-amz-meta-b", "2")
                .send();
        assertThat(one.get("/bkt/copy").headers())
                .containsEntry("x-amz-meta-b", "2")
                .doesNotContainKey("x-amz-meta-a");
        assertThat(copy(one, "/bkt/copy", "/bkt/copy").outcome()).isEqualTo("400 InvalidRequest");
        assertThat(copy(one, "/bkt/copy", "/bkt/none").outcome()).isEqualTo("404 NoSuchKey");
    }

    @Test
    void listingsGroupAndPage() {
        List<String> keys =
                List.of(
                        "a",
                        "b/1",
                        "b/2",
                        "b/3/4",
                        "c",
                        "d/",
                        "d/x",
                        "%C3%BC",
                        "%EF%BF%AE",
                        "%F0%9F%98%80");
        keys.forEach(key -> one.put("/bkt/" + key, "x"));
        S3Client.Answer whole = one.get("/bkt?list-type=2&encoding-type=url");
        assertThat(elements(whole, "Key")).isEqualTo(keys);
        List<String> grouped = List.of("a", "b/", "c", "d/", "%C3%BC", "%EF%BF%AE", "%F0%9F%98%80");
        for (int size = 1; size < 9; size++) {
            assertThat(pagedV2("delimiter=%2F&", size))
                    .containsExactlyInAnyOrderElementsOf(grouped);
            assertThat(pagedV1("delimiter=%2F&", size))
                    .containsExactlyInAnyOrderElementsOf(grouped);
        }
        S3Client.Answer below = one.get("/bkt?list-type=2&prefix=b%2F&delimiter=%2F");
        assertThat(elements(below, "Key")).containsExactly("b/1", "b/2");
        assertThat(elements(below, "Prefix")).containsExactly("b/", "b/3/");
        assertThat(elements(one.get("/bkt?start-after=c&list-type=2&prefix=d"), "Key"))
                .containsExactly("d/", "d/x");
        assertThat(one.get("/bkt?max-keys=0").text()).contains("<IsTruncated>false</IsTruncated>");
        assertThat(one.get("/bkt?max-keys=-1").outcome()).isEqualTo("400 InvalidArgument");
        assertThat(one.get("/bkt?list-type=2&continuation-token=%21%21").outcome())
                .isEqualTo("400 InvalidArgument");
    }

    private List<String> pagedV2(String question, int size) {
        List<String> found = new ArrayList<>();
        String token = "";
        do {
            String next = token.isEmpty() ? "" : "&continuation-token=" + token.replace("=", "%3D");
            S3Client.Answer page =
                    one.get(
                            "/bkt?list-type=2&encoding-type=url&"
                                    + question
                                    + "max-keys="
                                    + size
                                    + next);
            found.addAll(elements(page, "Key"));
            found.addAll(
                    elements(page, "Prefix").stream().filter(prefix -> !prefix.isEmpty()).toList());
            token = page.element("NextContinuationToken");
        } while (!token.isEmpty());
        return found;
    }

    private List<String> pagedV1(String question, int size) {
        List<String> found = new ArrayList<>();
        String marker = "";
        do {
            String next = marker.isEmpty() ? "" : "&marker=" + marker.replace("/", "%2F");
            S3Client.Answer page =
                    one.get("/bkt?encoding-type=url&" + question + "max-keys=" + size + next);
            found.addAll(elements(page, "Key"));
            found.addAll(
                    elements(page, "Prefix").stream().filter(prefix -> !prefix.isEmpty()).toList());
            marker = page.element("NextMarker");
        } while (!marker.isEmpty());
        return found;
    }

    static List<String> elements(S3Client.Answer answer, String name) {
        List<String> found = new ArrayList<>();
        String[] parts = answer.text().split("<" + name + ">");
        for (int i = 1; i < parts.length; i++) {
            found.add(parts[i].substring(0, parts[i].indexOf('<')));
        }
        return found;
    }

    @Test
    void manyKeysAreListedOnceAndDeletedAtOnce() {
        StringBuilder body = new StringBuilder("<Delete>");
        for (int i = 0; i < 150; i++) {
            one.put("/bkt/k" + i, "x");
            body.append("<Object><Key>k").append(i).append("</Key></Object>");
        }
        assertThat(pagedV2("", 7)).hasSize(150).doesNotHaveDuplicates();
        S3Client.Answer deleted = one.post("/bkt?delete", body + "</Delete>");
        assertThat(elements(deleted, "Key")).hasSize(150);
        assertThat(pagedV2("", 7)).isEmpty();
    }

    @Test
    void aHundredClientsRaceAndOneWins() throws Exception {
        List<Callable<String>> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] body = ("client " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            clients.add(() ->
                    one.request("PUT", "/bkt/once")
                            .header("if-none-match", "*")
                            .body(body)
                            .send()
                            .outcome());
        }
        List<String> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> outcome : threads.invokeAll(clients)) {
                outcomes.add(outcome.get());
            }
        }
        assertThat(outcomes).filteredOn("200"::equals).hasSize(1);
        assertThat(outcomes).filteredOn("412 PreconditionFailed"::equals).hasSize(99);
        assertThat(gateway.rados.objects(TestGateway.DATA)).hasSize(1);
    }

    @Test
    void putsAndDeletesRacedLeaveWhatTheListingSays() throws Exception {
        List<Callable<String>> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            clients.add(() ->
                    number % 3 == 0
                            ? one.delete("/bkt/raced").outcome()
                            : one.put("/bkt/raced", "value " + number).outcome());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> outcome : threads.invokeAll(clients)) {
                assertThat(outcome.get()).isIn("200", "204");
            }
        }
        boolean listed = one.get("/bkt").text().contains("<Key>raced</Key>");
        assertThat(one.get("/bkt/raced").status()).isEqualTo(listed ? 200 : 404);
        gateway.rados.await(() ->
                gateway.garbage() == 0
                        && gateway.rados.objects(TestGateway.DATA).size() == (listed ? 1 : 0));
    }

    @Test
    void aFullClusterRefusesAndTakesDeletions() {
        one.put("/bkt/old", "x");
        gateway.rados.beforeWrite(write -> {
            if (write.pool().equals(TestGateway.DATA) && write.stepCount() == 2) {
                throw new RadosException(28, "no space");
            }
        });
        assertThat(one.put("/bkt/new", "y").outcome()).isEqualTo("507 InsufficientStorage");
        assertThat(one.get("/bkt/old").text()).isEqualTo("x");
        assertThat(one.get("/bkt/new").outcome()).isEqualTo("404 NoSuchKey");
        assertThat(one.delete("/bkt/old").status()).isEqualTo(204);
        gateway.rados.beforeWrite(write -> {});
        assertThat(one.put("/bkt/new", "y").outcome()).isEqualTo("200");
    }

    @Test
    void probesAreAnsweredAsANewBucketWould() {
        assertThat(one.get("/bkt?location").text()).contains("LocationConstraint");
        assertThat(one.get("/bkt?acl").text()).contains("FULL_CONTROL");
        assertThat(one.get("/bkt?versioning").outcome()).isEqualTo("200");
        assertThat(one.get("/bkt?policy").outcome()).isEqualTo("404 NoSuchBucketPolicy");
        assertThat(one.get("/bkt?lifecycle").outcome())
                .isEqualTo("404 NoSuchLifecycleConfiguration");
        assertThat(one.put("/bkt?versioning", "<VersioningConfiguration/>").outcome())
                .isEqualTo("501 NotImplemented");
        one.put("/bkt/key", "x");
        assertThat(one.put("/bkt/key?tagging", "<Tagging/>").outcome())
                .isEqualTo("501 NotImplemented");
        assertThat(one.get("/bkt/key").text()).isEqualTo("x");
    }

    @Test
    void namesOfBucketsFollowTheRules() {
        for (String bad :
                List.of(
                        "ab",
                        "Upper",
                        "a_b",
                        "a..b",
                        "-ab",
                        "ab-",
                        "192.168.0.1",
                        "a".repeat(64))) {
            assertThat(one.put("/" + bad, "").outcome()).as(bad).isEqualTo("400 InvalidBucketName");
        }
        assertThat(one.get("/none/key").outcome()).isEqualTo("404 NoSuchBucket");
    }

    @Test
    void bucketsAreFoundByHostName() {
        one.put("/bkt/key", "x");
        assertThat(one.request("GET", "/key").header("host", "bkt.s3.test").send().text())
                .isEqualTo("x");
        assertThat(one.request("GET", "/bkt/key").header("host", "s3.test").send().text())
                .isEqualTo("x");
    }

    @Test
    void checksumsAreKeptAndGiven() {
        String sum = Base64.getEncoder().encodeToString(S3Client.digest("SHA-256", new byte[] {7}));
        one.request("PUT", "/bkt/key")
                .header("x-amz-checksum-sha256", sum)
                .body(new byte[] {7})
                .send();
        S3Client.Answer answer =
                one.request("GET", "/bkt/key").header("x-amz-checksum-mode", "ENABLED").send();
        assertThat(answer.headers()).containsEntry("x-amz-checksum-sha256", sum);
        assertThat(one.get("/bkt/key").headers()).doesNotContainKey("x-amz-checksum-sha256");
    }
}
