package io.sepiola.cluster.storetool;

import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.cluster.daemon.StoreWriter;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreMemory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The store of a stopped OSD, held under its lock while a tool works on it. */
final class ToolStore implements AutoCloseable {
    private static final int MEMORY_BYTES = 16 << 20;
    private static final int PAGE = 1000;

    private final StoreMemory memory;
    private final BlockStore store;
    private final StoreWriter writer;
    private final boolean dryRun;

    private ToolStore(StoreMemory memory, BlockStore store, StoreWriter writer, boolean dryRun) {
        this.memory = memory;
        this.store = store;
        this.writer = writer;
        this.dryRun = dryRun;
    }

    /**
     * Opens it.
     *
     * @throws ToolRefusal when there is none, or a running OSD has it
     */
    static ToolStore open(Path directory, boolean dryRun) {
        if (!Files.isDirectory(directory)) {
            throw new ToolRefusal("data-path: " + directory + ": No such file or directory");
        }
        StoreMemory memory = new StoreMemory(MEMORY_BYTES);
        CompletableFuture<Void> failure = new CompletableFuture<>();
        try {
            OsdHome home = new OsdHome(directory, BlockStore.whoami(directory));
            BlockStore store = home.open(memory, 0, failure::completeExceptionally);
            StoreWriter writer = new StoreWriter(store, failure);
            return new ToolStore(memory, store, writer, dryRun);
        } catch (StoreException refused) {
            memory.close();
            throw new ToolRefusal("Mount failed with '" + refused.getMessage() + "'");
        }
    }

    BlockStore store() {
        return store;
    }

    StoppedOsd osd() {
        return new StoppedOsd(store);
    }

    boolean isDryRun() {
        return dryRun;
    }

    /** Does this durably, unless nothing shall be changed. */
    void commit(List<Transaction.Op> ops) {
        if (!dryRun) {
            writer.commit(ops);
        }
    }

    /** Takes a group out. */
    void remove(SpgId pg) {
        if (!dryRun) {
            writer.remove(osd(), pg);
        }
    }

    /** The groups here, in order. */
    List<SpgId> groups() {
        return store.collections().stream()
                .filter(CollectionId.Pg.class::isInstance)
                .map(collection -> ((CollectionId.Pg) collection).pg())
                .sorted()
                .toList();
    }

    /** Shows every object of a collection, in order. */
    void forEach(CollectionId collection, Consumer<GhObject> visitor) {
        GhObject from = GhObject.of(HObject.MIN);
        boolean first = true;
        while (true) {
            List<GhObject> page = store.list(collection, from, PAGE);
            // A page begins where the one before ended.
            page.stream().skip(first ? 0 : 1).forEach(visitor);
            if (page.size() < PAGE) {
                return;
            }
            from = page.getLast();
            first = false;
        }
    }

    @Override
    public void close() {
        store.close();
        writer.close();
        memory.close();
    }
}
