package io.sepiola.osd.daemon;

import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.pg.Pg;
import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.osd.scrub.ScrubKind;
import io.sepiola.osd.scrub.ScrubOptions;
import io.sepiola.osd.scrub.ScrubSlots;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.MConfig;
import io.sepiola.protocol.message.MLogAck;
import io.sepiola.protocol.message.MOSDScrub2;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sees to it that the groups of an OSD are scrubbed: those that somebody wants first, then those
 * scrubbed longest ago. Owned by the OSD's shard.
 */
final class ScrubRoom implements ScrubHost {
    private static final Logger LOG = LoggerFactory.getLogger(ScrubRoom.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Shard shard;
    private final RandomGenerator random;
    private final ClusterLogger clusterLog;
    private final Supplier<List<Pg>> groups;
    private final ScrubSlots slots = new ScrubSlots();
    private ScrubOptions options = ScrubOptions.DEFAULT;
    private boolean running;
    private boolean looking;
    private long mended;

    /**
     * Nothing is scrubbed before {@link #start}.
     *
     * @param groups all of the OSD, in order
     */
    ScrubRoom(
            Shard shard,
            RandomGenerator random,
            ClusterLogger clusterLog,
            Supplier<List<Pg>> groups) {
        this.shard = shard;
        this.random = random;
        this.clusterLog = clusterLog;
        this.groups = groups;
    }

    void start() {
        if (!running) {
            running = true;
            tick();
        }
    }

    void stop() {
        running = false;
    }

    private void tick() {
        if (running) {
            turn();
            shard.timers().after(TICK, this::tick);
        }
    }

    private void turn() {
        List<Pg> mine = new ArrayList<>();
        for (Pg pg : groups.get()) {
            if (!pg.isRemoved() && pg.peering().isPrimary()) {
                mine.add(pg);
            }
        }
        Comparator<Pg> wantedFirst = Comparator.comparing(pg -> !pg.scrubbing().isWanted());
        Function<Pg, Utime> last = pg -> pg.ledger().history.lastScrubStamp();
        mine.sort(wantedFirst.thenComparing(last));
        for (Pg pg : mine) {
            if (slots.taken() >= options.maxScrubs()) {
                return;
            }
            pg.scrubbing().look();
        }
    }

    // ---- what others say

    /** The manager wants groups scrubbed; tells whether the message was for us. */
    boolean asked(Connection connection, Message message) {
        if (!(message instanceof MOSDScrub2 scrub)) {
            return false;
        }
        if (connection.peerType() != EntityType.MGR) {
            LOG.warn("{} may not ask for scrubs", connection.peerName());
            return true;
        }
        boolean deep = scrub.deep() || scrub.repair();
        for (Pg pg : groups.get()) {
            if (scrub.pgs().contains(pg.id()) && pg.peering().isPrimary()) {
                pg.scrubbing().want(new ScrubKind(deep, scrub.repair(), false, true));
            }
        }
        look();
        return true;
    }

    /** What the monitors say beside maps. */
    void fromMonitors(Message message) {
        switch (message) {
            case MConfig config -> options = ScrubOptions.of(config.options());
            case MLogAck ack -> clusterLog.acknowledged(ack);
            default -> {} // nothing here depends on it
        }
    }

    /** Copies on this OSD that were found damaged, and mended, since it started. */
    long mendedCount() {
        return mended;
    }

    /** An administrator has seen them. */
    void mendedCount(long left) {
        mended = left;
    }

    // ---- what scrubs find around them

    @Override
    public ScrubOptions options() {
        return options;
    }

    @Override
    public ScrubSlots slots() {
        return slots;
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void log(int level, String text) {
        clusterLog.write(level, text);
    }

    @Override
    public void look() {
        if (!looking && running) {
            looking = true;
            shard.execute(() -> {
                looking = false;
                if (running) {
                    turn();
                }
            });
        }
    }

    @Override
    public void mended(int count) {
        mended += count;
    }
}
