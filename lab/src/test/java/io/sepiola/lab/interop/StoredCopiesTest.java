package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.protocol.osd.Transaction.Op;
import io.sepiola.store.MemoryStore;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The comparison of copies sees every kind of difference. */
class StoredCopiesTest {
    private static final CollectionId GROUP = new CollectionId.Pg(SpgId.replicated(new PgId(1, 0)));
    private static final GhObject OBJECT = object("a");

    private static GhObject object(String name) {
        return GhObject.of(new HObject("", name, "", HObject.HEAD, 7, 1, false));
    }

    /** A store of one object, changed by {@code more}. */
    private static StoredCopies copies(String name, Op... more) {
        List<Op> ops = new ArrayList<>();
        ops.add(new Transaction.MakeCollection(GROUP, 0));
        ops.add(new Transaction.Write(GROUP, OBJECT, 0, Bytes.utf8("data"), 0));
        ops.add(new Transaction.SetAttr(GROUP, OBJECT, "_", Bytes.utf8("info")));
        ops.add(
                new Transaction.OmapSet(
                        GROUP, OBJECT, new TreeMap<>(Map.of("key", Bytes.utf8("value")))));
        ops.add(new Transaction.Touch(GROUP, object(""))); // the group's own, never compared
        ops.addAll(List.of(more));
        Simulation simulation = new Simulation(1);
        try (MemoryStore store = new MemoryStore(MemoryStore.Options.DEFAULT)) {
            store.submit(new Transaction(ops), simulation.shard("store"), () -> {});
            simulation.run(Duration.ofSeconds(1));
            return StoredCopies.of(name, store);
        }
    }

    @Test
    void equalCopiesDoNotDiffer() {
        Op ownLog = new Transaction.SetAttr(GROUP, object(""), "x", Bytes.utf8("y"));
        assertThat(StoredCopies.differences(copies("osd.0"), copies("osd.1", ownLog))).isEmpty();
        assertThat(copies("osd.0").objects()).hasSize(1);
    }

    @Test
    void aMissingObjectIsSeen() {
        Op removed = new Transaction.Remove(GROUP, OBJECT);
        assertThat(differences(removed)).singleElement().asString().contains("is not in osd.1");
        Op added = new Transaction.Touch(GROUP, object("b"));
        assertThat(differences(added)).singleElement().asString().contains("is not in osd.0");
    }

    @Test
    void otherDataAttributesAndOmapsAreSeen() {
        assertThat(differences(new Transaction.Write(GROUP, OBJECT, 3, Bytes.utf8("A"), 0)))
                .singleElement()
                .asString()
                .startsWith("data of");
        assertThat(differences(new Transaction.SetAttr(GROUP, OBJECT, "_", Bytes.utf8("other"))))
                .singleElement()
                .asString()
                .startsWith("attributes of");
        assertThat(
                        differences(
                                new Transaction.OmapSet(
                                        GROUP,
                                        OBJECT,
                                        new TreeMap<>(Map.of("key", Bytes.utf8("other"))))))
                .singleElement()
                .asString()
                .startsWith("omap of");
        assertThat(differences(new Transaction.OmapSetHeader(GROUP, OBJECT, Bytes.utf8("head"))))
                .singleElement()
                .asString()
                .startsWith("omap of");
    }

    private static List<String> differences(Op change) {
        return StoredCopies.differences(copies("osd.0"), copies("osd.1", change));
    }
}
