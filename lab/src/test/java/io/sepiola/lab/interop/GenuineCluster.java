package io.sepiola.lab.interop;

import java.nio.file.Path;
import java.time.Duration;

/** A genuine Ceph of three OSDs, started by {@code lab/bin/reference-cluster}. */
final class GenuineCluster implements AutoCloseable {
    private static final String LAUNCHER =
            Path.of(System.getProperty("root"), "lab/bin/reference-cluster").toString();

    private final Path directory;

    private GenuineCluster(Path directory) {
        this.directory = directory;
    }

    /** Starts one that keeps everything below {@code directory}; takes 300 ports. */
    static GenuineCluster start(Path directory, int port) {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "rados");
        GenuineCluster cluster = new GenuineCluster(directory.resolve("genuine"));
        Program.of(LAUNCHER, "up", cluster.directory, "--port", port, "--osds", 3)
                .within(Duration.ofMinutes(3))
                .run()
                .ok();
        return cluster;
    }

    Path conf() {
        return directory.resolve("ceph.conf");
    }

    @Override
    public void close() {
        Program.of(LAUNCHER, "down", directory).within(Duration.ofMinutes(1)).run();
    }
}
