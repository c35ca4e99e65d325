package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A group is taken out of a stopped OSD and put back as it was some writes ago, as an operator does
 * it with {@code ceph-objectstore-tool}; the cluster brings it up to date again, and nothing that
 * was deleted meanwhile comes back. The genuine tool reads what ours has exported.
 */
@Tag("interop")
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class StoreToolsTest {
    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 31_100);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "d", "1").run().ok();
        cluster.ceph("osd", "pool", "set", "d", "size", "3").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "d", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Program tool(Object... words) {
        List<Object> all = new ArrayList<>();
        all.addAll(List.of("ceph-objectstore-tool", "--data-path", cluster.file("osd.0")));
        all.addAll(List.of(words));
        return Program.sepiola(all.toArray());
    }

    private static Program rados(Object... words) {
        List<Object> all = new ArrayList<>(List.of("-p", "d"));
        all.addAll(List.of(words));
        return Program.of("rados", all.toArray()).env("CEPH_CONF", cluster.conf().toString());
    }

    private static void put(String object, String text) throws IOException {
        Path file = Files.writeString(cluster.file("input"), text.repeat(3000));
        rados("put", object, file).run().ok();
    }

    private static String read(String object) throws IOException {
        Path file = cluster.file("output");
        rados("get", object, file).run().ok();
        return Files.readString(file);
    }

    @Test
    void anOldExportPutBackDoesNotBringOldDataBack() throws IOException {
        for (int i = 0; i < 8; i++) {
            put("object-" + i, "first ");
        }
        rados("setxattr", "object-1", "color", "blue").run().ok();
        rados("setomapval", "object-1", "key", "value").run().ok();
        assertThat(tool("--op", "list").run().code()).as("of a running OSD").isEqualTo(1);
        assertThat(tool("--op", "list").run().err())
                .contains("Mount failed with", "stop the daemon");

        assertThat(cluster.stop("osd.0")).isZero();
        String pg = tool("--op", "list-pgs").run().ok().lines().toList().getLast();
        Path old = exported(pg);
        cluster.start("osd.0");
        cluster.awaitHealth();

        put("object-0", "second ");
        put("object-new", "second ");
        rados("rm", "object-2").run().ok();
        assertThat(cluster.stop("osd.0")).isZero();
        assertThat(tool("--op", "import", "--file", old).run().err())
                .isEqualTo("pgid " + pg + " already exists\n");
        assertThat(tool("--op", "remove", "--pgid", pg).run().err())
                .contains("you must use --force");
        assertThat(tool("--op", "remove", "--pgid", pg, "--force").run().ok())
                .contains("Remove successful");
        assertThat(tool("--op", "list-pgs").run().ok().lines()).doesNotContain(pg);
        assertThat(tool("--op", "import", "--file", old).run().ok()).contains("Import successful");
        assertThat(tool("object-2", "get-bytes").run().ok()).startsWith("first ");

        cluster.start("osd.0");
        cluster.awaitHealth();
        assertThat(read("object-0")).startsWith("second ");
        assertThat(read("object-7")).startsWith("first ");
        assertThat(rados("stat", "object-2").run().err()).contains("No such file");
        assertThat(cluster.compareStores()).as("objects of each OSD").isEqualTo(8);
        damage();
    }

    /** Looks at the group and exports it; the genuine tool says the same of the file as ours. */
    private static Path exported(String pg) throws IOException {
        assertThat(tool("--op", "list", "object-1").run().ok())
                .startsWith("[\"" + pg + "\",{\"oid\":\"object-1\"");
        assertThat(tool("--pgid", pg, "--op", "info").run().ok())
                .contains("\"pgid\": \"" + pg + "\"", "\"last_backfill\": \"MAX\"");
        assertThat(tool("--pgid", pg, "--op", "log").run().ok())
                .contains("\"pg_log_t\": {", "\"op\": \"modify\"", ":::object-7:head")
                .contains("\"missing\": []");
        assertThat(tool("object-1", "dump").run().ok())
                .contains("\"oid\": \"object-1\"", "\"size\": 18000", "\"SnapSet\": {");
        assertThat(tool("object-1", "get-attr", "_color").run().ok()).isEqualTo("blue");
        Path file = cluster.file("old.export");
        assertThat(tool("--pgid", pg, "--op", "export", "--file", file).run().err())
                .contains("Exporting " + pg, "Export successful");
        if (Files.exists(Path.of("/usr/bin/ceph-objectstore-tool"))) {
            Object[] words = {"--no-mon-config", "--op", "dump-export", "--file", file};
            String genuine = Program.of("ceph-objectstore-tool", words).run().ok();
            String ours = tool("--op", "dump-export", "--file", file).run().ok();
            assertThat(ours).contains("object-7").isEqualToIgnoringWhitespace(genuine);
        }
        return file;
    }

    /** Other bytes in one copy are seen; a byte that changed by itself is named. */
    private static void damage() throws IOException {
        assertThat(cluster.stop("osd.0")).isZero();
        Path file = Files.writeString(cluster.file("input"), "not what was written");
        tool("object-3", "set-bytes", file).run().ok();
        assertThat(tool("object-3", "get-bytes").run().ok()).isEqualTo("not what was written");
        Object[] fsck = {"ceph-bluestore-tool", "fsck", "--deep", "--path", cluster.file("osd.0")};
        assertThat(Program.sepiola(fsck).run().ok()).isEqualTo("fsck success\n");
        flip("not what was written");
        Program.Result damaged = Program.sepiola(fsck).run();
        assertThat(damaged.code()).isEqualTo(1);
        assertThat(damaged.err())
                .contains("fsck error: block 0 of ", ":::object-3:head", "ceph pg repair")
                .endsWith("fsck status: remaining 1 error(s) and warning(s)\n");
    }

    /** Changes the block of osd.0 that begins with this text. */
    private static void flip(String text) throws IOException {
        Path block = cluster.file("osd.0").resolve("block");
        try (FileChannel file =
                FileChannel.open(block, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer start = ByteBuffer.allocate(text.length());
            Bytes wanted = Bytes.utf8(text);
            for (long at = 0; at < Math.min(file.size(), 64 << 20); at += 4096) {
                file.read(start.clear(), at);
                if (Bytes.of(start.array()).equals(wanted)) {
                    file.write(ByteBuffer.wrap(new byte[] {'N'}), at);
                    return;
                }
            }
        }
        throw new AssertionError("no block begins with '" + text + "'");
    }
}
