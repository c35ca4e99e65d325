package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A store whose index has lost names and kept what nobody owns. */
class StoreRepairTest {
    private static final UUID OWNER = UUID.fromString("8d7cdc5f-1d7f-4ba5-9d0c-4e62b3a2b2ef");
    private static final CollectionId WHOLE = group(0);
    private static final CollectionId REST = group(1);

    @TempDir Path directory;

    private static CollectionId group(int seed) {
        return new CollectionId.Pg(SpgId.replicated(new PgId(2, seed)));
    }

    private static GhObject named(String name) {
        return GhObject.of(new HObject("", name, "", HObject.HEAD, 7, 2, false));
    }

    private BlockStore open(StoreMemory memory) {
        return BlockStore.open(
                new BlockStore.Options(directory, OWNER, 0, 1 << 20, memory, failure -> {}));
    }

    private void make(StoreMemory memory) {
        BlockStore.format(directory, OWNER, 0, 64 << 20);
        SortedMap<String, Bytes> entries = new TreeMap<>();
        entries.put("key", Bytes.utf8("value"));
        try (BlockStore store = open(memory)) {
            store.submit(
                    new Transaction(
                            List.of(
                                    new Transaction.MakeCollection(WHOLE, 0),
                                    new Transaction.Touch(WHOLE, named("")),
                                    new Transaction.Write(
                                            WHOLE, named("a"), 0, Bytes.utf8("data"), 0),
                                    new Transaction.OmapSet(WHOLE, named("a"), entries),
                                    new Transaction.MakeCollection(REST, 0),
                                    new Transaction.Touch(REST, named("b")))),
                    new InlineShard(),
                    () -> {});
        }
    }

    private void damage(StoreMemory memory) {
        try (RocksIndex index = new RocksIndex(directory.resolve(StoreFiles.INDEX), memory)) {
            List<Index.Change> changes = new ArrayList<>();
            changes.add(new Index.Change(IndexKeys.collection(WHOLE), null));
            changes.add(new Index.Change(IndexKeys.collection(REST), null));
            changes.add(new Index.Change(IndexKeys.omap(999, "key"), new byte[] {1}));
            index.write(changes);
            index.flush();
        }
    }

    @Test
    void lostNamesComeBackAndWhatIsNobodysGoes() {
        try (StoreMemory memory = new StoreMemory(8 << 20)) {
            make(memory);
            damage(memory);
            try (BlockStore store = open(memory)) {
                List<StoreDamage> found = store.check(true);
                assertThat(found)
                        .extracting(StoreDamage::kind)
                        .containsExactlyInAnyOrder(
                                StoreDamage.Kind.COLLECTION,
                                StoreDamage.Kind.COLLECTION,
                                StoreDamage.Kind.COLLECTION,
                                StoreDamage.Kind.OMAP);
                assertThat(found).allMatch(StoreDamage::isMendable);
                store.repair(new InlineShard());
                assertThat(store.check(true)).isEmpty();
            }
            try (BlockStore store = open(memory)) {
                assertThat(store.check(true)).isEmpty();
                assertThat(store.collections()).containsExactly(WHOLE);
                assertThat(store.read(WHOLE, named("a"), 0, 10)).isEqualTo(Bytes.utf8("data"));
                assertThat(store.omap(WHOLE, named("a"), "", "", 10).entries())
                        .containsOnlyKeys("key");
            }
        }
    }
}
