package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MPGStats;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of {@code osd status}, in the shape that a genuine manager prints. */
class OsdStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");

    private static String status(String json) throws IOException {
        byte[] file =
                Files.readAllBytes(
                        Path.of(System.getProperty("golden"), "osdmap/chain-small/full.109.bin"));
        OsdMap osdMap = OsdMap.CODEC.fromBytes(Bytes.of(file));
        PgMap map = new PgMap(osdMap);
        map.update(osdMap, Utime.of(NOW));
        MPGStats report =
                new MPGStats(
                        0,
                        osdMap.fsid(),
                        Stats.osd(4 << 20, 138),
                        new TreeMap<>(),
                        0,
                        Utime.ZERO,
                        Map.of());
        map.report(0, report, Utime.of(NOW));
        Command command = Command.parse(List.of(json));
        return new OsdStatus(map, new DaemonCounters<>("osd.")).run(command).output().toUtf8();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1024, '   0 '",
        "9999, 1000, '9999 '",
        "10000, 1000, '10.0k'",
        "141312, 1024, ' 138k'",
        "1536000, 1000, '1536k'",
        "12345678, 1000, '12.3M'",
        "4294000000, 1024, '4095M'",
        "1099511627776, 1024, '1024G'",
    })
    void numbersTakeFivePlaces(double number, int factor, String shown) {
        assertThat(OsdStatus.scaled(number, factor)).isEqualTo(shown);
    }

    @Test
    void everyOsdHasALine() throws IOException {
        List<String> lines = status("{\"prefix\":\"osd status\"}").lines().toList();
        assertThat(lines.getFirst())
                .matches("ID  HOST +USED  AVAIL  WR OPS  WR DATA  RD OPS  RD DATA  STATE {2,}");
        assertThat(lines.get(1))
                .startsWith(" 0  ")
                .contains(" 138k  4095M      0        0       0        0   exists,up");
        assertThat(lines).allMatch(line -> line.length() == lines.getFirst().length());
    }

    @Test
    void aBucketThatIsNotThereIsSaid() throws IOException {
        assertThat(status("{\"prefix\":\"osd status\",\"bucket\":\"nosuch\"}"))
                .isEqualTo("Bucket 'nosuch' not found\n");
        assertThat(status("{\"prefix\":\"osd status\",\"bucket\":\"default\"}"))
                .contains(" 0  ", "exists,up");
    }
}
