package io.sepiola.cluster.storetool;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.ThreadShard;
import io.sepiola.cluster.daemon.OsdHome;
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
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
                        new PrintStream(err, true, StandardCharsets.UTF_8));
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
    void refusesByName() throws InterruptedException {
        assertThat(tool("--op", "list").err()).contains("there is no store in it");
        make(List.of());
        assertThat(tool("--pgid", "zz", "--op", "list"))
                .isEqualTo(new Answer(1, "", "Invalid pgid 'zz' specified\n"));
        assertThat(tool("--op", "export").err()).contains("not served here");
        assertThat(tool().err()).startsWith("Must provide --op");
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
