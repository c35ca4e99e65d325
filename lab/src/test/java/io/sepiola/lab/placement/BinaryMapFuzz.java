package io.sepiola.lab.placement;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushChanges;
import io.sepiola.crush.CrushException;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushMapper;
import io.sepiola.crush.CrushRefusal;
import io.sepiola.crush.CrushText;

import java.util.Arrays;

/** What Jazzer calls with bytes that may be a binary map: refused by name, or usable. */
public final class BinaryMapFuzz {
    private BinaryMapFuzz() {}

    /** One try. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        try {
            CrushMap map = CrushMap.CODEC.fromBytes(Bytes.of(bytes));
            if (!CrushMap.CODEC.fromBytes(map.toBytes()).equals(map)) {
                throw new IllegalStateException("the map is another after a second reading");
            }
            CrushText.decompile(map);
            int[] weights = new int[map.deviceCountMax()];
            Arrays.fill(weights, 0x10000);
            for (int rule = 0; rule < Math.min(2, map.ruleSlots()); rule++) {
                CrushMapper.map(map, rule, 1, 4, weights, null);
            }
            CrushChanges changes = new CrushChanges(map);
            changes.rebuildClassRoots();
            changes.build();
        } catch (Malformed | CrushException | CrushRefusal expected) {
            // Refused by name.
        }
    }
}
