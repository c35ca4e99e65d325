package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.PgInfo;

import java.util.List;

/** What a placement group's agreement asks of the world. */
public interface Effects {
    /** Asks an OSD what it has. */
    void askInfo(int osd);

    /** Asks for the log after a version; {@link EVersion#ZERO} for all. */
    void askLog(int osd, EVersion since);

    /**
     * Tells a primary what we have.
     *
     * @param queryEpoch of its question; our own epoch when unasked
     */
    void tellNotify(int osd, int queryEpoch, PgInfo info);

    /** Tells a member what is true, or confirms it to the primary. */
    void tellInfo(int osd, PgInfo info);

    /**
     * Hands out a stretch of the log.
     *
     * @param queryEpoch of the question; our own epoch when unasked
     */
    void tellLog(int osd, int queryEpoch, PgInfo info, LogMerge.Stretch log, MissingSet missing);

    /** Makes what changed in the ledger durable; the event follows. */
    void persist(Event whenDurable);

    /** Makes what changed in the ledger durable some time. */
    void persist();

    /** Asks the monitors to note that this OSD is up through this epoch. */
    void wantUpThru(int epoch);

    /** Asks the monitors for other acting members; none for those that CRUSH chose. */
    void wantActing(List<Integer> want);

    /** A new interval began: whatever was under way is void. */
    void intervalChanged();

    /** Agreement begins anew in the same interval: somebody to be asked came or went. */
    void restarted();

    /** Every member has noted the interval: serve, and recover what is missing. */
    void activated();

    /** Whether the primary of an earlier interval may still serve reads. */
    boolean mayHaveReaders();

    /** A member's part in the new interval is noted; what came too early can be worked off. */
    void replicaActivated();

    /** All is recovered. */
    void clean();

    /** An OSD that is no member any more holds a copy that nobody needs. */
    void removeStray(int osd);

    /** An OSD outside of the group that held a copy is down. */
    void sourceGone(int osd);

    /** The phase changed. */
    void phaseChanged();
}
