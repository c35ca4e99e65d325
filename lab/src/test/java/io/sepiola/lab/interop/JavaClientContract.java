package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.CephConf;
import io.sepiola.client.IoContext;
import io.sepiola.client.IoContext.Comparison;
import io.sepiola.client.IoContext.Cursor;
import io.sepiola.client.IoContext.ObjectPage;
import io.sepiola.client.IoContext.ReadResults;
import io.sepiola.client.Rados;
import io.sepiola.client.RadosException;
import io.sepiola.protocol.AuthName;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the Java client does with objects, and the answers it gets; the same from a genuine Ceph and
 * from ours.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class JavaClientContract {
    private static final long OBJECT_SIZE_MAX = 128L << 20;

    Rados rados;
    IoContext pool;
    private Path conf;

    /** Starts a cluster of three OSDs below this directory; returns its ceph.conf. */
    abstract Path startCluster(Path directory);

    abstract void stopCluster();

    @BeforeAll
    void start(@TempDir Path directory) {
        Program.need("ceph", "rados");
        conf = startCluster(directory);
        rados = Rados.connect(configuration());
        Await.on(rados.createPool("java"));
        pool = Await.on(rados.open("java"));
    }

    @AfterAll
    void stop() {
        if (rados != null) {
            rados.close();
        }
        stopCluster();
    }

    private CephConf configuration() {
        return CephConf.load(conf, "ceph", AuthName.parse("client.admin"));
    }

    private String genuine(String... words) {
        List<Object> all = new ArrayList<>(List.of("-c", conf));
        all.addAll(List.of(words));
        return Program.of("rados", all.toArray()).run().ok();
    }

    static Bytes bytes(int size, int seed) {
        byte[] data = new byte[size];
        new java.util.SplittableRandom(seed).nextBytes(data);
        return Bytes.of(data);
    }

    @Test
    void dataGoInAndComeBack() {
        Bytes data = bytes(5_000_000, 1);
        Await.on(pool.writeFull("data", data));
        assertThat(Await.on(pool.read("data", 0, 6_000_000))).isEqualTo(data);
        assertThat(Await.on(pool.read("data", 4_999_990, 100))).isEqualTo(data.slice(4_999_990));
        assertThat(Await.on(pool.stat("data")).size()).isEqualTo(5_000_000);
        Await.on(pool.write().append(Bytes.utf8("tail")).submit("data"));
        Await.on(pool.write().write(2, Bytes.utf8("xyz")).truncate(10).zero(6, 2).submit("data"));
        assertThat(Await.on(pool.read("data", 0, 100)))
                .isEqualTo(
                        Bytes.concat(
                                data.slice(0, 2),
                                Bytes.utf8("xyz"),
                                data.slice(5, 1),
                                Bytes.zeros(2),
                                data.slice(8, 2)));
        assertThat(genuine("-p", "java", "stat", "data")).contains("size 10");
        Await.on(pool.remove("data"));
        assertThatThrownBy(() -> Await.on(pool.stat("data")))
                .isInstanceOfSatisfying(
                        RadosException.class, e -> assertThat(e.errno()).isEqualTo(2));
    }

    @Test
    void attributesAndOmaps() {
        TreeMap<String, Bytes> entries = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            entries.put(String.format("k%03d", i), Bytes.utf8("v" + i));
        }
        Await.on(
                pool.write()
                        .create(true)
                        .setXattr("a", Bytes.utf8("1"))
                        .setXattr("b", Bytes.utf8("2"))
                        .setOmap(entries)
                        .setOmapHeader(Bytes.utf8("head"))
                        .submit("maps"));
        ReadResults read =
                Await.on(
                        pool.read()
                                .stat()
                                .xattr("a")
                                .xattrs()
                                .omap("k099", "k1", 50)
                                .omapKeys("", 3)
                                .omapOf(new TreeSet<>(List.of("k007", "none")))
                                .omapHeader()
                                .xattr("none")
                                .lastMayFail()
                                .submit("maps"));
        assertThat(read.stat(0).size()).isZero();
        assertThat(read.data(1)).isEqualTo(Bytes.utf8("1"));
        assertThat(read.entries(2)).containsOnlyKeys("a", "b");
        assertThat(read.omap(3).entries()).hasSize(50).containsKeys("k100", "k149");
        assertThat(read.omap(3).more()).isTrue();
        assertThat(read.omapKeys(4).keys()).containsExactly("k000", "k001", "k002");
        assertThat(read.entries(5)).isEqualTo(Map.of("k007", Bytes.utf8("v7")));
        assertThat(read.data(6)).isEqualTo(Bytes.utf8("head"));
        assertThat(read.result(7)).isEqualTo(-61);
        assertThat(genuine("-p", "java", "getxattr", "maps", "b")).isEqualTo("2");
        Await.on(
                pool.write()
                        .removeOmap(new TreeSet<>(List.of("k000")))
                        .removeOmapRange("k100", "k300")
                        .removeXattr("a")
                        .submit("maps"));
        assertThat(genuine("-p", "java", "listomapkeys", "maps").lines()).hasSize(99);
    }

    @Test
    void conditionsAreKept() {
        long version =
                Await.on(
                                pool.write()
                                        .writeFull(Bytes.utf8("x"))
                                        .setXattr("n", Bytes.utf8("5"))
                                        .submit("c"))
                        .version();
        assertThat(Await.on(pool.read().stat().submit("c")).version()).isEqualTo(version);
        fails(125, pool.write().compareXattr("n", Comparison.EQ, Bytes.utf8("6")).remove());
        fails(125, pool.write().compareXattr("n", Comparison.GT, Bytes.utf8("5")).remove());
        fails(125, pool.write().compareOmap("k", Comparison.EQ, Bytes.utf8("v")).remove());
        fails(34, pool.write().assertVersion(version - 1).remove());
        fails(17, pool.write().create(true));
        assertThatThrownBy(() ->
                        Await.on(pool.write().assertExists().writeFull(Bytes.EMPTY).submit("no")))
                .isInstanceOf(RadosException.class);
        Await.on(
                pool.write()
                        .compareXattr("n", Comparison.GT, Bytes.utf8("4"))
                        .assertVersion(version)
                        .remove()
                        .submit("c"));
    }

    void fails(int errno, IoContext.WriteOperation operation) {
        assertThatThrownBy(() -> Await.on(operation.submit("c")))
                .isInstanceOfSatisfying(
                        RadosException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void aThousandObjectsAreListedOnceEach() {
        IoContext space = pool.withNamespace("thousand");
        TreeSet<String> expected = writeThousand(space);
        List<String> listed = new ArrayList<>();
        Cursor cursor = null;
        do {
            ObjectPage page = Await.on(space.list(cursor, 64));
            page.objects().forEach(object -> listed.add(object.name()));
            cursor = page.nextOrNull();
        } while (cursor != null);
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        assertThat(Await.on(pool.list(null, 1000)).objects())
                .noneMatch(object -> object.name().startsWith("object "));
        for (String name : expected) {
            Await.on(space.remove(name));
        }
        assertThat(Await.on(space.list(null, 1000)).objects()).isEmpty();
    }

    static TreeSet<String> writeThousand(IoContext space) {
        List<CompletableFuture<?>> writes = new ArrayList<>();
        TreeSet<String> expected = new TreeSet<>();
        for (int i = 0; i < 1000; i++) {
            String name = "object " + i;
            expected.add(name);
            writes.add(space.writeFull(name, bytes(100, i)));
            if (writes.size() == 16) {
                writes.forEach(Await::on);
                writes.clear();
            }
        }
        writes.forEach(Await::on);
        return expected;
    }

    @Test
    void whatIsTooLongOrTooFarGetsTheSameErrno() {
        Await.on(pool.writeFull("c", Bytes.utf8("whole")));
        for (long offset : new long[] {OBJECT_SIZE_MAX, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            fails(27, pool.write().write(offset, Bytes.utf8("x")));
            fails(27, pool.write().truncate(offset));
            fails(27, pool.write().zero(offset, 1));
        }
        fails(27, pool.write().zero(1, Long.MAX_VALUE));
        fails(36, pool.write().setXattr("n".repeat(101), Bytes.utf8("x")));
        refuses(36, pool, "n".repeat(2049));
        refuses(36, pool.withNamespace("s".repeat(257)), "n");
        assertThat(Await.on(pool.read("c", 0, 100))).isEqualTo(Bytes.utf8("whole"));
        Await.on(pool.writeFull("n".repeat(2048), Bytes.utf8("x")));
        Await.on(pool.remove("n".repeat(2048)));
        Await.on(pool.remove("c"));
    }

    private static void refuses(int errno, IoContext where, String object) {
        assertThatThrownBy(() -> Await.on(where.writeFull(object, Bytes.utf8("x"))))
                .isInstanceOfSatisfying(
                        RadosException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    Rados.CommandReply command(String json) {
        Rados.CommandReply reply = Await.on(rados.monitorCommand(json, Bytes.EMPTY));
        assertThat(reply.result()).as(reply.text()).isZero();
        return reply;
    }

    @Test
    void poolsComeAndGo() {
        Await.on(rados.createPool("brief"));
        assertThatThrownBy(() -> Await.on(rados.createPool("brief")))
                .isInstanceOfSatisfying(
                        RadosException.class, e -> assertThat(e.errno()).isEqualTo(17));
        IoContext brief = Await.on(rados.open("brief"));
        Await.on(brief.writeFull("a", Bytes.EMPTY));
        Await.on(rados.deletePool("brief"));
        assertThatThrownBy(() -> Await.on(rados.open("brief"))).hasMessageContaining("brief");
        assertThatThrownBy(() -> Await.on(brief.stat("a"))).isInstanceOf(RadosException.class);
    }

    @Test
    void aWrongKeyIsRefusedWithASentence() {
        CephConf forged = configuration().with("key", "AQAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAA==");
        assertThatThrownBy(() -> Rados.connect(forged))
                .isInstanceOfSatisfying(
                        RadosException.class, e -> assertThat(e.errno()).isEqualTo(13))
                .hasMessageContaining("client.admin")
                .hasMessageContaining("keyring");
    }

    @Test
    void commandsReachEverybody() {
        assertThat(command("{\"prefix\":\"osd stat\"}").output().toUtf8()).contains("3 osds");
        String json = "{\"prefix\":\"pg stat\",\"target\":[\"mon-mgr\",\"\"]}";
        assertThat(Await.on(rados.managerCommand(json, Bytes.EMPTY)).output().toUtf8())
                .contains("pgs");
        assertThat(Await.on(rados.osdCommand(1, "{\"prefix\":\"version\"}", Bytes.EMPTY)).result())
                .isZero();
        assertThat(
                        Await.on(rados.monitorTell("a", "{\"prefix\":\"version\"}", Bytes.EMPTY))
                                .result())
                .isZero();
        assertThat(Await.on(rados.pingMonitor("a"))).contains("mon_status");
        assertThatThrownBy(() ->
                        Await.on(rados.osdCommand(7, "{\"prefix\":\"version\"}", Bytes.EMPTY)))
                .hasMessageContaining("osd.7");
        assertThat(Await.on(rados.usage()).totalKib()).isPositive();
        assertThat(Await.on(rados.poolUsage(List.of()))).containsKey("java");
    }

    @Test
    void writesGoOnWhileAnOsdIsMarkedDown() {
        List<CompletableFuture<?>> writes = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            writes.add(pool.writeFull("churn" + i, bytes(1000, i)));
            if (i == 200) {
                command("{\"prefix\":\"osd down\",\"ids\":[\"1\"]}");
            }
        }
        writes.forEach(Await::on);
        for (int i = 0; i < 600; i += 20) {
            assertThat(Await.on(pool.read("churn" + i, 0, 2000))).isEqualTo(bytes(1000, i));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!command("{\"prefix\":\"osd stat\"}").output().toUtf8().contains("3 up")) {
            assertThat(System.nanoTime()).as("osd.1 comes back").isLessThan(end);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
