package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What OSDs and groups are ordered to do, by genuine Ceph's {@code ceph}: stop, peer, scrub. */
@Tag("interop")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class OsdOrdersTest {
    private static final int PORTS = 29_100;
    private static final String OPTIONS = "osd pool default min size = 2";

    @TempDir Path home;

    private DaemonCluster cluster;

    private String ceph(String line) {
        return cluster.ceph((Object[]) line.split(" ")).run().ok();
    }

    private String said(String line) {
        return cluster.ceph((Object[]) line.split(" ")).run().err();
    }

    private String read(String object) throws IOException {
        Path copy = cluster.file("copy");
        cluster.client("rados", "-p", "p", "get", object, copy).run().ok();
        return Files.readString(copy);
    }

    @Test
    void anOsdEndsWhenItIsToldToAndGroupsPeerAgain() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        try (DaemonCluster started = new DaemonCluster(home, PORTS, 3, OPTIONS)) {
            cluster = started;
            cluster.create();
            ceph("osd pool create p 8 8");
            ceph("osd pool application enable p test");
            cluster.awaitHealth();
            Path text = Files.writeString(cluster.file("text"), "before");
            cluster.client("rados", "-p", "p", "put", "one", text).run().ok();

            List<String> table = ceph("osd status").lines().toList();
            assertThat(table).hasSize(4);
            assertThat(table.getFirst()).startsWith("ID  HOST").contains("RD DATA  STATE");
            assertThat(table.subList(1, 4)).allMatch(line -> line.contains("exists,up"));

            for (int seed = 0; seed < 8; seed++) {
                ceph("pg repeer 1." + seed);
            }
            cluster.awaitHealth();
            assertThat(read("one")).isEqualTo("before");
            assertThat(ceph("osd dump")).doesNotContain("pg_temp");

            ceph("osd pool deep-scrub p");
            assertThat(cluster.ceph("osd", "pool", "scrub", "nosuch").run().code()).isEqualTo(2);

            assertThat(said("osd stop osd.2 77")).contains("stop osd.2. osd.77 does not exist.");
            assertThat(cluster.awaitEnd("osd.2")).isZero();
            assertThat(said("osd stop 2")).contains("osd.2 is already stopped.");
            assertThat(ceph("osd status").lines().toList().get(3)).contains("exists,stop");
            Files.writeString(text, "without it");
            cluster.client("rados", "-p", "p", "put", "two", text).run().ok();

            cluster.start("osd.2");
            cluster.awaitHealth();
            assertThat(ceph("osd status")).doesNotContain("stop");
            assertThat(read("two")).isEqualTo("without it");
        }
    }
}
