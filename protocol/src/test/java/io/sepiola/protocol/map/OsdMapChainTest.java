package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;

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
}
