package io.sepiola.client;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.IoContext.Comparison;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The steps of a compound operation being put together. */
final class Steps {
    private final List<OsdOp> list = new ArrayList<>();

    void add(OsdOp step) {
        list.add(step);
    }

    List<OsdOp> list() {
        return list;
    }

    /** Marks the last one: its failure does not fail the whole. */
    void lastMayFail() {
        if (list.isEmpty()) {
            throw new IllegalStateException("there is no step yet that may fail");
        }
        OsdOp.Unknown raw = OsdOpCodec.toRaw(list.removeLast());
        list.add(
                new OsdOp.Unknown(
                        raw.code(), raw.args(), raw.payload(), raw.flags() | OsdOp.FAIL_OK));
    }

    void compareXattr(String name, Comparison comparison, Bytes value) {
        // Ceph puts the given value on the left side, and the stored one on the right.
        Comparison turned =
                switch (comparison) {
                    case EQ, NE -> comparison;
                    case GT -> Comparison.LT;
                    case GTE -> Comparison.LTE;
                    case LT -> Comparison.GT;
                    case LTE -> Comparison.GTE;
                };
        list.add(
                new OsdOp.CompareXattr(
                        name, value, onWire(turned).code(), OsdOp.CompareMode.STRING.code()));
    }

    void compareOmap(String key, Comparison comparison, Bytes value) {
        list.add(
                new OsdOp.OmapCompare(
                        Map.of(key, new OsdOp.OmapAssertion(value, onWire(comparison)))));
    }

    private static OsdOp.Comparison onWire(Comparison comparison) {
        return switch (comparison) {
            case EQ -> OsdOp.Comparison.EQUAL;
            case NE -> OsdOp.Comparison.NOT_EQUAL;
            case GT -> OsdOp.Comparison.GREATER;
            case GTE -> OsdOp.Comparison.GREATER_OR_EQUAL;
            case LT -> OsdOp.Comparison.LESS;
            case LTE -> OsdOp.Comparison.LESS_OR_EQUAL;
        };
    }

    static SortedMap<String, Bytes> inByteOrder(Map<String, Bytes> entries) {
        SortedMap<String, Bytes> sorted = new TreeMap<>(Utf8::compare);
        sorted.putAll(entries);
        return sorted;
    }

    static List<String> inByteOrder(SortedSet<String> keys) {
        return keys.stream().sorted(Utf8::compare).toList();
    }
}
