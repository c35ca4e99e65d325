package io.sepiola.crush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.HexFormat;

class ObjectHashTest {
    @Test
    void hashesStringsAsCeph() {
        int compared = 0;
        for (String line : CrushGolden.lines("hash/strings.tsv")) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] row = line.split("\t", -1);
            byte[] name = HexFormat.of().parseHex(row[0]);
            assertThat(ObjectHash.of(ObjectHash.RJENKINS, name))
                    .as(line)
                    .isEqualTo(Integer.parseUnsignedInt(row[1], 16));
            assertThat(ObjectHash.of(ObjectHash.LINUX, name))
                    .as(line)
                    .isEqualTo(Integer.parseUnsignedInt(row[2], 16));
            compared++;
        }
        assertThat(compared).isGreaterThan(20);
    }
}
