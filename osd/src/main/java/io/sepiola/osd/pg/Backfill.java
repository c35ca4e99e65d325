package io.sepiola.osd.pg;

import io.sepiola.base.Codec;
import io.sepiola.base.Encoder;
import io.sepiola.base.Mark;
import io.sepiola.base.Primitives;
import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.PgStats;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.message.MOSDPGBackfill;
import io.sepiola.protocol.message.MOSDPGRecoveryDelete;
import io.sepiola.protocol.message.MOSDPGRecoveryDeleteReply;
import io.sepiola.protocol.message.MOSDPGScan;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.ObjectVersion;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fills a member whose log does not reach back far enough: both sides list their objects range by
 * range, and the primary pushes what differs and has removed what it does not have. Writes within
 * the range at hand go to the member whole, behind it only their log entries; an object that is yet
 * to be pushed takes no writes. One member after the other. Owned by the group.
 */
final class Backfill {
    /** Asks for a digest of a range. */
    static final int GET_DIGEST = 1;

    /** Gives it. */
    static final int DIGEST = 2;

    private static final int PUSH_COUNT_MAX = 8;
    private static final Codec<Map<HObject, EVersion>> VERSIONS =
            Primitives.mapOf(HObject.CODEC, EVersion.CODEC);

    private final Pg pg;
    private final Recovery recovery;
    private final Set<Integer> filled = new HashSet<>();
    private int target = -1;
    private @Nullable HObject rangeEnd;
    private HObject rangeLast = HObject.MIN;
    private final ArrayDeque<HObject> toPush = new ArrayDeque<>();
    private final Set<HObject> unpushed = new HashSet<>();
    private final Map<HObject, ObjectRecoveryProgress> pushing = new HashMap<>();
    private boolean deleting;
    private final Map<HObject, RecoverySlots.Pause> pauses = new HashMap<>();
    private final Set<HObject> awaited = new HashSet<>();
    private boolean paused;
    private boolean waitsForSlot;

    Backfill(Pg pg, Recovery recovery) {
        this.pg = pg;
        this.recovery = recovery;
    }

    boolean isBusy() {
        return target >= 0;
    }

    /** Whose list of objects is awaited. */
    Set<Integer> awaited() {
        return target >= 0 && rangeEnd == null ? Set.of(target) : Set.of();
    }

    /** How far it has come; {@link HObject#MIN} when nothing is filled. */
    HObject started() {
        return target < 0 ? HObject.MIN : reached();
    }

    /** Up to where the range at hand goes. */
    HObject rangeEnd() {
        HObject end = rangeEnd;
        return end == null ? HObject.MIN : end;
    }

    /** What is being pushed. */
    SortedSet<HObject> inFlight() {
        return new TreeSet<>(pushing.keySet());
    }

    boolean isDone() {
        return filled.containsAll(pg.peering().backfillTargets());
    }

    /** Whether the object is about to be pushed. */
    boolean isPushing(HObject object) {
        return !unpushed.isEmpty() && unpushed.contains(object);
    }

    /** Whether a member being filled takes writes of that object. */
    boolean holds(int osd, HObject object) {
        PgInfo info = pg.peering().peerInfos().get(osd);
        if (filled.contains(osd) || info != null && object.compareTo(info.lastBackfill()) <= 0) {
            return true;
        }
        HObject end = rangeEnd;
        return osd == target && end != null && object.compareTo(end) < 0;
    }

    void intervalChanged() {
        filled.clear();
        target = -1;
        paused = false;
        clearRange();
    }

    private void clearRange() {
        rangeEnd = null;
        toPush.clear();
        unpushed.clear();
        awaited.clear();
        pauses.clear();
        deleting = false;
        int slots = pushing.size();
        pushing.clear();
        pg.host().slots().give(slots);
    }

    /** Begins, or goes on after a pause. */
    void start() {
        paused = false;
        if (target >= 0) {
            return;
        }
        for (int osd : pg.peering().backfillTargets()) {
            if (!filled.contains(osd)) {
                target = osd;
                scan();
                return;
            }
        }
    }

    /** The places are gone: what is on its way is finished, and no further range begun. */
    void pause() {
        paused = true;
        if (target >= 0 && rangeEnd == null && !filled.contains(target)) {
            target = -1; // nothing of a range is on its way, but perhaps a digest
        }
    }

    private HObject reached() {
        PgInfo info = pg.peering().peerInfos().get(target);
        return info == null ? HObject.MIN : info.lastBackfill();
    }

    private void scan() {
        pg.host()
                .send(
                        target,
                        new MOSDPGScan(
                                GET_DIGEST,
                                pg.epoch(),
                                pg.peering().lastReset(),
                                pg.id(),
                                reached(),
                                HObject.MAX,
                                recovery.from(),
                                io.sepiola.base.Bytes.EMPTY));
    }

    private record Range(SortedMap<HObject, EVersion> versions, HObject end) {}

    /** The objects after {@code begin} on this disk, and where the range ends. */
    private Range list(HObject begin) {
        int count = pg.host().options().backfillBatchCount();
        SortedMap<HObject, EVersion> versions = new TreeMap<>();
        HObject at = begin;
        while (true) {
            List<GhObject> found =
                    pg.host().store().list(pg.collection(), GhObject.of(at), count + 2);
            for (GhObject stored : found) {
                HObject object = stored.object();
                if (object.compareTo(begin) <= 0
                        || LedgerDisk.isMeta(object)
                        || Transfers.isGathering(object)) {
                    continue;
                }
                if (versions.size() >= count) {
                    return new Range(versions, object);
                }
                versions.put(
                        object, Transfers.versionOf(pg.host().store(), pg.collection(), object));
            }
            if (found.size() < count + 2) {
                return new Range(versions, HObject.MAX);
            }
            if (found.getLast().object().equals(at)) {
                return new Range(versions, HObject.MAX);
            }
            at = found.getLast().object();
        }
    }

    /** Either side of the comparison. */
    void scanned(int from, MOSDPGScan message) {
        if (message.op() == GET_DIGEST && pg.host().isBackfillFull()) {
            recovery.reservations().revokeTooFull(from);
        } else if (message.op() == GET_DIGEST) {
            Range range = list(message.begin());
            Encoder out = new Encoder();
            VERSIONS.encode(range.versions, out);
            pg.host()
                    .send(
                            from,
                            new MOSDPGScan(
                                    DIGEST,
                                    pg.epoch(),
                                    message.queryEpoch(),
                                    pg.id(),
                                    message.begin(),
                                    range.end,
                                    recovery.from(),
                                    out.toBytes()));
        } else if (from == target && rangeEnd == null && message.begin().equals(reached())) {
            compare(message.end(), VERSIONS.fromBytes(message.versions()));
        }
    }

    private void compare(HObject theirEnd, Map<HObject, EVersion> theirs) {
        Range mine = list(reached());
        HObject end = mine.end.compareTo(theirEnd) < 0 ? mine.end : theirEnd;
        rangeEnd = end;
        rangeLast = reached();
        List<ObjectVersion> remove = new ArrayList<>();
        for (Map.Entry<HObject, EVersion> entry : mine.versions.entrySet()) {
            HObject object = entry.getKey();
            if (object.compareTo(end) < 0) {
                rangeLast = object.compareTo(rangeLast) > 0 ? object : rangeLast;
                if (!entry.getValue().equals(theirs.get(object))) {
                    toPush.add(object);
                    unpushed.add(object);
                }
            }
        }
        for (Map.Entry<HObject, EVersion> entry : theirs.entrySet()) {
            HObject object = entry.getKey();
            if (object.compareTo(end) < 0) {
                rangeLast = object.compareTo(rangeLast) > 0 ? object : rangeLast;
                if (!mine.versions.containsKey(object)) {
                    remove.add(new ObjectVersion(object, entry.getValue()));
                }
            }
        }
        if (!remove.isEmpty()) {
            deleting = true;
            pg.host()
                    .send(
                            target,
                            new MOSDPGRecoveryDelete(
                                    recovery.from(),
                                    pg.id(),
                                    pg.epoch(),
                                    pg.peering().lastReset(),
                                    0,
                                    remove));
        }
        push();
    }

    private void push() {
        while (rangeEnd != null && !toPush.isEmpty()) {
            HObject object = toPush.getFirst();
            if (pg.ledger().missing.contains(object)) {
                return; // found damaged here; goes on when it is had from another member
            }
            if (!takeSlot(object)) {
                return;
            }
            toPush.removeFirst();
            ObjectRecoveryProgress after;
            try {
                after = recovery.pushPartOrNull(target, object, ObjectRecoveryProgress.START);
            } catch (StoreException damaged) {
                postpone(object, damaged);
                return;
            }
            if (after == null) {
                unpushed.remove(object);
                awaited.remove(object);
                pg.host().slots().give();
            } else {
                pushing.put(object, after);
            }
        }
        if (rangeEnd != null && pushing.isEmpty() && toPush.isEmpty() && !deleting) {
            rangeDone();
        }
    }

    private boolean takeSlot(HObject object) {
        RecoverySlots slots = pg.host().slots();
        if (awaited.contains(object)) {
            return slots.takeAtOnce(this::slotFree);
        }
        if (pushing.size() >= PUSH_COUNT_MAX || waitsForSlot) {
            return false;
        }
        waitsForSlot = !slots.take(this::slotFreeInTurn);
        return !waitsForSlot;
    }

    private void slotFreeInTurn() {
        waitsForSlot = false;
        slotFree();
    }

    private void slotFree() {
        int before = pushing.size();
        push();
        if (pushing.size() <= before) {
            Mark.hit("a backfill that waited for a slot needs none any more");
            pg.host().slots().pass();
        }
    }

    /** Somebody waits for an object that is about to be pushed: it is the next. */
    void hurry(HObject object) {
        if (!awaited.add(object)) {
            return;
        }
        if (!pushing.containsKey(object)) {
            Mark.hit("a write brings its object's turn in a backfill forward");
            toPush.remove(object);
            toPush.addFirst(object);
            push();
        } else if (pauses.get(object) instanceof RecoverySlots.Pause pause) {
            pause.end();
        }
    }

    private void postpone(HObject object, StoreException damaged) {
        pauses.remove(object);
        pushing.remove(object);
        toPush.addFirst(object);
        pg.host().slots().give();
        recovery.sourceDamaged(object, damaged);
        recovery.start();
    }

    /** An object was recovered: perhaps the one that we wait for. */
    void resume() {
        if (rangeEnd != null && !toPush.isEmpty()) {
            push();
        }
    }

    /** The member has a part; tells whether this concerned us. */
    boolean confirmed(int from, HObject object) {
        ObjectRecoveryProgress reached = from == target ? pushing.get(object) : null;
        if (reached == null) {
            return false;
        }
        if (Recovery.isWhole(reached)) {
            pushed(object);
        } else {
            pauses.put(
                    object,
                    pg.host()
                            .slots()
                            .pause(awaited.contains(object), () -> next(from, object, reached)));
        }
        return true;
    }

    private void next(int osd, HObject object, ObjectRecoveryProgress reached) {
        if (pushing.get(object) != reached) {
            return; // of an earlier interval
        }
        ObjectRecoveryProgress after;
        try {
            after = recovery.pushPartOrNull(osd, object, reached);
        } catch (StoreException damaged) {
            postpone(object, damaged);
            return;
        }
        if (after == null) {
            pushed(object);
        } else {
            pushing.put(object, after);
        }
    }

    private void pushed(HObject object) {
        pauses.remove(object);
        pushing.remove(object);
        unpushed.remove(object);
        awaited.remove(object);
        pg.operations().recovered(object);
        pg.host().slots().give();
        push();
    }

    /** The member has removed what it should not have. */
    void deleted(int from, MOSDPGRecoveryDeleteReply message) {
        if (from == target && deleting) {
            deleting = false;
            push();
        }
    }

    private void rangeDone() {
        boolean last = rangeEnd != null && rangeEnd.isMax();
        HObject upTo = last ? HObject.MAX : rangeLast;
        clearRange();
        PgInfo info = pg.peering().peerInfos().get(target);
        if (info != null && !last) {
            pg.peering().peerInfos().put(target, Infos.withBackfill(info, upTo));
        }
        pg.host()
                .send(
                        target,
                        new MOSDPGBackfill(
                                last ? MOSDPGBackfill.FINISH : MOSDPGBackfill.PROGRESS,
                                pg.epoch(),
                                pg.peering().lastReset(),
                                pg.id(),
                                upTo,
                                PgStats.brief(pg.ledger())));
        pg.host().stateChanged(pg);
        if (last) {
            // From here on the member takes every write, though it has yet to confirm.
            filled.add(target);
        } else if (paused || !recovery.reservations().mayBackfill()) {
            Mark.hit("backfill pauses between two ranges");
            target = -1;
            recovery.work();
        } else {
            scan();
        }
    }

    /** Progress for the member, or its acknowledgement for the primary. */
    void progressed(int from, MOSDPGBackfill message) {
        if (message.op() == MOSDPGBackfill.FINISH_ACK) {
            if (from == target) {
                PgInfo info = pg.peering().peerInfos().get(target);
                if (info != null) {
                    pg.peering().peerInfos().put(target, Infos.withBackfill(info, HObject.MAX));
                }
                target = -1;
                recovery.backfilled();
            }
            return;
        }
        pg.ledger().lastBackfill = message.lastBackfill();
        Infos.copyTally(message.stats().stats().sum(), pg.ledger().tally);
        pg.ledger().touchInfo();
        pg.persist(() -> {
            if (message.op() == MOSDPGBackfill.FINISH) {
                pg.host()
                        .send(
                                from,
                                new MOSDPGBackfill(
                                        MOSDPGBackfill.FINISH_ACK,
                                        pg.epoch(),
                                        message.queryEpoch(),
                                        pg.id(),
                                        HObject.MAX,
                                        PgStats.brief(pg.ledger())));
            }
        });
    }

    /** The primary has us remove objects. */
    void delete(int from, MOSDPGRecoveryDelete message) {
        List<Transaction.Op> all = new ArrayList<>();
        for (ObjectVersion object : message.objects()) {
            all.add(new Transaction.Remove(pg.collection(), GhObject.of(object.object())));
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
                                    pg.host()
                                            .send(
                                                    from,
                                                    new MOSDPGRecoveryDeleteReply(
                                                            pg.id(),
                                                            pg.epoch(),
                                                            message.minEpoch(),
                                                            message.objects(),
                                                            recovery.from()));
                                }
                            });
        } catch (StoreException | StoreGone failure) {
            pg.host().failed(failure);
        }
    }
}
