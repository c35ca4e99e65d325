package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.PgInfo;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Brings the members of a placement group to one agreed log, each time the members change (Ceph's
 * PeeringState). A primary asks everybody who may have taken part in writes (GetInfo), fetches the
 * authoritative log (GetLog), learns what each member lacks (GetMissing), has the monitors note
 * that it is going to serve (WaitUpThru), and activates the members, which note it on disk before
 * the first operation is served (Active). Here maps begin intervals, and events go to the role that
 * this member has: {@link Agreement} and {@link Activation} for a primary, {@link Following} for
 * the others. Owned by the group's shard.
 *
 * <p>Who calls drops answers of earlier intervals by {@link #lastReset} before they come here.
 */
public final class Peering {
    private final Standing at;
    private final Activation activation;
    private final Agreement agreement;
    private final Following following;

    /**
     * A group at rest.
     *
     * @param map the map that {@code members} are of
     * @param backfillLogCount how many entries a member gets that starts from nothing
     */
    public Peering(
            int self,
            Ledger ledger,
            OsdMap map,
            Membership members,
            Effects out,
            int backfillLogCount) {
        this.at = new Standing(self, ledger, map, members, out);
        this.activation = new Activation(at, backfillLogCount);
        this.agreement = new Agreement(at, activation);
        this.following = new Following(at);
        following.intervalChanged(); // an OSD that was away is to be heard of, whoever it was
    }

    /** Where it stands. */
    public Phase phase() {
        return at.phase;
    }

    /** The members by the newest map reached. */
    public Membership members() {
        return at.members;
    }

    /** Whether this OSD leads. */
    public boolean isPrimary() {
        return at.isPrimary();
    }

    /** Messages about epochs before this one are void. */
    public int lastReset() {
        return at.lastReset;
    }

    /** What others have, as far as the primary knows; by OSD. Live. */
    public SortedMap<Integer, PgInfo> peerInfos() {
        return at.peerInfos;
    }

    /** What the members lack, as far as the primary knows; by OSD. Live. */
    public SortedMap<Integer, MissingSet> peerMissing() {
        return at.peerMissing;
    }

    /** Whether operations are served. */
    public boolean isActive() {
        return isPeered()
                && !isWaiting()
                && at.members.reachesMinSize()
                && !at.members.isPremerge();
    }

    /** Whether the members have agreed, be there enough of them or not. */
    public boolean isPeered() {
        return at.phase instanceof Phase.Active active && active.stage() != Phase.Stage.ACTIVATING;
    }

    /** Whether the members have agreed, and an earlier primary may still serve reads. */
    public boolean isWaiting() {
        return at.phase instanceof Phase.Active active && active.stage() == Phase.Stage.WAITING;
    }

    /** Whether the members are being told of the agreement. */
    public boolean isActivating() {
        return at.phase instanceof Phase.Active active && active.stage() == Phase.Stage.ACTIVATING;
    }

    /** Whether, as far as this primary knows, every member has everything, in full number. */
    public boolean isClean() {
        return at.phase instanceof Phase.Active active
                && active.stage() == Phase.Stage.CLEAN
                && at.members.actingCount() >= at.members.size();
    }

    /** Whether this OSD follows an active primary. */
    public boolean isReplica() {
        return at.phase instanceof Phase.ReplicaActive;
    }

    /** Those whom writes go to: present members and those being filled; without ourselves. */
    public List<Integer> replicas() {
        return at.replicas();
    }

    /** Members that must get every object. */
    public SortedSet<Integer> backfillTargets() {
        return at.phase instanceof Phase.Active active
                ? active.choice().backfill()
                : new TreeSet<>();
    }

    /** The group came out of a split: whoever leads it will hear of what is here. */
    public void announce() {
        following.intervalChanged();
    }

    // ---- maps

    /** One epoch further. */
    public void advance(OsdMap next, Membership nextMembers) {
        OsdMap last = at.map;
        at.map = next;
        boolean gap = next.epoch() - last.epoch() > 1;
        if (nextMembers.equals(at.members) && !gap) {
            if (!isPrimary() && next.isUp(at.self) && !last.isUp(at.self)) {
                following.intervalChanged(); // a primary forgets a stray that is down
            }
            return;
        }
        noteInterval(last);
        Membership before = at.members;
        at.members = nextMembers;
        boolean upChanged =
                before.upPrimary() != nextMembers.upPrimary()
                        || !before.up().equals(nextMembers.up());
        Ledger ledger = at.ledger;
        ledger.history =
                Histories.newInterval(
                        ledger.history,
                        gap ? afterGap(last, next) : next.epoch(),
                        upChanged,
                        before.primary() != nextMembers.primary());
        ledger.touchInfo();
        at.reset(next.epoch());
        following.intervalChanged();
        at.out.intervalChanged();
    }

    /**
     * When the interval began in which we find the group after maps that nobody keeps any more; at
     * the latest, so that an interval in which others have served is not taken for one in which
     * nobody could. Who was away cannot know better; the maps that are gone tell of nothing before
     * it, since all groups were clean later.
     */
    private int afterGap(OsdMap last, OsdMap next) {
        int primary = at.members.primary();
        if (primary < 0 || primary == at.self) {
            return next.epoch();
        }
        Mark.hit("an interval was entered after a gap in the maps");
        int known = next.upThru(primary);
        for (int osd : at.members.acting()) {
            // None of them was away in it. An earlier beginning would have to be remembered by
            // whoever was made again before they met.
            known = osd == PgInterval.NONE ? known : Math.max(known, next.upFrom(osd));
        }
        return Math.clamp(known, last.epoch() + 1, next.epoch());
    }

    /** Remembers the interval that ends now, if writes may have been acknowledged in it. */
    private void noteInterval(OsdMap last) {
        Ledger ledger = at.ledger;
        Membership members = at.members;
        int first = ledger.history.sameIntervalSince();
        int primary = members.primary();
        if (primary < 0 || members.actingCount() == 0 || !members.reachesMinSize()) {
            return;
        }
        boolean served =
                Integer.compareUnsigned(last.upThru(primary), first) >= 0
                        && Integer.compareUnsigned(last.upFrom(primary), first) <= 0;
        int clean = ledger.history.lastEpochClean();
        boolean wasClean =
                Integer.compareUnsigned(clean, first) >= 0
                        && Integer.compareUnsigned(clean, last.epoch()) <= 0;
        if (served || wasClean) {
            ledger.pastIntervals.add(new PgInterval(first, last.epoch(), members.acting(), true));
            ledger.touchInfo();
        }
    }

    /** The newest map is reached. */
    public void reached() {
        if (isPrimary()) {
            agreement.reached();
        } else if (!isReplica()) {
            if (at.phase instanceof Phase.Reset) {
                at.become(new Phase.Stray());
            }
            following.notifyPrimary();
        }
    }

    // ---- events

    /** Something happened. */
    public void on(Event event) {
        switch (event) {
            case Event.Notified e -> {
                if (isPrimary()) {
                    agreement.notified(e);
                }
            }
            case Event.InfoReceived e -> {
                if (!isPrimary()) {
                    following.infoReceived(e);
                } else if (at.phase instanceof Phase.Active p) {
                    activation.confirmed(p, e.from());
                } else {
                    Mark.hit("info came too early or too late");
                }
            }
            case Event.LogReceived e -> {
                if (isPrimary()) {
                    agreement.logReceived(e);
                } else {
                    following.logReceived(e);
                }
            }
            case Event.InfoAsked e -> {
                if (!isPrimary()) {
                    at.out.tellNotify(e.from(), e.epoch(), at.ledger.info());
                }
            }
            case Event.LogAsked e -> {
                if (!isPrimary()) {
                    following.tellLog(e);
                }
            }
            case Event.Activated e -> activated(e);
            case Event.Recovered _ -> {
                if (at.phase instanceof Phase.Active p) {
                    activation.recovered(p);
                }
            }
        }
    }

    private void activated(Event.Activated e) {
        if (e.interval() != at.lastReset) {
            Mark.hit("an activation became durable after its interval");
        } else if (!isPrimary()) {
            following.activated();
        } else if (at.phase instanceof Phase.Active p) {
            activation.confirmed(p, at.self);
        } else {
            throw Invariant.broken("activated in phase %s", at.phase);
        }
    }

    /** No earlier primary can serve reads any more. */
    public void readersGone() {
        activation.readersGone();
    }

    /** Asks those for their logs who may hold what nobody else has. */
    public void searchStrays() {
        agreement.searchStrays();
    }
}
