package io.sepiola.cluster.storetool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.ThreadShard;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.cluster.pgexport.ExportReader;
import io.sepiola.cluster.pgexport.Section;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.store.StoreMemory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** A genuine OSD's group goes into a store of ours and out of it again. */
class GroupImportTest {
    private static final Path GENUINE =
            Path.of(System.getProperty("golden"), "pgexport/one-object.export");

    @TempDir Path home;
    private Path osd = Path.of("");

    private record Answer(int code, String out, String err) {}

    private Answer tool(String... more) {
        List<String> words = new ArrayList<>(List.of("--data-path", osd.toString()));
        words.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                ObjectstoreToolVerb.run(
                        words.toArray(String[]::new),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        InputStream.nullInputStream());
        return new Answer(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Answer importing(Path file, String... more) {
        List<String> words = new ArrayList<>(List.of("--op", "import", "--file", file.toString()));
        words.addAll(List.of(more));
        return tool(words.toArray(String[]::new));
    }

    /** An empty store of the cluster and at the map that the export is from. */
    @BeforeEach
    void make() throws IOException {
        osd = home.resolve("osd");
        try (InputStream in = Files.newInputStream(GENUINE)) {
            ExportReader reader = new ExportReader(in);
            Section.Begin begin = (Section.Begin) reader.next();
            Section.Metadata metadata = (Section.Metadata) reader.next();
            format(begin.superblock().clusterFsid());
            set("set-osdmap", metadata.osdMap());
            set("set-superblock", OsdSuperblock.CODEC.toBytes(begin.superblock()));
        }
    }

    private void format(UUID cluster) {
        try (StoreMemory memory = new StoreMemory(1 << 20);
                ThreadShard shard = new ThreadShard("test", (where, failure) -> {})) {
            new OsdHome(osd, 0).format(cluster, new UUID(3, 4), 64 << 20, memory, shard);
        }
    }

    private void set(String op, Bytes content) throws IOException {
        Path file = Files.write(home.resolve("input"), content.toArray());
        assertThat(tool("--op", op, "--file", file.toString(), "--force").err()).isEmpty();
    }

    private Path cut(int size) throws IOException {
        byte[] whole = Files.readAllBytes(GENUINE);
        return Files.write(home.resolve("cut"), Arrays.copyOf(whole, size));
    }

    @Test
    void aGenuineGroupComesInAndGoesOut() throws IOException {
        assertThat(importing(GENUINE))
                .isEqualTo(
                        new Answer(
                                0,
                                """
                                Importing pgid 2.3
                                Write #2:ff7b1f36:::obj1:head#
                                write_pg epoch 11 info 2.3( v 11'5 (0'0,11'5] \
                                local-lis/les=9/10 n=1 ec=9/9 lis/c=9/9 les/c/f=10/10/0 sis=9)
                                Import successful
                                """,
                                ""));
        assertThat(tool("obj1", "get-attr", "_color").out()).isEqualTo("blue");
        assertThat(tool("obj1", "get-omap", "k1").out()).isEqualTo("v1");
        assertThat(importing(GENUINE)).isEqualTo(new Answer(1, "", "pgid 2.3 already exists\n"));
        String again = home.resolve("again").toString();
        assertThat(tool("--pgid", "2.3", "--op", "export-remove", "--file", again).code()).isZero();
        assertThat(tool("--op", "list-pgs").out()).isEmpty();
        String shown = tool("--op", "dump-export", "--file", again).out();
        String genuine = tool("--op", "dump-export", "--file", GENUINE.toString()).out();
        assertThat(objects(shown)).isEqualTo(objects(genuine)).contains("obj1");
        assertThat(log(shown)).isEqualTo(log(genuine)).contains("11'5");
        assertThat(importing(Path.of(again)).code()).as("what ours wrote").isZero();
    }

    private static String objects(String dump) {
        return dump.substring(dump.indexOf("\"objects\": ["));
    }

    private static String log(String dump) {
        return dump.substring(dump.indexOf("\"log\": {"), dump.indexOf("\"pg_missing_t\""));
    }

    @Test
    void nothingIsLeftOfWhatDoesNotComeInWhole() throws IOException {
        int size = (int) Files.size(GENUINE);
        for (int left : List.of(100, 3000, size - 4000, size - 20)) {
            Answer refused = importing(cut(left));
            assertThat(refused.code()).as("%d bytes", left).isEqualTo(1);
            assertThat(refused.err()).isEqualTo("Unexpected EOF\nCorrupt input for import\n");
            assertThat(tool("--op", "list-pgs").out()).isEmpty();
        }
        assertThat(importing(GENUINE, "--dry-run").out()).endsWith("dry-run: Nothing changed\n");
        assertThat(importing(GENUINE, "--pgid", "2.1").err())
                .isEqualTo("specified pgid 2.1 does not match actual pgid 2.3\n");
        assertThat(tool("--op", "list-pgs").out()).isEmpty();
    }

    @Test
    void aGroupOfAnotherClusterIsRefused() {
        osd = home.resolve("other");
        format(new UUID(1, 2));
        assertThat(importing(GENUINE).err())
                .isEqualTo(
                        "Export came from different cluster with fsid"
                                + " 8396eae5-0d21-4563-865d-7959e3bef14d\n");
        assertThat(importing(GENUINE, "--force").err()).contains("Can't find latest local OSDMap");
    }
}
