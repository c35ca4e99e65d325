package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.MemoryStore;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a group knew before it stopped it knows again. */
class LedgerDiskTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));
    private static final CollectionId GROUP = new CollectionId.Pg(PG);
    private static final GhObject META = LedgerDisk.metaObject(PG);

    private final Simulation simulation = new Simulation(1);
    private final Simulation.SimulatedShard shard = simulation.shard("osd");
    private final MemoryStore store = new MemoryStore(MemoryStore.Options.DEFAULT);

    private static HObject object(int number) {
        return new HObject("", "o" + number, "", HObject.HEAD, number, 1, false);
    }

    private void apply(List<Transaction.Op> ops) {
        store.submit(new Transaction(ops), shard, () -> {});
        simulation.run(Duration.ofSeconds(1));
    }

    @Test
    void whetherWhatIsMissingIsNewIsKept() {
        Ledger ledger = new Ledger(PG, Histories.created(1, Utime.ZERO));
        MissingSet.Item fresh = new MissingSet.Item(new EVersion(1, 4), EVersion.ZERO, true);
        MissingSet.Item older = new MissingSet.Item(new EVersion(1, 3), new EVersion(1, 1));
        ledger.missing.add(object(1), fresh);
        ledger.missing.add(object(2), older);
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.MakeCollection(GROUP, 0));
        ops.add(new Transaction.Touch(GROUP, META));
        ledger.pending.everything = true;
        LedgerDisk.flush(GROUP, META, ledger, 3, ops);
        apply(ops);

        LedgerDisk.Loaded loaded = LedgerDisk.load(store, GROUP, PG);
        assertThat(loaded.epoch()).isEqualTo(3);
        assertThat(loaded.ledger().missing.items())
                .containsEntry(object(1), fresh)
                .containsEntry(object(2), older)
                .hasSize(2);
    }

    /** Earlier releases did not tell: then nothing may be concluded. */
    @Test
    void ofWhatAnEarlierReleaseKeptItIsNotKnown() {
        whetherWhatIsMissingIsNewIsKept();
        String key = "missing/" + HObject.CODEC.toBytes(object(1)).toHex();
        Bytes now = store.omap(GROUP, META, new TreeSet<>(List.of(key))).get(key);
        apply(
                List.of(
                        new Transaction.OmapSet(
                                GROUP,
                                META,
                                new TreeMap<>(Map.of(key, now.slice(0, now.size() - 1))))));
        assertThat(LedgerDisk.load(store, GROUP, PG).ledger().missing.items())
                .containsEntry(
                        object(1), new MissingSet.Item(new EVersion(1, 4), EVersion.ZERO, false));
    }
}
