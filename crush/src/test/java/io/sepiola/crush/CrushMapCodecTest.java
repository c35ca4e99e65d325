package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

class CrushMapCodecTest {
    static Stream<String> files() {
        return Stream.concat(
                CrushGolden.names(".bin").map(name -> "crush/" + name + ".bin"),
                Stream.of("osdmap/big.crush.bin", "osdmap/big-weightsets.crush.bin"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void reencodesToTheSameBytes(String file) {
        Bytes golden = CrushGolden.bytes(file);
        CrushMap map = CrushMap.CODEC.fromBytes(golden);
        assertThat(map.toBytes()).isEqualTo(golden);
        assertThat(new CrushDraft(map).build().toBytes()).isEqualTo(golden);
    }

    @Test
    void everyTruncationIsRefusedOrAnOldMap() {
        Bytes golden = CrushGolden.bytes("crush/class.bin");
        for (int size = 0; size < golden.size(); size++) {
            Bytes cut = golden.slice(0, size);
            try {
                CrushMap.CODEC.fromBytes(cut);
            } catch (Malformed expected) {
                continue;
            }
            // Only at the ends of what older releases wrote does a shorter map make sense.
            assertThat(CrushMap.CODEC.fromBytes(cut).chooseArgs()).isEmpty();
        }
    }

    @Test
    void hugeCountsAreRefusedBeforeAnythingIsAllocated() {
        byte[] bytes = CrushGolden.bytes("crush/alg-straw2.bin").toArray();
        for (int field = 4; field < 16; field += 4) {
            byte[] huge = bytes.clone();
            huge[field + 3] = 0x7f;
            assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(Bytes.of(huge)))
                    .isInstanceOf(Malformed.class);
        }
    }

    /** Tables by device would be as long. */
    @Test
    void devicesFarOutOfRangeAreRefused() {
        Bytes golden = CrushGolden.bytes("crush/alg-straw2.bin");
        CrushMap held = CrushMap.CODEC.fromBytes(golden);
        held.bucket(-1).orElseThrow().items[0] = 0x7ffffff0;
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(held.toBytes()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("device 2147483632");
        CrushDraft named = new CrushDraft(CrushMap.CODEC.fromBytes(golden));
        named.itemNames.put(0x7fffffff, "far");
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(named.build().toBytes()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("device 2147483647");
        CrushChanges changes = new CrushChanges(CrushMap.CODEC.fromBytes(golden));
        assertThatThrownBy(() -> changes.addItem(1 << 20, 1, "far", Map.of("root", "default")))
                .isInstanceOf(CrushRefusal.class)
                .hasMessageContaining("device 1048576 is beyond the last");
    }

    @Test
    void aBucketThatContainsItselfIsRefused() {
        CrushDraft draft = new CrushDraft();
        draft.put(straw2(-1, -2));
        draft.put(straw2(-2, -1));
        Bytes circular = new CrushMap(draft).toBytes();
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(circular))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("contains itself");
    }

    @Test
    void aHierarchyOfTooManyLevelsIsRefused() {
        CrushDraft draft = new CrushDraft();
        for (int id = -1; id >= -100; id--) {
            draft.put(straw2(id, id + 1)); // each below the next, the lowest holds device 0
        }
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(new CrushMap(draft).toBytes()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("levels");
    }

    @Test
    void aHierarchyThatUnfoldsWithoutEndIsRefused() {
        CrushDraft draft = new CrushDraft();
        for (int id = -1; id >= -40; id--) {
            int[] twice = {id + 1, id + 1};
            int[] weights = {1, 1};
            draft.put(new CrushBucket(id, 1, CrushBucket.STRAW2, 2, twice, weights, new int[0]));
        }
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(new CrushMap(draft).toBytes()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("places");
    }

    @Test
    void aShadowFarAwayIsRefused() {
        CrushDraft draft = new CrushDraft();
        draft.put(straw2(-1, 0));
        draft.shadows.put(-1, new TreeMap<>(Map.of(0, Integer.MIN_VALUE)));
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(new CrushMap(draft).toBytes()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("shadow");
    }

    @Test
    void endlessTriesAreRefused() {
        CrushDraft draft = new CrushDraft();
        draft.tunables = new Tunables(0, 0, Integer.MAX_VALUE, 1, 1, 1, 54, 1);
        Bytes endless = draft.build().toBytes();
        assertThatThrownBy(() -> CrushMap.CODEC.fromBytes(endless))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("tries");
    }

    private static CrushBucket straw2(int id, int item) {
        int[] one = {0x10000};
        return new CrushBucket(
                id, 1, CrushBucket.STRAW2, 0x10000, new int[] {item}, one, new int[0]);
    }
}
