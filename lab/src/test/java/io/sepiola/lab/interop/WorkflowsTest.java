package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What operators type first, with Ceph's own programs: W3, looking at a cluster that has fewer OSDs
 * than replicas, until it has enough; W4, pools (of which {@link SplitTest} has the groups); W13,
 * users and what they may do.
 */
@Tag("interop")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorkflowsTest {
    private static final int PORTS = 21_300;
    private static final int GROUPS = 16;

    @TempDir private static Path home;
    private static DaemonCluster cluster;
    private static Path file;

    @BeforeAll
    static void oneOsd() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        cluster = new DaemonCluster(home, PORTS, 1, "mon allow pool delete = true");
        cluster.create();
        file = Files.write(home.resolve("file"), new byte[100_000]);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String ceph(Object... words) {
        return cluster.ceph(words).run().ok();
    }

    private static String rados(Object... words) {
        return cluster.client("rados", words).run().ok();
    }

    /** Waits for a line of {@code ceph -s}. */
    private static void awaitStatus(String part) {
        cluster.until(part, () -> cluster.status().contains(part));
    }

    private static void add(int osd) throws IOException {
        cluster.makeOsd(osd);
        cluster.start("osd." + osd);
    }

    @Test
    @Order(1)
    void fewerOsdsThanReplicasAreShownAsCephShowsThem() throws Exception {
        Path events = home.resolve("events");
        Process watch = cluster.ceph("-w").start(events);
        try {
            cluster.until("it watches", () -> Files.exists(events) && !read(events).isEmpty());
            ceph("osd", "pool", "create", "web-services", GROUPS, GROUPS);
            ceph("osd", "pool", "application", "enable", "web-services", "rados");

            ceph("config", "set", "mgr", "mon_pg_stuck_threshold", "1"); // not a minute
            awaitStatus(GROUPS + " undersized+peered");
            cluster.until("they are stuck", () -> ceph("health").contains("16 pgs undersized"));
            assertThat(ceph("health", "detail"))
                    .startsWith("HEALTH_WARN")
                    .contains(
                            "PG_AVAILABILITY: Reduced data availability: 16 pgs inactive",
                            "PG_DEGRADED: Degraded data redundancy: 16 pgs undersized",
                            "TOO_FEW_OSDS: OSD count 1 < osd_pool_default_size 3");
            assertThat(ceph("pg", "dump_stuck", "undersized", "--threshold", "1"))
                    .containsPattern("(?m)^[0-9]+\\.[0-9a-f]+ +undersized\\+peered +\\[0\\] ");
            Program.Result held =
                    cluster.client(
                                    "rados",
                                    "--rados-osd-op-timeout=2",
                                    "-p",
                                    "web-services",
                                    "put",
                                    "object1",
                                    file)
                            .run();
            assertThat(held.err()).as("below min_size").contains("Connection timed out");

            add(1);
            awaitStatus("2 osds: 2 up");
            awaitStatus(GROUPS + " active+undersized");
            rados("-p", "web-services", "put", "object1", file);
            cluster.until(
                    "one of three copies is missing",
                    () ->
                            ceph("health", "detail")
                                    .contains(
                                            "Degraded data redundancy: 1/3 objects degraded"
                                                    + " (33.333%), 1 pg degraded, 16 pgs"
                                                    + " undersized"));
            assertThat(cluster.status())
                    .contains("15 active+undersized", " 1 active+undersized+degraded");
        } finally {
            watch.destroy();
        }
        assertThat(read(events)).contains("cluster:", "osd.1 ", " boot");
    }

    private static String read(Path text) {
        try {
            return Files.readString(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    @Order(2)
    void oneMoreOsdMakesThemCleanByItself() throws IOException {
        add(2);
        awaitStatus(GROUPS + " active+clean");
        cluster.until("HEALTH_OK", () -> ceph("health").startsWith("HEALTH_OK"));
        assertThat(ceph("df")).contains("web-services");
        assertThat(ceph("osd", "tree")).contains("osd.0", "osd.1", "osd.2", "host ");
        assertThat(ceph("osd", "dump")).containsPattern("(?m)^pool 1 'web-services' replicated");
        assertThat(rados("lspools")).isEqualTo("web-services\n");
        assertThat(ceph("osd", "lspools")).isEqualTo("1 web-services\n");
        assertThat(rados("-p", "web-services", "ls")).isEqualTo("object1\n");
        assertThat(rados("df")).contains("web-services", "total_objects    1");
        assertThat(ceph("pg", "dump").lines().filter(line -> line.startsWith("1.")))
                .hasSize(GROUPS)
                .allMatch(line -> line.contains(" active+clean "));
    }

    @Test
    @Order(3)
    void poolsAreSetRenamedAndDeleted() {
        ceph("osd", "pool", "set", "web-services", "size", "2");
        assertThat(ceph("osd", "pool", "get", "web-services", "size")).isEqualTo("size: 2\n");
        assertThat(ceph("osd", "pool", "get", "web-services", "pg_num")).isEqualTo("pg_num: 16\n");
        assertThat(ceph("osd", "pool", "get", "web-services", "pgp_num"))
                .isEqualTo("pgp_num: 16\n");
        ceph("osd", "pool", "rename", "web-services", "frontend-services");
        assertThat(rados("-p", "frontend-services", "ls")).isEqualTo("object1\n");
        ceph("osd", "pool", "create", "gone", "8");
        String sure = "--yes-i-really-really-mean-it";
        Program.Result unsure = cluster.ceph("osd", "pool", "delete", "gone", "gone").run();
        assertThat(unsure.code()).isEqualTo(1);
        assertThat(unsure.err()).contains("Error EPERM", sure);
        ceph("osd", "pool", "delete", "gone", "gone", sure);
        assertThat(rados("lspools")).isEqualTo("frontend-services\n");
        Program.Result many = cluster.ceph("osd", "pool", "create", "many", "4096").run();
        assertThat(many.code()).as("more groups than these OSDs should have").isEqualTo(34);
        assertThat(many.err()).contains("mon_max_pg_per_osd");
    }

    @Test
    @Order(4)
    void usersMayDoWhatTheirCapsSayAndNoMore() {
        for (String pool : new String[] {"data", "other"}) {
            ceph("osd", "pool", "create", pool, "8");
            ceph("osd", "pool", "application", "enable", pool, "rados");
        }
        Path keyring = cluster.file("app.keyring");
        Object[] user = {
            "auth", "get-or-create", "client.app", "mon", "allow r", "osd", "allow rw pool=data"
        };
        String made = ceph(user);
        assertThat(made).startsWith("[client.app]\n\tkey = ");
        assertThat(ceph(user)).as("the same again").isEqualTo(made);
        ceph("auth", "get", "client.app", "-o", keyring);

        app(keyring, "rados", "-p", "data", "put", "o", file).ok();
        app(keyring, "rados", "-p", "data", "get", "o", "-").ok();
        Program.Result elsewhere = app(keyring, "rados", "-p", "other", "put", "o", file);
        assertThat(elsewhere.code()).isNotZero();
        assertThat(elsewhere.err()).contains("Operation not permitted");
        assertThat(app(keyring, "rados", "-p", "other", "get", "o", "-").err())
                .contains("Operation not permitted");
        app(keyring, "ceph", "osd", "pool", "ls").ok();
        Program.Result pool = app(keyring, "ceph", "osd", "pool", "create", "p", "8");
        assertThat(pool.code()).isEqualTo(13);
        assertThat(pool.err()).contains("access denied");
        assertThat(app(keyring, "ceph", "auth", "ls").code()).isEqualTo(13);

        ceph("auth", "caps", "client.app", "mon", "allow r", "osd", "allow r pool=data");
        assertThat(app(keyring, "rados", "-p", "data", "put", "o", file).err())
                .contains("Operation not permitted");
        app(keyring, "rados", "-p", "data", "get", "o", "-").ok();
        ceph("auth", "rm", "client.app");
        assertThat(app(keyring, "rados", "lspools").code()).isNotZero();
    }

    private static Program.Result app(Path keyring, String program, Object... words) {
        Object[] all = new Object[words.length + 4];
        all[0] = "--id";
        all[1] = "app";
        all[2] = "--keyring";
        all[3] = keyring;
        System.arraycopy(words, 0, all, 4, words.length);
        return cluster.client(program, all).run();
    }
}
