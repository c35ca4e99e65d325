package io.sepiola.lab.placement;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.map.MonMap;

/**
 * What Jazzer calls with bytes that may be a map of monitors: refused by name, or written again.
 */
public final class MonMapFuzz {
    private MonMapFuzz() {}

    /** One try. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            MonMap map = MonMap.CODEC.fromBytes(Bytes.of(bytes));
            MonMap.CODEC.fromBytes(MonMap.CODEC.toBytes(map));
        } catch (Malformed expected) {
            // Refused by name.
        }
    }
}
