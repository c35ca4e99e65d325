package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.util.UUID;

/** The lives of two real clusters, replayed to the byte. */
class OsdMapChainTest {
    @ParameterizedTest
    @CsvSource({"chain-small, 1, 109", "chain-big, 276, 336"})
    void everyIncrementalLeadsToTheRecordedMap(String chain, int first, int last) {
        OsdMap map = OsdMap.CODEC.fromBytes(full(chain, first));
        int compared = 0;
        for (int epoch = first + 1; epoch <= last; epoch++) {
            Bytes golden = Golden.bytes("osdmap/" + chain + "/inc." + epoch + ".bin");
            OsdMapIncremental change = OsdMapIncremental.CODEC.fromBytes(golden);
            assertThat(OsdMapIncremental.CODEC.toBytes(change).toHex()).isEqualTo(golden.toHex());
            assertThat(change.withFullCrc(0).seal(map)).as("seal %s", epoch).isEqualTo(golden);
            map = map.apply(change);
            assertThat(map.crc()).as("crc of epoch %s", epoch).isEqualTo(change.fullCrc());
            if (Files.exists(Golden.path("osdmap/" + chain + "/full." + epoch + ".bin"))) {
                assertThat(map.encoded()).isEqualTo(full(chain, epoch));
                compared++;
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(3);
    }

    private static Bytes full(String chain, int epoch) {
        return Golden.bytes("osdmap/" + chain + "/full." + epoch + ".bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"big", "big-weightsets"})
    void reencodesBigMaps(String name) {
        Bytes golden = Golden.bytes("osdmap/" + name + ".bin");
        assertThat(OsdMap.CODEC.fromBytes(golden).encoded()).isEqualTo(golden);
    }

    @Test
    void aMapThatSkipsAnEpochIsRefused() {
        OsdMap map = OsdMap.CODEC.fromBytes(full("chain-small", 1));
        OsdMapIncremental third =
                OsdMapIncremental.CODEC.fromBytes(Golden.bytes("osdmap/chain-small/inc.3.bin"));
        assertThatThrownBy(() -> map.apply(third))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("does not follow");
    }

    @Test
    void aChangedByteIsRefused() {
        byte[] map = full("chain-small", 17).toArray();
        map[100] ^= 1;
        assertThatThrownBy(() -> OsdMap.CODEC.fromBytes(Bytes.of(map)))
                .isInstanceOf(Malformed.class);
        byte[] change = Golden.bytes("osdmap/chain-small/inc.17.bin").toArray();
        change[40] ^= 1;
        assertThatThrownBy(() -> OsdMapIncremental.CODEC.fromBytes(Bytes.of(change)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("checksum");
    }

    /** Genuine osdmaptool --import-crush leaves the same. */
    @Test
    void aHierarchyTakesTheFlagsOfItsLostClassesAlong() {
        OsdMap map = OsdMap.CODEC.fromBytes(Golden.bytes("osdmap/big.bin"));
        assertThat(map.deviceClassFlags()).containsOnlyKeys(2);
        CrushMap classes = CrushMap.CODEC.fromBytes(Golden.bytes("crush/class.bin"));
        assertThat(classes.classNames()).doesNotContainKey(2);
        OsdMap after = map.apply(OsdMapIncremental.after(map).crush(classes).build());
        assertThat(after.deviceClassFlags()).isEmpty();
        assertThat(after.crushVersion()).isEqualTo(map.crushVersion() + 1);
        assertThat(map.apply(OsdMapIncremental.after(map).crush(map.crush()).build()))
                .extracting(OsdMap::deviceClassFlags)
                .isEqualTo(map.deviceClassFlags());
    }

    /** Maps from before luminous have no place for the version. */
    @Test
    void theHierarchysVersionStandsStillBeforeLuminous() {
        OsdMap blank = OsdMap.blank(new UUID(1, 2));
        OsdMap old = blank.apply(OsdMapIncremental.after(blank).requireOsdRelease(11).build());
        CrushMap classes = CrushMap.CODEC.fromBytes(Golden.bytes("crush/class.bin"));
        OsdMap after = old.apply(OsdMapIncremental.after(old).crush(classes).build());
        assertThat(after.crush().toBytes()).isEqualTo(classes.toBytes());
        assertThat(after.crushVersion()).isEqualTo(old.crushVersion());
    }
}
