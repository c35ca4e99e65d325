package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.crush.CrushEditor;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.peering.Entries;
import io.sepiola.osd.peering.Histories;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgMerge;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.BlockStore;
import io.sepiola.store.MemoryStore;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreMemory;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Splits and merges groups in both stores; with more objects than go in one transaction. */
class ReshapeTest {
    private static final int OBJECT_COUNT = 3 * Reshape.BATCH_COUNT + 11;
    private static final SpgId ONLY = SpgId.replicated(new PgId(1, 0));

    @TempDir private Path directory;

    private ObjectStore store(boolean inMemory) {
        if (inMemory) {
            return new MemoryStore(
                    new MemoryStore.Options(new MemoryStore.CommitDelay.None(), 1L << 30));
        }
        UUID owner = new UUID(3, 4);
        BlockStore.format(directory.resolve("store"), owner, 0, 1L << 30);
        return reopened();
    }

    private ObjectStore reopened() {
        return BlockStore.open(
                new BlockStore.Options(
                        directory.resolve("store"),
                        new UUID(3, 4),
                        0,
                        0,
                        new StoreMemory(8 << 20),
                        failure -> {
                            throw failure;
                        }));
    }

    /** Where the group finds itself: alone, with nobody to talk to. */
    private record Host(ObjectStore store) implements PgHost, Shard {
        @Override
        public int self() {
            return 0;
        }

        @Override
        public Shard shard() {
            return this;
        }

        @Override
        public PgOptions options() {
            return PgOptions.DEFAULT;
        }

        @Override
        public RecoverySlots slots() {
            return new RecoverySlots(1, this);
        }

        @Override
        public Reserver localPlaces() {
            return new Reserver(1);
        }

        @Override
        public Reserver remotePlaces() {
            return new Reserver(1);
        }

        @Override
        public boolean isBackfillFull() {
            return false;
        }

        @Override
        public ScrubHost scrubs() {
            return new ScrubWorld(new SplittableRandom(1));
        }

        @Override
        public void send(int osd, Message message) {}

        @Override
        public void tellMap(Connection client, int epoch) {}

        @Override
        public void wantUpThru(int epoch) {}

        @Override
        public void wantActing(PgId pg, List<Integer> want) {}

        @Override
        public void forgetActing(PgId pg) {}

        @Override
        public void created(PgId pg) {}

        @Override
        public void stateChanged(Pg pg) {}

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isIndexFull() {
            return false;
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void removed(Pg pg) {}

        @Override
        public OsdMap map() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String name() {
            return "host";
        }

        @Override
        public void execute(Runnable task) {} // nobody waits for commits here

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public Timers timers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock clock() {
            return Clock.system();
        }
    }

    private static OsdMap map(int pgNum) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        crush.createOrMove(0, "osd.0", 0x10000, Map.of("root", "default", "host", "h"));
        OsdMap map = OsdMap.initial(new UUID(1, 2), Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        step.osdMax(1).poolMax(1).newPoolName(1, "p");
        step.newPool(1, PgPool.builder().size(1).minSize(1).pgs(pgNum).build());
        return map.apply(step.build());
    }

    private static OsdMap next(OsdMap map, int pgNum, PgMerge merge) {
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        PgPool pool = map.pool(1).orElseThrow();
        step.newPool(1, pool.with(p -> p.pgs(pgNum).lastMerge(merge)));
        return map.apply(step.build());
    }

    private static GhObject object(int number) {
        int hash = number * 0x9e3779b1;
        return GhObject.of(new HObject("", "o" + number, "", HObject.HEAD, hash, 1, false));
    }

    /** A group with one object for each number, and a log of them all. */
    private static Pg filled(Host host, OsdMap map) {
        Ledger ledger = new Ledger(ONLY, Histories.created(map.epoch(), Utime.ZERO));
        Pg pg = new Pg(host, ledger, map, true);
        for (int number = 1; number <= OBJECT_COUNT; number++) {
            GhObject object = object(number);
            PgLogEntry entry =
                    Entries.of(
                            PgLogEntry.MODIFY,
                            object.object(),
                            new EVersion(1, number),
                            EVersion.ZERO,
                            OsdReqId.NONE,
                            Utime.ZERO,
                            number);
            List<Transaction.Op> ops = new ArrayList<>();
            ops.add(
                    new Transaction.Write(
                            pg.collection(), object, 0, Bytes.utf8("object " + number), 0));
            ledger.append(entry);
            ledger.tally.objects++;
            ledger.tally.bytes += ("object " + number).length();
            ops.add(
                    LedgerDisk.writeEntry(
                            pg.collection(),
                            pg.meta(),
                            ledger,
                            entry.version(),
                            Ledger.encode(entry)));
            pg.submit(ops, () -> {});
        }
        return pg;
    }

    private static void assertHolds(ObjectStore store, int seed, int pgNum) {
        CollectionId collection = new CollectionId.Pg(SpgId.replicated(new PgId(1, seed)));
        List<GhObject> expected = new ArrayList<>();
        long bytes = 0;
        for (int number = 1; number <= OBJECT_COUNT; number++) {
            if (Integer.remainderUnsigned(object(number).object().hash(), pgNum) == seed) {
                expected.add(object(number));
                String text = "object " + number;
                bytes += text.length();
                assertThat(store.read(collection, object(number), 0, 100).toUtf8()).isEqualTo(text);
            }
        }
        List<GhObject> found =
                new ArrayList<>(store.list(collection, GhObject.of(HObject.MIN), 10_000));
        found.removeIf(object -> LedgerDisk.isMeta(object.object()));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        Ledger ledger =
                LedgerDisk.load(store, collection, SpgId.replicated(new PgId(1, seed))).ledger();
        assertThat(ledger.tally.objects).isEqualTo(expected.size());
        assertThat(ledger.tally.bytes).isEqualTo(bytes);
    }

    private static Pg loaded(Host host, SpgId id, OsdMap map) {
        LedgerDisk.Loaded account = LedgerDisk.load(host.store, new CollectionId.Pg(id), id);
        assertThat(account.epoch()).isEqualTo(map.epoch());
        return new Pg(host, account.ledger(), map, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyObjectLiesInItsNewGroup(boolean inMemory) {
        ObjectStore store = store(inMemory);
        Host host = new Host(store);
        OsdMap one = map(1);
        OsdMap four = next(one, 4, PgMerge.NONE);
        List<Pg> children = Reshape.split(filled(host, one), four, List.of(1, 2, 3));
        assertThat(children).hasSize(3);
        if (!inMemory) {
            store.close();
            store = reopened();
        }
        for (int seed = 0; seed < 4; seed++) {
            assertHolds(store, seed, 4);
            loaded(new Host(store), SpgId.replicated(new PgId(1, seed)), four);
        }
        store.close();
    }

    /** What a crash may leave: objects in the child's collection, and the ledger as it was. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSplitThatWasInterruptedIsDoneAgain(boolean inMemory) {
        ObjectStore store = store(inMemory);
        Host host = new Host(store);
        OsdMap one = map(1);
        Pg parent = filled(host, one);
        CollectionId child = new CollectionId.Pg(SpgId.replicated(new PgId(1, 1)));
        List<Transaction.Op> begun = new ArrayList<>();
        begun.add(new Transaction.MakeCollection(child, 1));
        for (int number = 1; number < OBJECT_COUNT / 2; number++) {
            GhObject object = object(number);
            if ((object.object().hash() & 1) == 1) {
                begun.add(new Transaction.MoveRename(parent.collection(), object, child, object));
            }
        }
        parent.submit(begun, () -> {});
        assertThat(LedgerDisk.isThere(store, child, SpgId.replicated(new PgId(1, 1)))).isFalse();
        Reshape.split(loaded(host, ONLY, one), next(one, 2, PgMerge.NONE), List.of(1));
        assertHolds(store, 0, 2);
        assertHolds(store, 1, 2);
        store.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasSplitIsMergedAgain(boolean inMemory) {
        ObjectStore store = store(inMemory);
        Host host = new Host(store);
        OsdMap one = map(1);
        OsdMap two = next(one, 2, PgMerge.NONE);
        Pg target = filled(host, one);
        Pg source = Reshape.split(target, two, List.of(1)).getFirst();
        EVersion head = new EVersion(1, OBJECT_COUNT);
        PgMerge agreed = new PgMerge(source.id().pg(), two.epoch() + 1, 0, 0, head, head);
        OsdMap again = next(two, 1, agreed);
        Reshape.merge(target, List.of(source), again);
        assertThat(source.isRemoved()).isTrue();
        assertThat(store.exists(new CollectionId.Pg(source.id()))).isFalse();
        assertHolds(store, 0, 1);
        Pg loaded = loaded(host, ONLY, again);
        assertThat(loaded.ledger().lastBackfill.isMax()).isTrue();
        assertThat(loaded.ledger().lastUpdate).isEqualTo(head);
        store.close();
    }
}
