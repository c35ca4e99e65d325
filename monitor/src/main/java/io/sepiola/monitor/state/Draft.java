package io.sepiola.monitor.state;

import io.sepiola.base.Clock;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes that are proposed and not yet committed, and the state that they will lead to. Decisions
 * are made against it, so that two of them before one commit know of each other. Owned by the
 * monitor's shard.
 *
 * <p>Changes of the OSD map are collected in one step (one epoch) until somebody looks at the
 * state; then the step is sealed, and a later change begins the next epoch. Decisions on single
 * OSDs look only at what concerns theirs ({@link #osdMapFor}), so that thousands of OSDs that start
 * or fail at once share an epoch.
 */
public final class Draft {
    private final Clock clock;
    private MonitorState tip;
    private List<Change> changes = new ArrayList<>();
    private OsdMapIncremental.@Nullable Builder step;
    private boolean mixed; // the open step holds more than decisions on single OSDs
    private final Set<Integer> touched = new TreeSet<>();

    /** Nothing is proposed after {@code committed} yet. */
    public Draft(MonitorState committed, Clock clock) {
        this.tip = committed;
        this.clock = clock;
    }

    /** Where everything proposed leads. */
    public MonitorState state() {
        seal();
        return tip;
    }

    /** Where everything proposed leads, but for the OSD map's step under construction. */
    public MonitorState settled() {
        return tip;
    }

    /** The OSD map to which {@link #osdMapStep} is the next; the step itself is not in it. */
    public OsdMap osdMap() {
        return tip.osdMaps().newest();
    }

    /**
     * The OSD map as far as it tells of that OSD: a step under construction that may say otherwise
     * of it is sealed first. What it tells of others may be different by then.
     */
    public OsdMap osdMapFor(int osd) {
        if (mixed || touched.contains(osd)) {
            seal();
        }
        return osdMap();
    }

    /**
     * The OSD map with its pools, its CRUSH map and which OSDs exist as proposed; which of these
     * are up, in, and where, may be different after the step under construction.
     */
    public OsdMap osdMapOfAll() {
        if (mixed) {
            seal();
        }
        return osdMap();
    }

    /** Whether the step under construction marks an OSD down. */
    public boolean goesDown(int osd) {
        OsdMapIncremental.Builder open = step;
        return open != null && osdMap().isUp(osd) && !open.isUpAfter(osd, osdMap());
    }

    /** How many OSDs will be up after the step under construction. */
    public int upCount() {
        OsdMap map = osdMap();
        int count = map.upCount();
        OsdMapIncremental.Builder open = step;
        if (open != null) {
            for (int osd : touched) {
                count += (open.isUpAfter(osd, map) ? 1 : 0) - (map.isUp(osd) ? 1 : 0);
            }
        }
        return count;
    }

    /** Whether the step under construction brings up another OSD at that address. */
    public boolean isTaken(EntityAddrVec addrs, int osd) {
        OsdMapIncremental.Builder open = step;
        return open != null
                && open.newUp().entrySet().stream()
                        .anyMatch(up -> up.getKey() != osd && up.getValue().equals(addrs));
    }

    /** The step under construction, for a decision on that OSD which no other depends on. */
    public OsdMapIncremental.Builder osdStep(int osd) {
        osdMapFor(osd);
        touched.add(osd);
        return opened();
    }

    /** The step under construction, for what primaries ask of their groups: up_thru, pg_temp. */
    public OsdMapIncremental.Builder groupStep() {
        return opened();
    }

    /**
     * The step under construction. What it must not contradict is asked of {@link #touch} first.
     */
    public OsdMapIncremental.Builder osdMapStep() {
        mixed = true;
        return opened();
    }

    private OsdMapIncremental.Builder opened() {
        OsdMapIncremental.Builder open = step;
        if (open == null) {
            open = OsdMapIncremental.after(osdMap()).modified(Utime.of(clock.now()));
            step = open;
        }
        return open;
    }

    /**
     * Announces a change of that OSD's state, weight or addresses: a step can hold only one of each
     * OSD, so an earlier one is sealed.
     */
    public void touch(int osd) {
        if (touched.contains(osd)) {
            seal();
        }
        touched.add(osd);
    }

    /** Proposes a change. */
    public void propose(Change change) {
        if (!isApart(change)) {
            seal();
        }
        add(change);
    }

    /** Whether a change and a step of the OSD map do not depend on each other. */
    private static boolean isApart(Change change) {
        return change instanceof Change.Logged
                || change instanceof Change.OsdDescribed
                || change instanceof Change.PgsCreated;
    }

    /**
     * Whether all that is proposed is what OSDs tell of themselves and of each other; it may wait a
     * moment for more of the same.
     */
    public boolean isPatient() {
        boolean changesMap = step != null && (!touched.isEmpty() || !step.isEmpty());
        return changesMap && !mixed && changes.stream().allMatch(Draft::isApart);
    }

    private void add(Change change) {
        tip = tip.apply(change);
        changes.add(change);
    }

    private void seal() {
        OsdMapIncremental.Builder open = step;
        touched.clear();
        mixed = false;
        if (open != null) {
            step = null;
            if (!open.isEmpty()) {
                add(new Change.OsdMapStep(open.build().sealed(osdMap())));
            }
        }
    }

    /** Whether nothing is proposed. */
    public boolean isEmpty() {
        return changes.isEmpty() && (step == null || touched.isEmpty() && step.isEmpty());
    }

    /** What is proposed, in order; from now on the draft stands behind it. */
    public List<Change> take() {
        seal();
        List<Change> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }
}
