package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The first thing that a person types on a fresh cluster, line by line, with Ceph's programs. */
@Tag("interop")
class FirstLightTest {
    @TempDir Path home;

    @Test
    void everyLineWorksAsTyped() throws IOException {
        Program.need("ceph", "rados", "curl");
        Files.writeString(home.resolve("helloceph"), "hello ceph\n");
        try (LocalCluster cluster = LocalCluster.start(home, "light")) {
            assertThat(typed(cluster, "ceph -s"))
                    .contains("HEALTH_OK")
                    .containsPattern("osd: 3 osds: 3 up \\(since .*\\), 3 in \\(since .*\\)")
                    .containsPattern("pools: +3 pools, 96 pgs")
                    .containsPattern("pgs: +96 active\\+clean");
            assertThat(typed(cluster, "ceph osd tree"))
                    .contains("root default", "osd.0", "osd.1", "osd.2")
                    .doesNotContain("down");
            assertThat(typed(cluster, "ceph df")).contains("RAW STORAGE", "TOTAL", "POOLS");
            typed(cluster, "ceph osd pool create HPC_Pool 128 128");
            typed(cluster, "ceph osd pool set HPC_Pool size 3");
            typed(cluster, "rados -p HPC_Pool put object1 helloceph");
            assertThat(typed(cluster, "rados -p HPC_Pool ls")).isEqualTo("object1\n");
            assertThat(typed(cluster, "rados -p HPC_Pool get object1 -")).isEqualTo("hello ceph\n");
            assertThat(typed(cluster, "ceph osd map HPC_Pool object1"))
                    .matches(
                            "osdmap e\\d+ pool 'HPC_Pool' \\(4\\) object 'object1' -> pg"
                                    + " 4\\.bac5debc \\(4\\.3c\\) -> up (\\(\\[\\d,\\d,\\d\\],"
                                    + " p\\d\\)) acting \\1\n");
            typed(cluster, "rados bench -p HPC_Pool 2 write --no-cleanup");
            typed(cluster, "rados bench -p HPC_Pool 2 seq");
            typed(cluster, "rados bench -p HPC_Pool 2 rand");
            typed(cluster, "rados -p HPC_Pool cleanup");
            assertThat(typed(cluster, "rados -p HPC_Pool ls")).isEqualTo("object1\n");
            assertThat(typed(cluster, "ceph pg stat")).contains("224 pgs: 224 active+clean");
            assertThat(typed(cluster, "ceph daemon client.rgw.a perf dump rgw"))
                    .contains("\"req\": ", "\"failed_req\": ");
            assertThat(typed(cluster, "ceph daemon osd.0 bench 1048576 65536")).contains("iops");
            String dashboard = cluster.value("Dashboard");
            assertThat(typed(cluster, "curl -sSf " + dashboard)).contains("<html");
            assertThat(typed(cluster, "curl -sSf " + dashboard + "/api/status"))
                    .contains(
                            "HEALTH_WARN",
                            "POOL_APP_NOT_ENABLED",
                            "\"HPC_Pool\"",
                            "\"osds\":[{\"id\":0");
        }
    }

    /** Runs a line in the home directory, where CEPH_CONF names the printed configuration. */
    private String typed(LocalCluster cluster, String line) {
        return Program.of("/bin/sh", "-c", "cd \"$0\" && " + line, home)
                .env("CEPH_CONF", cluster.conf().toString())
                .within(Duration.ofMinutes(1))
                .run()
                .ok();
    }
}
