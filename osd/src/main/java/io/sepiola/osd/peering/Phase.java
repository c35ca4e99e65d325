package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;

import java.util.List;
import java.util.SortedSet;

/** Where a placement group stands on its way to serving. */
public sealed interface Phase {
    /** Between intervals: waits until the newest map is reached. */
    record Reset() implements Phase {}

    /** Asks everybody who may have taken part in writes what they have. */
    record GetInfo(PriorSet prior, SortedSet<Integer> awaited) implements Phase {}

    /** For some past interval nobody is left to ask: waits for one of them to return. */
    record Down(PriorSet prior) implements Phase {}

    /** Waits for the map that makes the wanted members the acting ones. */
    record WaitActingChange(PriorSet prior, List<Integer> want) implements Phase {}

    /** Nobody's data can be trusted to be whole: waits for others to return. */
    record Incomplete(PriorSet prior) implements Phase {}

    /** Fetches the authoritative log. */
    record GetLog(PriorSet prior, ActingSet.Choice choice, EVersion since) implements Phase {}

    /** Learns what each member lacks. */
    record GetMissing(PriorSet prior, ActingSet.Choice choice, SortedSet<Integer> awaited)
            implements Phase {}

    /** Waits for the monitors to note that this primary may serve writes from now on. */
    record WaitUpThru(PriorSet prior, ActingSet.Choice choice) implements Phase {}

    /** Leads the agreed members. */
    record Active(ActingSet.Choice choice, SortedSet<Integer> notActivated, Stage stage)
            implements Phase {}

    /** Not the primary, and not yet told what to do. */
    record Stray() implements Phase {}

    /**
     * Follows an active primary.
     *
     * @param activated whether that is on disk and the primary knows
     */
    record ReplicaActive(boolean activated) implements Phase {}

    /** How far an active primary has come. */
    enum Stage {
        /** Members have yet to note the new interval on disk. */
        ACTIVATING,
        /** Recovers, and serves nothing: an earlier primary's read lease may still run. */
        WAITING,
        /** Serves; some members lack objects. */
        RECOVERING,
        /** Serves; every present member has everything. */
        CLEAN
    }

    /** Whether this is one of the phases between Reset and Active of a primary. */
    default boolean isPeering() {
        return switch (this) {
            case GetInfo _, Down _, WaitActingChange _, Incomplete _ -> true;
            case GetLog _, GetMissing _, WaitUpThru _ -> true;
            case Reset _, Active _, Stray _, ReplicaActive _ -> false;
        };
    }
}
