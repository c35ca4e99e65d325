package io.sepiola.gateway;

import io.sepiola.base.Clock;
import io.sepiola.client.CephConf;
import io.sepiola.client.Rados;
import io.sepiola.protocol.AuthName;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A gateway over a running cluster, for trying by hand: {@code ClusterGateway CEPH.CONF PORT}. */
final class ClusterGateway {
    private ClusterGateway() {}

    public static void main(String[] args) throws Exception {
        Rados rados =
                Rados.connect(
                        CephConf.load(Path.of(args[0]), "ceph", AuthName.parse("client.admin")));
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
                                new InetSocketAddress("127.0.0.1", Integer.parseInt(args[1]))),
                        rados,
                        Clock.system());
        gateway.start();
        System.out.println("listening on " + gateway.address());
        new CountDownLatch(1).await();
    }
}
