package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.ActingSet;
import io.sepiola.osd.peering.Event;
import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MOSDPGPull;
import io.sepiola.protocol.message.MOSDPGPush;
import io.sepiola.protocol.message.MOSDPGPushReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PullOp;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.PushReplyOp;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives every member the objects that it lacks: the primary pulls what it lacks itself, and pushes
 * to the others. Objects that operations wait for come first. Owned by the group.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Pg pg;
    private final LinkedHashSet<HObject> pending = new LinkedHashSet<>();
    private final LinkedHashSet<HObject> urgent = new LinkedHashSet<>();
    private final Set<HObject> unfound = new HashSet<>();
    private final Map<HObject, Work> active = new HashMap<>();
    private final Gathered gathered = new Gathered();
    private final Backfill backfill;
    private final Reservations reservations;
    private boolean started;
    private boolean waitsForSlot;
    private boolean waitsAtOnce;

    Recovery(Pg pg) {
        this.pg = pg;
        this.backfill = new Backfill(pg, this);
        this.reservations = new Reservations(pg, this);
    }

    /** The recovery of one object. */
    private static final class Work {
        /** From whom it is being pulled; -1 when it is not. */
        int pullFrom = -1;

        /**
         * Which version is being pulled: the one that is missing, or an older one to go back to.
         */
        EVersion pulled = EVersion.ZERO;

        /** To whom it is being pushed, and how far. */
        final SortedMap<Integer, ObjectRecoveryProgress> pushes = new TreeMap<>();

        /** Before a next part. */
        final List<RecoverySlots.Pause> pauses = new ArrayList<>();

        boolean awaited;
    }

    // ---- what operations ask

    /** Whether an operation on that object has to wait. */
    boolean blocks(HObject object, boolean writes) {
        if (pg.ledger().missing.contains(object)) {
            return true;
        }
        if (!started) {
            return false;
        }
        if (!writes) {
            return pg.commands().unfound().unshown().mayBeUnshown(object);
        }
        if (active.containsKey(object) || backfill.isPushing(object)) {
            return true;
        }
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null && missing.contains(object)) {
                return true;
            }
        }
        return false;
    }

    /** Somebody waits for that object. */
    void hurry(HObject object) {
        Work work = active.get(object);
        if (backfill.isPushing(object)) {
            backfill.hurry(object);
        } else if (work != null) {
            work.awaited = true;
            List.copyOf(work.pauses).forEach(RecoverySlots.Pause::end);
        } else {
            pending.remove(object);
            urgent.add(object);
            work();
        }
    }

    /** Whether writes of that object go to that member, or only their log entries. */
    boolean holds(int osd, HObject object) {
        return !pg.peering().backfillTargets().contains(osd) || backfill.holds(osd, object);
    }

    /** How many objects nobody is known to have. */
    int unfoundCount() {
        return unfound.size();
    }

    /** Whether nobody is known to have that object. */
    boolean isUnfound(HObject object) {
        return unfound.contains(object);
    }

    /** Those objects go back to versions that others have, which come first. */
    void fetchOlder(List<HObject> objects) {
        unfound.removeAll(objects);
        urgent.addAll(objects);
        work();
    }

    /** Those objects are not looked for any more. */
    void givenUp(List<HObject> objects) {
        unfound.removeAll(objects);
        objects.forEach(pg.operations()::recovered);
        start();
    }

    /** Whether anything is under way or to be done. */
    boolean isBusy() {
        return started && (!pending.isEmpty() || !urgent.isEmpty() || !active.isEmpty());
    }

    /** What is being pulled or pushed. */
    SortedSet<HObject> underWay() {
        return new TreeSet<>(active.keySet());
    }

    boolean isBackfilling() {
        return backfill.isBusy();
    }

    // ---- the course of things

    /** The group is active: look for what is missing; again when somebody new may have it. */
    void start() {
        started = true;
        unfound.clear();
        gather(pg.ledger().missing);
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null) {
                gather(missing);
            }
        }
        work();
    }

    private void gather(MissingSet missing) {
        for (HObject object : missing.items().keySet()) {
            if (!active.containsKey(object) && !urgent.contains(object)) {
                (pg.operations().isAwaited(object) ? urgent : pending).add(object);
            }
        }
    }

    /**
     * A member's copy of an object is no good, or ours is: it is to be had anew. {@link #start}
     * follows.
     */
    void damaged(int osd, HObject object, EVersion version) {
        if (osd != pg.host().self()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null) {
                missing.add(object, version, EVersion.ZERO);
            }
            return;
        }
        pg.ledger().missing.add(object, version, EVersion.ZERO);
        pg.ledger().updateLastComplete();
        pg.ledger().touchInfo();
        pg.persist();
    }

    /** Everything is void. */
    void intervalChanged() {
        int slots = active.size();
        started = false;
        pending.clear();
        urgent.clear();
        unfound.clear();
        active.clear();
        pg.commands().unfound().intervalChanged();
        backfill.intervalChanged();
        reservations.intervalChanged();
        pg.host().slots().give(slots);
    }

    /** Nothing comes from that OSD any more: what it was to give comes from another, if it can. */
    void sourceGone(int osd) {
        for (HObject object : List.copyOf(active.keySet())) {
            Work work = active.get(object);
            if (work != null && work.pullFrom == osd) {
                Mark.hit("the source of an object went down");
                active.remove(object);
                pending.add(object);
                pg.host().slots().give();
            }
        }
        work();
    }

    /** A new map: what an administrator forbade may be allowed again. */
    void mapReached() {
        if (started && (!pending.isEmpty() || !backfill.isDone())) {
            reservations.mapReached();
            work();
        }
    }

    /** Goes on with what may be done now. */
    void work() {
        while (mayBegin() && !(urgent.isEmpty() ? waitsForSlot : waitsAtOnce)) {
            if (!takeSlot()) {
                return;
            }
            LinkedHashSet<HObject> queue = urgent.isEmpty() ? pending : urgent;
            Iterator<HObject> first = queue.iterator();
            HObject object = first.next();
            first.remove();
            if (!begin(object)) {
                pg.host().slots().give();
            }
        }
        if (started && pending.isEmpty() && urgent.isEmpty() && active.isEmpty()) {
            finish();
        } else if (started && !pending.isEmpty()) {
            reservations.wantRecovery();
        }
    }

    /** Whether there is an object to be begun: one that somebody waits for, or a place for any. */
    private boolean mayBegin() {
        boolean any = !pending.isEmpty() && reservations.isHeld() && reservations.mayRecover();
        return started && (any || !urgent.isEmpty());
    }

    private boolean takeSlot() {
        if (urgent.isEmpty()) {
            waitsForSlot = !pg.host().slots().take(() -> slotFree(false));
            return !waitsForSlot;
        }
        waitsAtOnce = !pg.host().slots().takeAtOnce(() -> slotFree(true));
        return !waitsAtOnce;
    }

    private void slotFree(boolean atOnce) {
        if (atOnce) {
            waitsAtOnce = false;
        } else {
            waitsForSlot = false;
        }
        if (!mayBegin()) {
            Mark.hit("a group that waited for a slot needs none any more");
            pg.host().slots().pass();
        }
        work();
    }

    private void finish() {
        if (!unfound.isEmpty()) {
            reservations.release();
            pg.peering().searchStrays();
            return;
        }
        if (backfill.isDone()) {
            reservations.release();
            pg.peering().on(new Event.Recovered());
        } else if (!reservations.mayBackfill()) {
            if (!backfill.isBusy()) {
                reservations.release();
            }
        } else if (reservations.isBackfillHeld()) {
            backfill.start();
        } else {
            reservations.wantBackfill();
        }
    }

    /** The members being filled hold everything. */
    void backfilled() {
        work();
    }

    private boolean begin(HObject object) {
        if (active.containsKey(object)) {
            return false;
        }
        Work work = new Work();
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (item != null) {
            List<Integer> holders = holders(object, item.need());
            Unfound.Older older = pg.commands().unfound().wantedOlderOrNull(object);
            if (holders.isEmpty() && older == null) {
                Mark.hit("an object is unfound");
                unfound.add(object);
                if (!pg.commands().unfound().putBack(object)) {
                    pg.operations().unfound(object);
                }
                return false;
            }
            work.pullFrom = older == null ? holders.getFirst() : older.osd();
            work.pulled = older == null ? item.need() : older.version();
            active.put(object, work);
            pull(object, work.pulled, work.pullFrom, ObjectRecoveryProgress.START);
            return true;
        }
        active.put(object, work);
        try {
            push(object, work);
        } catch (StoreException damaged) {
            sourceDamaged(object, damaged);
            active.remove(object);
            pending.add(object); // from somebody else
            return false;
        }
        if (work.pushes.isEmpty()) {
            active.remove(object);
            pg.operations().recovered(object);
            return false;
        }
        return true;
    }

    /** What we wanted to give others is no good here: we lack it ourselves. */
    void sourceDamaged(HObject object, StoreException damaged) {
        Mark.hit("the source of a push is damaged");
        pg.host()
                .scrubs()
                .log(4, pg.id() + " push of " + object + " failed: " + damaged.getMessage());
        EVersion version = EVersion.ZERO;
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            MissingSet.Item item = missing == null ? null : missing.itemOrNull(object);
            version = item == null ? version : item.need();
        }
        damaged(pg.host().self(), object, version);
        pg.ledger().tally.repaired++;
        pg.host().scrubs().mended(1);
        if (!active.containsKey(object)) {
            pending.add(object);
        }
    }

    private void again(HObject object) {
        active.remove(object);
        pending.add(object);
        pg.host().slots().give();
        work();
    }

    /** Members, beside us, that have that version of an object as far as is known. */
    List<Integer> holders(HObject object, EVersion version) {
        List<Integer> holders = new ArrayList<>();
        for (Map.Entry<Integer, PgInfo> entry : pg.peering().peerInfos().entrySet()) {
            int osd = entry.getKey();
            MissingSet missing = pg.peering().peerMissing().get(osd);
            PgInfo info = entry.getValue();
            if (missing != null
                    && !missing.contains(object)
                    && info.lastUpdate().compareTo(version) >= 0
                    && ActingSet.holds(info, object)
                    && pg.host().map().isUp(osd)) {
                holders.add(osd);
            }
        }
        return holders;
    }

    private PgShard me() {
        return new PgShard(pg.host().self(), SpgId.NO_SHARD);
    }

    void pull(HObject object, EVersion need, int from, ObjectRecoveryProgress progress) {
        PullOp op =
                new PullOp(
                        object,
                        Transfers.aim(object, need, Transfers.infoOfNothing(object)),
                        progress);
        pg.host()
                .send(
                        from,
                        new MOSDPGPull(
                                pg.id(),
                                pg.epoch(),
                                List.of(op),
                                pg.host().options().chunkSizeMax(),
                                me(),
                                pg.peering().lastReset()));
    }

    private void push(HObject object, Work work) {
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null && missing.contains(object)) {
                work.pushes.put(osd, ObjectRecoveryProgress.START);
            }
        }
        for (int osd : List.copyOf(work.pushes.keySet())) {
            ObjectRecoveryProgress after =
                    pushPartOrNull(osd, object, ObjectRecoveryProgress.START);
            if (after != null) {
                work.pushes.put(osd, after);
                continue;
            }
            // It is gone: deleted by a later entry, which the member has handled itself.
            work.pushes.remove(osd);
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null) {
                missing.remove(object);
            }
        }
    }

    /** Sends one part; tells how far it goes, or null when there is no such object. */
    @Nullable ObjectRecoveryProgress pushPartOrNull(
            int osd, HObject object, ObjectRecoveryProgress progress) {
        PushOp part = partOrNull(object, progress);
        if (part == null) {
            return null;
        }
        pg.host().slots().moves(part.data().size());
        send(osd, part, pg.peering().lastReset());
        return part.after();
    }

    @Nullable PushOp partOrNull(HObject object, ObjectRecoveryProgress progress) {
        PgOptions options = pg.host().options();
        return Transfers.partOrNull(
                pg.host().store(),
                pg.collection(),
                object,
                progress,
                pg.host().slots().partSize(options.chunkSizeMax()),
                options.omapChunkCountMax());
    }

    /** An answer names the epoch of the question: whoever asked may have begun anew since ours. */
    void send(int osd, PushOp part, int epochAsked) {
        pg.host()
                .send(
                        osd,
                        new MOSDPGPush(
                                pg.id(),
                                pg.epoch(),
                                List.of(part),
                                part.data().size(),
                                me(),
                                epochAsked,
                                false));
    }

    private void done(HObject object) {
        active.remove(object);
        pg.operations().recovered(object);
        pg.host().stateChanged(pg);
        pg.host().slots().give();
        backfill.resume();
        work();
    }

    // ---- messages

    /** A part of an object came: pushed by the primary, or pulled by us. */
    void pushed(int from, MOSDPGPush message) {
        for (PushOp part : message.ops()) {
            if (pg.peering().isPrimary()) {
                partPulled(from, part);
            } else if (!pg.writes().mending().pushed(part)) {
                store(part, () -> confirm(from, part, message.minEpoch()));
            }
        }
    }

    private void partPulled(int from, PushOp part) {
        Work work = active.get(part.object());
        MissingSet.Item item = pg.ledger().missing.itemOrNull(part.object());
        if (work == null || work.pullFrom != from || item == null) {
            return;
        }
        pg.host().slots().moves(part.data().size());
        boolean any = work.pulled.equals(EVersion.ZERO) && !part.version().equals(EVersion.ZERO);
        if (!any && !part.version().equals(work.pulled)) {
            Mark.hit("a member has not the version it should have");
            LOG.warn(
                    "{}: osd.{} has {} of {}, {} is wanted",
                    pg,
                    from,
                    part.version(),
                    part.object(),
                    work.pulled);
            damaged(from, part.object(), item.need());
            pg.operations().damagedCopies().refusedBy(from, part.object());
            again(part.object());
            return;
        }
        if (!Transfers.isLast(part)) {
            Runnable more = () -> pull(part.object(), work.pulled, from, part.after());
            store(part, () -> afterPause(part.object(), work, more));
        } else if (work.pulled.equals(item.need())) {
            store(part, () -> pulledWhole(part.object(), work));
        } else {
            MissingSet missing = pg.ledger().missing;
            store(
                    part,
                    () -> missing.add(part.object(), item.need(), part.version()),
                    () -> pulledOlder(part.object()));
        }
    }

    private void pulledOlder(HObject object) {
        active.remove(object);
        pg.host().slots().give();
        pg.commands().unfound().fetched(object);
    }

    private void pulledWhole(HObject object, Work work) {
        work.pullFrom = -1;
        try {
            push(object, work);
        } catch (StoreException damaged) {
            sourceDamaged(object, damaged);
            again(object);
            return;
        }
        if (work.pushes.isEmpty()) {
            done(object);
        }
    }

    /** Puts a part on this disk; {@code committed} follows in the same interval. */
    void store(PushOp part, Runnable committed) {
        store(part, () -> pg.ledger().missing.remove(part.object()), committed);
    }

    private void store(PushOp part, Runnable whole, Runnable committed) {
        List<Transaction.Op> all = new ArrayList<>(Transfers.place(pg.collection(), part));
        gathered.put(part);
        if (Transfers.isLast(part)) {
            whole.run();
            if (pg.ledger().missing.isEmpty()) {
                pg.ledger().updateLastComplete();
            }
            LedgerDisk.flush(pg.collection(), pg.meta(), pg.ledger(), pg.epoch(), all);
        }
        int interval = pg.peering().lastReset();
        try {
            pg.host()
                    .store()
                    .submit(
                            new Transaction(all),
                            pg.host().shard(),
                            () -> {
                                if (interval == pg.peering().lastReset() && !pg.isRemoved()) {
                                    committed.run();
                                }
                            });
        } catch (StoreException | StoreGone failure) {
            pg.host().failed(failure);
        }
    }

    private void confirm(int to, PushOp part, int epochAsked) {
        pg.host()
                .send(
                        to,
                        new MOSDPGPushReply(
                                pg.id(),
                                pg.epoch(),
                                List.of(new PushReplyOp(part.object())),
                                0,
                                me(),
                                epochAsked));
    }

    /** A member has a part. */
    void confirmed(int from, MOSDPGPushReply message) {
        for (PushReplyOp op : message.ops()) {
            if (backfill.confirmed(from, op.object())) {
                continue;
            }
            Work work = active.get(op.object());
            ObjectRecoveryProgress reached = work == null ? null : work.pushes.get(from);
            if (work == null || reached == null) {
                continue;
            }
            if (isWhole(reached)) {
                whole(from, op.object(), work);
            } else {
                afterPause(op.object(), work, () -> next(from, op.object(), work, reached));
            }
        }
    }

    /** Goes on with an object, if its recovery is still that one. */
    private void afterPause(HObject object, Work work, Runnable next) {
        work.pauses.removeIf(RecoverySlots.Pause::isOver);
        Runnable checked =
                () -> {
                    if (active.get(object) == work) {
                        next.run();
                    }
                };
        work.pauses.add(pg.host().slots().pause(work.awaited, checked));
    }

    static boolean isWhole(ObjectRecoveryProgress reached) {
        return reached.dataComplete() && reached.omapComplete();
    }

    private void next(int osd, HObject object, Work work, ObjectRecoveryProgress reached) {
        ObjectRecoveryProgress after;
        try {
            after = pushPartOrNull(osd, object, reached);
        } catch (StoreException damaged) {
            sourceDamaged(object, damaged);
            again(object);
            return;
        }
        if (after == null) {
            whole(osd, object, work);
        } else {
            work.pushes.put(osd, after);
        }
    }

    private void whole(int osd, HObject object, Work work) {
        work.pushes.remove(osd);
        MissingSet missing = pg.peering().peerMissing().get(osd);
        PgInfo info = pg.peering().peerInfos().get(osd);
        if (missing != null) {
            missing.remove(object);
            if (missing.isEmpty() && info != null) {
                pg.peering()
                        .peerInfos()
                        .put(osd, Infos.advanced(info, info.lastUpdate(), info.lastUpdate()));
            }
        }
        if (work.pushes.isEmpty() && work.pullFrom < 0) {
            done(object);
        }
    }

    PgShard from() {
        return me();
    }

    Gathered gathered() {
        return gathered;
    }

    Backfill backfill() {
        return backfill;
    }

    Reservations reservations() {
        return reservations;
    }
}
