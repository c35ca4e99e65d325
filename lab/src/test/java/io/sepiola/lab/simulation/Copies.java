package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what OSDs have of the same groups, byte by byte. */
final class Copies {
    private static final int COUNT_MAX = 10_000;

    private record Copy(
            Bytes data, SortedMap<String, Bytes> attrs, SortedMap<String, Bytes> omap) {}

    private Copies() {}

    /** Whether each group, and no other, is on as many OSDs as it should be. */
    static boolean arePlaced(List<SimulatedOsd> osds, Set<PgId> groups, int holders) {
        SortedMap<SpgId, List<SimulatedOsd>> byGroup = byGroup(osds);
        return groups(byGroup).equals(groups)
                && byGroup.values().stream().allMatch(having -> having.size() == holders);
    }

    private static Set<PgId> groups(SortedMap<SpgId, List<SimulatedOsd>> byGroup) {
        return byGroup.keySet().stream()
                .map(SpgId::pg)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedMap<SpgId, List<SimulatedOsd>> byGroup(List<SimulatedOsd> osds) {
        SortedMap<SpgId, List<SimulatedOsd>> byGroup = new TreeMap<>();
        for (SimulatedOsd osd : osds) {
            for (CollectionId collection : collections(osd)) {
                if (collection instanceof CollectionId.Pg(SpgId pg)) {
                    byGroup.computeIfAbsent(pg, any -> new ArrayList<>()).add(osd);
                }
            }
        }
        return byGroup;
    }

    private static List<CollectionId> collections(SimulatedOsd osd) {
        return osd.isGone() ? List.of() : osd.store().collections();
    }

    /**
     * All OSDs that have a group must have the same objects, and none may have it in vain.
     *
     * @param groups that there are
     */
    static void compare(List<SimulatedOsd> osds, Set<PgId> groups, int holders) {
        SortedMap<SpgId, List<SimulatedOsd>> byGroup = byGroup(osds);
        if (!groups(byGroup).equals(groups)) {
            throw new Violation("O5", "disks hold " + groups(byGroup) + ", there are " + groups);
        }
        byGroup.forEach((group, having) -> {
            if (having.size() != holders) {
                throw new Violation(
                        "O5", group + " is on " + having.stream().map(SimulatedOsd::id).toList());
            }
            compare(new CollectionId.Pg(group), having);
        });
    }

    private static void compare(CollectionId.Pg group, List<SimulatedOsd> osds) {
        SimulatedOsd reference = osds.getFirst();
        osds.forEach(osd -> lacksNothing(group, osd));
        Map<GhObject, Copy> first = copies(reference.store(), group);
        for (SimulatedOsd osd : osds.subList(1, osds.size())) {
            Map<GhObject, Copy> other = copies(osd.store(), group);
            String where = group + " on osd." + reference.id() + " and osd." + osd.id() + ": ";
            if (!first.keySet().equals(other.keySet())) {
                throw new Violation("O5", where + first.keySet() + "\n  " + other.keySet());
            }
            first.forEach((object, copy) -> {
                if (!copy.equals(other.get(object))) {
                    throw new Violation(
                            "O5", where + object + ": " + copy + "\n  " + other.get(object));
                }
            });
        }
    }

    /** By its own account; it would look for the objects once it leads. */
    private static void lacksNothing(CollectionId.Pg group, SimulatedOsd osd) {
        SpgId pg = group.pg();
        MissingSet missing = LedgerDisk.load(osd.store(), group, pg).ledger().missing;
        if (!missing.isEmpty()) {
            throw new Violation("O5", osd.name() + " lacks of " + pg + " " + missing.items());
        }
    }

    private static Map<GhObject, Copy> copies(ObjectStore store, CollectionId collection) {
        Map<GhObject, Copy> found = new TreeMap<>();
        for (GhObject object : store.list(collection, GhObject.of(HObject.MIN), COUNT_MAX)) {
            if (!LedgerDisk.isMeta(object.object())) {
                found.put(object, copy(store, collection, object));
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
