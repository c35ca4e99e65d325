package io.sepiola.protocol.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Utf8;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.ObjectHash;
import io.sepiola.protocol.Golden;
import io.sepiola.protocol.PgId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** From names to OSDs, beside what Ceph computed. */
class PlacementTest {
    private static OsdMap map(String name) {
        return OsdMap.CODEC.fromBytes(Golden.bytes("osdmap/" + name + ".bin"));
    }

    private static List<String[]> table(String name) {
        return Golden.lines(name).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .toList();
    }

    private static String print(int[] osds) {
        return Arrays.stream(osds)
                .mapToObj(osd -> osd == CrushMap.ITEM_NONE ? "-" : "" + osd)
                .collect(Collectors.joining(","));
    }

    private static String print(int primary) {
        return primary == -1 ? "-" : "" + primary;
    }

    @ParameterizedTest
    @ValueSource(strings = {"big", "big-weightsets"})
    void mapsEveryGroup(String name) {
        OsdMap map = map(name);
        List<String[]> rows = table("mapping/" + name + ".pgs.tsv");
        assertThat(rows).hasSizeGreaterThan(500);
        for (String[] row : rows) {
            PgId pg = PgId.parse(row[0]);
            UpActing osds = map.map(pg);
            assertThat(print(map.rawOsds(pg))).as("raw %s", pg).isEqualTo(row[1]);
            assertThat(print(osds.up())).as("up %s", pg).isEqualTo(row[3]);
            assertThat(print(osds.upPrimary())).as("up primary %s", pg).isEqualTo(row[4]);
            assertThat(print(osds.acting())).as("acting %s", pg).isEqualTo(row[5]);
            assertThat(print(osds.actingPrimary())).as("acting primary %s", pg).isEqualTo(row[6]);
        }
    }

    @Test
    void mapsObjects() {
        OsdMap map = map("big");
        for (String[] row : table("mapping/big.objects.tsv")) {
            PgId pg = map.pgOf(Long.parseLong(row[0]), "", "", row[1]);
            assertThat(pg.toString()).as(row[1]).isEqualTo(row[2]);
            assertThat(print(map.map(pg).acting())).as(row[1]).isEqualTo(row[3]);
        }
    }

    @Test
    void mapsObjectsOfNamespaces() {
        OsdMap map = map("big-weightsets");
        for (String[] row : table("mapping/big-weightsets.objects.tsv")) {
            ObjectLocator locator = ObjectLocator.of(Long.parseLong(row[0]), row[1]);
            PgId raw = map.rawPg(locator, row[2]);
            assertThat(raw.toString()).as(row[2]).isEqualTo(row[3]);
            assertThat(map.actualPg(raw).toString()).as(row[2]).isEqualTo(row[4]);
            UpActing osds = map.map(raw);
            assertThat(print(osds.up())).as(row[2]).isEqualTo(row[5]);
            assertThat(print(osds.upPrimary())).as(row[2]).isEqualTo(row[6]);
            assertThat(print(osds.acting())).as(row[2]).isEqualTo(row[7]);
            assertThat(print(osds.actingPrimary())).as(row[2]).isEqualTo(row[8]);
        }
    }

    @Test
    void aNameThatIsNoTextIsHashedByItsBytes() {
        byte[] name = {'a', (byte) 0xff, (byte) 0x80};
        OsdMap map = map("big");
        ObjectLocator locator = ObjectLocator.of(map.pools().firstKey());
        PgId raw = map.rawPg(locator, Utf8.decode(name, 0, name.length));
        assertThat(raw.seed()).isEqualTo(ObjectHash.of(ObjectHash.RJENKINS, name));
    }

    @Test
    void seedsPlacement() {
        OsdMap map = map("big");
        for (String[] row : table("hash/pps.tsv")) {
            long id = Long.parseLong(row[0]);
            PgPool pool =
                    map.pool(id)
                            .orElseThrow()
                            .with(p ->
                                    p.pgNum(Integer.parseInt(row[1]))
                                            .pgpNum(Integer.parseInt(row[2])));
            PgId raw = new PgId(id, Integer.parseUnsignedInt(row[3], 16));
            assertThat(Integer.toHexString(pool.pgSeed(raw.seed()))).isEqualTo(row[4]);
            assertThat(Placement.placementSeed(pool, raw.pool(), raw.seed()))
                    .isEqualTo(Integer.parseUnsignedInt(row[5], 16));
        }
    }

    @Test
    void anUnknownPoolMapsToNobody() {
        assertThat(map("big").map(new PgId(999, 0))).isEqualTo(UpActing.NONE);
    }
}
