package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushException;
import io.sepiola.protocol.Golden;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Maps changed at random, many of them with a checksum that holds again: the answer is a map or
 * {@link Malformed}, soon, and what is accepted can be mapped, applied and written. The seed is
 * printed; {@code -Dfuzz.seed} repeats it, {@code -Dfuzz.rounds} goes on longer.
 */
@Timeout(120)
class MapFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1500);

    private record Sample(Codec<?> codec, Bytes bytes, boolean hasChecksumAtEnd) {}

    private static List<Sample> samples() {
        return List.of(
                new Sample(OsdMap.CODEC, Golden.bytes("osdmap/chain-small/full.69.bin"), true),
                new Sample(OsdMap.CODEC, Golden.corpus("OSDMap").getLast(), true),
                new Sample(
                        OsdMapIncremental.CODEC,
                        Golden.bytes("osdmap/chain-small/inc.20.bin"),
                        false),
                new Sample(PgPool.CODEC, Golden.corpus("pg_pool_t").getFirst(), false),
                new Sample(MonMap.CODEC, Golden.bytes("monmap/three.bin"), false));
    }

    @Test
    void changedMapsAreMapsOrMalformed() {
        System.out.println("MapFuzzTest: -Dfuzz.seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        int accepted = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (Sample sample : samples()) {
                Bytes bad = changed(sample, random);
                try {
                    use(sample.codec.fromBytes(bad));
                    accepted++;
                } catch (Malformed | CrushException expected) {
                    assertThat(expected.getMessage()).isNotEmpty();
                    refused++;
                }
            }
        }
        assertThat(refused).as("seed %s", SEED).isPositive();
        assertThat(accepted).as("seed %s", SEED).isPositive();
    }

    private static Bytes changed(Sample sample, SplittableRandom random) {
        byte[] bytes = sample.bytes.toArray();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) 0xff;
                default -> {
                    int from = random.nextInt(bytes.length);
                    int size = Math.min(8, bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, size);
                }
            }
        }
        Bytes bad = Bytes.of(bytes);
        if (random.nextInt(8) == 0) {
            return bad.slice(0, random.nextInt(bad.size()));
        }
        if (!sample.hasChecksumAtEnd) {
            return bad;
        }
        Bytes front = bad.slice(0, bad.size() - 4);
        return Bytes.concat(front, new Encoder().u32(front.crc32c(-1)).toBytes());
    }

    private static void use(Object value) {
        if (value instanceof OsdMap map) {
            map.encoded();
            map.pools()
                    .forEach((id, pool) -> {
                        PgRun run = map.run(id);
                        for (int seed = 0; seed < 8; seed++) {
                            run.map(seed);
                        }
                    });
            map.apply(OsdMapIncremental.after(map).build());
        }
    }

    @Test
    void aMapOfTooManyOsdsIsRefusedBeforeAnythingIsReserved() {
        Bytes golden = Golden.bytes("osdmap/chain-small/full.1.bin");
        OsdMap map = OsdMap.CODEC.fromBytes(golden);
        for (int osds : new int[] {Integer.MAX_VALUE, 1 << 28}) {
            OsdMapIncremental change = OsdMapIncremental.after(map).osdMax(osds).build();
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> map.apply(change))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("OSDs");
        }
    }
}
