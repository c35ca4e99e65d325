package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** The benchmark's small form: it runs to its end and prints a ratio for each figure. */
@Tag("interop")
class BenchTest {
    @TempDir Path home;

    @Test
    void smallFormPrintsEveryRatio() {
        Program.need("ceph", "rados", "ceph-osd", "radosgw", "wrk");
        String out =
                Program.of(
                                System.getProperty("root") + "/lab/bin/bench",
                                "--small",
                                "--dir",
                                home.resolve("b"))
                        .within(Duration.ofMinutes(6))
                        .run()
                        .ok();
        System.out.println(out);
        for (String figure :
                new String[] {
                    "start-to-healthy-s",
                    "idle-memory-MiB",
                    "4KiB-write/s",
                    "4KiB-read/s",
                    "4MiB-write-MB/s",
                    "4MiB-read-MB/s",
                    "S3-4KiB-PUT/s",
                    "S3-4KiB-GET/s",
                    "S3-4MiB-PUT-MB/s",
                    "S3-4MiB-GET-MB/s",
                    "4KiB-disk-bytes-per-byte",
                    "4MiB-disk-bytes-per-byte"
                }) {
            assertThat(out).containsPattern("(?m)^" + figure + " +[0-9.]+ +[0-9.]+ +[0-9.]+$");
        }
    }
}
