package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.protocol.osd.PgInfo;

/**
 * What a member does that is not the primary: tells it what it has, and follows what it says. Owned
 * by the group's shard.
 */
final class Following {
    private final Standing at;
    private boolean notifies;

    Following(Standing at) {
        this.at = at;
    }

    /** A new interval: the primary, if it is another, is to hear from us. */
    void intervalChanged() {
        notifies = !at.isPrimary();
    }

    /** Tells the primary what we have, once in each interval. */
    void notifyPrimary() {
        if (notifies && at.members.primary() >= 0) {
            notifies = false;
            at.out.tellNotify(at.members.primary(), at.map.epoch(), at.ledger.info());
        }
    }

    /** The primary asked for our log. */
    void tellLog(Event.LogAsked e) {
        at.out.tellLog(
                e.from(),
                e.epoch(),
                at.ledger.info(),
                at.ledger.log.stretchAfter(e.since()),
                at.ledger.missing);
    }

    private void follow(PgInfo truth) {
        at.ledger.takeOver(truth);
        if (Integer.compareUnsigned(truth.lastEpochStarted(), at.ledger.lastEpochStarted) > 0) {
            at.ledger.lastEpochStarted = truth.lastEpochStarted();
            at.ledger.lastIntervalStarted = truth.lastIntervalStarted();
        }
        at.ledger.updateLastComplete();
        at.ledger.touchInfo();
        at.become(new Phase.ReplicaActive(false));
        at.out.persist(new Event.Activated(at.lastReset));
        at.out.replicaActivated();
    }

    /** The primary told what is true. */
    void infoReceived(Event.InfoReceived e) {
        if (e.from() != at.members.primary()) {
            Mark.hit("info of somebody who does not lead");
        } else if (at.phase instanceof Phase.ReplicaActive) {
            at.ledger.takeOver(e.info());
            at.out.persist();
        } else if (at.phase instanceof Phase.Stray) {
            if (at.ledger.lastUpdate.isAfter(e.info().lastUpdate())) {
                at.ledger.rewind(e.info().lastUpdate());
            }
            follow(e.info());
        } else {
            Mark.hit("info came too early or too late");
        }
    }

    /** The primary handed out its log. */
    void logReceived(Event.LogReceived e) {
        if (e.from() != at.members.primary() || !(at.phase instanceof Phase.Stray)) {
            Mark.hit("log came too early or too late");
        } else {
            if (e.info().lastBackfill().isMin()) {
                at.ledger.startBackfill(e.info(), e.log(), e.dups());
            } else {
                at.ledger.mergeAuthoritative(e.info(), e.log(), e.dups());
            }
            follow(e.info());
        }
    }

    /** What we were told is on disk. */
    void activated() {
        Invariant.that(at.phase instanceof Phase.ReplicaActive, "activated in phase %s", at.phase);
        at.become(new Phase.ReplicaActive(true));
        at.out.tellInfo(at.members.primary(), at.ledger.info());
    }
}
