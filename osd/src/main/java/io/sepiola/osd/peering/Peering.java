package io.sepiola.osd.peering;

import io.sepiola.base.Invariant;
import io.sepiola.base.Mark;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogEntry;

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
 * Brings the members of a placement group to one agreed log, each time the members change (Ceph's
 * PeeringState). A primary asks everybody who may have taken part in writes (GetInfo), fetches the
 * authoritative log (GetLog), learns what each member lacks (GetMissing), has the monitors note
 * that it is going to serve (WaitUpThru), and activates the members, which note it on disk before
 * the first operation is served (Active). Owned by the group's shard.
 *
 * <p>Who calls drops answers of earlier intervals by {@link #lastReset} before they come here.
 */
public final class Peering {
    private final int self;
    private final Ledger ledger;
    private final Effects out;
    private final int backfillLogCount;
    private Phase phase = new Phase.Reset();
    private Membership members = Membership.NOBODY;
    private OsdMap map;
    private int lastReset;
    private boolean sendNotify;
    private final SortedMap<Integer, PgInfo> peerInfos = new TreeMap<>();
    private final SortedMap<Integer, MissingSet> peerMissing = new TreeMap<>();
    private final SortedSet<Integer> logAsked = new TreeSet<>();
    private SortedMap<Integer, Integer> lostBefore = new TreeMap<>();

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
        this.self = self;
        this.ledger = ledger;
        this.map = map;
        this.members = members;
        this.out = out;
        this.backfillLogCount = backfillLogCount;
        this.lastReset = ledger.history.sameIntervalSince();
    }

    /** Where it stands. */
    public Phase phase() {
        return phase;
    }

    /** The members by the newest map reached. */
    public Membership members() {
        return members;
    }

    /** Whether this OSD leads. */
    public boolean isPrimary() {
        return members.primary() == self;
    }

    /** Messages about epochs before this one are void. */
    public int lastReset() {
        return lastReset;
    }

    /** What others have, as far as the primary knows; by OSD. Live. */
    public SortedMap<Integer, PgInfo> peerInfos() {
        return peerInfos;
    }

    /** What the members lack, as far as the primary knows; by OSD. Live. */
    public SortedMap<Integer, MissingSet> peerMissing() {
        return peerMissing;
    }

    /** Whether operations are served. */
    public boolean isActive() {
        return phase instanceof Phase.Active active
                && active.stage() != Phase.Stage.ACTIVATING
                && members.reachesMinSize();
    }

    /** Whether the members have agreed, be there enough of them or not. */
    public boolean isPeered() {
        return phase instanceof Phase.Active active && active.stage() != Phase.Stage.ACTIVATING;
    }

    /** Whether this OSD follows an active primary. */
    public boolean isReplica() {
        return phase instanceof Phase.ReplicaActive;
    }

    /** Those whom writes go to: present members and those being filled; without ourselves. */
    public List<Integer> replicas() {
        List<Integer> replicas = new ArrayList<>();
        if (phase instanceof Phase.Active active) {
            for (int osd : active.choice().want()) {
                if (osd != self) {
                    replicas.add(osd);
                }
            }
            replicas.addAll(active.choice().backfill());
        }
        return replicas;
    }

    /** Members that must get every object. */
    public SortedSet<Integer> backfillTargets() {
        return phase instanceof Phase.Active active ? active.choice().backfill() : new TreeSet<>();
    }

    private void become(Phase next) {
        phase = next;
        out.phaseChanged();
    }

    // ---- maps

    /** One epoch further. */
    public void advance(OsdMap next, Membership nextMembers) {
        OsdMap last = map;
        map = next;
        if (nextMembers.equals(members)) {
            return;
        }
        noteInterval(last);
        Membership before = members;
        members = nextMembers;
        boolean upChanged =
                before.upPrimary() != nextMembers.upPrimary()
                        || !before.up().equals(nextMembers.up());
        ledger.history =
                Histories.newInterval(
                        ledger.history,
                        next.epoch(),
                        upChanged,
                        before.primary() != nextMembers.primary());
        ledger.touchInfo();
        reset(next.epoch());
        sendNotify = !isPrimary();
        out.intervalChanged();
    }

    private void reset(int epoch) {
        lastReset = epoch;
        peerInfos.clear();
        peerMissing.clear();
        logAsked.clear();
        become(new Phase.Reset());
    }

    /** Remembers the interval that ends now, if writes may have been acknowledged in it. */
    private void noteInterval(OsdMap last) {
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
        switch (phase) {
            case Phase.Reset _ -> start();
            case Phase.GetInfo p -> restartIfAffected(p.prior());
            case Phase.Down p -> restartIfAffected(p.prior());
            case Phase.WaitActingChange p -> {
                restartIfAffected(p.prior());
                if (phase == p && p.want().stream().anyMatch(osd -> !map.isUp(osd))) {
                    restart();
                }
            }
            case Phase.Incomplete p -> restartIfAffected(p.prior());
            case Phase.GetLog p -> restartIfAffected(p.prior());
            case Phase.GetMissing p -> restartIfAffected(p.prior());
            case Phase.WaitUpThru p -> {
                restartIfAffected(p.prior());
                if (phase == p) {
                    activateWhenUpThru(p.prior(), p.choice());
                }
            }
            case Phase.Active _, Phase.ReplicaActive _ -> {
                // members did not change: nothing to do
            }
            case Phase.Stray _ -> notifyPrimary();
        }
    }

    private void restartIfAffected(PriorSet prior) {
        if (prior.isAffected(map::isUp, this::lostAt, lostBefore)) {
            restart();
        }
    }

    private void restart() {
        reset(map.epoch());
        out.restarted();
        start();
    }

    private int lostAt(int osd) {
        return map.exists(osd) ? map.info(osd).lostAt() : -1;
    }

    private void start() {
        if (isPrimary()) {
            getInfo();
        } else {
            become(new Phase.Stray());
            notifyPrimary();
        }
    }

    private void notifyPrimary() {
        if (sendNotify && members.primary() >= 0) {
            sendNotify = false;
            out.tellNotify(members.primary(), map.epoch(), ledger.info());
        }
    }

    // ---- primary

    private PriorSet prior() {
        PriorSet prior =
                PriorSet.of(
                        ledger.pastIntervals,
                        ledger.history.lastEpochStarted(),
                        members.up(),
                        members.acting(),
                        map::isUp,
                        this::lostAt);
        lostBefore = new TreeMap<>();
        for (int osd : prior.down()) {
            lostBefore.put(osd, lostAt(osd));
        }
        return prior;
    }

    private void getInfo() {
        PriorSet prior = prior();
        if (needsUpThru()) {
            out.wantUpThru(ledger.history.sameIntervalSince()); // early, to save a round
        }
        SortedSet<Integer> awaited = new TreeSet<>();
        for (int osd : prior.probe()) {
            if (osd != self && map.isUp(osd) && !peerInfos.containsKey(osd)) {
                awaited.add(osd);
            }
        }
        become(new Phase.GetInfo(prior, awaited));
        awaited.forEach(out::askInfo);
        if (awaited.isEmpty()) {
            gotInfo(prior);
        }
    }

    private boolean needsUpThru() {
        return Integer.compareUnsigned(map.upThru(self), ledger.history.sameIntervalSince()) < 0;
    }

    private void gotInfo(PriorSet prior) {
        if (prior.blocked()) {
            Mark.hit("peering is blocked by members that are down");
            become(new Phase.Down(prior));
        } else {
            getLog(prior);
        }
    }

    private SortedMap<Integer, PgInfo> allInfos() {
        SortedMap<Integer, PgInfo> all = new TreeMap<>(peerInfos);
        all.put(self, ledger.info());
        return all;
    }

    private void getLog(PriorSet prior) {
        SortedMap<Integer, PgInfo> infos = allInfos();
        Optional<ActingSet.Choice> chosen =
                ActingSet.choose(
                        infos,
                        members.up(),
                        members.upPrimary(),
                        members.acting(),
                        members.size(),
                        self);
        if (chosen.isEmpty()) {
            become(new Phase.Incomplete(prior));
            return;
        }
        ActingSet.Choice choice = chosen.get();
        if (!choice.want().equals(members.acting())) {
            become(new Phase.WaitActingChange(prior, choice.want()));
            out.wantActing(choice.want().equals(members.up()) ? List.of() : choice.want());
            return;
        }
        PgInfo best = Objects.requireNonNull(infos.get(choice.authority()));
        if (choice.authority() == self) {
            getMissing(prior, choice);
            return;
        }
        if (ledger.lastUpdate.compareTo(best.logTail()) < 0) {
            become(new Phase.Incomplete(prior));
            return;
        }
        EVersion since = ledger.lastUpdate;
        for (int osd : choice.want()) {
            PgInfo info = infos.get(osd);
            if (info != null
                    && info.lastUpdate().compareTo(ledger.log.tail()) < 0
                    && info.lastUpdate().compareTo(best.logTail()) >= 0
                    && info.lastUpdate().compareTo(since) < 0) {
                since = info.lastUpdate(); // our own log does not reach back to what this one lacks
            }
        }
        become(new Phase.GetLog(prior, choice, since));
        out.askLog(choice.authority(), since);
    }

    private void gotLog(Phase.GetLog p, Event.LogReceived event) {
        peerInfos.put(event.from(), event.info());
        peerMissing.put(event.from(), event.missing());
        ledger.mergeAuthoritative(event.info(), event.log());
        out.persist();
        getMissing(p.prior(), p.choice());
    }

    private void getMissing(PriorSet prior, ActingSet.Choice choice) {
        SortedSet<Integer> awaited = new TreeSet<>();
        List<Integer> others = new ArrayList<>(choice.want());
        others.addAll(choice.backfill());
        for (int osd : others) {
            PgInfo info = peerInfos.get(osd);
            if (osd == self || info == null) {
                continue;
            }
            if (isEmpty(info)
                    || info.lastUpdate().compareTo(ledger.log.tail()) < 0
                    || info.lastBackfill().isMin()
                    || info.lastUpdate().equals(info.lastComplete())
                            && info.lastUpdate().equals(ledger.lastUpdate)) {
                peerMissing.putIfAbsent(osd, new MissingSet());
            } else if (!peerMissing.containsKey(osd)) {
                awaited.add(osd);
                // From the interval it last took part in: divergence cannot begin before.
                EVersion since = new EVersion(info.lastEpochStarted(), 0);
                out.askLog(osd, info.logTail().compareTo(since) <= 0 ? since : EVersion.ZERO);
            }
        }
        become(new Phase.GetMissing(prior, choice, awaited));
        if (awaited.isEmpty()) {
            activateWhenUpThru(prior, choice);
        }
    }

    private static boolean isEmpty(PgInfo info) {
        return info.lastUpdate().equals(EVersion.ZERO);
    }

    private void activateWhenUpThru(PriorSet prior, ActingSet.Choice choice) {
        if (needsUpThru()) {
            if (!(phase instanceof Phase.WaitUpThru)) {
                become(new Phase.WaitUpThru(prior, choice));
                out.wantUpThru(ledger.history.sameIntervalSince());
            }
            return;
        }
        activate(choice);
    }

    private void activate(ActingSet.Choice choice) {
        int interval = ledger.history.sameIntervalSince();
        ledger.lastEpochStarted = map.epoch();
        ledger.lastIntervalStarted = interval;
        ledger.touchInfo();
        ledger.updateLastComplete();
        SortedSet<Integer> waiting = new TreeSet<>(choice.want());
        waiting.addAll(choice.backfill());
        become(new Phase.Active(choice, waiting, Phase.Stage.ACTIVATING));
        out.persist(new Event.Activated(lastReset));
        for (int osd : choice.want()) {
            if (osd != self) {
                activateMember(osd, false);
            }
        }
        for (int osd : choice.backfill()) {
            activateMember(osd, true);
        }
    }

    private void activateMember(int osd, boolean backfill) {
        PgInfo info = Objects.requireNonNull(peerInfos.get(osd));
        MissingSet missing = peerMissing.computeIfAbsent(osd, o -> new MissingSet());
        PgInfo truth = ledger.info();
        boolean tooOld = info.lastUpdate().compareTo(ledger.log.tail()) < 0;
        boolean restart =
                backfill && (tooOld || info.lastBackfill().isMin() || info.lastBackfill().isMax());
        if (restart) {
            missing.clear();
            PgInfo start = ledger.infoForBackfill(HObject.MIN);
            List<PgLogEntry> entries = ledger.log.newest(backfillLogCount);
            EVersion tail = ledger.log.versionBefore(entries.size());
            peerInfos.put(osd, Infos.withLogTail(start, tail));
            out.tellLog(
                    osd,
                    map.epoch(),
                    Infos.withLogTail(start, tail),
                    new LogMerge.Stretch(tail, entries),
                    new MissingSet());
            return;
        }
        PgInfo told = backfill ? ledger.infoForBackfill(info.lastBackfill()) : truth;
        if (info.lastUpdate().equals(ledger.lastUpdate) && !isEmpty(info)) {
            out.tellInfo(osd, told);
        } else {
            // Also to whom the log has nothing new, if it is empty: the message makes the group
            // there.
            List<PgLogEntry> entries = ledger.log.after(info.lastUpdate());
            EVersion tail = info.lastUpdate();
            for (PgLogEntry entry : entries) {
                if (entry.object().compareTo(info.lastBackfill()) <= 0) {
                    missing.addNext(entry);
                }
            }
            out.tellLog(
                    osd, map.epoch(), told, new LogMerge.Stretch(tail, entries), new MissingSet());
        }
        EVersion complete = missing.isEmpty() ? ledger.lastUpdate : info.lastComplete();
        peerInfos.put(osd, Infos.activated(info, ledger.lastUpdate, complete, truth));
    }

    private void confirmed(Phase.Active p, int osd) {
        if (p.stage() != Phase.Stage.ACTIVATING || !p.notActivated().contains(osd)) {
            return;
        }
        SortedSet<Integer> left = new TreeSet<>(p.notActivated());
        left.remove(osd);
        phase = new Phase.Active(p.choice(), left, p.stage());
        if (!left.isEmpty()) {
            return;
        }
        ledger.history =
                Histories.started(
                        ledger.history, ledger.lastEpochStarted, ledger.lastIntervalStarted);
        ledger.touchInfo();
        become(new Phase.Active(p.choice(), left, Phase.Stage.RECOVERING));
        out.persist();
        shareInfo();
        out.activated();
    }

    private void shareInfo() {
        for (int osd : replicas()) {
            PgInfo peer = peerInfos.get(osd);
            out.tellInfo(
                    osd,
                    peer == null || peer.lastBackfill().isMax()
                            ? ledger.info()
                            : ledger.infoForBackfill(peer.lastBackfill()));
        }
    }

    private void recovered(Phase.Active p) {
        if (p.stage() != Phase.Stage.RECOVERING) {
            return;
        }
        if (!p.choice().backfill().isEmpty()) {
            // Everybody holds everything now: let those whom CRUSH chose serve.
            backfilled();
            return;
        }
        become(new Phase.Active(p.choice(), p.notActivated(), Phase.Stage.CLEAN));
        if (members.actingCount() >= members.size()) {
            ledger.history =
                    Histories.clean(
                            ledger.history, map.epoch(), ledger.history.sameIntervalSince());
            ledger.pastIntervals.clear();
            ledger.touchInfo();
            out.persist();
            shareInfo();
            removeStrays(p.choice());
        }
        out.clean();
    }

    private void backfilled() {
        SortedMap<Integer, PgInfo> infos = allInfos();
        Optional<ActingSet.Choice> choice =
                ActingSet.choose(
                        infos,
                        members.up(),
                        members.upPrimary(),
                        members.acting(),
                        members.size(),
                        self);
        choice.ifPresent(c -> {
            if (!c.want().equals(members.acting())) {
                out.wantActing(c.want().equals(members.up()) ? List.of() : c.want());
            }
        });
    }

    private void removeStrays(ActingSet.Choice choice) {
        for (int osd : List.copyOf(peerInfos.keySet())) {
            if (!choice.want().contains(osd)
                    && !choice.backfill().contains(osd)
                    && !members.up().contains(osd)) {
                peerInfos.remove(osd);
                peerMissing.remove(osd);
                if (map.isUp(osd)) {
                    out.removeStray(osd);
                }
            }
        }
    }

    /** Asks those for their logs who may hold what nobody else has. */
    public void searchStrays() {
        for (Map.Entry<Integer, PgInfo> entry : peerInfos.entrySet()) {
            int osd = entry.getKey();
            if (!isEmpty(entry.getValue())
                    && !peerMissing.containsKey(osd)
                    && map.isUp(osd)
                    && logAsked.add(osd)) {
                out.askLog(osd, EVersion.ZERO);
            }
        }
    }

    // ---- events

    /** Something happened. */
    public void on(Event event) {
        switch (event) {
            case Event.Notified e -> notified(e);
            case Event.InfoReceived e -> infoReceived(e);
            case Event.LogReceived e -> logReceived(e);
            case Event.InfoAsked e -> {
                if (!isPrimary()) {
                    out.tellNotify(e.from(), e.epoch(), ledger.info());
                }
            }
            case Event.LogAsked e -> {
                if (!isPrimary()) {
                    tellLog(e);
                }
            }
            case Event.Activated e -> activated(e);
            case Event.Recovered _ -> {
                if (phase instanceof Phase.Active p) {
                    recovered(p);
                }
            }
        }
    }

    private void tellLog(Event.LogAsked e) {
        EVersion since = e.since().isAfter(ledger.log.tail()) ? e.since() : ledger.log.tail();
        out.tellLog(
                e.from(),
                e.epoch(),
                ledger.info(),
                new LogMerge.Stretch(since, ledger.log.after(since)),
                ledger.missing);
    }

    private void notified(Event.Notified e) {
        if (!isPrimary()) {
            return;
        }
        boolean known = peerInfos.containsKey(e.from());
        if (phase instanceof Phase.Active p) {
            boolean member =
                    p.choice().want().contains(e.from())
                            || p.choice().backfill().contains(e.from());
            if (!member && !known) {
                peerInfos.put(e.from(), e.info());
                if (p.stage() == Phase.Stage.CLEAN && members.actingCount() >= members.size()) {
                    removeStrays(p.choice());
                } else {
                    out.activated(); // it may hold what we look for
                }
            }
            return;
        }
        peerInfos.put(e.from(), e.info());
        int startedBefore = ledger.history.lastEpochStarted();
        if (ledger.mergeHistory(e.info().history())) {
            out.persist();
        }
        switch (phase) {
            case Phase.GetInfo p -> {
                SortedSet<Integer> left = new TreeSet<>(p.awaited());
                left.remove(e.from());
                PriorSet prior = p.prior();
                if (ledger.history.lastEpochStarted() != startedBefore) {
                    prior = prior(); // fewer intervals matter now
                    left.retainAll(prior.probe());
                }
                phase = new Phase.GetInfo(prior, left);
                if (left.isEmpty()) {
                    gotInfo(prior);
                }
            }
            case Phase.Incomplete p -> {
                if (!known) {
                    getLog(p.prior()); // somebody new: perhaps it is whole
                }
            }
            case Phase.Down _, Phase.WaitActingChange _, Phase.GetLog _, Phase.GetMissing _ -> {
                // remembered; the present step does not need it
            }
            case Phase.Reset _, Phase.WaitUpThru _, Phase.Active _ -> {
                // remembered
            }
            case Phase.Stray _, Phase.ReplicaActive _ ->
                    throw Invariant.broken("a primary in phase %s", phase);
        }
    }

    private void infoReceived(Event.InfoReceived e) {
        switch (phase) {
            case Phase.Active p -> confirmed(p, e.from());
            case Phase.Stray _ -> {
                if (e.from() == members.primary()) {
                    if (ledger.lastUpdate.isAfter(e.info().lastUpdate())) {
                        ledger.rewind(e.info().lastUpdate());
                    }
                    follow(e.info());
                }
            }
            case Phase.ReplicaActive _ -> {
                if (e.from() == members.primary()) {
                    ledger.takeOver(e.info());
                    out.persist();
                }
            }
            case Phase.Reset _, Phase.GetInfo _, Phase.Down _, Phase.WaitActingChange _ ->
                    Mark.hit("info came too early or too late");
            case Phase.Incomplete _, Phase.GetLog _, Phase.GetMissing _, Phase.WaitUpThru _ ->
                    Mark.hit("info came too early or too late");
        }
    }

    private void logReceived(Event.LogReceived e) {
        switch (phase) {
            case Phase.GetLog p -> {
                if (e.from() == p.choice().authority()) {
                    gotLog(p, e);
                }
            }
            case Phase.GetMissing p -> {
                learnLog(e);
                SortedSet<Integer> left = new TreeSet<>(p.awaited());
                if (left.remove(e.from())) {
                    phase = new Phase.GetMissing(p.prior(), p.choice(), left);
                    if (left.isEmpty()) {
                        activateWhenUpThru(p.prior(), p.choice());
                    }
                }
            }
            case Phase.Active _ -> {
                if (!peerMissing.containsKey(e.from())) {
                    learnLog(e);
                    out.activated(); // it may hold what we look for
                }
            }
            case Phase.Stray _ -> {
                if (e.from() == members.primary()) {
                    if (e.info().lastBackfill().isMin()) {
                        ledger.startBackfill(e.info(), e.log());
                    } else {
                        ledger.mergeAuthoritative(e.info(), e.log());
                    }
                    follow(e.info());
                }
            }
            case Phase.Reset _, Phase.GetInfo _, Phase.Down _, Phase.WaitActingChange _ ->
                    Mark.hit("log came too early or too late");
            case Phase.Incomplete _, Phase.WaitUpThru _, Phase.ReplicaActive _ ->
                    Mark.hit("log came too early or too late");
        }
    }

    /** Works out what a member lacks from its log and ours. */
    private void learnLog(Event.LogReceived e) {
        MissingSet missing = new MissingSet(e.missing().items());
        PgInfo info = e.info();
        if (LogMerge.overlap(
                e.log().tail(), e.log().head(), ledger.log.tail(), ledger.log.head())) {
            // Of what it lacks because it never heard of it, activation will tell: only divergence
            // counts here.
            EVersion common = LogMerge.common(e.log(), ledger.log.stretch());
            LogMerge.takeBackDivergent(e.log(), ledger.log.stretch(), common, missing);
            if (info.lastUpdate().isAfter(common)) {
                Mark.hit("a member's log was divergent");
                info = Infos.rewound(info, common, missing.isEmpty());
            }
        }
        peerInfos.put(e.from(), info);
        peerMissing.put(e.from(), missing);
    }

    private void follow(PgInfo truth) {
        ledger.takeOver(truth);
        ledger.lastEpochStarted = truth.lastEpochStarted();
        ledger.lastIntervalStarted = truth.lastIntervalStarted();
        ledger.updateLastComplete();
        ledger.touchInfo();
        become(new Phase.ReplicaActive(false));
        out.persist(new Event.Activated(lastReset));
        out.replicaActivated();
    }

    private void activated(Event.Activated e) {
        if (e.interval() != lastReset) {
            return;
        }
        switch (phase) {
            case Phase.Active p -> confirmed(p, self);
            case Phase.ReplicaActive _ -> {
                become(new Phase.ReplicaActive(true));
                out.tellInfo(members.primary(), ledger.info());
            }
            case Phase.Reset _,
                    Phase.GetInfo _,
                    Phase.Down _,
                    Phase.WaitActingChange _,
                    Phase.Incomplete _,
                    Phase.GetLog _,
                    Phase.GetMissing _,
                    Phase.WaitUpThru _,
                    Phase.Stray _ ->
                    throw Invariant.broken("activated in phase %s", phase);
        }
    }
}
