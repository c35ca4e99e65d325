package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Golden;
import io.sepiola.protocol.PgId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Whatever the bytes, the answer is a value or {@link Malformed}, and soon. */
@Timeout(60)
class MalformedMapTest {
    static Stream<Arguments> samples() {
        return Stream.of(
                Arguments.of(OsdMap.CODEC, Golden.bytes("osdmap/chain-small/full.17.bin")),
                Arguments.of(
                        OsdMapIncremental.CODEC, Golden.corpus("OSDMap.Incremental").getFirst()),
                Arguments.of(MonMap.CODEC, Golden.bytes("monmap/three.bin")),
                Arguments.of(MgrMap.CODEC, Golden.corpus("MgrMap").getFirst()),
                Arguments.of(PgPool.CODEC, Golden.corpus("pg_pool_t").getFirst()));
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

    /** The same with a checksum that holds, so that what lies behind it is reached. */
    @Test
    void aMapWithHugeCountsAndAGoodChecksumIsRefusedOrHarmless() {
        Bytes golden = Golden.bytes("osdmap/chain-small/full.17.bin");
        int accepted = 0;
        for (int at = 6; at + 8 <= golden.size(); at++) {
            byte[] bad = golden.slice(0, golden.size() - 4).toArray();
            bad[at] = (byte) 0xff;
            bad[at + 1] = (byte) 0xff;
            bad[at + 2] = (byte) 0xff;
            bad[at + 3] = 0x7f;
            Bytes front = Bytes.of(bad);
            Bytes whole = Bytes.concat(front, new Encoder().u32(front.crc32c(-1)).toBytes());
            try {
                OsdMap map = OsdMap.CODEC.fromBytes(whole);
                map.pools().keySet().forEach(pool -> map.map(new PgId(pool, 5)));
                accepted++;
            } catch (Malformed expected) {
                assertThat(expected).hasMessageMatching("(?s).+");
            }
        }
        assertThat(accepted).isBetween(1, golden.size() - 1);
    }
}
