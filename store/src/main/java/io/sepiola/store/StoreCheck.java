package io.sepiola.store;

import io.sepiola.base.Malformed;

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
    private final List<String> found = new ArrayList<>();

    private StoreCheck(BlockState state, BlockReader reader) {
        this.state = state;
        this.reader = reader;
        this.space = new Space(state.space.blockCount());
    }

    static List<String> run(BlockEngine engine) {
        BlockState state = engine.state();
        state.lock.lock();
        try {
            state.check();
            return new StoreCheck(state, engine.reader()).run();
        } finally {
            state.lock.unlock();
        }
    }

    private List<String> run() {
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
                                found.add(
                                        "omap entries of number "
                                                + IndexKeys.omapNidOf(key)
                                                + ", which is no object's");
                            }
                            return true;
                        });
        found.addAll(state.space.differences(space));
        return found;
    }

    private void checkObject(ObjectName name, byte[] value) {
        try {
            Onode onode = Onode.decode(name.key(), value);
            if (!nids.add(onode.nid())) {
                found.add(name + " has the number of another object");
            }
            if (!state.exists(name.collection())) {
                found.add(name + ": there is no such collection");
            }
            onode.extents().all().forEach(extent -> checkExtent(name, onode, extent));
        } catch (Malformed damaged) {
            found.add(name + ": " + damaged.getMessage());
        }
    }

    private void checkExtent(ObjectName name, Onode onode, Extent extent) {
        if (extent.disk() < 0 || extent.disk() + extent.count() > space.blockCount()) {
            found.add(name + " has blocks beyond the file");
            return;
        }
        if (Extent.bytes(extent.end() - 1) >= onode.size()) {
            found.add(name + " has blocks beyond its size");
        }
        space.use(new Space.Run(extent.disk(), extent.count()));
        Extents alone = new Extents();
        alone.add(extent);
        try {
            reader.plan(
                            name,
                            onode.nid(),
                            alone,
                            Extent.bytes(extent.block()),
                            Math.toIntExact(Extent.bytes(extent.count())),
                            state.pending::blockOrNull)
                    .run();
        } catch (StoreException damaged) {
            found.add(damaged.getMessage());
        }
    }
}
