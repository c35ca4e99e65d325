package io.sepiola.monitor.state;

import io.sepiola.base.Clock;
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
 * state; then the step is sealed, and a later change begins the next epoch.
 */
public final class Draft {
    private final Clock clock;
    private MonitorState tip;
    private List<Change> changes = new ArrayList<>();
    private OsdMapIncremental.@Nullable Builder step;
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

    /** The OSD map to which {@link #osdMapStep} is the next; the step itself is not in it. */
    public OsdMap osdMap() {
        return tip.osdMaps().newest();
    }

    /**
     * The step under construction. What it must not contradict is asked of {@link #touch} first.
     */
    public OsdMapIncremental.Builder osdMapStep() {
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
        seal();
        add(change);
    }

    private void add(Change change) {
        tip = tip.apply(change);
        changes.add(change);
    }

    private void seal() {
        OsdMapIncremental.Builder open = step;
        touched.clear();
        if (open != null) {
            step = null;
            if (!open.isEmpty()) {
                add(new Change.OsdMapStep(open.build().sealed(osdMap())));
            }
        }
    }

    /** Whether nothing is proposed. */
    public boolean isEmpty() {
        return changes.isEmpty() && (step == null || step.isEmpty());
    }

    /** What is proposed, in order; from now on the draft stands behind it. */
    public List<Change> take() {
        seal();
        List<Change> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }
}
