package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.ThreadShard;
import io.sepiola.base.Utf8;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What every store does. */
abstract class ObjectStoreContract {
    static final CollectionId PG = new CollectionId.Pg(SpgId.replicated(new PgId(1, 0)));
    static final CollectionId OTHER = new CollectionId.Pg(SpgId.replicated(new PgId(1, 1)));
    static final GhObject A = object("a", 0x11);
    static final GhObject B = object("b", 0x22);

    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    protected final ThreadShard shard =
            new ThreadShard("test", (s, failure) -> failures.add(failure));
    protected ObjectStore store;

    /** An empty store. */
    abstract ObjectStore create();

    /** The same store, closed and opened again. */
    abstract ObjectStore reopen(ObjectStore closing);

    @BeforeEach
    void begin() {
        store = create();
        commit(new Transaction.MakeCollection(PG, 0));
    }

    @AfterEach
    void end() {
        store.close();
        shard.close();
        assertThat(failures).isEmpty();
    }

    static GhObject object(String name, int hash) {
        return GhObject.of(new HObject("", name, "", HObject.HEAD, hash, 1, false));
    }

    static Bytes bytes(int size, int seed) {
        byte[] array = new byte[size];
        new java.util.Random(seed).nextBytes(array);
        return Bytes.of(array);
    }

    static SortedMap<String, Bytes> entries(String... keysAndValues) {
        SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.put(keysAndValues[i], Bytes.utf8(keysAndValues[i + 1]));
        }
        return entries;
    }

    static SortedSet<String> keys(String... keys) {
        SortedSet<String> set = new TreeSet<>(Utf8::compare);
        set.addAll(List.of(keys));
        return set;
    }

    static Transaction.Write write(GhObject object, long offset, Bytes data) {
        return new Transaction.Write(PG, object, offset, data, 0);
    }

    CompletableFuture<Void> submit(Transaction.Op... ops) {
        CompletableFuture<Void> committed = new CompletableFuture<>();
        store.submit(
                new Transaction(List.of(ops)),
                shard,
                () -> {
                    assertThat(shard.isCurrent()).isTrue();
                    committed.complete(null);
                });
        return committed;
    }

    void commit(Transaction.Op... ops) {
        submit(ops).orTimeout(30, TimeUnit.SECONDS).join();
    }

    Bytes all(GhObject object) {
        return store.read(PG, object, 0, Integer.MAX_VALUE);
    }

    @Test
    void readsWhatWasWrittenBeforeItIsDurable() {
        var committed = submit(write(A, 0, Bytes.utf8("helloceph")));
        assertThat(all(A)).isEqualTo(Bytes.utf8("helloceph"));
        assertThat(store.size(PG, A)).contains(9L);
        assertThat(store.read(PG, A, 5, 100)).isEqualTo(Bytes.utf8("ceph"));
        assertThat(store.read(PG, A, 9, 1)).isEqualTo(Bytes.EMPTY);
        assertThat(store.read(PG, A, 1L << 62, Integer.MAX_VALUE)).isEqualTo(Bytes.EMPTY);
        assertThat(store.extents(PG, A, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
        assertThat(store.extents(PG, A, 3, Long.MAX_VALUE)).isNotEmpty();
        assertThat(store.read(PG, A, 2, 3)).isEqualTo(Bytes.utf8("llo"));
        committed.join();
    }

    @Test
    void readsWithoutBlocking() {
        Bytes data = bytes(3_000_000, 5);
        submit(write(A, 0, data)); // not yet durable
        submit(write(A, 8192, Bytes.utf8("helloceph")));
        byte[] expected = data.toArray();
        Bytes.utf8("helloceph").copyTo(0, expected, 8192, 9);
        assertThat(readAside(A, 0, Integer.MAX_VALUE)).isEqualTo(Bytes.of(expected));
        assertThat(readAside(A, 8193, 4)).isEqualTo(Bytes.utf8("ello"));
        assertThat(readAside(A, 1L << 40, 4)).isEqualTo(Bytes.EMPTY);
        assertThatThrownBy(() -> readAside(B, 0, 4)).isInstanceOf(NoSuchObject.class);
        commit(new Transaction.Nop(PG));
        store = reopen(store);
        assertThat(readAside(A, 0, 3_000_000)).isEqualTo(Bytes.of(expected));
    }

    final Bytes readAside(GhObject object, long offset, int length) {
        return ((ReadAnswer.Data) answer(object, offset, length)).data();
    }

    /** What a read that does not block comes to. */
    ReadAnswer answer(GhObject object, long offset, int length) {
        CompletableFuture<ReadAnswer> answer = new CompletableFuture<>();
        store.read(
                PG,
                object,
                offset,
                length,
                shard,
                given -> {
                    shard.own();
                    answer.complete(given);
                });
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void answersForWhatIsNotThere() {
        assertThat(store.size(PG, A)).isEmpty();
        assertThat(store.size(OTHER, A)).isEmpty();
        assertThatThrownBy(() -> all(A)).isInstanceOf(NoSuchObject.class);
        assertThatThrownBy(() -> store.attrs(PG, A)).isInstanceOf(NoSuchObject.class);
        assertThatThrownBy(() -> store.omap(PG, A, keys("k"))).isInstanceOf(NoSuchObject.class);
        assertThat(store.exists(OTHER)).isFalse();
        assertThat(store.list(OTHER, GhObject.of(HObject.MIN), 10)).isEmpty();
        commit(
                new Transaction.Remove(PG, A),
                new Transaction.RemoveAttr(PG, A, "x"),
                new Transaction.OmapClear(PG, A));
        assertThat(store.size(PG, A)).isEmpty();
    }

    @Test
    void keepsHolesAndOverlaps() {
        byte[] model = new byte[400_000];
        java.util.Random random = new java.util.Random(7);
        int end = 0;
        for (int i = 0; i < 60; i++) {
            int length = 1 + random.nextInt(i % 5 == 0 ? 150_000 : 9_000);
            int offset = random.nextInt(model.length - length);
            end = Math.max(end, offset + length);
            if (i % 7 == 3) {
                java.util.Arrays.fill(model, offset, offset + length, (byte) 0);
                submit(new Transaction.Zero(PG, A, offset, length));
            } else {
                Bytes data = bytes(length, i);
                data.copyTo(0, model, offset, length);
                submit(write(A, offset, data));
            }
            if (i % 10 == 9) {
                assertThat(all(A)).isEqualTo(Bytes.of(java.util.Arrays.copyOf(model, end)));
            }
        }
        commit(new Transaction.Nop(PG));
        store = reopen(store);
        assertThat(all(A)).isEqualTo(Bytes.of(java.util.Arrays.copyOf(model, end)));
        assertThat(store.read(PG, A, 12_345, 54_321))
                .isEqualTo(Bytes.of(java.util.Arrays.copyOfRange(model, 12_345, 12_345 + 54_321)));
    }

    @Test
    void truncatesAndExtends() {
        commit(write(A, 0, bytes(200_000, 1)));
        commit(new Transaction.Truncate(PG, A, 70_001));
        commit(new Transaction.Truncate(PG, A, 70_010));
        assertThat(store.size(PG, A)).contains(70_010L);
        assertThat(store.read(PG, A, 0, 70_001)).isEqualTo(bytes(200_000, 1).slice(0, 70_001));
        assertThat(store.read(PG, A, 70_001, 100)).isEqualTo(Bytes.zeros(9));
        commit(new Transaction.Truncate(PG, A, 0));
        assertThat(store.size(PG, A)).contains(0L);
        commit(new Transaction.Truncate(PG, A, 5));
        assertThat(all(A)).isEqualTo(Bytes.zeros(5));
    }

    @Test
    void tellsWhatWasWritten() {
        commit(write(A, 0, bytes(8192, 1)), write(A, 1 << 20, bytes(8192, 2)));
        SortedMap<Long, Long> extents = store.extents(PG, A, 0, 2 << 20);
        assertThat(extents.firstKey()).isZero();
        long covered = extents.values().stream().mapToLong(Long::longValue).sum();
        assertThat(covered).isGreaterThanOrEqualTo(16_384);
        assertThat(store.extents(PG, A, 4096, 100)).isEqualTo(new TreeMap<>(Map.of(4096L, 100L)));
    }

    @Test
    void keepsAttributes() {
        commit(
                new Transaction.Touch(PG, A),
                new Transaction.SetAttrs(PG, A, entries("_", "info", "snapset", "ss")));
        commit(new Transaction.SetAttrs(PG, A, entries("_", "later")));
        assertThat(store.attrs(PG, A)).isEqualTo(entries("_", "later", "snapset", "ss"));
        store = reopen(store);
        assertThat(store.attr(PG, A, "_")).contains(Bytes.utf8("later"));
        commit(new Transaction.RemoveAttr(PG, A, "_"));
        assertThat(store.attr(PG, A, "_")).isEmpty();
        commit(new Transaction.RemoveAttrs(PG, A));
        assertThat(store.attrs(PG, A)).isEmpty();
    }

    @Test
    void keepsOmapInByteOrder() {
        String raw = Utf8.decode(new byte[] {'k', 0, (byte) 0xff, (byte) 0x80}, 0, 4);
        commit(
                new Transaction.OmapSetHeader(PG, A, Bytes.utf8("head")),
                new Transaction.OmapSet(
                        PG,
                        A,
                        entries("b", "2", "a", "1", "ab", "3", "c", "4", raw, "5", "", "0")));
        commit(new Transaction.OmapSet(PG, B, entries("b", "other")));
        store = reopen(store);
        assertThat(store.omapHeader(PG, A)).isEqualTo(Bytes.utf8("head"));
        assertThat(store.omap(PG, A, keys("a", "nothing", raw)))
                .isEqualTo(entries("a", "1", raw, "5"));
        assertThat(store.omap(PG, A, "", "", 3))
                .isEqualTo(new ObjectStore.OmapPage(entries("", "0", "a", "1", "ab", "3"), true));
        assertThat(store.omap(PG, A, "ab", "", 9))
                .isEqualTo(new ObjectStore.OmapPage(entries("b", "2", "c", "4", raw, "5"), false));
        assertThat(store.omap(PG, A, "", "a", 9))
                .isEqualTo(new ObjectStore.OmapPage(entries("a", "1", "ab", "3"), false));
        assertThat(store.omap(PG, A, "a", "a", 9).entries()).isEqualTo(entries("ab", "3"));
        assertThat(store.omap(PG, A, "zzz", "a", 9).entries()).isEmpty();
        commit(
                new Transaction.OmapRemove(PG, A, keys("c", "nothing")),
                new Transaction.OmapRemoveRange(PG, A, "a", "b"));
        assertThat(store.omap(PG, A, "", "", 9).entries())
                .isEqualTo(entries("", "0", "b", "2", raw, "5"));
        commit(new Transaction.OmapClear(PG, A), new Transaction.OmapSet(PG, A, entries("z", "9")));
        assertThat(store.omap(PG, A, "", "", 9).entries()).isEqualTo(entries("z", "9"));
        assertThat(store.omapHeader(PG, A)).isEqualTo(Bytes.EMPTY);
        assertThat(store.omap(PG, B, "", "", 9).entries()).isEqualTo(entries("b", "other"));
        commit(new Transaction.Remove(PG, A), new Transaction.Touch(PG, A));
        assertThat(store.omap(PG, A, "", "", 9).entries()).isEmpty();
    }

    @Test
    void listsInOrder() {
        List<GhObject> made = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String name = i % 3 == 0 ? "o\0" + i : i % 3 == 1 ? "o\1" + i : "o" + "x".repeat(i);
            String namespace = i % 4 == 0 ? "" : i % 4 == 1 ? "n" : "n\0";
            String key = i % 5 == 0 ? "locator" : "";
            made.add(
                    new GhObject(
                            new HObject(
                                    namespace,
                                    name,
                                    key,
                                    i % 2 == 0 ? HObject.HEAD : i,
                                    (i % 7) * 0x1234567,
                                    i % 3 - 1,
                                    false),
                            i % 6 == 0 ? i : GhObject.NO_GENERATION,
                            i % 8 == 0 ? 2 : SpgId.NO_SHARD));
        }
        List<GhObject> shuffled = new ArrayList<>(made);
        Collections.shuffle(shuffled, new java.util.Random(3));
        submit(new Transaction.MakeCollection(OTHER, 0), new Transaction.Touch(OTHER, A));
        submit(
                new Transaction.MakeCollection(CollectionId.META, 0),
                new Transaction.Touch(CollectionId.META, B));
        shuffled.forEach(each -> submit(new Transaction.Touch(PG, each)));
        store = reopen(store);
        List<GhObject> sorted = made.stream().sorted().toList();
        GhObject first = new GhObject(HObject.MIN, 0, SpgId.NO_SHARD);
        assertThat(store.list(PG, first, 1000)).isEqualTo(sorted);
        assertThat(store.list(PG, sorted.get(20), 5)).isEqualTo(sorted.subList(20, 25));
        assertThat(store.list(PG, GhObject.of(HObject.MAX), 5))
                .allMatch(each -> each.shard() == 2)
                .hasSize(5);
        assertThat(store.list(OTHER, first, 1000)).containsExactly(A);
        assertThat(store.collections()).containsExactlyInAnyOrder(PG, OTHER, CollectionId.META);
    }

    @Test
    void clonesAndLeavesTheCloneAlone() {
        commit(
                write(A, 0, bytes(150_000, 1)),
                new Transaction.SetAttrs(PG, A, entries("x", "1")),
                new Transaction.OmapSetHeader(PG, A, Bytes.utf8("h")),
                new Transaction.OmapSet(PG, A, entries("k", "v")));
        commit(write(B, 0, bytes(5, 9)), new Transaction.OmapSet(PG, B, entries("old", "o")));
        commit(new Transaction.Clone(PG, A, B));
        commit(
                write(A, 1000, bytes(100_000, 2)),
                write(A, 1, bytes(10, 3)),
                new Transaction.OmapSet(PG, A, entries("k", "changed")),
                new Transaction.RemoveAttrs(PG, A));
        assertThat(all(B)).isEqualTo(bytes(150_000, 1));
        commit(new Transaction.Remove(PG, A));
        store = reopen(store);
        assertThat(all(B)).isEqualTo(bytes(150_000, 1));
        assertThat(store.attrs(PG, B)).isEqualTo(entries("x", "1"));
        assertThat(store.omapHeader(PG, B)).isEqualTo(Bytes.utf8("h"));
        assertThat(store.omap(PG, B, "", "", 9).entries()).isEqualTo(entries("k", "v"));
    }

    @Test
    void clonesRanges() {
        Bytes source = bytes(200_000, 1);
        Bytes target = bytes(100_000, 2);
        commit(write(A, 0, source), write(B, 0, target));
        commit(
                new Transaction.CloneRange(PG, A, B, 3, 10, 5),
                new Transaction.CloneRange(PG, A, B, 70_000, 130_000, 50_001));
        store = reopen(store);
        assertThat(all(B))
                .isEqualTo(
                        Bytes.concat(
                                target.slice(0, 5),
                                source.slice(3, 10),
                                target.slice(15, 50_001 - 15),
                                source.slice(70_000, 130_000)));
    }

    @Test
    void movesAndSplits() {
        commit(
                new Transaction.MakeCollection(OTHER, 1),
                write(A, 0, bytes(100_000, 1)),
                new Transaction.OmapSet(PG, A, entries("k", "v")));
        commit(new Transaction.MoveRename(PG, A, OTHER, B));
        assertThat(store.size(PG, A)).isEmpty();
        assertThat(store.read(OTHER, B, 0, 100_000)).isEqualTo(bytes(100_000, 1));
        assertThat(store.omap(OTHER, B, "", "", 9).entries()).isEqualTo(entries("k", "v"));
        commit(new Transaction.MoveRename(OTHER, B, PG, A));
        commit(write(B, 0, bytes(10, 2)));
        commit(new Transaction.SplitCollection(PG, 1, 1, OTHER)); // A's hash is odd, B's even
        store = reopen(store);
        GhObject first = new GhObject(HObject.MIN, 0, SpgId.NO_SHARD);
        assertThat(store.list(PG, first, 10)).containsExactly(B);
        assertThat(store.list(OTHER, first, 10)).containsExactly(A);
        assertThat(store.omap(OTHER, A, "", "", 9).entries()).isEqualTo(entries("k", "v"));
        assertThat(store.read(OTHER, A, 0, 100_000)).isEqualTo(bytes(100_000, 1));
    }

    @Test
    void renamesWhatIsThere() {
        commit(write(A, 0, bytes(10, 1)), new Transaction.OmapSet(PG, A, entries("k", "v")));
        commit(write(B, 0, bytes(20, 2)));
        commit(
                new Transaction.TryRename(PG, object("none", 1), A),
                new Transaction.TryRename(PG, A, B),
                new Transaction.TryRename(PG, A, object("none", 1)));
        store = reopen(store);
        assertThat(store.size(PG, A)).isEmpty();
        assertThat(store.size(PG, object("none", 1))).isEmpty();
        assertThat(all(B)).isEqualTo(bytes(10, 1));
        assertThat(store.omap(PG, B, "", "", 9).entries()).isEqualTo(entries("k", "v"));
    }

    @Test
    void rangesOfClonesAreIndependent() {
        Bytes source = bytes(100_000, 1);
        commit(write(A, 0, source));
        commit(
                new Transaction.CloneRange(PG, A, B, 4096, 40_960, 0),
                new Transaction.CloneRange(PG, A, B, 5000, 30_000, 5000 + 65_536),
                new Transaction.CloneRange(PG, A, A, 0, 8192, 4096)); // onto itself
        assertThat(store.read(PG, A, 0, 20_000))
                .isEqualTo(
                        Bytes.concat(
                                source.slice(0, 4096),
                                source.slice(0, 8192),
                                source.slice(12_288, 7712)));
        commit(
                write(A, 4096, bytes(50_000, 2)),
                write(B, 10, bytes(10, 3)),
                new Transaction.Truncate(PG, A, 5));
        store = reopen(store);
        assertThat(all(A)).isEqualTo(source.slice(0, 5));
        assertThat(all(B))
                .isEqualTo(
                        Bytes.concat(
                                source.slice(4096, 10),
                                bytes(10, 3),
                                source.slice(4116, 40_940),
                                Bytes.zeros(5000 + 65_536 - 40_960),
                                source.slice(5000, 30_000)));
        commit(new Transaction.Remove(PG, A));
        assertThat(store.read(PG, B, 0, 10)).isEqualTo(source.slice(4096, 10));
    }

    @Test
    void refusesWhole() {
        commit(write(A, 0, bytes(10, 1)));
        List<Transaction.Op> bad =
                List.of(
                        new Transaction.Touch(OTHER, A),
                        new Transaction.Write(PG, A, -1, bytes(1, 1), 0),
                        new Transaction.Write(PG, A, Long.MAX_VALUE, bytes(1, 1), 0),
                        new Transaction.Truncate(PG, A, -5),
                        new Transaction.Zero(PG, A, 0, Long.MAX_VALUE),
                        new Transaction.Clone(PG, object("none", 1), B),
                        new Transaction.CloneRange(PG, A, B, 5, 200_000, 0),
                        new Transaction.MoveRename(PG, object("none", 1), PG, B),
                        new Transaction.MakeCollection(PG, 0),
                        new Transaction.RemoveCollection(PG),
                        new Transaction.RemoveCollection(OTHER));
        for (Transaction.Op op : bad) {
            assertThatThrownBy(() ->
                            submit(
                                    write(A, 5, bytes(100_000, 2)),
                                    new Transaction.SetAttrs(PG, A, entries("x", "1")),
                                    new Transaction.OmapSet(PG, B, entries("x", "1")),
                                    op))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
            assertThat(all(A)).isEqualTo(bytes(10, 1));
            assertThat(store.attrs(PG, A)).isEmpty();
            assertThat(store.size(PG, B)).isEmpty();
        }
    }

    @Test
    void seesItsOwnTransaction() {
        commit(
                new Transaction.MakeCollection(OTHER, 0),
                new Transaction.Write(OTHER, A, 0, bytes(70_000, 1), 0),
                new Transaction.OmapSet(OTHER, A, entries("k", "v", "l", "w")),
                new Transaction.OmapRemove(OTHER, A, keys("k")),
                new Transaction.Clone(OTHER, A, B),
                new Transaction.Write(OTHER, A, 10, bytes(5, 2), 0),
                new Transaction.OmapRemoveRange(OTHER, A, "a", "z"),
                new Transaction.MoveRename(OTHER, B, PG, B),
                new Transaction.Remove(OTHER, A),
                new Transaction.RemoveCollection(OTHER));
        store = reopen(store);
        assertThat(store.exists(OTHER)).isFalse();
        assertThat(all(B)).isEqualTo(bytes(70_000, 1));
        assertThat(store.omap(PG, B, "", "", 9).entries()).isEqualTo(entries("l", "w"));
    }

    @Test
    void commitsInOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Void> last = new CompletableFuture<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            store.submit(
                    new Transaction(List.of(write(A, i, bytes(1, i)))),
                    shard,
                    () -> {
                        order.add(number);
                        if (number == 199) {
                            last.complete(null);
                        }
                    });
        }
        last.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(order).hasSize(200).isSorted();
    }

    @Test
    void behavesAsItsTwin() {
        RandomTransactions random = new RandomTransactions(42);
        MemoryState twin = new MemoryState();
        twin.apply(new Transaction(List.of(new Transaction.MakeCollection(PG, 0))), Long.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            Transaction next = random.next();
            boolean accepted = true;
            try {
                twin.apply(next, Long.MAX_VALUE);
            } catch (StoreException refused) {
                accepted = false;
                assertThatThrownBy(() -> store.submit(next, shard, () -> {}))
                        .as("%s", next)
                        .isInstanceOf(StoreException.class);
            }
            if (accepted) {
                store.submit(next, shard, () -> {});
            }
            if (i % 200 == 50) {
                store = reopen(store);
            }
            if (i % 20 == 0) {
                StoreComparison.same(store, twin);
            }
        }
        store = reopen(store);
        StoreComparison.same(store, twin);
    }
}
