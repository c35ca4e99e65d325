package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogEntry;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The primary's way from an agreed log to a clean group: brings every member to that log, and
 * closes the interval's account when nobody lacks anything. Owned by the group's shard.
 */
final class Activation {
    private final Standing at;
    private final int backfillLogCount;

    Activation(Standing at, int backfillLogCount) {
        this.at = at;
        this.backfillLogCount = backfillLogCount;
    }

    /** The log is agreed, and the monitors know that we lead. */
    void activate(ActingSet.Choice choice) {
        if (at.members.reachesMinSize()) {
            // Otherwise no write is taken, and whoever was here before knows as much as we do.
            at.ledger.lastEpochStarted = at.map.epoch();
            at.ledger.lastIntervalStarted = at.ledger.history.sameIntervalSince();
        }
        at.ledger.touchInfo();
        at.ledger.updateLastComplete();
        SortedSet<Integer> waiting = new TreeSet<>(choice.want());
        waiting.addAll(choice.backfill());
        at.become(new Phase.Active(choice, waiting, Phase.Stage.ACTIVATING));
        at.out.persist(new Event.Activated(at.lastReset));
        for (int osd : choice.want()) {
            if (osd != at.self) {
                activateMember(osd, false);
            }
        }
        for (int osd : choice.backfill()) {
            activateMember(osd, true);
        }
    }

    private void activateMember(int osd, boolean backfill) {
        PgInfo info = Objects.requireNonNull(at.peerInfos.get(osd));
        MissingSet missing = at.peerMissing.computeIfAbsent(osd, o -> new MissingSet());
        PgInfo truth = at.ledger.info();
        boolean tooOld = info.lastUpdate().compareTo(at.ledger.log.tail()) < 0;
        boolean restart =
                backfill && (tooOld || info.lastBackfill().isMin() || info.lastBackfill().isMax());
        if (restart) {
            missing.clear();
            PgInfo start = at.ledger.infoForBackfill(HObject.MIN);
            List<PgLogEntry> entries = at.ledger.log.newest(backfillLogCount);
            EVersion tail = at.ledger.log.versionBefore(entries.size());
            at.peerInfos.put(osd, Infos.withLogTail(start, tail));
            at.out.tellLog(
                    osd,
                    at.map.epoch(),
                    Infos.withLogTail(start, tail),
                    new LogMerge.Stretch(tail, entries),
                    new MissingSet());
            return;
        }
        PgInfo told = backfill ? at.ledger.infoForBackfill(info.lastBackfill()) : truth;
        if (info.lastUpdate().equals(at.ledger.lastUpdate) && !Infos.isEmpty(info)) {
            at.out.tellInfo(osd, told);
        } else {
            // Also to whom the log has nothing new, if it is empty: the message makes the group
            // there.
            List<PgLogEntry> entries = at.ledger.log.after(info.lastUpdate());
            EVersion tail = info.lastUpdate();
            for (PgLogEntry entry : entries) {
                if (entry.object().compareTo(info.lastBackfill()) <= 0) {
                    missing.addNext(entry);
                }
            }
            at.out.tellLog(
                    osd,
                    at.map.epoch(),
                    told,
                    new LogMerge.Stretch(tail, entries),
                    new MissingSet());
        }
        EVersion complete = missing.isEmpty() ? at.ledger.lastUpdate : info.lastComplete();
        at.peerInfos.put(osd, Infos.activated(info, at.ledger.lastUpdate, complete, truth));
    }

    /** A member has noted the interval on its disk. */
    void confirmed(Phase.Active p, int osd) {
        if (p.stage() != Phase.Stage.ACTIVATING || !p.notActivated().contains(osd)) {
            return;
        }
        SortedSet<Integer> left = new TreeSet<>(p.notActivated());
        left.remove(osd);
        at.phase = new Phase.Active(p.choice(), left, p.stage());
        if (!left.isEmpty()) {
            return;
        }
        boolean waits = at.out.mayHaveReaders();
        at.become(
                new Phase.Active(
                        p.choice(), left, waits ? Phase.Stage.WAITING : Phase.Stage.RECOVERING));
        if (!waits) {
            started();
        }
        at.out.activated();
    }

    /** No earlier primary can serve reads any more. */
    void readersGone() {
        if (at.phase instanceof Phase.Active p && p.stage() == Phase.Stage.WAITING) {
            at.become(new Phase.Active(p.choice(), p.notActivated(), Phase.Stage.RECOVERING));
            started();
            at.out.activated();
        }
    }

    /**
     * From here on earlier intervals count for nothing. Not while one of their primaries may serve
     * reads: whoever follows us would not know of it. Too few to take writes start nothing, and
     * what they once followed need not have been started either.
     */
    private void started() {
        if (at.members.reachesMinSize()) {
            at.ledger.history =
                    Histories.started(
                            at.ledger.history,
                            at.ledger.lastEpochStarted,
                            at.ledger.lastIntervalStarted);
        }
        at.ledger.touchInfo();
        at.out.persist();
        shareInfo();
    }

    private void shareInfo() {
        for (int osd : at.replicas()) {
            PgInfo peer = at.peerInfos.get(osd);
            at.out.tellInfo(
                    osd,
                    peer == null || peer.lastBackfill().isMax()
                            ? at.ledger.info()
                            : at.ledger.infoForBackfill(peer.lastBackfill()));
        }
    }

    /** No present member lacks anything any more. */
    void recovered(Phase.Active p) {
        if (p.stage() != Phase.Stage.RECOVERING) {
            return;
        }
        if (!p.choice().backfill().isEmpty()) {
            // Everybody holds everything now: let those whom CRUSH chose serve.
            backfilled();
            return;
        }
        at.become(new Phase.Active(p.choice(), p.notActivated(), Phase.Stage.CLEAN));
        if (at.members.actingCount() >= at.members.size()) {
            at.ledger.history =
                    Histories.clean(
                            at.ledger.history,
                            at.map.epoch(),
                            at.ledger.history.sameIntervalSince());
            at.ledger.pastIntervals.clear();
            at.ledger.touchInfo();
            at.out.persist();
            shareInfo();
            removeStrays(p.choice());
        }
        at.out.clean();
    }

    private void backfilled() {
        SortedMap<Integer, PgInfo> infos = at.allInfos();
        Optional<ActingSet.Choice> choice =
                ActingSet.choose(
                        infos,
                        at.members.up(),
                        at.members.upPrimary(),
                        at.members.acting(),
                        at.members.size(),
                        at.self);
        choice.ifPresent(c -> {
            if (!c.want().equals(at.members.acting())) {
                at.out.wantActing(c.want().equals(at.members.up()) ? List.of() : c.want());
            }
        });
    }

    /** Who is no member any more need not keep its copy. */
    void removeStrays(ActingSet.Choice choice) {
        for (int osd : List.copyOf(at.peerInfos.keySet())) {
            if (!choice.want().contains(osd)
                    && !choice.backfill().contains(osd)
                    && !at.members.up().contains(osd)) {
                at.peerInfos.remove(osd);
                at.peerMissing.remove(osd);
                if (at.map.isUp(osd)) {
                    at.out.removeStray(osd);
                }
            }
        }
    }
}
