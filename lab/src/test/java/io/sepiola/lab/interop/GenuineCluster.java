package io.sepiola.lab.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A genuine Ceph, of three OSDs unless told otherwise, started by {@code
 * lab/bin/reference-cluster}.
 */
final class GenuineCluster implements AutoCloseable {
    private static final String LAUNCHER =
            Path.of(System.getProperty("root"), "lab/bin/reference-cluster").toString();

    /** Map changes wait for others for a twentieth of a second, and not for a whole one. */
    static final String HASTE = "paxos propose interval = 0.05";

    private final Path directory;

    private GenuineCluster(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts one that keeps everything below {@code directory}; takes 300 ports.
     *
     * @param settings lines of its ceph.conf
     */
    static GenuineCluster start(Path directory, int port, String... settings) {
        return start(directory, port, 3, settings);
    }

    /** The same, of so many OSDs. */
    static GenuineCluster start(Path directory, int port, int osds, String... settings) {
        Program.need("ceph-mon", "ceph-osd", "ceph-mgr", "ceph", "rados");
        GenuineCluster cluster = new GenuineCluster(directory.resolve("genuine"));
        List<Object> words =
                new ArrayList<>(List.of("up", cluster.directory, "--port", port, "--osds", osds));
        for (String setting : settings) {
            words.addAll(List.of("--set", setting));
        }
        Program.of(LAUNCHER, words.toArray()).within(Duration.ofMinutes(3)).run().ok();
        return cluster;
    }

    Path conf() {
        return directory.resolve("ceph.conf");
    }

    /** {@code kill -9} of an OSD. */
    void kill(int osd) {
        long pid;
        try {
            pid =
                    Long.parseLong(
                            Files.readString(directory.resolve("osd." + osd + ".pid")).strip());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        Program.of(LAUNCHER, "down", directory).within(Duration.ofMinutes(1)).run();
    }
}
