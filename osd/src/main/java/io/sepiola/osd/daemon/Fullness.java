package io.sepiola.osd.daemon;

import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.client.MonClient;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MOSDFull;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Tells the monitors how full the store is, whenever their map says otherwise; they tell everybody.
 * A message may be lost with the session, so that it is repeated. Owned by the OSD's shard.
 */
final class Fullness {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final long AGAIN_NANOS = 5_000_000_000L;

    private final int osd;
    private final Shard shard;
    private final StoreRoom room;
    private final MonClient monitors;
    private final Supplier<OsdMap> map;
    private final Runnable checked;
    private Timers.@Nullable Timer timer;
    private int told = -1;
    private long toldNanos;

    /** {@code checked} follows each look at the store; operations may wait for room. */
    Fullness(
            int osd,
            Shard shard,
            StoreRoom room,
            MonClient monitors,
            Supplier<OsdMap> map,
            Runnable checked) {
        this.osd = osd;
        this.shard = shard;
        this.room = room;
        this.monitors = monitors;
        this.map = map;
        this.checked = checked;
    }

    /** The OSD is up: looks from now on. */
    void start() {
        told = -1;
        tick();
    }

    /** The OSD is down. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void tick() {
        stop();
        timer = shard.timers().after(PERIOD, this::tick);
        check();
        checked.run();
    }

    /** Whether no backfill may begin to this OSD. */
    boolean isBackfillFull() {
        int state = room.state(map.get());
        return state == OsdMap.STATE_BACKFILLFULL || state == OsdMap.STATE_FULL;
    }

    /** Whether no recovery may begin to this OSD. */
    boolean isFull() {
        return room.state(map.get()) == OsdMap.STATE_FULL;
    }

    /** Looks, and tells what the monitors do not know. */
    void check() {
        OsdMap newest = map.get();
        if (timer == null || newest.epoch() == 0 || !newest.isUp(osd)) {
            return;
        }
        int state = room.state(newest);
        long now = shard.clock().nanos();
        boolean known = (newest.state(osd) & OsdMap.STATES_OF_ROOM) == state;
        boolean asked = told == state && now - toldNanos < AGAIN_NANOS;
        if (known) {
            told = -1;
        } else if (!asked) {
            told = state;
            toldNanos = now;
            monitors.send(new MOSDFull(newest.epoch(), newest.epoch(), state));
        }
    }
}
