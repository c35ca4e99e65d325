package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MOSDMap;

import org.jspecify.annotations.Nullable;

import java.util.TreeSet;

/** Follows the OSD map through what the monitors send of it. Owned by the manager's shard. */
final class OsdMapFollower {
    private @Nullable OsdMap mapOrNull;

    /** The newest map; null before the first. */
    @Nullable OsdMap mapOrNull() {
        return mapOrNull;
    }

    /** The epoch to ask for next; 0 when only a whole map helps. */
    long nextEpoch() {
        return mapOrNull == null ? 0 : Integer.toUnsignedLong(mapOrNull.epoch()) + 1;
    }

    /**
     * Takes what leads on.
     *
     * @return whether the map is newer now
     * @throws Malformed when a map cannot be read, or a step is missing; then the next must be
     *     whole
     */
    boolean learn(MOSDMap message) {
        OsdMap before = mapOrNull;
        TreeSet<Integer> epochs = new TreeSet<>(message.full().keySet());
        epochs.addAll(message.incrementals().keySet());
        for (int epoch : epochs) {
            OsdMap map = mapOrNull;
            if (map != null && epoch <= map.epoch()) {
                continue;
            }
            Bytes change = message.incrementals().get(epoch);
            Bytes whole = message.full().get(epoch);
            if (map != null && change != null && epoch == map.epoch() + 1) {
                mapOrNull = map.apply(OsdMapIncremental.CODEC.fromBytes(change));
            } else if (whole != null) {
                mapOrNull = OsdMap.CODEC.fromBytes(whole.detach());
            } else if (map != null) {
                mapOrNull = null;
                throw new Malformed("the OSD map skips from " + map.epoch() + " to " + epoch);
            }
        }
        return mapOrNull != before;
    }
}
