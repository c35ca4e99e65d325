package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.base.Simulation;
import io.sepiola.base.Timers;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.MemoryStore;
import io.sepiola.store.ObjectStore;
import io.sepiola.store.ReadAnswer;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * The disk of one process: a {@link MemoryStore} that takes its time and loses what was not
 * reported durable when the process ends, with faults laid over it. Once the process is dead it
 * does nothing any more, whatever is still asked. Owned by the simulation.
 */
final class SimulatedStore implements ObjectStore {
    /** Told of each step of a transaction. */
    interface Watcher {
        void reached(Fault.Moment moment);
    }

    private final MemoryStore memory;
    private final DiskDamage damage;
    private final Watcher watcher;
    private boolean dead;
    private boolean syncFailed;
    private boolean full;
    private int slowness = 1;

    SimulatedStore(MemoryStore memory, DiskDamage damage, Watcher watcher) {
        this.memory = memory;
        this.damage = damage;
        this.watcher = watcher;
    }

    /** The process is gone; gives what the next one finds. */
    MemoryStore die(Simulation simulation) {
        dead = true;
        return memory.crash(simulation.random());
    }

    /** What a crash at this moment leaves at the least. */
    ObjectStore durable() {
        return memory.durable();
    }

    /** A copy of the disk, of what is durable now. */
    MemoryStore snapshot() {
        return memory.snapshot();
    }

    /** From now on the disk takes so many times as long. */
    void slow(int times) {
        slowness = times;
    }

    /** Whether nothing more is admitted. */
    void full(boolean isFull) {
        full = isFull;
    }

    /** What is not yet durable never will be, and nothing is taken any more. */
    void failSync() {
        syncFailed = true;
    }

    @Override
    public void submit(Transaction transaction, Shard owner, Runnable committed) {
        if (dead) {
            return;
        }
        if (syncFailed) {
            throw new StoreGone("an earlier sync has failed");
        }
        Runnable mended = damage.changed(transaction, memory);
        memory.submit(transaction, new SlowedShard(owner), () -> durable(committed));
        mended.run();
        watcher.reached(Fault.Moment.AFTER_SUBMIT);
    }

    private void durable(Runnable committed) {
        watcher.reached(Fault.Moment.BEFORE_COMMITTED);
        if (!dead && !syncFailed) {
            committed.run();
            watcher.reached(Fault.Moment.AFTER_COMMITTED);
        }
    }

    /** Its timers, which the disk goes by, take as much longer as the disk does now. */
    private final class SlowedShard implements Shard, Timers {
        private final Shard shard;

        SlowedShard(Shard shard) {
            this.shard = shard;
        }

        @Override
        public String name() {
            return shard.name();
        }

        @Override
        public void execute(Runnable task) {
            shard.execute(task);
        }

        @Override
        public boolean isCurrent() {
            return shard.isCurrent();
        }

        @Override
        public Timers timers() {
            return this;
        }

        @Override
        public Clock clock() {
            return shard.clock();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return shard.timers().after(delay.multipliedBy(slowness), task);
        }
    }

    @Override
    public void read(
            CollectionId collection,
            GhObject object,
            long offset,
            int length,
            Shard owner,
            Consumer<ReadAnswer> done) {
        memory.read(
                collection,
                object,
                offset,
                length,
                new SlowedShard(owner),
                answer -> done.accept(held(answer, object, offset)));
    }

    private ReadAnswer held(ReadAnswer answer, GhObject object, long offset) {
        try {
            if (answer instanceof ReadAnswer.Data(Bytes data)) {
                damage.read(object, offset, data.size());
            }
            return answer;
        } catch (StoreException damaged) {
            return new ReadAnswer.Failed(damaged);
        }
    }

    @Override
    public Bytes read(CollectionId collection, GhObject object, long offset, int length) {
        Bytes data = memory.read(collection, object, offset, length);
        damage.read(object, offset, data.size());
        return data;
    }

    @Override
    public long availableBytes() {
        return full ? 0 : memory.availableBytes();
    }

    @Override
    public long indexAvailableBytes() {
        return full ? 0 : memory.indexAvailableBytes();
    }

    // ---- what has no faults

    @Override
    public Optional<Long> size(CollectionId collection, GhObject object) {
        return memory.size(collection, object);
    }

    @Override
    public SortedMap<Long, Long> extents(
            CollectionId collection, GhObject object, long offset, long length) {
        return memory.extents(collection, object, offset, length);
    }

    @Override
    public SortedMap<String, Bytes> attrs(CollectionId collection, GhObject object) {
        return memory.attrs(collection, object);
    }

    @Override
    public Optional<Bytes> attr(CollectionId collection, GhObject object, String name) {
        return memory.attr(collection, object, name);
    }

    @Override
    public Bytes omapHeader(CollectionId collection, GhObject object) {
        return memory.omapHeader(collection, object);
    }

    @Override
    public SortedMap<String, Bytes> omap(
            CollectionId collection, GhObject object, SortedSet<String> keys) {
        return memory.omap(collection, object, keys);
    }

    @Override
    public OmapPage omap(
            CollectionId collection, GhObject object, String after, String prefix, int countMax) {
        return memory.omap(collection, object, after, prefix, countMax);
    }

    @Override
    public List<GhObject> list(CollectionId collection, GhObject first, int countMax) {
        return memory.list(collection, first, countMax);
    }

    @Override
    public List<CollectionId> collections() {
        return memory.collections();
    }

    @Override
    public boolean exists(CollectionId collection) {
        return memory.exists(collection);
    }

    @Override
    public Usage usage() {
        return memory.usage();
    }

    @Override
    public void close() {
        memory.close();
    }
}
