package io.sepiola.gateway;

import io.sepiola.base.Clock;
import io.sepiola.client.Rados;

import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;

/** A gateway over a cluster in memory, for trying clients by hand: {@code FakeGateway PORT}. */
final class FakeGateway {
    private FakeGateway() {}

    public static void main(String[] args) throws InterruptedException {
        Rados rados = new FakeRados().rados();
        int code =
                new RadosgwAdmin(rados)
                        .run(
                                new String[] {
                                    "user",
                                    "create",
                                    "--uid=test",
                                    "--display-name=test",
                                    "--access-key=test",
                                    "--secret=test"
                                },
                                System.out,
                                System.err);
        Gateway gateway =
                new Gateway(
                        GatewayOptions.at(
                                new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]))),
                        rados,
                        Clock.system());
        gateway.start();
        System.out.println("exit " + code + ", listening on " + gateway.address());
        new CountDownLatch(1).await();
    }
}
