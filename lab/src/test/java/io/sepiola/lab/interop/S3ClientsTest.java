package io.sepiola.lab.interop;

import java.nio.file.Path;

/** S3's clients against a cluster of one process. */
final class S3ClientsTest extends S3ClientsContract {
    private LocalCluster cluster;

    @Override
    String startGateway(Path directory) {
        cluster = LocalCluster.start(directory, "s3");
        return cluster.endpoint();
    }

    @Override
    Path conf() {
        return cluster.conf();
    }

    @Override
    void stopGateway() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
