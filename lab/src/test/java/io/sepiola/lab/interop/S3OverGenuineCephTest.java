package io.sepiola.lab.interop;

import io.sepiola.base.Clock;
import io.sepiola.client.CephConf;
import io.sepiola.client.Rados;
import io.sepiola.gateway.Gateway;
import io.sepiola.gateway.GatewayOptions;
import io.sepiola.protocol.AuthName;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** S3's clients against our gateway over a genuine Ceph: it needs nothing that Ceph lacks. */
final class S3OverGenuineCephTest extends S3ClientsContract {
    private GenuineCluster cluster;
    private Rados rados;
    private Gateway gateway;

    @Override
    String startGateway(Path directory) {
        cluster = GenuineCluster.start(directory, 24_100);
        rados = Rados.connect(CephConf.load(conf(), "ceph", AuthName.parse("client.admin")));
        gateway =
                new Gateway(
                        GatewayOptions.at(new InetSocketAddress("127.0.0.1", 0)),
                        rados,
                        Clock.system());
        gateway.start();
        return "http://127.0.0.1:" + gateway.address().getPort();
    }

    @Override
    Path conf() {
        return cluster.conf();
    }

    @Override
    void stopGateway() {
        if (gateway != null) {
            gateway.close();
        }
        if (rados != null) {
            rados.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }
}
