package io.sepiola.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.InconsistentObject;
import io.sepiola.protocol.osd.InconsistentObject.Copy;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.ScrubMap;
import io.sepiola.protocol.osd.SnapSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which copy is right, and what is said of the others: a row for each kind of damage. */
class ScrubComparisonTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));
    private static final HObject OBJECT = new HObject("", "o", "", HObject.HEAD, 0, 1, false);
    private static final int RIGHT_DIGEST = 0x1234;
    private static final int OTHER_DIGEST = 0x4321;

    private static ObjectInfo info(long version, int flags) {
        return new ObjectInfo(
                OBJECT,
                new EVersion(3, version),
                EVersion.ZERO,
                OsdReqId.NONE,
                10,
                Utime.ZERO,
                0,
                0,
                version,
                Map.of(),
                ObjectInfo.DIRTY | flags,
                Utime.ZERO,
                RIGHT_DIGEST,
                -1,
                0,
                0,
                0,
                Bytes.EMPTY);
    }

    private static Bytes encoded(ObjectInfo info) {
        return ObjectInfo.CODEC.toBytes(info);
    }

    private static SortedMap<String, Bytes> attrs(ObjectInfo info) {
        SortedMap<String, Bytes> attrs = new TreeMap<>();
        attrs.put("_", encoded(info));
        attrs.put("_color", Bytes.utf8("red"));
        attrs.put("snapset", SnapSet.CODEC.toBytes(SnapSet.EMPTY));
        return attrs;
    }

    private static ScrubMap.Entry entry(
            long size, Map<String, Bytes> attrs, int digest, int omapDigest, int flags) {
        return new ScrubMap.Entry(size, false, attrs, digest, omapDigest, flags, 0, 0, 0, 0);
    }

    private static final int DEEP = ScrubMap.Entry.DIGEST | ScrubMap.Entry.OMAP_DIGEST;

    private static ScrubMap.Entry right() {
        return entry(10, attrs(info(5, ObjectInfo.DATA_DIGEST)), RIGHT_DIGEST, 7, DEEP);
    }

    private static ScrubMap.Entry withAttr(String name, Bytes valueOrNone) {
        SortedMap<String, Bytes> attrs = attrs(info(5, ObjectInfo.DATA_DIGEST));
        if (valueOrNone.isEmpty()) {
            attrs.remove(name);
        } else {
            attrs.put(name, valueOrNone);
        }
        return entry(10, attrs, RIGHT_DIGEST, 7, DEEP);
    }

    private record Row(
            String name, ScrubMap.Entry copy, long copyErrors, long objectErrors, String said) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        Map<String, Bytes> whole = attrs(info(5, ObjectInfo.DATA_DIGEST));
        Bytes garbage = Bytes.utf8("garbage");
        Bytes none = Bytes.EMPTY;
        return Stream.of(
                new Row(
                        "read error",
                        entry(10, whole, 0, 0, ScrubMap.Entry.READ_ERROR),
                        Copy.READ_ERROR,
                        0,
                        "candidate had a read error"),
                new Row(
                        "stat error",
                        entry(0, Map.of(), 0, 0, ScrubMap.Entry.STAT_ERROR),
                        Copy.STAT_ERROR,
                        0,
                        "candidate had a stat error"),
                new Row(
                        "other data",
                        entry(10, whole, OTHER_DIGEST, 7, DEEP),
                        Copy.DATA_DIGEST_MISMATCH_INFO,
                        InconsistentObject.DATA_DIGEST_MISMATCH,
                        "data_digest 0x4321 != data_digest 0x1234 from shard"),
                new Row(
                        "other omap",
                        entry(10, whole, RIGHT_DIGEST, 8, DEEP),
                        0,
                        InconsistentObject.OMAP_DIGEST_MISMATCH,
                        "omap_digest 0x8 != omap_digest 0x7 from shard"),
                new Row(
                        "other size",
                        entry(9, whole, RIGHT_DIGEST, 7, DEEP),
                        Copy.OBJECT_SIZE_INFO_MISMATCH | Copy.SIZE_MISMATCH_INFO,
                        InconsistentObject.SIZE_MISMATCH,
                        "candidate size 9 info size 10 mismatch"),
                new Row("no info", withAttr("_", none), Copy.INFO_MISSING, 0, "missing info key"),
                new Row(
                        "damaged info",
                        withAttr("_", garbage),
                        Copy.INFO_CORRUPTED,
                        0,
                        "corrupt info"),
                new Row(
                        "no snapset",
                        withAttr("snapset", none),
                        Copy.SNAPSET_MISSING,
                        0,
                        "missing snapset key"),
                new Row(
                        "damaged snapset",
                        withAttr("snapset", garbage),
                        Copy.SNAPSET_CORRUPTED,
                        0,
                        "corrupt snapset"),
                new Row(
                        "older",
                        entry(10, attrs(info(4, 0)), OTHER_DIGEST, 7, DEEP),
                        Copy.DATA_DIGEST_MISMATCH_INFO,
                        InconsistentObject.INFO_INCONSISTENCY
                                | InconsistentObject.DATA_DIGEST_MISMATCH,
                        "object info inconsistent"),
                new Row(
                        "attribute gone",
                        withAttr("_color", none),
                        0,
                        InconsistentObject.ATTR_NAME_MISMATCH,
                        "attr name mismatch '_color'"),
                new Row(
                        "attribute changed",
                        withAttr("_color", Bytes.utf8("blue")),
                        0,
                        InconsistentObject.ATTR_VALUE_MISMATCH,
                        "attr value mismatch '_color'"),
                new Row(
                        "attribute added",
                        withAttr("_more", Bytes.utf8("x")),
                        0,
                        InconsistentObject.ATTR_NAME_MISMATCH,
                        "attr name mismatch '_more'"));
    }

    private static SortedMap<Integer, ScrubMap> maps(int damaged, ScrubMap.Entry copy) {
        SortedMap<Integer, ScrubMap> maps = new TreeMap<>();
        for (int osd = 0; osd < 3; osd++) {
            maps.put(osd, new ScrubMap(Map.of(OBJECT, osd == damaged ? copy : right())));
        }
        return maps;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aDamagedCopyIsFoundOnWhicheverMember(Row row) {
        for (int damaged = 0; damaged < 3; damaged++) {
            ScrubComparison.Verdict verdict =
                    ScrubComparison.of(PG, OBJECT, 0, maps(damaged, row.copy));
            assertThat(verdict.bad()).containsExactly(damaged);
            assertThat(verdict.missing()).isEmpty();
            assertThat(verdict.good()).hasSize(2).doesNotContain(damaged);
            InconsistentObject found = verdict.foundOrNull();
            assertThat(found).isNotNull();
            assertThat(found.errors()).isEqualTo(row.objectErrors);
            assertThat(found.copies().get(PgShard.replicated(damaged)).errors())
                    .isEqualTo(row.copyErrors);
            assertThat(verdict.lines()).anyMatch(line -> line.contains(row.said));
            Bytes encoded = InconsistentObject.CODEC.toBytes(found);
            InconsistentObject again = InconsistentObject.CODEC.fromBytes(encoded);
            assertThat(InconsistentObject.CODEC.toBytes(again)).isEqualTo(encoded);
        }
    }

    @Test
    void equalCopiesAreGood() {
        ScrubComparison.Verdict verdict = ScrubComparison.of(PG, OBJECT, 0, maps(-1, right()));
        assertThat(verdict.foundOrNull()).isNull();
        assertThat(verdict.lines()).isEmpty();
        assertThat(verdict.good()).containsExactly(0, 1, 2);
    }

    @Test
    void aMissingCopyIsNamed() {
        SortedMap<Integer, ScrubMap> maps = maps(-1, right());
        maps.put(1, new ScrubMap(Map.of()));
        ScrubComparison.Verdict verdict = ScrubComparison.of(PG, OBJECT, 0, maps);
        assertThat(verdict.missing()).containsExactly(1);
        assertThat(verdict.shallowErrors()).isEqualTo(1);
        assertThat(verdict.lines()).containsExactly("1.0 shard 1 " + OBJECT + " : missing");
    }

    @Test
    void whatOnlyOneMemberHasIsGivenToAll() {
        SortedMap<Integer, ScrubMap> maps = maps(-1, right());
        maps.put(0, new ScrubMap(Map.of()));
        maps.put(2, new ScrubMap(Map.of()));
        ScrubComparison.Verdict verdict = ScrubComparison.of(PG, OBJECT, 0, maps);
        assertThat(verdict.missing()).isEqualTo(new TreeSet<>(List.of(0, 2)));
        assertThat(verdict.good()).containsExactly(1);
    }

    @Test
    void whenEveryCopyIsBadNoneIsBelieved() {
        ScrubMap.Entry unread = entry(10, Map.of(), 0, 0, ScrubMap.Entry.READ_ERROR);
        SortedMap<Integer, ScrubMap> maps = new TreeMap<>();
        maps.put(0, new ScrubMap(Map.of(OBJECT, unread)));
        maps.put(1, new ScrubMap(Map.of(OBJECT, unread)));
        ScrubComparison.Verdict verdict = ScrubComparison.of(PG, OBJECT, 0, maps);
        assertThat(verdict.good()).isEmpty();
        assertThat(verdict.infoOrNull()).isNull();
        assertThat(verdict.foundOrNull()).isNotNull();
        assertThat(verdict.lines())
                .contains("1.0 soid " + OBJECT + " : failed to pick suitable object info");
    }
}
