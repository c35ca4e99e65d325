package io.sepiola.cluster.daemon;

import io.sepiola.base.Await;
import io.sepiola.base.ThreadShard;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.StoreException;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Writes into a store while no OSD runs on it: each transaction is durable when the call returns.
 * Has a thread of its own until it is closed. Owned by one caller.
 */
public final class StoreWriter implements AutoCloseable {
    private final ObjectStore store;
    private final CompletableFuture<Void> failure;
    private final ThreadShard shard;

    /** Into that store; {@code failure} ends with the store's own, when it fails for good. */
    public StoreWriter(ObjectStore store, CompletableFuture<Void> failure) {
        this.store = store;
        this.failure = failure;
        this.shard =
                new ThreadShard(
                        "store-writer", (where, cause) -> failure.completeExceptionally(cause));
    }

    /**
     * Does this, durably.
     *
     * @throws StoreException when the store refuses it or fails
     */
    public void commit(List<Transaction.Op> ops) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        store.submit(new Transaction(ops), shard, () -> done.complete(null));
        Await.on(CompletableFuture.anyOf(done, failure));
    }

    /** Takes a group out, marked first, so that a crash leaves no half of it that counts. */
    public void remove(StoppedOsd osd, SpgId pg) {
        commit(StoppedOsd.mark(pg));
        for (List<Transaction.Op> ops = osd.removeSome(pg);
                !ops.isEmpty();
                ops = osd.removeSome(pg)) {
            commit(ops);
        }
    }

    @Override
    public void close() {
        shard.close();
    }
}
