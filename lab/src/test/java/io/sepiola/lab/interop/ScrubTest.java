package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.BlockStore;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreMemory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * One copy of each of many objects is damaged by hand, each in another way, while its OSD is
 * stopped: clients never see anything wrong, a deep scrub names each, a repair mends each.
 */
@Tag("interop")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ScrubTest {
    private static final int SIZE = 20_000;

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "/usr/bin/python3");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, 31_220);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "s", "1").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "s", "rados").run().ok();
        cluster.awaitHealth();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static final String PRELUDE =
            """
            import rados, sys, hashlib
            def data(name): return (hashlib.sha256(name.encode()).digest() * 625)[:20000]
            cluster = rados.Rados(conffile=sys.argv[1]); cluster.connect(timeout=60)
            io = cluster.open_ioctx('s')
            """;

    private static final String WRITE =
            PRELUDE
                    + """
                    for n in sys.argv[2:]:
                        io.write_full(n, b'older ' + data(n)[6:]); io.write_full(n, data(n))
                        io.set_xattr(n, 'color', b'red'); io.set_xattr(n, 'shape', b'round')
                        with rados.WriteOpCtx() as op:
                            io.set_omap(op, ('one', 'two'), (b'1', b'2')); io.operate_write_op(op, n)
                    print('done')
                    """;

    private static final String CHECK =
            PRELUDE
                    + """
                    for n in sys.argv[2:]:
                        assert io.read(n, 30000) == data(n), n + ' differs'
                        assert sorted(io.get_xattrs(n)) == [('color', b'red'), ('shape', b'round')], n
                        with rados.ReadOpCtx() as op:
                            it, _ = io.get_omap_vals(op, '', '', 100); io.operate_read_op(op, n)
                            assert list(it) == [('one', b'1'), ('two', b'2')], n + ' omap'
                    print('right')
                    """;

    private static void check(String... names) {
        assertThat(cluster.python(CHECK, (Object[]) names).run().ok()).isEqualTo("right\n");
    }

    /** What is done to a copy, and a word that the list of inconsistent objects must have. */
    private record Damage(Change change, String named) {}

    private interface Change {
        List<Transaction.Op> of(ObjectStore store, CollectionId group, GhObject object);
    }

    private static final SortedMap<String, Damage> DAMAGES = new TreeMap<>();

    static {
        put("flipped", "data_digest_mismatch", (s, c, o) -> write(c, o, 700, "X"));
        put("truncated", "obj_size_info_mismatch", (s, c, o) -> truncate(c, o, 5000));
        put("extended", "obj_size_info_mismatch", (s, c, o) -> write(c, o, SIZE, "more"));
        put("removed", "missing", (s, c, o) -> List.of(new Transaction.Remove(c, o)));
        put("attr-gone", "attr_name_mismatch", (s, c, o) -> removeAttr(c, o, "_color"));
        put("attr-other", "attr_value_mismatch", (s, c, o) -> attr(c, o, "_color", "blue"));
        put("attr-more", "attr_name_mismatch", (s, c, o) -> attr(c, o, "_weight", "heavy"));
        put("info-damaged", "info_corrupted", (s, c, o) -> attr(c, o, "_", "garbage"));
        put("info-gone", "info_missing", (s, c, o) -> removeAttr(c, o, "_"));
        put("snapset-gone", "snapset_missing", (s, c, o) -> removeAttr(c, o, "snapset"));
        put("omap-other", "omap_digest_mismatch", (s, c, o) -> omap(c, o, "one", "7"));
        put("omap-more", "omap_digest_mismatch", (s, c, o) -> omap(c, o, "three", "3"));
        put(
                "omap-gone",
                "omap_digest_mismatch",
                (s, c, o) ->
                        List.of(new Transaction.OmapRemove(c, o, new TreeSet<>(List.of("two")))));
        put(
                "omap-header",
                "omap_digest_mismatch",
                (s, c, o) -> List.of(new Transaction.OmapSetHeader(c, o, Bytes.utf8("head"))));
        put("stale", "object_info_inconsistency", ScrubTest::stale);
    }

    private static void put(String name, String named, Change change) {
        DAMAGES.put(name, new Damage(change, named));
    }

    private static List<Transaction.Op> write(CollectionId c, GhObject o, long at, String text) {
        return List.of(new Transaction.Write(c, o, at, Bytes.utf8(text), 0));
    }

    private static List<Transaction.Op> truncate(CollectionId c, GhObject o, long size) {
        return List.of(new Transaction.Truncate(c, o, size));
    }

    private static List<Transaction.Op> attr(CollectionId c, GhObject o, String name, String to) {
        return List.of(new Transaction.SetAttr(c, o, name, Bytes.utf8(to)));
    }

    private static List<Transaction.Op> removeAttr(CollectionId c, GhObject o, String name) {
        return List.of(new Transaction.RemoveAttr(c, o, name));
    }

    private static List<Transaction.Op> omap(CollectionId c, GhObject o, String key, String to) {
        return List.of(new Transaction.OmapSet(c, o, new TreeMap<>(Map.of(key, Bytes.utf8(to)))));
    }

    /** As it was before it was last written. */
    private static List<Transaction.Op> stale(ObjectStore store, CollectionId c, GhObject o) {
        ObjectInfo now = ObjectInfo.CODEC.fromBytes(store.attr(c, o, "_").orElseThrow());
        EVersion before = new EVersion(now.version().epoch(), now.version().version() - 1);
        ObjectInfo then =
                new ObjectInfo(
                        now.object(),
                        before,
                        now.prior(),
                        now.lastReqId(),
                        now.size(),
                        now.time(),
                        now.truncateSeq(),
                        now.truncateSize(),
                        now.userVersion() - 1,
                        now.watchers(),
                        now.flags() & ~ObjectInfo.DATA_DIGEST,
                        now.localTime(),
                        -1,
                        -1,
                        now.expectedObjectSize(),
                        now.expectedWriteSize(),
                        now.hintFlags(),
                        now.manifest());
        return List.of(
                new Transaction.Write(c, o, 0, Bytes.utf8("older "), 0),
                new Transaction.SetAttr(c, o, "_", ObjectInfo.CODEC.toBytes(then)));
    }

    // ---- the group and its copies

    private static JsonNode json(Program program) {
        return JsonMapper.builder().build().readTree(program.run().ok());
    }

    private static Program rados(Object... arguments) {
        return Program.of("rados", arguments).env("CEPH_CONF", cluster.conf().toString());
    }

    private static JsonNode group() {
        return json(cluster.ceph("pg", "ls-by-pool", "s", "-f", "json")).path("pg_stats").path(0);
    }

    private static JsonNode found(String pg) {
        return json(rados("list-inconsistent-obj", pg, "--format=json")).path("inconsistents");
    }

    private static void damage(int osd, Map<String, Damage> damages) {
        assertThat(cluster.stop("osd." + osd)).isZero();
        try (StoreMemory cache = new StoreMemory(16 << 20);
                BlockStore store =
                        new OsdHome(cluster.file("osd." + osd), osd)
                                .open(cache, 0, failure -> {})) {
            damages.forEach((name, damage) -> {
                CollectionId group = collection(store, name);
                GhObject object = object(store, group, name);
                List<Transaction.Op> ops = damage.change.of(store, group, object);
                Shard nobody = new Simulation(1).shard("damage");
                store.submit(new Transaction(ops), nobody, () -> {}); // durable by closing
            });
        }
    }

    private static CollectionId collection(ObjectStore store, String name) {
        return store.collections().stream()
                .filter(CollectionId.Pg.class::isInstance)
                .filter(c -> objectOrNull(store, c, name) != null)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no object " + name));
    }

    private static GhObject objectOrNull(ObjectStore store, CollectionId group, String name) {
        return store.list(group, GhObject.of(HObject.MIN), 1000).stream()
                .filter(o -> o.object().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static GhObject object(ObjectStore store, CollectionId group, String name) {
        GhObject object = objectOrNull(store, group, name);
        assertThat(object).as(name).isNotNull();
        return object;
    }

    /**
     * Turns a bit of an object's data over in the block file, where only a checksum tells: in each
     * place that has these data, since some may be of a version that is written over.
     */
    private static void rot(int osd, byte[] data) throws IOException {
        Path block = cluster.file("osd." + osd).resolve("block");
        byte[] beginning = Arrays.copyOf(data, 4096);
        int count = 0;
        try (FileChannel file = FileChannel.open(block, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            for (long at = 0; at < Math.min(file.size(), 256 << 20); at += 4096) {
                buffer.clear();
                file.read(buffer, at);
                if (Arrays.equals(buffer.array(), beginning)) {
                    flip(block, at + 100);
                    count++;
                }
            }
        }
        assertThat(count).as("places of the data in " + block).isPositive();
    }

    private static void flip(Path block, long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(block.toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 4);
        }
    }

    private static byte[] data(String name) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            byte[] all = new byte[SIZE];
            for (int i = 0; i < SIZE; i++) {
                all[i] = digest[i % digest.length];
            }
            return all;
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void deepScrub(String pg) {
        String before = group().path("last_deep_scrub_stamp").asString();
        cluster.ceph("pg", "deep-scrub", pg).run().ok();
        cluster.until(
                "the deep scrub has ended",
                () ->
                        !group().path("last_deep_scrub_stamp").asString().equals(before)
                                && !group().path("state").asString().contains("scrubbing"));
    }

    @Test
    void eachDamageIsNamedAndMendedAndNeverSeen() throws IOException {
        String[] onPrimary = {"p-truncated", "p-info"};
        String[] names =
                java.util.stream.Stream.of(
                                DAMAGES.keySet().stream(),
                                Arrays.stream(onPrimary),
                                java.util.stream.Stream.of("rotten"))
                        .flatMap(s -> s)
                        .toArray(String[]::new);
        assertThat(cluster.python(WRITE, (Object[]) names).run().ok()).isEqualTo("done\n");
        check(names);
        JsonNode group = group();
        String pg = group.path("pgid").asString();
        int primary = group.path("acting_primary").asInt();
        int replica =
                group.path("acting").path(0).asInt() == primary
                        ? group.path("acting").path(1).asInt()
                        : group.path("acting").path(0).asInt();

        damage(replica, DAMAGES);
        rot(replica, data("rotten"));
        cluster.start("osd." + replica);
        cluster.awaitHealth();
        SortedMap<String, Damage> primaryDamages = new TreeMap<>();
        primaryDamages.put("p-truncated", DAMAGES.get("truncated"));
        primaryDamages.put("p-info", DAMAGES.get("info-damaged"));
        damage(primary, primaryDamages);
        cluster.start("osd." + primary);
        cluster.awaitHealth();

        check(names); // those damaged on the primary are mended by being read
        for (String name : onPrimary) { // the cluster's log follows a moment later
            cluster.until(
                    "the log tells of " + name,
                    () ->
                            cluster.ceph("log", "last", "100", "debug")
                                    .run()
                                    .ok()
                                    .matches(
                                            "(?s).*missing primary copy of \\S*:"
                                                    + name
                                                    + ":head.*"));
        }
        deepScrub(pg);
        JsonNode all = found(pg);
        for (Map.Entry<String, Damage> entry : DAMAGES.entrySet()) {
            assertNamed(all, entry.getKey(), entry.getValue().named);
        }
        assertNamed(all, "rotten", "read_error");
        assertThat(all.size()).isEqualTo(DAMAGES.size() + 1);
        String health = cluster.ceph("health", "detail").run().ok();
        assertThat(health).contains("OSD_SCRUB_ERRORS", "scrub errors", "PG_DAMAGED");
        assertThat(health).contains("pg " + pg + " is active+clean+inconsistent, acting [");
        assertThat(rados("list-inconsistent-pg", "s").run().ok().strip())
                .isEqualTo("[\"" + pg + "\"]");
        check(names);

        cluster.ceph("pg", "repair", pg).run().ok();
        cluster.until(
                "everything is mended",
                () ->
                        group().path("state").asString().equals("active+clean")
                                && rados("list-inconsistent-obj", pg)
                                        .run()
                                        .out()
                                        .contains("\"inconsistents\":[]"));
        cluster.awaitHealth();
        check(names);
        String log = cluster.ceph("log", "last", "200", "debug").run().ok();
        assertThat(log).contains(" fixed").contains(pg + " deep-scrub ok");
        assertThat(cluster.compareStores()).isGreaterThanOrEqualTo(names.length);
    }

    private static void assertNamed(JsonNode all, String name, String error) {
        for (JsonNode each : all) {
            if (each.path("object").path("name").asString().equals(name)) {
                assertThat(each.toString()).as(name).contains("\"" + error + "\"");
                return;
            }
        }
        throw new AssertionError(name + " is not named in " + all.toPrettyString());
    }
}
