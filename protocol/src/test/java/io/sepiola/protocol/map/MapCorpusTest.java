package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Encoder;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** What a real Ceph wrote is read and written again to the same bytes. */
class MapCorpusTest {
    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of("OSDMap", OsdMap.CODEC),
                Arguments.of("OSDMap.Incremental", OsdMapIncremental.CODEC),
                Arguments.of("MonMap", MonMap.CODEC),
                Arguments.of("mon_info_t", MonMap.MonInfo.CODEC),
                Arguments.of("MgrMap.ModuleInfo", MgrMap.ModuleInfo.CODEC),
                Arguments.of("MgrMap.ModuleOption", MgrMap.ModuleOption.CODEC),
                Arguments.of("CrushWrapper", CrushMap.CODEC),
                Arguments.of("pg_pool_t", PgPool.CODEC),
                Arguments.of("pool_opts_t", PoolOption.MAP),
                Arguments.of("pool_snap_info_t", PoolSnap.CODEC),
                Arguments.of("pg_merge_meta_t", PgMerge.CODEC),
                Arguments.of("osd_info_t", OsdInfo.CODEC),
                Arguments.of("osd_xinfo_t", OsdXinfo.CODEC),
                Arguments.of("object_locator_t", ObjectLocator.CODEC));
    }

    @ParameterizedTest
    @MethodSource("types")
    <T> void reencodesToTheSameBytes(String type, Codec<T> codec) {
        assertThat(Golden.corpus(type)).isNotEmpty();
        for (Bytes golden : Golden.corpus(type)) {
            T value = codec.fromBytes(golden);
            assertThat(freshly(codec, value).toHex()).isEqualTo(golden.toHex());
        }
    }

    private static <T> Bytes freshly(Codec<T> codec, T value) {
        Encoder out = new Encoder();
        codec.encode(value, out);
        return out.toBytes();
    }

    /** 16.2.0 wrote the manager map at version 11, which ends before the clients' names. */
    @Test
    void readsTheManagerMapOfAnEarlierPacific() {
        for (Bytes golden : Golden.corpus("MgrMap")) {
            MgrMap map = MgrMap.CODEC.fromBytes(golden);
            Bytes again = MgrMap.CODEC.toBytes(map);
            assertThat(again.slice(6, golden.size() - 6).toHex())
                    .isEqualTo(golden.slice(6).toHex());
            assertThat(MgrMap.CODEC.fromBytes(again)).isEqualTo(map);
        }
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"one", "three", "cluster"})
    void reencodesMonitorMaps(String name) {
        Bytes golden = Golden.bytes("monmap/" + name + ".bin");
        assertThat(MonMap.CODEC.toBytes(MonMap.CODEC.fromBytes(golden))).isEqualTo(golden);
    }
}
