package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** OSDs whose data are given up, by genuine Ceph's {@code ceph}. */
@Tag("interop")
class LostTest {
    private static final int PORTS = 29_270;
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

    private void put(String object) throws IOException {
        Path file = cluster.file("text");
        Files.writeString(file, object);
        rados("put", object, file);
    }

    private String rados(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "-p";
        all[1] = "p";
        System.arraycopy(words, 0, all, 2, words.length);
        return Program.of("rados", all).env("CEPH_CONF", cluster.conf().toString()).run().ok();
    }

    private void kill(int osd) {
        cluster.kill("osd." + osd);
        ceph("osd", "down", osd);
        cluster.until("osd." + osd + " is down", () -> dump(osd).contains(" down "));
    }

    private void start(int osd) {
        cluster.start("osd." + osd);
        cluster.until("osd." + osd + " is up", () -> dump(osd).contains(" up "));
    }

    private String dump(int osd) {
        return ceph("osd", "dump")
                .lines()
                .filter(line -> line.startsWith("osd." + osd + " "))
                .findFirst()
                .orElseThrow();
    }

    private String state() {
        return ceph("pg", "dump", "pgs_brief")
                .lines()
                .filter(line -> line.startsWith(GROUP + " "))
                .map(line -> line.split(" +")[1])
                .findFirst()
                .orElseThrow();
    }

    private int[] acting() {
        String text = ceph("pg", "map", GROUP).replaceAll("(?s).*acting \\[|\\].*", "");
        String[] osds = text.split(",");
        return new int[] {Integer.parseInt(osds[0]), Integer.parseInt(osds[1])};
    }

    @Test
    void whatIsLostIsGivenUp() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        try (DaemonCluster made = new DaemonCluster(home, PORTS, 3, "osd pool default size = 2")) {
            cluster = made;
            cluster.create();
            ceph("osd", "pool", "create", "p", "1", "1");
            ceph("osd", "pool", "set", "p", "min_size", "1");
            ceph("osd", "pool", "application", "enable", "p", "rados");
            cluster.awaitHealth();
            put("both");
            int first = acting()[0];
            int second = acting()[1];
            aGroupWhoseLastServerIsLostGoesOn(first, second);
            whatIsForcedIsShown(first);
            aGroupOfWhichNothingIsLeftBeginsAnew(first, second);
        }
    }

    private void aGroupWhoseLastServerIsLostGoesOn(int first, int second) throws IOException {
        kill(second);
        put("alone");
        kill(first);
        start(second);
        cluster.until("down", () -> state().equals("down"));
        assertThat(ceph("pg", GROUP, "query"))
                .contains("\"blocked\": \"peering is blocked due to down osds\"")
                .contains("\"comment\": \"starting or marking this osd lost may let us proceed\"")
                .containsPattern("\"peering_blocked_by\": \\[\\s*\\{\\s*\"osd\": " + first + ",");
        assertThat(ceph("pg", "ls", "--format", "json")).contains("\"blocked_by\":[" + first + "]");
        assertThat(ceph("osd", "blocked-by")).containsPattern("(?m)^ *" + first + " +1$");
        assertThat(ceph("health", "detail"))
                .contains("PG_AVAILABILITY: Reduced data availability: 1 pg down")
                .contains("pg 1.0 is down, acting [" + second + "]");
        assertThat(said("osd", "lost", first)).contains("are you SURE?");
        assertThat(said("osd", "lost", second, "--yes-i-really-mean-it")).contains("is not down");
        ceph("osd", "lost", first, "--yes-i-really-mean-it");
        cluster.until("active", () -> state().startsWith("active"));
        assertThat(rados("ls")).isEqualTo("both\n");
        start(first);
        cluster.awaitHealth();
        assertThat(rados("ls")).as("what was lost stays so").isEqualTo("both\n");
    }

    private void whatIsForcedIsShown(int first) throws IOException {
        assertThat(said("pg", "force-recovery", GROUP)).contains("doesn't require recovery");
        int other = acting()[0] == first ? acting()[1] : acting()[0];
        kill(other);
        put("later");
        ceph("osd", "set", "norecover");
        start(other);
        cluster.until("degraded", () -> state().contains("degraded") && acting().length == 2);
        cluster.until(
                "forced",
                () ->
                        said("pg", "force-recovery", GROUP).contains("already forced")
                                && state().contains("forced_recovery"));
        ceph("pg", "cancel-force-recovery", GROUP);
        cluster.until("not forced", () -> !state().contains("forced"));
        assertThat(said("osd", "pool", "force-backfill", "p")).contains("to force-backfill");
        cluster.until("forced", () -> state().contains("forced_backfill"));
        assertThat(said("pg", "cancel-force-recovery", GROUP)).contains("recovery not forced");
        ceph("osd", "unset", "norecover");
        cluster.awaitHealth();
        assertThat(state()).isEqualTo("active+clean");
    }

    private void aGroupOfWhichNothingIsLeftBeginsAnew(int first, int second) {
        kill(first);
        kill(second);
        ceph("osd", "out", first, second); // only now: neither may have begun to fill the third
        cluster.until("stale", () -> !state().contains("clean"));
        assertThat(said("osd", "force-create-pg", "9.9")).contains("pg '9.9' does not exist");
        assertThat(said("osd", "force-create-pg", GROUP)).contains("--yes-i-really-mean-it");
        assertThat(said("osd", "force-create-pg", GROUP, "--yes-i-really-mean-it"))
                .contains("pg 1.0 now creating, ok");
        cluster.until("active", () -> state().startsWith("active"));
        assertThat(rados("ls")).isEmpty();
        assertThat(ceph("osd", "pool", "ls", "detail")).doesNotContain("creating");
        for (int osd : new int[] {first, second}) {
            start(osd);
            ceph("osd", "in", osd);
        }
        cluster.awaitHealth();
        assertThat(rados("ls")).as("what was given up stays so").isEmpty();
    }
}
