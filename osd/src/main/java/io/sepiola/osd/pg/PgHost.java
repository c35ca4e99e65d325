package io.sepiola.osd.pg;

import io.sepiola.base.Shard;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.report.OsdCounters;
import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.store.ObjectStore;

import java.time.Duration;
import java.util.List;

/** What a placement group finds around it. Called on the group's shard only. */
public interface PgHost {
    /** This OSD's id. */
    int self();

    /** The shard that owns the groups. */
    Shard shard();

    /** Where everything is kept. */
    ObjectStore store();

    /** Bounds. */
    PgOptions options();

    /**
     * How long a read lease holds in pools that do not say otherwise:
     * osd_pool_default_read_lease_ratio times osd_heartbeat_grace.
     */
    default Duration leaseSpan() {
        return Duration.ofSeconds(16);
    }

    /** Slots for recovery. */
    RecoverySlots slots();

    /** Places for groups whose primary we are, to recover or to backfill. */
    Reserver localPlaces();

    /** Places for groups that others recover or backfill here. */
    Reserver remotePlaces();

    /** Sends to another OSD over the cluster's network; lost when the map says that it is down. */
    void send(int osd, Message message);

    /** Sends a client what it lacks of the maps, when it has the one of that epoch. */
    void tellMap(Connection client, int epoch);

    /** Asks the monitors to note that this OSD is up through that epoch. */
    void wantUpThru(int epoch);

    /** Asks the monitors for other acting members; nobody for those that CRUSH chose. */
    void wantActing(PgId pg, List<Integer> want);

    /** What was asked for by {@link #wantActing} is void. */
    void forgetActing(PgId pg);

    /** Tells the monitors that a new group serves. */
    void created(PgId pg);

    /** The group's state or holdings changed in a way that the manager should hear of soon. */
    void stateChanged(Pg pg);

    /** Whether so little room is left that no object may grow. */
    boolean isFull();

    /** Whether so little room is left that no attributes and omaps may grow. */
    boolean isIndexFull();

    /** Whether so little room is left that no backfill may begin, or go on, to this OSD. */
    boolean isBackfillFull();

    /** The store refused a change that had to be made: the OSD cannot go on. */
    void failed(Throwable cause);

    /** The group is gone from the store. */
    void removed(Pg pg);

    /** What scrubs find around them. */
    ScrubHost scrubs();

    /** Counts what is done; nobody reads it unless said otherwise. */
    default OsdCounters counters() {
        return new OsdCounters(shard().clock());
    }

    /** The newest map that this shard has. */
    OsdMap map();
}
