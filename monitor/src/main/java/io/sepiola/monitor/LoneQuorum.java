package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Shard;
import io.sepiola.monitor.state.RestoredState;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The place of a monitor that stands alone: it leads at once, over a log of its own. As soon as the
 * agreed map has others it ceases to lead, and a quorum that others can join, of this monitor alone
 * at first, goes on with what the log holds.
 */
public final class LoneQuorum implements Quorum {
    private static final Logger LOG = LoggerFactory.getLogger(LoneQuorum.class);

    /** Makes the quorum that goes on. */
    @FunctionalInterface
    public interface Growth {
        /**
         * What the log holds is kept for the quorum, durably, before this returns. The log is
         * closed already. May block.
         *
         * @throws IOException when it cannot be: the log is still what counts
         */
        Quorum begin() throws IOException;
    }

    private final String name;
    private final ReplicatedLog log;
    private final Shard shard;
    private final Executor disk;
    private final Growth growth;
    private final Consumer<Throwable> failed;
    private @Nullable Listener listenerOrNull;
    private volatile @Nullable Quorum grownOrNull;
    private boolean growing;
    private boolean handedOver;
    private boolean closed;

    /**
     * Does not lead yet.
     *
     * @param name of this monitor
     * @param log not yet read
     * @param shard of the monitor
     * @param disk runs blocking work in order, the log's own too
     * @param failed hears that the log could not be handed over, and why
     */
    public LoneQuorum(
            String name,
            ReplicatedLog log,
            Shard shard,
            Executor disk,
            Growth growth,
            Consumer<Throwable> failed) {
        this.name = name;
        this.log = log;
        this.shard = shard;
        this.disk = disk;
        this.growth = growth;
        this.failed = failed;
    }

    @Override
    public void join(Listener listener) {
        listenerOrNull = listener;
        listener.leads(new Led());
    }

    @Override
    public void follow(MonMap map) {
        Quorum grown = grownOrNull;
        if (grown != null) {
            grown.follow(map);
        } else if (!growing && map.ranks().stream().anyMatch(other -> !other.equals(name))) {
            growing = true;
            shard.execute(this::grow); // whoever asked for it is answered first
        }
    }

    private void grow() {
        Listener listener = listenerOrNull;
        if (closed || listener == null) {
            return;
        }
        LOG.info("mon.{} is to be one of several; it hands its log over", name);
        listener.follows();
        handedOver = true;
        log.close();
        disk.execute(() -> {
            try {
                Quorum grown = growth.begin();
                shard.execute(() -> grown(grown, listener));
            } catch (IOException | RuntimeException failure) {
                LOG.error("mon.{} cannot hand its log over", name, failure);
                failed.accept(failure);
            }
        });
    }

    private void grown(Quorum grown, Listener listener) {
        if (closed) {
            grown.close();
            return;
        }
        grownOrNull = grown;
        grown.join(listener);
    }

    @Override
    public void retire(Runnable left) {
        Quorum grown = grownOrNull;
        if (grown != null) {
            grown.retire(left);
        } else {
            Quorum.super.retire(left);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Quorum grown = grownOrNull;
        if (grown != null) {
            grown.close();
        } else if (!handedOver) {
            log.close();
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        Quorum grown = grownOrNull;
        return grown == null ? Quorum.super.ended() : grown.ended();
    }

    /** The log as who leads sees it; it is not theirs to close. */
    private final class Led implements ReplicatedLog {
        @Override
        public Recovered recover() {
            return log.recover();
        }

        @Override
        public void append(Bytes record, LongConsumer committed) {
            log.append(record, committed);
        }

        @Override
        public void snapshot(long version, Bytes state) {
            log.snapshot(version, state);
        }

        @Override
        public List<Integer> present() {
            return log.present();
        }

        @Override
        public int electionEpoch() {
            return log.electionEpoch();
        }

        @Override
        public Optional<String> whyAlone(Supplier<Bytes> state) {
            return RestoredState.pack(state.get()).size() <= MonitorBackup.PACKED_SIZE_MAX
                    ? Optional.empty()
                    : Optional.of("its state is too large to be handed over");
        }

        @Override
        public void close() {
            // The quorum closes it.
        }
    }
}
