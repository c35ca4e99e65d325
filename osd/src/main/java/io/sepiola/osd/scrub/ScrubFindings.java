package io.sepiola.osd.scrub;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.InconsistentObject;
import io.sepiola.protocol.osd.ScrubListing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What scrubs have found in a group since its members last changed, for those who ask. Only in
 * memory, as long as the interval lasts. Owned by the group.
 */
public final class ScrubFindings {
    private static final int COUNT_MAX = 10_000;
    private static final int PAGE_MAX = 1000;
    private static final Comparator<HObject> BY_NAME =
            Comparator.comparing(HObject::namespace)
                    .thenComparing(HObject::name)
                    .thenComparing(HObject::snap, Long::compareUnsigned);

    private final TreeMap<HObject, InconsistentObject> found = new TreeMap<>(BY_NAME);
    private boolean known;

    /** Nothing is known. */
    public void forget() {
        found.clear();
        known = false;
    }

    /** A scrub begins anew. */
    void begin() {
        found.clear();
        known = true;
    }

    void add(Collection<InconsistentObject> objects) {
        for (InconsistentObject object : objects) {
            if (found.size() < COUNT_MAX) {
                found.put(object.object(), object);
            }
        }
    }

    /** Whether a scrub has looked since the members last changed. */
    public boolean isKnown() {
        return known;
    }

    /** A page after the object that is asked for. */
    public ScrubListing list(ScrubListing.Asked asked, int interval) {
        List<Bytes> page = new ArrayList<>();
        boolean fromStart = asked.name().isEmpty() && asked.namespace().isEmpty();
        HObject after = new HObject(asked.namespace(), asked.name(), "", asked.snap(), 0, 0, false);
        Collection<InconsistentObject> rest =
                fromStart ? found.values() : found.tailMap(after, false).values();
        long countMax = Math.clamp(asked.countMax(), 0, PAGE_MAX);
        for (InconsistentObject object : rest) {
            if (page.size() >= countMax || asked.ofSnapshots() != 0) {
                break;
            }
            page.add(InconsistentObject.CODEC.toBytes(object));
        }
        return new ScrubListing(interval, page);
    }
}
