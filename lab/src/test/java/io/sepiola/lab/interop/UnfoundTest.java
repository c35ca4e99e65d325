package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An object of which nobody up has the newest version: genuine Ceph's {@code ceph} shows it, and
 * gives it up.
 */
@Tag("interop")
class UnfoundTest {
    private static final int PORTS = 29_200;
    private static final String GROUP = "1.0";

    @TempDir Path home;

    private DaemonCluster cluster;

    private String ceph(Object... words) {
        return cluster.ceph(words).run().ok();
    }

    private String said(Object... words) {
        Program.Result result = cluster.ceph(words).run();
        return result.out() + result.err();
    }

    private void put(String object, String text) throws IOException {
        Path file = cluster.file("text");
        Files.writeString(file, text);
        rados("put", object, file);
    }

    private String rados(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = "p";
        System.arraycopy(words, 0, all, 2, words.length);
        return Program.of("rados", all).env("CEPH_CONF", cluster.conf().toString()).run().ok();
    }

    private void awaitDown(int osd) {
        cluster.until(
                "osd." + osd + " is down",
                () ->
                        ceph("osd", "dump")
                                .lines()
                                .anyMatch(line -> line.startsWith("osd." + osd + " down")));
    }

    /** The primary alone takes a write of both objects, and goes as soon as another knows it. */
    private void loseWrites(int primary, int heir) throws IOException {
        cluster.kill("osd." + heir);
        ceph("osd", "down", heir);
        awaitDown(heir);
        put("old", "newer");
        put("new", "first");
        ceph("osd", "set", "norecover");
        cluster.start("osd." + heir);
        cluster.until("osd." + heir + " is back", () -> cluster.status().contains("2 up"));
        cluster.until(
                "the heir takes part",
                () ->
                        ceph("pg", "dump", "pgs_brief")
                                .lines()
                                .filter(line -> line.startsWith(GROUP + " "))
                                .anyMatch(line ->
                                        line.contains("active")
                                                && line.contains("degraded")
                                                && !line.contains("undersized")));
        cluster.kill("osd." + primary);
        ceph("osd", "down", primary);
        ceph("osd", "unset", "norecover");
        awaitDown(primary);
    }

    @Test
    void whatIsUnfoundIsShownAndGivenUp() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        try (DaemonCluster made = new DaemonCluster(home, PORTS, 2, "osd pool default size = 2")) {
            cluster = made;
            cluster.create();
            ceph("osd", "pool", "create", "p", "1", "1");
            ceph("osd", "pool", "set", "p", "size", "2");
            ceph("osd", "pool", "set", "p", "min_size", "1");
            ceph("osd", "pool", "application", "enable", "p", "rados");
            cluster.awaitHealth();
            put("old", "older");
            String acting = ceph("pg", "map", GROUP).replaceAll("(?s).*acting \\[|\\].*", "");
            int primary = Integer.parseInt(acting.substring(0, 1));
            int heir = 1 - primary;
            loseWrites(primary, heir);

            cluster.until(
                    "unfound",
                    () -> ceph("health", "detail").contains("OBJECT_UNFOUND: 2/2 objects unfound"));
            String listed = ceph("pg", GROUP, "list_unfound");
            assertThat(listed)
                    .contains("\"num_missing\": 2", "\"num_unfound\": 2")
                    .contains("\"oid\": \"old\"", "\"oid\": \"new\"")
                    .contains("\"status\": \"osd is down\"")
                    .contains("\"more\": false");
            assertThat(ceph("pg", GROUP, "query"))
                    .contains("might_have_unfound", "\"name\": \"Started/Primary/Active\"")
                    .contains("recovery_unfound");
            assertThat(said("pg", GROUP, "mark_unfound_lost", "revert"))
                    .contains("haven't probed all sources, not marking lost");

            ceph("osd", "lost", primary, "--yes-i-really-mean-it");
            cluster.until( // no earlier primary may serve reads any more
                    "what is unfound is given up",
                    () ->
                            said("pg", GROUP, "mark_unfound_lost", "revert")
                                    .contains("pg has 2 objects unfound and apparently lost"));
            assertThat(rados("ls")).isEqualTo("old\n");
            Path got = cluster.file("got");
            rados("get", "old", got);
            assertThat(Files.readString(got)).isEqualTo("older");
            assertThat(ceph("pg", GROUP, "list_unfound")).contains("\"num_unfound\": 0");

            cluster.start("osd." + primary);
            cluster.awaitHealth();
            assertThat(cluster.compareStores()).isPositive();
        }
    }
}
