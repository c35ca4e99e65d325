package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Clock;
import io.sepiola.client.RadosException;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** What a gateway that died leaves behind, and the next one finds. */
class SweepTest {
    private static final int SIZE = 10 << 20;

    /** A gateway whose commits and deletions fail from now on, as if it had been killed. */
    private static void kill(TestGateway gateway) {
        gateway.rados.beforeWrite(write -> {
            boolean dataWritten = write.pool().equals(TestGateway.DATA) && write.stepCount() == 2;
            if (!dataWritten) {
                throw new RadosException(108, "killed");
            }
        });
    }

    @Test
    void dataOfAKilledGatewayIsSweptAndCommittedDataIsNot() throws InterruptedException {
        FakeRados rados = new FakeRados();
        TestGateway dying = new TestGateway(rados, Duration.ofHours(1));
        dying.one.put("/bkt", "");
        dying.one.put("/bkt/kept", new byte[SIZE]);
        String upload = dying.one.request("POST", "/bkt/parts?uploads").send().element("UploadId");
        String etag =
                dying.one.put("/bkt/parts?partNumber=1&uploadId=" + upload, new byte[SIZE]).etag();
        int kept = rados.objects(TestGateway.DATA).size();
        kill(dying);
        assertThat(dying.one.put("/bkt/lost", new byte[SIZE]).outcome())
                .isEqualTo("500 InternalError");
        assertThat(
                        dying.one
                                .put("/bkt/parts?partNumber=2&uploadId=" + upload, new byte[SIZE])
                                .outcome())
                .isEqualTo("500 InternalError");
        assertThat(rados.objects(TestGateway.DATA)).hasSize(kept + 6);
        dying.gateway.close();
        rados.beforeWrite(write -> {});

        try (TestGateway next = new TestGateway(rados, Duration.ZERO)) {
            rados.await(() -> rados.omapKeys(TestGateway.META, "sessions").size() <= 2);
            assertThat(rados.objects(TestGateway.DATA)).hasSize(kept);
            assertThat(next.one.get("/bkt/kept").body()).hasSize(SIZE);
            String body =
                    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                            + etag
                            + "</ETag></Part></CompleteMultipartUpload>";
            assertThat(next.one.post("/bkt/parts?uploadId=" + upload, body).status())
                    .isEqualTo(200);
            assertThat(next.one.get("/bkt/parts").body()).hasSize(SIZE);
        }
    }

    /**
     * The client sends the first chunk of an object and then waits; another gateway takes the first
     * one for dead and sweeps; then the client sends the rest.
     */
    @Test
    void aCommitThatComesAfterTheSweepFails() throws Exception {
        FakeRados rados = new FakeRados();
        TestGateway slow = new TestGateway(rados, Duration.ofHours(1));
        slow.one.put("/bkt", "");
        byte[] body = new byte[(4 << 20) + 1];
        String head = slow.one.request("PUT", "/bkt/late").body(body).head();
        InetSocketAddress address = slow.gateway.address();
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(S3Client.ascii(head));
            socket.getOutputStream().write(body, 0, body.length - 1);
            rados.await(() -> !rados.objects(TestGateway.DATA).isEmpty());
            try (Gateway other = new Gateway(options(), rados.rados(), Clock.system())) {
                other.start();
                rados.await(() -> rados.objects(TestGateway.DATA).isEmpty());
                socket.getOutputStream().write(body, body.length - 1, 1);
                assertThat(S3Client.read(socket.getInputStream(), false).outcome())
                        .isEqualTo("503 SlowDown");
            }
        }
        assertThat(slow.one.get("/bkt/late").outcome()).isEqualTo("404 NoSuchKey");
        rados.await(() -> rados.objects(TestGateway.DATA).isEmpty());
        slow.close();
    }

    private static GatewayOptions options() {
        return GatewayOptions.at(new InetSocketAddress("127.0.0.1", 0))
                .withCollection(Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
    }

    @Test
    void anEndedSessionLeavesNoTrace() {
        FakeRados rados = new FakeRados();
        TestGateway gateway = new TestGateway(rados, Duration.ofHours(1));
        gateway.one.put("/bkt", "");
        gateway.one.put("/bkt/key", "x");
        gateway.gateway.close();
        assertThat(rados.omapKeys(TestGateway.META, "sessions")).isEmpty();
    }
}
