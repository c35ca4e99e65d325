package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ext4 file system in a file, whose power can be cut: the kernel drops everything that is not on
 * the disk yet, its journal's last transactions too, and every call on it fails from then on.
 */
final class LoopDisk implements AutoCloseable {
    /** FS_IOC_SHUTDOWN is _IOR('X', 125, u32); 2 is NOLOGFLUSH, which saves nothing. */
    private static final String CUT =
            """
            import fcntl, os, struct, sys
            fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack('I', 2))
            """;

    private final Path image;
    private final Path mountPoint;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Whether this machine mounts a file system in a file. */
    static boolean isPossible() throws IOException {
        Path probe = Files.createTempDirectory("loop");
        LoopDisk disk = make(probe.resolve("image"), probe.resolve("disk"), 64 << 20);
        boolean possible = disk.mounting().run().code() == 0;
        if (possible) {
            disk.close();
        }
        Files.delete(disk.image);
        Files.delete(disk.mountPoint);
        Files.delete(probe);
        return possible;
    }

    /** Skips the test by name where {@link #isPossible} said no. */
    static void skip() {
        String message =
                "SKIPPED: no power is cut, since this machine mounts no ext4 in a file; it needs"
                        + " root and loop devices";
        System.err.println(message);
        abort(message);
    }

    /** Makes and mounts one. */
    static LoopDisk mount(Path image, Path mountPoint, long size) throws IOException {
        LoopDisk disk = make(image, mountPoint, size);
        disk.mounting().run().ok();
        return disk;
    }

    private static LoopDisk make(Path image, Path mountPoint, long size) throws IOException {
        Program.need("mkfs.ext4", "mount", "umount");
        Files.createDirectories(mountPoint);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size);
        }
        Program.of("mkfs.ext4", "-q", "-F", image).run().ok();
        return new LoopDisk(image, mountPoint);
    }

    private Program mounting() {
        return Program.of("mount", "-t", "ext4", "-o", "loop", image, mountPoint);
    }

    /** All that was written until now outlasts a cut. */
    void settle() {
        Program.of("sync", "--file-system", mountPoint).run().ok();
    }

    /** The power goes. Who has files open there is the caller's to end. */
    void cut() {
        Program.of("/usr/bin/python3", "-c", CUT, mountPoint).run().ok();
    }

    /** The power comes back; nobody may have files open there. */
    void restore() {
        Program.of("umount", mountPoint).run().ok();
        mounting().run().ok();
    }

    @Override
    public void close() {
        assertThat(Program.of("umount", mountPoint).run().code()).as("unmounting").isZero();
    }
}
