package io.sepiola.store;

import io.sepiola.base.Malformed;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds a whole store against itself, with its lock held: for repair and tests, not while serving.
 */
final class StoreCheck {
    private final BlockState state;
    private final BlockReader reader;
    private final Space space;
    private final Set<Long> nids = new HashSet<>();
    private final Footprints footprints = new Footprints();
    private final boolean deep;
    private final List<StoreDamage> found = new ArrayList<>();

    private StoreCheck(BlockState state, BlockReader reader, boolean deep) {
        this.deep = deep;
        this.state = state;
        this.reader = reader;
        this.space = new Space(state.space.blockCount());
    }

    static List<StoreDamage> run(BlockEngine engine, boolean deep) {
        BlockState state = engine.state();
        state.lock.lock();
        try {
            state.check();
            return new StoreCheck(state, engine.reader(), deep).run();
        } finally {
            state.lock.unlock();
        }
    }

    private List<StoreDamage> run() {
        state.index()
                .scan(
                        IndexKeys.OBJECTS,
                        IndexKeys.OBJECTS_END,
                        (key, value) -> {
                            checkObject(
                                    new ObjectName(
                                            IndexKeys.collectionOf(key), IndexKeys.objectOf(key)),
                                    value);
                            return true;
                        });
        state.index()
                .scan(
                        IndexKeys.OMAPS,
                        IndexKeys.OMAPS_END,
                        (key, value) -> {
                            if (!nids.contains(IndexKeys.omapNidOf(key))) {
                                add(
                                        StoreDamage.Kind.OMAP,
                                        "omap entries of number "
                                                + IndexKeys.omapNidOf(key)
                                                + ", which is no object's");
                            }
                            return true;
                        });
        state.space.differences(space).forEach(text -> add(StoreDamage.Kind.SPACE, text));
        if (!footprints.usage().equals(state.footprints.usage())) {
            add(
                    StoreDamage.Kind.SPACE,
                    "pools are counted as "
                            + state.footprints.usage()
                            + ", their objects take "
                            + footprints.usage());
        }
        return found;
    }

    private void checkObject(ObjectName name, byte[] value) {
        try {
            Onode onode = Onode.decode(name.key(), value);
            if (!nids.add(onode.nid())) {
                add(StoreDamage.Kind.OBJECT, name + " has the number of another object");
            }
            if (!state.exists(name.collection())) {
                add(StoreDamage.Kind.COLLECTION, name + ": there is no such collection");
            }
            footprints.add(name, onode.footprint());
            onode.extents().all().forEach(extent -> checkExtent(name, onode, extent));
        } catch (Malformed damaged) {
            add(StoreDamage.Kind.OBJECT, name + ": " + damaged.getMessage());
        }
    }

    private void checkExtent(ObjectName name, Onode onode, Extent extent) {
        if (extent.disk() < 0 || extent.disk() + extent.stored().count() > space.blockCount()) {
            add(StoreDamage.Kind.OBJECT, name + " has blocks beyond the file");
            return;
        }
        if (Extent.bytes(extent.end() - 1) >= onode.size()) {
            add(StoreDamage.Kind.OBJECT, name + " has blocks beyond its size");
        }
        space.use(extent.stored());
        if (deep) {
            checkData(name, onode, extent);
        }
    }

    /** Names each damaged block, or the piece when it is compressed. */
    private void checkData(ObjectName name, Onode onode, Extent extent) {
        String whole = damageOrNull(name, onode, extent, extent.block(), extent.count());
        if (whole == null) {
            return;
        }
        if (extent.packingOrNull() != null) {
            add(StoreDamage.Kind.DATA, whole);
            return;
        }
        for (int block = extent.block(); block < extent.end(); block++) {
            String damage = damageOrNull(name, onode, extent, block, 1);
            if (damage != null) {
                add(StoreDamage.Kind.DATA, damage);
            }
        }
    }

    private @Nullable String damageOrNull(
            ObjectName name, Onode onode, Extent extent, int block, int count) {
        Extents alone = new Extents();
        alone.add(extent);
        try {
            reader.plan(
                            name,
                            onode.nid(),
                            alone,
                            Extent.bytes(block),
                            Math.toIntExact(Extent.bytes(count)),
                            state.pending::blockOrNull)
                    .run();
            return null;
        } catch (StoreException damaged) {
            return damaged.getMessage();
        }
    }

    private void add(StoreDamage.Kind kind, String text) {
        found.add(new StoreDamage(kind, text));
    }
}
