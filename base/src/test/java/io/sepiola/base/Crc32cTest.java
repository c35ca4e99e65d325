package io.sepiola.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class Crc32cTest {
    @Test
    void valuesAreCephs() throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of(System.getProperty("golden"), "hash/crc32c.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t", -1);
            Bytes bytes = Bytes.hex(columns[0]);
            assertThat(bytes.crc32c(0)).isEqualTo(Integer.parseUnsignedInt(columns[1], 16));
            assertThat(bytes.crc32c(-1)).isEqualTo(Integer.parseUnsignedInt(columns[2], 16));
        }
        assertThat(lines).hasSizeGreaterThan(10);
    }

    @Test
    void anyInitialValueAndAnyCutGiveTheSlowResult() {
        Random random = new Random(6);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            int seed = random.nextInt();
            int slow = slow(seed, bytes);
            assertThat(Crc32c.of(seed, bytes, 0, bytes.length)).isEqualTo(slow);
            assertThat(Crc32c.of(seed, ByteBuffer.wrap(bytes))).isEqualTo(slow);
            int cut = random.nextInt(bytes.length + 1);
            int first = Crc32c.of(seed, bytes, 0, cut);
            assertThat(Crc32c.of(first, bytes, cut, bytes.length - cut)).isEqualTo(slow);
            int rest = Crc32c.of(-1, bytes, cut, bytes.length - cut);
            assertThat(Crc32c.joined(first, rest, bytes.length - cut)).isEqualTo(slow);
            assertThat(Crc32c.zeros(seed, bytes.length))
                    .isEqualTo(slow(seed, new byte[bytes.length]));
        }
    }

    private static int slow(int seed, byte[] bytes) {
        int crc = seed;
        for (byte one : bytes) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >>> 1 ^ 0x82f63b78 : crc >>> 1;
            }
        }
        return crc;
    }
}
