package io.sepiola.protocol.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Maps of file systems as a real Ceph wrote them, and spoiled ones. */
@Timeout(60)
class FsMapTest {
    static Stream<Arguments> samples() {
        return Stream.of(
                        Golden.corpus("FSMap").stream().map(it -> Arguments.of(FsMap.CODEC, it)),
                        Stream.of(Arguments.of(FsMap.CODEC, Golden.bytes("fsmap/two.bin"))),
                        fronts("45-MFSMap", 4).map(it -> Arguments.of(FsMap.CODEC, it)),
                        Golden.corpus("Filesystem").stream()
                                .map(it -> Arguments.of(Filesystem.CODEC, it)),
                        Golden.corpus("MDSMap").stream().map(it -> Arguments.of(MdsMap.CODEC, it)),
                        // fsid, epoch, size
                        fronts("21-MMDSMap", 24).map(it -> Arguments.of(MdsMap.CODEC, it)),
                        Golden.corpus("MDSMap.mds_info_t").stream()
                                .map(it -> Arguments.of(MdsInfo.CODEC, it)))
                .flatMap(it -> it);
    }

    private static Stream<Bytes> fronts(String message, int before) {
        return Golden.lines("messages/" + message + ".jsonl").stream()
                .map(line -> Golden.hex(line, "front").slice(before))
                .map(bytes -> bytes.slice(0, 6 + size(bytes))); // the file system's name may follow
    }

    private static int size(Bytes struct) {
        return (struct.at(2) & 0xff) | (struct.at(3) & 0xff) << 8 | (struct.at(4) & 0xff) << 16;
    }

    @ParameterizedTest
    @MethodSource("samples")
    <T> void reencodesToTheSameBytes(Codec<T> codec, Bytes golden) {
        T value = codec.fromBytes(golden);
        assertThat(codec.toBytes(value).toHex()).isEqualTo(golden.toHex());
        assertThat(codec.fromBytes(codec.toBytes(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsRefused(Codec<?> codec, Bytes golden) {
        for (int size = 0; size < golden.size(); size++) {
            Bytes cut = golden.slice(0, size);
            assertThatThrownBy(() -> codec.fromBytes(cut))
                    .as("cut at %s", size)
                    .isInstanceOf(Malformed.class);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyHugeCountIsRefusedOrHarmless(Codec<?> codec, Bytes golden) {
        int refused = 0;
        for (int at = 0; at + 4 <= golden.size(); at++) {
            byte[] bad = golden.toArray();
            bad[at] = (byte) 0xff;
            bad[at + 1] = (byte) 0xff;
            bad[at + 2] = (byte) 0xff;
            bad[at + 3] = 0x7f;
            try {
                codec.fromBytes(Bytes.of(bad));
            } catch (Malformed expected) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void theSecondFileSystemIsReadAsItWasMade() {
        FsMap map = FsMap.CODEC.fromBytes(Golden.bytes("fsmap/two.bin"));
        assertThat(map.epoch()).isEqualTo(12);
        Filesystem two = map.filesystems().get(1);
        assertThat(two.map().name()).isEqualTo("two");
        assertThat(two.map().rankCount()).isEqualTo(3);
        assertThat(two.map().balancer()).isEqualTo("b.lua");
        assertThat(two.map().requiredClientFeatures().at(1)).isEqualTo((byte) (1 | 1 << 6));
        assertThat(two.mirror().mirrored()).isTrue();
        assertThat(two.mirror().peers())
                .containsExactly(
                        new Filesystem.Peer(
                                "0f3ad8a4-5c6b-4be1-9f2e-3d1f0a7b9c11",
                                "client.remote",
                                "site",
                                "far"));
    }

    @Test
    void anOldServerIsTakenToKnowTheFormatsOfItsTime() {
        MdsInfo old = MdsInfo.CODEC.fromBytes(Golden.corpus("MDSMap.mds_info_t").getFirst());
        assertThat(old.compatOrNull()).isNull();
        assertThat(old.compat().incompatible().bits()).isEqualTo(0x7fe);
    }

    @Test
    void theMapsOfAnOlderCephAreRefused() {
        byte[] old = Golden.corpus("FSMap").getFirst().toArray();
        old[0] = 5;
        old[1] = 4;
        assertThatThrownBy(() -> FsMap.CODEC.fromBytes(Bytes.of(old)))
                .isInstanceOf(Malformed.class)
                .hasMessage("FSMap of version 5");
    }
}
