package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Damages copies of objects on disks: never more than one copy of an object at a time, and only
 * where two good ones are left. Owned by the simulation.
 */
final class Damages {
    private static final int COUNT_MAX = 10_000;
    private static final int OTHERS_MIN = 2;
    private static final String INFO = "_";

    private record Place(CollectionId group, GhObject object) {}

    private final Simulation simulation;
    private final List<SimulatedOsd> osds;
    private final Set<String> ever = new TreeSet<>();

    /** Nothing is damaged yet. */
    Damages(Simulation simulation, List<SimulatedOsd> osds) {
        this.simulation = simulation;
        this.osds = osds;
    }

    /** Objects of which a copy ever was damaged, as the cluster's log names them. */
    Set<String> ever() {
        return ever;
    }

    /** Whether no disk that is in use has any damage left. */
    boolean areMended() {
        return osds.stream().allMatch(osd -> osd.isGone() || osd.damage().isMended());
    }

    /** What is not mended. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (SimulatedOsd osd : osds) {
            if (!osd.isGone() && !osd.damage().isMended()) {
                text.append(' ').append(osd.name()).append(": ").append(osd.damage());
            }
        }
        return text.toString();
    }

    /** Damages so many copies on a disk. */
    void add(SimulatedOsd osd, int pick, int count) {
        List<Place> places = osd.isAlive() ? places(osd) : List.of();
        for (int i = 0; i < Math.min(count, places.size()); i++) {
            Place place = places.get((pick + i) % places.size());
            GhObject object = place.object;
            long size = osd.store().size(place.group, object).orElse(0L);
            int blocks = (int) ((size + DiskDamage.BLOCK_SIZE - 1) / DiskDamage.BLOCK_SIZE);
            int block = (pick >> 3) % blocks;
            simulation.trace(osd.name() + ": block " + block + " of " + object + " is damaged");
            osd.damage().add(object, block);
            ever.add(object.object().toString());
        }
    }

    private List<Place> places(SimulatedOsd osd) {
        List<Place> places = new ArrayList<>();
        for (CollectionId group : osd.store().collections()) {
            if (group instanceof CollectionId.Pg) {
                for (GhObject object :
                        osd.store().list(group, GhObject.of(HObject.MIN), COUNT_MAX)) {
                    if (mayBeDamaged(osd, group, object)) {
                        places.add(new Place(group, object));
                    }
                }
            }
        }
        return places;
    }

    private boolean mayBeDamaged(SimulatedOsd osd, CollectionId group, GhObject object) {
        boolean isUsers = object.object().pool() >= 0 && !object.object().name().isEmpty();
        if (!isUsers || osd.store().size(group, object).orElse(0L) == 0) {
            return false;
        }
        Bytes info = osd.store().attr(group, object, INFO).orElse(Bytes.EMPTY);
        int others = 0;
        for (SimulatedOsd other : osds) {
            if (other.damage().has(object)) {
                return false;
            }
            if (other != osd && other.isAlive() && !other.isForgetful()) {
                ObjectStore store = other.store();
                boolean same =
                        store.exists(group)
                                && store.size(group, object).isPresent()
                                && store.attr(group, object, INFO).equals(Optional.of(info));
                others += same ? 1 : 0;
            }
        }
        return others >= OTHERS_MIN;
    }
}
