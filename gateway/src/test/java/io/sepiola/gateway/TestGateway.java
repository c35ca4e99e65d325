package io.sepiola.gateway;

import io.sepiola.base.Clock;
import io.sepiola.gateway.http.HttpLimits;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A gateway over a cluster in memory, with the users "one" and "two". */
final class TestGateway implements AutoCloseable {
    static final String INDEX = ".sepiola.s3.index";
    static final String DATA = ".sepiola.s3.data";
    static final String META = ".sepiola.s3.meta";

    private static final HttpLimits LIMITS =
            new HttpLimits(
                    32 << 10,
                    16 << 10,
                    200,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(700),
                    Duration.ofMillis(700),
                    1024);

    final FakeRados rados;
    final Gateway gateway;
    final S3Client one;
    final S3Client two;

    TestGateway() {
        this(new FakeRados(), Duration.ZERO);
    }

    TestGateway(FakeRados rados, Duration sessionTimeout) {
        this.rados = rados;
        for (String user : List.of("one", "two")) {
            admin(
                    "user",
                    "create",
                    "--uid=" + user,
                    "--display-name=" + user,
                    "--access-key=" + user,
                    "--secret=secret-" + user);
        }
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        gateway =
                new Gateway(
                        GatewayOptions.at(any)
                                .withHostNames(List.of("s3.test"))
                                .withCollection(Duration.ZERO, Duration.ofHours(1), sessionTimeout),
                        rados.rados(),
                        Clock.system(),
                        LIMITS);
        gateway.start();
        one = new S3Client(gateway.address(), "one", "secret-one");
        two = new S3Client(gateway.address(), "two", "secret-two");
    }

    int admin(String... args) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new RadosgwAdmin(rados.rados()).run(args, nowhere, nowhere);
    }

    /** What is stored for a bucket's objects: index entries, parts, garbage, and data. */
    void awaitNothingLeft() throws InterruptedException {
        rados.await(() -> rados.objects(DATA).isEmpty() && garbage() == 0);
    }

    long garbage() {
        return rados.objects(INDEX).stream()
                .flatMap(object -> rados.omapKeys(INDEX, object).stream())
                .filter(key -> key.startsWith("1"))
                .count();
    }

    @Override
    public void close() {
        gateway.close();
        rados.close();
    }
}
