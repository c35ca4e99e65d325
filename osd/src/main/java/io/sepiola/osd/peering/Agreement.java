package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.PgInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The primary's way from a new interval to an agreed log: who has what (GetInfo), whose log is
 * right (GetLog), who lacks what (GetMissing), and the monitors' note that we serve (WaitUpThru).
 * Owned by the group's shard.
 */
final class Agreement {
    private final Standing at;
    private final Activation activation;
    private SortedMap<Integer, Integer> lostBefore = new TreeMap<>();
    private SortedMap<Integer, Integer> upBefore = new TreeMap<>();

    Agreement(Standing at, Activation activation) {
        this.at = at;
        this.activation = activation;
    }

    private Witnesses witnesses() {
        return new Witnesses(at.map, at.allInfos());
    }

    private PriorSet prior() {
        return PriorSet.of(
                at.ledger.pastIntervals,
                at.ledger.history.lastEpochStarted(),
                at.members.up(),
                at.members.acting(),
                witnesses());
    }

    /** Begins. */
    void getInfo() {
        PriorSet prior = prior();
        Witnesses witnesses = witnesses();
        lostBefore = new TreeMap<>();
        prior.down().forEach(osd -> lostBefore.put(osd, witnesses.lostAt(osd)));
        upBefore = new TreeMap<>();
        prior.probe().forEach(osd -> upBefore.put(osd, witnesses.upFrom(osd)));
        if (needsUpThru()) {
            at.out.wantUpThru(at.ledger.history.sameIntervalSince()); // early, to save a round
        }
        SortedSet<Integer> awaited = new TreeSet<>();
        for (int osd : prior.probe()) {
            if (osd != at.self && at.map.isUp(osd) && !at.peerInfos.containsKey(osd)) {
                awaited.add(osd);
            }
        }
        at.become(new Phase.GetInfo(prior, awaited));
        awaited.forEach(at.out::askInfo);
        if (awaited.isEmpty()) {
            gotInfo();
        }
    }

    private boolean needsUpThru() {
        return Integer.compareUnsigned(
                        at.map.upThru(at.self), at.ledger.history.sameIntervalSince())
                < 0;
    }

    private void gotInfo() {
        PriorSet prior = prior(); // now that everybody has told what it has
        if (prior.blocked()) {
            Mark.hit("peering is blocked by members that are down");
            at.become(new Phase.Down(prior));
        } else {
            getLog(prior);
        }
    }

    private void getLog(PriorSet prior) {
        SortedMap<Integer, PgInfo> infos = at.allInfos();
        Optional<ActingSet.Choice> chosen =
                ActingSet.choose(
                        infos,
                        at.members.up(),
                        at.members.upPrimary(),
                        at.members.acting(),
                        at.members.size(),
                        at.self);
        if (chosen.isEmpty()) {
            at.become(new Phase.Incomplete(prior));
            return;
        }
        ActingSet.Choice choice = chosen.get();
        if (!choice.want().equals(at.members.acting())) {
            at.become(new Phase.WaitActingChange(prior, choice.want()));
            at.out.wantActing(choice.want().equals(at.members.up()) ? List.of() : choice.want());
            return;
        }
        PgInfo best = Objects.requireNonNull(infos.get(choice.authority()));
        if (choice.authority() == at.self) {
            getMissing(prior, choice);
            return;
        }
        if (at.ledger.lastUpdate.compareTo(best.logTail()) < 0) {
            at.become(new Phase.Incomplete(prior));
            return;
        }
        EVersion since = at.ledger.lastUpdate;
        for (int osd : choice.want()) {
            PgInfo info = infos.get(osd);
            if (info != null
                    && info.lastUpdate().compareTo(at.ledger.log.tail()) < 0
                    && info.lastUpdate().compareTo(best.logTail()) >= 0
                    && info.lastUpdate().compareTo(since) < 0) {
                since = info.lastUpdate(); // our own log does not reach back to what this one lacks
            }
        }
        at.become(new Phase.GetLog(prior, choice, since));
        at.out.askLog(choice.authority(), since);
    }

    private void gotLog(Phase.GetLog p, Event.LogReceived event) {
        at.peerInfos.put(event.from(), event.info());
        at.peerMissing.put(event.from(), event.missing());
        at.ledger.mergeAuthoritative(event.info(), event.log(), event.dups());
        at.out.persist();
        getMissing(p.prior(), p.choice());
    }

    private void getMissing(PriorSet prior, ActingSet.Choice choice) {
        SortedSet<Integer> awaited = new TreeSet<>();
        List<Integer> others = new ArrayList<>(choice.want());
        others.addAll(choice.backfill());
        for (int osd : others) {
            PgInfo info = at.peerInfos.get(osd);
            if (osd == at.self || info == null) {
                continue;
            }
            if (Infos.isEmpty(info)
                    || info.lastUpdate().compareTo(at.ledger.log.tail()) < 0
                    || info.lastBackfill().isMin()
                    || info.lastUpdate().equals(info.lastComplete())
                            && info.lastUpdate().equals(at.ledger.lastUpdate)) {
                at.peerMissing.putIfAbsent(osd, new MissingSet());
            } else if (!at.peerMissing.containsKey(osd)) {
                awaited.add(osd);
                // From the interval it last took part in: divergence cannot begin before.
                EVersion since = new EVersion(info.lastEpochStarted(), 0);
                at.out.askLog(osd, info.logTail().compareTo(since) <= 0 ? since : EVersion.ZERO);
            }
        }
        at.become(new Phase.GetMissing(prior, choice, awaited));
        if (awaited.isEmpty()) {
            activateWhenUpThru(prior, choice);
        }
    }

    private void activateWhenUpThru(PriorSet prior, ActingSet.Choice choice) {
        if (needsUpThru()) {
            if (!(at.phase instanceof Phase.WaitUpThru)) {
                at.become(new Phase.WaitUpThru(prior, choice));
                at.out.wantUpThru(at.ledger.history.sameIntervalSince());
            }
            return;
        }
        activation.activate(choice);
    }

    /** A member told what it has. */
    void notified(Event.Notified e) {
        boolean known = at.peerInfos.containsKey(e.from());
        if (at.phase instanceof Phase.Active p) {
            boolean member =
                    p.choice().want().contains(e.from())
                            || p.choice().backfill().contains(e.from());
            if (!member && !known) {
                at.peerInfos.put(e.from(), e.info());
                if (p.stage() == Phase.Stage.CLEAN
                        && at.members.actingCount() >= at.members.size()) {
                    activation.removeStrays(p.choice());
                } else {
                    at.out.activated(); // it may hold what we look for
                }
            }
            return;
        }
        at.peerInfos.put(e.from(), e.info());
        int startedBefore = at.ledger.history.lastEpochStarted();
        if (at.ledger.mergeHistory(e.info().history())) {
            at.out.persist();
        }
        switch (at.phase) {
            case Phase.GetInfo p -> {
                SortedSet<Integer> left = new TreeSet<>(p.awaited());
                left.remove(e.from());
                PriorSet prior = p.prior();
                if (at.ledger.history.lastEpochStarted() != startedBefore) {
                    prior = prior(); // fewer intervals matter now
                    left.retainAll(prior.probe());
                }
                at.phase = new Phase.GetInfo(prior, left);
                if (left.isEmpty()) {
                    gotInfo();
                }
            }
            case Phase.Incomplete p -> {
                if (!known) {
                    getLog(p.prior()); // somebody new: perhaps it is whole
                }
            }
            case Phase.Down _ -> {
                if (at.ledger.history.lastEpochStarted() != startedBefore) {
                    Mark.hit("somebody has been through more than those who block peering");
                    getInfo();
                }
            }
            case Phase.WaitActingChange _, Phase.GetLog _, Phase.GetMissing _ -> {
                // remembered; the present step does not need it
            }
            case Phase.Reset _, Phase.WaitUpThru _, Phase.Active _ -> {
                // remembered
            }
            case Phase.Stray _, Phase.ReplicaActive _ ->
                    throw Invariant.broken("a primary in phase %s", at.phase);
        }
    }

    /** A member handed out a part of its log. */
    void logReceived(Event.LogReceived e) {
        switch (at.phase) {
            case Phase.GetLog p -> {
                if (e.from() == p.choice().authority()) {
                    gotLog(p, e);
                }
            }
            case Phase.GetMissing p -> {
                learnLog(e);
                SortedSet<Integer> left = new TreeSet<>(p.awaited());
                if (left.remove(e.from())) {
                    at.phase = new Phase.GetMissing(p.prior(), p.choice(), left);
                    if (left.isEmpty()) {
                        activateWhenUpThru(p.prior(), p.choice());
                    }
                }
            }
            case Phase.Active _ -> {
                if (!at.peerMissing.containsKey(e.from())) {
                    learnLog(e);
                    at.out.activated(); // it may hold what we look for
                }
            }
            case Phase.Reset _, Phase.GetInfo _, Phase.Down _, Phase.WaitActingChange _ ->
                    Mark.hit("log came too early or too late");
            case Phase.Incomplete _, Phase.WaitUpThru _ ->
                    Mark.hit("log came too early or too late");
            case Phase.Stray _, Phase.ReplicaActive _ ->
                    throw Invariant.broken("a primary in phase %s", at.phase);
        }
    }

    /** Works out what a member lacks from its log and ours. */
    private void learnLog(Event.LogReceived e) {
        MissingSet missing = new MissingSet(e.missing().items());
        PgInfo info = e.info();
        if (LogMerge.overlap(
                e.log().tail(), e.log().head(), at.ledger.log.tail(), at.ledger.log.head())) {
            // Of what it lacks because it never heard of it, activation will tell: only divergence
            // counts here.
            EVersion common = LogMerge.common(e.log(), at.ledger.log.stretch());
            LogMerge.takeBackDivergent(e.log(), at.ledger.log.stretch(), common, missing);
            if (info.lastUpdate().isAfter(common)) {
                Mark.hit("a member's log was divergent");
                info = Infos.rewound(info, common, missing.isEmpty());
            }
        }
        at.peerInfos.put(e.from(), info);
        at.peerMissing.put(e.from(), missing);
    }

    private void restartIfAffected(PriorSet prior) {
        if (prior.isAffected(witnesses(), lostBefore, upBefore)) {
            restart();
        }
    }

    private void restart() {
        at.reset(at.map.epoch());
        at.out.restarted();
        getInfo();
    }

    /** The newest map is reached. */
    void reached() {
        switch (at.phase) {
            case Phase.Reset _ -> getInfo();
            case Phase.GetInfo p -> restartIfAffected(p.prior());
            case Phase.Down p -> restartIfAffected(p.prior());
            case Phase.WaitActingChange p -> {
                restartIfAffected(p.prior());
                if (at.phase == p && p.want().stream().anyMatch(osd -> !at.map.isUp(osd))) {
                    restart();
                }
            }
            case Phase.Incomplete p -> restartIfAffected(p.prior());
            case Phase.GetLog p -> restartIfAffected(p.prior());
            case Phase.GetMissing p -> restartIfAffected(p.prior());
            case Phase.WaitUpThru p -> {
                restartIfAffected(p.prior());
                if (at.phase == p) {
                    activateWhenUpThru(p.prior(), p.choice());
                }
            }
            case Phase.Active _ -> forgetDown();
            case Phase.Stray _, Phase.ReplicaActive _ ->
                    throw Invariant.broken("a primary in phase %s", at.phase);
        }
    }

    /** Of who is down nothing is known; when it is back, it tells. */
    private void forgetDown() {
        for (int osd : List.copyOf(at.peerInfos.keySet())) {
            if (!at.map.isUp(osd)) {
                at.peerInfos.remove(osd);
                at.peerMissing.remove(osd);
                at.logAsked.remove(osd);
                at.out.sourceGone(osd);
            }
        }
    }

    /** Asks those for their logs who may hold what nobody else has. */
    void searchStrays() {
        for (Map.Entry<Integer, PgInfo> entry : at.peerInfos.entrySet()) {
            int osd = entry.getKey();
            if (!Infos.isEmpty(entry.getValue())
                    && !at.peerMissing.containsKey(osd)
                    && at.map.isUp(osd)
                    && at.logAsked.add(osd)) {
                at.out.askLog(osd, EVersion.ZERO);
            }
        }
    }
}
