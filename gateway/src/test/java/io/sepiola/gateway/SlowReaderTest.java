package io.sepiola.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Clock;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that ask and do not read. */
class SlowReaderTest {
    private static final int CHUNK = 4 << 20;

    @Test
    void objectsThatNobodyReadsCountAgainstTheBoundUntilTheyHaveLeft()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        FakeRados rados = new FakeRados();
        TestGateway writer = new TestGateway(rados, java.time.Duration.ofHours(1));
        writer.one.put("/bkt", "");
        writer.one.put("/bkt/o", new byte[CHUNK]);
        GatewayOptions options =
                GatewayOptions.at(new InetSocketAddress("127.0.0.1", 0)).withBufferBytes(2 * CHUNK);
        List<Socket> slow = new ArrayList<>();
        try (Gateway gateway = new Gateway(options, rados.rados(), Clock.system())) {
            gateway.start();
            S3Client client = new S3Client(gateway.address(), "one", "secret-one");
            for (int i = 0; i < 2; i++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4096);
                socket.connect(gateway.address());
                slow.add(socket);
                socket.getOutputStream()
                        .write(S3Client.ascii(client.request("GET", "/bkt/o").head()));
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // it has its 4 MiB
            }
            CompletableFuture<S3Client.Answer> third =
                    CompletableFuture.supplyAsync(() -> client.get("/bkt/o"));
            try {
                third.get(1, TimeUnit.SECONDS);
                assertThat(third).as("answered with 8 MiB held for others").isNotDone();
            } catch (TimeoutException waits) {
                assertThat(third).isNotDone();
            }
            slow.getFirst().close();
            assertThat(third.get(30, TimeUnit.SECONDS).body()).hasSize(CHUNK);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
            writer.close();
        }
    }
}
