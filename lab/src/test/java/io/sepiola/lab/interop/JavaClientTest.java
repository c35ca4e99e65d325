package io.sepiola.lab.interop;

import java.nio.file.Path;

/** The Java client against a cluster of one process. */
final class JavaClientTest extends JavaClientContract {
    private LocalCluster cluster;

    @Override
    Path startCluster(Path directory) {
        cluster = LocalCluster.start(directory, "java");
        return cluster.conf();
    }

    @Override
    void stopCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
