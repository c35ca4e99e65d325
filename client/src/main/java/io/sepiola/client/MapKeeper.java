package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MOSDMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.TreeSet;

/** Follows the OSD map through what monitors and OSDs send of it. Owned by one shard. */
final class MapKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(MapKeeper.class);

    private @Nullable OsdMap mapOrNull;

    /** The newest map; null before the first. */
    @Nullable OsdMap mapOrNull() {
        return mapOrNull;
    }

    int epoch() {
        return mapOrNull == null ? 0 : mapOrNull.epoch();
    }

    /** What became of a message. */
    enum Learned {
        /** The map is newer now. */
        NEWER,
        /** Nothing new. */
        NOTHING,
        /** A step is missing: ask for what follows {@link #epoch}. */
        GAP,
        /** Something could not be read: ask for a whole map. */
        BROKEN
    }

    /** Sees every map on the way to the newest. */
    @FunctionalInterface
    interface Follower {
        /**
         * One map further.
         *
         * @param skipped whether epochs before it were never seen
         */
        void reached(OsdMap map, boolean skipped);
    }

    /** Takes what leads on from the map at hand. */
    Learned learn(MOSDMap message, Follower follower) {
        int before = epoch();
        if (mapOrNull != null && !message.fsid().equals(mapOrNull.fsid())) {
            LOG.warn("OSD maps of another cluster, {}, are passed over", message.fsid());
            return Learned.NOTHING;
        }
        try {
            Learned learned = take(message, follower);
            return epoch() != before && learned == Learned.NOTHING ? Learned.NEWER : learned;
        } catch (Malformed malformed) {
            LOG.warn(
                    "an OSD map after epoch {} cannot be used: {}", before, malformed.getMessage());
            return Learned.BROKEN;
        }
    }

    private Learned take(MOSDMap message, Follower follower) {
        TreeSet<Integer> epochs = new TreeSet<>(message.full().keySet());
        epochs.addAll(message.incrementals().keySet());
        if (mapOrNull == null) {
            TreeSet<Integer> whole = new TreeSet<>(message.full().keySet());
            if (whole.isEmpty()) {
                return Learned.BROKEN;
            }
            mapOrNull = OsdMap.CODEC.fromBytes(whole(message, whole.last()));
            follower.reached(mapOrNull, false);
        }
        for (int epoch : epochs.tailSet(epoch() + 1)) {
            boolean skipped = epoch != epoch() + 1;
            Bytes change = message.incrementals().get(epoch);
            if (change != null && !skipped) {
                mapOrNull = mapOrNull.apply(OsdMapIncremental.CODEC.fromBytes(change));
            } else if (message.full().containsKey(epoch)) {
                Mark.hit("whole OSD map taken");
                mapOrNull = OsdMap.CODEC.fromBytes(whole(message, epoch));
            } else {
                Mark.hit("OSD map skips an epoch");
                return Learned.GAP;
            }
            follower.reached(mapOrNull, skipped);
        }
        return Learned.NOTHING;
    }

    private static Bytes whole(MOSDMap message, int epoch) {
        Bytes map = message.full().get(epoch);
        if (map == null) {
            throw new Malformed("no map of epoch " + epoch);
        }
        return map.detach();
    }
}
