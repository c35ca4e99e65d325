package io.sepiola.cluster.storetool;

import io.sepiola.base.ThreadShard;
import io.sepiola.store.StoreDamage;

import java.nio.file.Path;
import java.util.List;

/** Checks and mends a stopped OSD's store, for both tools. */
final class StoreFsck {
    private StoreFsck() {}

    /**
     * Names each damage on standard error.
     *
     * @param mend whether to mend first what can be mended
     * @return how much is left
     */
    static int run(Path directory, boolean deep, boolean mend, ToolStreams streams) {
        List<StoreDamage> damages;
        try (ToolStore store = ToolStore.open(directory, false)) {
            damages = store.store().check(deep);
            if (mend && damages.stream().anyMatch(StoreDamage::isMendable)) {
                try (ThreadShard shard = new ThreadShard("repair", (where, failure) -> {})) {
                    store.store().repair(shard);
                    damages.stream()
                            .filter(StoreDamage::isMendable)
                            .forEach(mended -> streams.err().println("mended: " + mended.text()));
                    damages = store.store().check(deep);
                }
            }
        }
        for (StoreDamage damage : damages) {
            streams.err().println("fsck error: " + damage.text());
        }
        if (damages.stream().anyMatch(damage -> damage.kind() == StoreDamage.Kind.DATA)) {
            streams.err()
                    .println(
                            "Damaged data are not mended here, other copies have them: start the"
                                    + " OSD and let 'ceph pg repair PG' copy each object.");
        }
        if (damages.stream().anyMatch(damage -> damage.kind() == StoreDamage.Kind.OBJECT)) {
            streams.err()
                    .println(
                            "Objects that cannot be as the index says: take each away by"
                                    + " 'ceph-objectstore-tool OBJECT remove', start the OSD and"
                                    + " let 'ceph pg repair PG' copy it.");
        }
        return damages.size();
    }
}
