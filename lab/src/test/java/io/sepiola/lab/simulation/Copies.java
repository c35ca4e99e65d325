package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.ObjectStore;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares what OSDs have of the same groups, byte by byte. */
final class Copies {
    private static final int COUNT_MAX = 10_000;

    private record Copy(
            Bytes data, SortedMap<String, Bytes> attrs, SortedMap<String, Bytes> omap) {}

    private Copies() {}

    /** All OSDs must have the same objects. */
    static void compare(List<SimulatedOsd> osds) {
        Map<GhObject, Copy> first = copies(osds.getFirst().store());
        for (SimulatedOsd osd : osds.subList(1, osds.size())) {
            Map<GhObject, Copy> other = copies(osd.store());
            if (!first.keySet().equals(other.keySet())) {
                throw new Violation(
                        "osd.0 has "
                                + first.keySet()
                                + "\n  osd."
                                + osd.id()
                                + " has "
                                + other.keySet());
            }
            first.forEach((object, copy) -> {
                if (!copy.equals(other.get(object))) {
                    throw new Violation(
                            object
                                    + " on osd.0: "
                                    + copy
                                    + "\n  on osd."
                                    + osd.id()
                                    + ": "
                                    + other.get(object));
                }
            });
        }
    }

    private static Map<GhObject, Copy> copies(ObjectStore store) {
        Map<GhObject, Copy> found = new TreeMap<>();
        for (CollectionId collection : store.collections()) {
            if (collection instanceof CollectionId.Pg) {
                for (GhObject object :
                        store.list(collection, GhObject.of(HObject.MIN), COUNT_MAX)) {
                    if (!LedgerDisk.isMeta(object.object())) {
                        found.put(object, copy(store, collection, object));
                    }
                }
            }
        }
        return found;
    }

    private static Copy copy(ObjectStore store, CollectionId collection, GhObject object) {
        int size = Math.toIntExact(store.size(collection, object).orElse(0L));
        return new Copy(
                store.read(collection, object, 0, size),
                store.attrs(collection, object),
                store.omap(collection, object, "", "", COUNT_MAX).entries());
    }
}
