package io.sepiola.lab.placement;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushException;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.dump.OsdMapDump;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgRun;

/** What Jazzer calls with bytes that may be an OSD map: refused by name, or usable. */
public final class OsdMapFuzz {
    private OsdMapFuzz() {}

    /** One try, with a checksum that holds: else nothing behind it would be tried. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            OsdMap map = OsdMap.CODEC.fromBytes(summed(Bytes.of(bytes)));
            OsdMap.CODEC.fromBytes(map.encoded());
            for (long pool : map.pools().keySet()) {
                PgRun run = map.run(pool);
                for (int seed = 0; seed < 4; seed++) {
                    run.map(seed);
                }
            }
            JsonDump out = new JsonDump(false);
            out.object(() -> OsdMapDump.map(map, out));
            map.apply(OsdMapIncremental.after(map).build());
        } catch (Malformed | CrushException expected) {
            // Refused by name.
        }
    }

    private static Bytes summed(Bytes bytes) {
        if (bytes.size() < 4) {
            return bytes;
        }
        Bytes front = bytes.slice(0, bytes.size() - 4);
        return Bytes.concat(front, new Encoder().u32(front.crc32c(-1)).toBytes());
    }
}
