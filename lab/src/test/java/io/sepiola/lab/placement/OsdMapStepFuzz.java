package io.sepiola.lab.placement;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushException;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import java.util.UUID;

/** What Jazzer calls with bytes that may be a step between OSD maps. */
public final class OsdMapStepFuzz {
    private static final OsdMap BLANK = OsdMap.blank(new UUID(0, 0));

    private OsdMapStepFuzz() {}

    /** One try. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            OsdMapIncremental step = OsdMapIncremental.CODEC.fromBytes(Bytes.of(bytes));
            OsdMapIncremental.CODEC.fromBytes(OsdMapIncremental.CODEC.toBytes(step));
            BLANK.apply(step);
        } catch (Malformed | CrushException expected) {
            // Refused by name.
        }
    }
}
