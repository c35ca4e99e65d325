package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

/** Our editor does to the maps what a real monitor did while its OSDs came in. */
class ClusterBirthTest {
    private static final String CHAIN = "osdmap/chain-small/";

    @Test
    void theFirstMapIsARealMonitors() {
        OsdMap real = OsdMap.CODEC.fromBytes(Golden.bytes(CHAIN + "full.1.bin"));
        OsdMap ours = OsdMap.initial(real.fsid(), real.modified(), CrushEditor.initial("osd"));
        assertThat(ours.encoded().toHex()).isEqualTo(real.encoded().toHex());
    }

    @Test
    void devicesComeInAsUnderARealMonitor() {
        Map<Integer, CrushMap> real = new HashMap<>();
        OsdMap map = OsdMap.CODEC.fromBytes(Golden.bytes(CHAIN + "full.1.bin"));
        for (int epoch = 2; epoch <= 12; epoch++) {
            map =
                    map.apply(
                            OsdMapIncremental.CODEC.fromBytes(
                                    Golden.bytes(CHAIN + "inc." + epoch + ".bin")));
            real.put(epoch, map.crush());
        }
        int weight = map.crush().parent(0).orElseThrow().itemWeight(0);
        CrushMap ours = CrushEditor.initial("osd");
        int[][] epochs = {{3, 4}, {7, 8}, {11, 12}}; // class set, then placed
        for (int osd = 0; osd < 3; osd++) {
            CrushEditor classes = new CrushEditor(ours);
            classes.setDeviceClass(osd, "hdd");
            ours = classes.build();
            assertThat(ours).as("class of %s", osd).isEqualTo(real.get(epochs[osd][0]));
            CrushEditor place = new CrushEditor(ours);
            place.createOrMove(osd, "osd." + osd, weight, Map.of("host", "vm", "root", "default"));
            ours = place.build();
            assertThat(ours).as("place of %s", osd).isEqualTo(real.get(epochs[osd][1]));
        }
    }
}
