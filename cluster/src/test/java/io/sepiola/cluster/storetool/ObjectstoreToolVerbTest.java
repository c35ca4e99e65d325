package io.sepiola.cluster.storetool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.ThreadShard;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreMemory;

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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** The lines of Ceph 16.2.15's tool for the same objects. */
class ObjectstoreToolVerbTest {
    private static final String OBJECT3 =
            "[\"2.0\",{\"oid\":\"object3\",\"key\":\"\",\"snapid\":-2,\"hash\":4168592416,"
                    + "\"max\":0,\"pool\":2,\"namespace\":\"\",\"max\":0}]\n";
    private static final String NSOBJ =
            "[\"2.0\",{\"oid\":\"nsobj\",\"key\":\"\",\"snapid\":-2,\"hash\":1546895436,\"max\":0,"
                    + "\"pool\":2,\"namespace\":\"spc\",\"max\":0}]\n";
    private static final String KEYED =
            "[\"2.1\",{\"oid\":\"keyed\",\"key\":\"lockey\",\"snapid\":-2,\"hash\":4096434769,"
                    + "\"max\":0,\"pool\":2,\"namespace\":\"\",\"max\":0}]\n";

    @TempDir Path directory;

    private record Answer(int code, String out, String err) {}

    private Answer tool(String... more) {
        List<String> words = new ArrayList<>(List.of("--data-path", directory.toString()));
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

    private static CollectionId.Pg group(int seed) {
        return new CollectionId.Pg(SpgId.replicated(new PgId(2, seed)));
    }

    private static Transaction.Op touch(int seed, String space, String name, String key, int hash) {
        HObject object = new HObject(space, name, key, HObject.HEAD, hash, 2, false);
        return new Transaction.Touch(group(seed), GhObject.of(object));
    }

    /** A store of OSD 5 with these objects and two groups. */
    private void make(List<Transaction.Op> objects) throws InterruptedException {
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.MakeCollection(group(1), 2));
        ops.add(new Transaction.MakeCollection(group(0), 2));
        ops.add(touch(0, "", "", "", 0)); // the group's own
        ops.addAll(objects);
        ThreadShard shard = new ThreadShard("test", (where, failure) -> {});
        OsdHome home = new OsdHome(directory, 5);
        try (StoreMemory cache = new StoreMemory(1 << 20)) {
            home.format(new UUID(1, 2), new UUID(3, 4), 64 << 20, cache, shard);
            try (BlockStore store = home.open(cache, 0, failure -> {})) {
                CountDownLatch done = new CountDownLatch(1);
                store.submit(new Transaction(ops), shard, done::countDown);
                done.await();
            }
        }
        shard.close();
    }

    @Test
    void listsGroupsAndObjects() throws InterruptedException {
        make(
                List.of(
                        touch(0, "", "object3", "", (int) 4168592416L),
                        touch(0, "spc", "nsobj", "", 1546895436),
                        touch(1, "", "keyed", "lockey", (int) 4096434769L)));
        assertThat(tool("--op", "list-pgs")).isEqualTo(new Answer(0, "2.0\n2.1\n", ""));
        assertThat(tool("--op", "list")).isEqualTo(new Answer(0, OBJECT3 + NSOBJ + KEYED, ""));
        assertThat(tool("--pgid", "2.1", "--op=list").out()).isEqualTo(KEYED);
        assertThat(tool("--pgid", "2.77", "--op", "list")).isEqualTo(new Answer(0, "", ""));
        assertThat(tool("--op", "list", "object3").out()).isEqualTo(OBJECT3);
        assertThat(tool("--op", "list", "--namespace", "spc").out()).isEqualTo(NSOBJ);
    }

    @Test
    void listsEveryObjectOnceAcrossPages() throws InterruptedException {
        List<Transaction.Op> objects = new ArrayList<>();
        for (int i = 0; i < 2001; i++) {
            objects.add(touch(0, "", "o" + i, "", i * 7919));
        }
        make(objects);
        assertThat(tool("--op", "list").out().lines()).hasSize(2001).doesNotHaveDuplicates();
    }

    @Test
    void anObjectsPartsAreShownAndChanged() throws IOException, InterruptedException {
        make(List.of(touch(0, "", "object3", "", (int) 4168592416L)));
        Path file = Files.writeString(directory.resolve("input"), "twelve bytes");
        String in = file.toString();
        assertThat(tool("object3", "set-bytes", in)).isEqualTo(new Answer(0, "", ""));
        assertThat(tool("object3", "get-bytes").out()).isEqualTo("twelve bytes");
        assertThat(tool("object3", "set-attr", "_color", in).code()).isZero();
        assertThat(tool(OBJECT3.strip(), "get-attr", "_color").out()).isEqualTo("twelve bytes");
        assertThat(tool("object3", "list-attrs").out()).isEqualTo("_color\n");
        assertThat(tool("object3", "set-omap", "key", in).code()).isZero();
        assertThat(tool("--pgid", "2.0", "object3", "get-omap", "key").out())
                .isEqualTo("twelve bytes");
        assertThat(tool("object3", "list-omap").out()).isEqualTo("key\n");
        assertThat(tool("object3", "set-omaphdr", in).code()).isZero();
        assertThat(tool("object3", "get-omaphdr").out()).isEqualTo("twelve bytes");
        assertThat(tool("object3", "rm-omap", "key").code()).isZero();
        assertThat(tool("object3", "get-omap", "key"))
                .isEqualTo(new Answer(1, "", "Key not found\n"));
        assertThat(tool("object3", "rm-attr", "_color").code()).isZero();
        assertThat(tool("object3", "get-attr", "_color").err())
                .isEqualTo("getattr: (61) No data available\n");
        assertThat(tool("object3", "remove", "--dry-run").out())
                .isEqualTo("remove #2:0435ee1f:::object3:head#\ndry-run: Nothing changed\n");
        assertThat(tool("object3", "remove").code()).isZero();
        assertThat(tool("object3", "get-bytes").err())
                .isEqualTo("No object id 'object3' found or invalid JSON specified\n");
        assertThat(tool(OBJECT3.strip(), "get-bytes").err())
                .isEqualTo("get-bytes: (2) No such file or directory\n");
    }

    @Test
    void aGroupThatWasHalfTakenInGoesWhenItsOsdOpensTheStore()
            throws IOException, InterruptedException {
        make(List.of());
        try (StoreMemory cache = new StoreMemory(1 << 20);
                BlockStore store = new OsdHome(directory, 5).open(cache, 0, failure -> {});
                ThreadShard shard = new ThreadShard("test", (where, failure) -> {})) {
            SpgId pg = group(3).pg();
            store.submit(new Transaction(StoppedOsd.begin(pg)), shard, () -> {});
            assertThat(new StoppedOsd(store).unfinished()).containsExactly(pg);
        }
        assertThat(tool("--op", "list-pgs").out()).contains("2.3");
        try (StoreMemory cache = new StoreMemory(1 << 20);
                BlockStore store = new OsdHome(directory, 5).openForOsd(cache, 0, failure -> {})) {
            assertThat(store.exists(group(3))).isFalse();
            assertThat(store.exists(group(1))).isTrue();
        }
    }

    @Test
    void fsckNamesADamagedBlockAndRepairDoesNotTakeItForGood()
            throws IOException, InterruptedException {
        make(List.of(touch(0, "", "object3", "", (int) 4168592416L)));
        Path file = Files.write(directory.resolve("input"), new byte[9000]);
        assertThat(tool("object3", "set-bytes", file.toString()).code()).isZero();
        assertThat(bluestore("fsck", "--deep")).isEqualTo(new Answer(0, "fsck success\n", ""));
        byte[] block = Files.readAllBytes(directory.resolve("block"));
        for (int at = 4096; at < block.length; at += 4096) {
            block[at] ^= 1; // every block but the superblock's
        }
        Files.write(directory.resolve("block"), block);
        assertThat(bluestore("fsck").code()).as("data are not read").isZero();
        Answer deep = bluestore("fsck", "--deep", "1");
        assertThat(deep.code()).isEqualTo(1);
        assertThat(deep.err())
                .contains("fsck error: block 0 of 2:", "object3", "ceph pg repair")
                .endsWith("fsck status: remaining 3 error(s) and warning(s)\n");
        assertThat(bluestore("repair", "--deep", "1").code()).as("not accepted").isEqualTo(1);
        assertThat(tool("--op", "fsck-deep").err())
                .endsWith("fsck status: 3 remaining error(s) and warning(s)\n");
        assertThat(tool("object3", "get-bytes").code()).isEqualTo(1);
    }

    private Answer bluestore(String... more) {
        List<String> words = new ArrayList<>(List.of("--path", directory.toString()));
        words.addAll(List.of(more));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code =
                BluestoreToolVerb.run(
                        words.toArray(String[]::new),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Answer(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theLabelSaysWhoseStoreItIs() throws InterruptedException {
        make(List.of());
        assertThat(bluestore("show-label").out())
                .contains(
                        "/block\": {",
                        "\"osd_uuid\": \"" + new UUID(3, 4) + "\"",
                        "\"ceph_fsid\": \"" + new UUID(1, 2) + "\"",
                        "\"whoami\": \"5\"",
                        "\"magic\": \"ceph osd volume v026\"");
        assertThat(bluestore("bluefs-stats").err()).startsWith("bluefs-stats is not served here");
        assertThat(bluestore("zap")).isEqualTo(new Answer(1, "", "unrecognized action zap\n"));
        assertThat(bluestore())
                .isEqualTo(new Answer(1, "", "must specify an action; --help for help\n"));
    }

    @Test
    void aGenuineExportIsShownAsByTheGenuineTool() throws IOException {
        Path golden = Path.of(System.getProperty("golden"), "pgexport");
        String export = golden.resolve("one-object.export").toString();
        String genuine = Files.readString(golden.resolve("one-object.json"));
        Answer ours = tool("--op", "dump-export", "--file", export);
        assertThat(ours.code()).isZero();
        assertThat(ours.out()).isEqualToIgnoringWhitespace(genuine);
    }

    @Test
    void refusesByName() throws InterruptedException {
        assertThat(tool("--op", "list").err()).contains("there is no store in it");
        make(List.of());
        assertThat(tool("--pgid", "zz", "--op", "list"))
                .isEqualTo(new Answer(1, "", "Invalid pgid 'zz' specified\n"));
        assertThat(tool("--op", "fuse").err()).contains("not served here");
        assertThat(tool("--op", "zap").err()).contains("usage:");
        assertThat(tool("--op", "info").err()).startsWith("Must provide pgid");
        assertThat(tool().err()).startsWith("Must provide --op or object command");
        assertThat(tool("--op").err()).contains("is missing");
        assertThat(tool("--nope", "--op", "list").err()).contains("'--nope'");
        try (StoreMemory cache = new StoreMemory(1 << 20);
                BlockStore store = new OsdHome(directory, 5).open(cache, 0, failure -> {})) {
            assertThat(store.exists(group(0))).isTrue();
            assertThat(tool("--op", "list").code()).as("a running OSD's").isEqualTo(1);
        }
        directory = directory.resolve("nowhere");
        assertThat(tool("--op", "list").err()).endsWith("nowhere: No such file or directory\n");
    }
}
