package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Mark;
import io.sepiola.base.Utf8;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.op.ObjectDraft;
import io.sepiola.osd.op.OpKinds;
import io.sepiola.osd.op.OpLimits;
import io.sepiola.osd.op.OpOutcome;
import io.sepiola.osd.op.OpVector;
import io.sepiola.osd.op.PgListing;
import io.sepiola.osd.op.Results;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.osd.peering.EntryLog;
import io.sepiola.osd.peering.Tally;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.store.ReadAnswer;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Takes clients' operations to a group whose primary we are: lets them wait until the group serves
 * and their object is whole, puts them in order for each object, answers reads, and gives writes to
 * {@link Writes}. Owned by the group.
 */
final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final Pg pg;
    private final ObjectContexts contexts;
    private final Writes writes;
    private final DamagedCopies damagedCopies;
    private final ArrayDeque<ClientRequest> waitingForActive = new ArrayDeque<>();
    private final Map<HObject, ArrayDeque<ClientRequest>> waitingForObject = new LinkedHashMap<>();

    /** Objects whose first waiting operation lacks room. */
    private final Set<HObject> shortOfRoom = new LinkedHashSet<>();

    private int waitingCount;

    /** The newest map by which the pool was full; 0 when there was none. */
    private int fullEpoch;

    Operations(Pg pg, ObjectContexts contexts, Writes writes) {
        this.pg = pg;
        this.contexts = contexts;
        this.writes = writes;
        this.damagedCopies = new DamagedCopies(pg);
    }

    /** A message from a client whose map this shard has reached. */
    void receive(ClientRequest request) {
        pg.host().slots().clientCame();
        if (!pg.peering().isPrimary() || isOutdated(request.op())) {
            LOG.debug("{}: dropped {}, its sender's map has another primary", pg, request.id());
            // The client learns of the newer map and sends again all that it has open, in order.
            return;
        }
        if (!pg.peering().isActive() || !pg.leases().admits()) {
            hold(waitingForActive, request);
            return;
        }
        admit(request);
    }

    /** Whether its sender's newer maps make it send again, here or to another group. */
    private boolean isOutdated(MOSDOp op) {
        PgPool pool = pg.poolOrNull();
        PgHistory history = pg.ledger().history;
        return Integer.compareUnsigned(op.epoch(), history.samePrimarySince()) < 0
                || Integer.compareUnsigned(op.epoch(), history.lastEpochSplit()) < 0
                || pool != null && Integer.compareUnsigned(op.epoch(), pool.forcedResend()) < 0;
    }

    /**
     * Whether its sender, once it has the map with a full pool, holds the write back and sends it
     * again when the pool is full no more. Then it is dropped, and so is every later one, though it
     * might grow nothing: none may overtake another.
     */
    private boolean isHeldBack(MOSDOp op) {
        return fullEpoch != 0
                && Integer.compareUnsigned(op.epoch(), fullEpoch) <= 0
                && (op.flags() & (MOSDOp.FULL_TRY | MOSDOp.FULL_FORCE)) == 0;
    }

    /** One epoch further. */
    void advance() {
        PgPool pool = pg.poolOrNull();
        if (pool != null && pool.hasFlag(PgPool.FLAG_FULL)) {
            fullEpoch = pg.epoch();
        }
    }

    private void hold(ArrayDeque<ClientRequest> queue, ClientRequest request) {
        if (waitingCount >= pg.host().options().waitingCountMax()) {
            LOG.warn("{}: too many operations wait, dropped {}", pg, request.id());
            return;
        }
        waitingCount++;
        queue.addLast(request);
    }

    private void admit(ClientRequest request) {
        int refusal = refusal(request);
        if (refusal != 0) {
            request.answer(refusal, pg.epoch());
            return;
        }
        if (request.kinds().ofGroup()) {
            list(request);
            return;
        }
        // Also behind an earlier operation that waits: a read may not overtake a client's own
        // write. Those of one object wait in one place, so that their order is kept.
        HObject object = request.object();
        ObjectContext present = contexts.presentOrNull(object);
        boolean blocked = isBlocked(request);
        if (present != null && !present.waiting.isEmpty()) {
            hold(present.waiting, request);
        } else if (blocked || waitingForObject.containsKey(object)) {
            holdForObject(request);
            if (blocked) {
                hurry(request);
            }
        } else if (!isRepetition(request)) {
            enter(request);
        }
    }

    private void enter(ClientRequest request) {
        ObjectContext context;
        try {
            context = contexts.get(request.object());
        } catch (StoreException damaged) {
            unreadable(request, null, damaged);
            return;
        }
        if (context.admits(request)) {
            begin(request, context);
        } else {
            hold(context.waiting, request);
        }
    }

    private boolean isBlocked(ClientRequest request) {
        boolean writes = request.kinds().writes();
        return pg.recovery().blocks(request.object(), writes)
                || writes && pg.scrubbing().holds(request.object());
    }

    /** Something waits for that object: whoever holds it back makes haste, or gives way. */
    private void hurry(ClientRequest request) {
        HObject object = request.object();
        if (pg.recovery().blocks(object, request.kinds().writes())) {
            pg.recovery().hurry(object);
        } else {
            pg.scrubbing().writeCame(object);
        }
    }

    private void holdForObject(ClientRequest request) {
        hold(waitingForObject.computeIfAbsent(request.object(), o -> new ArrayDeque<>()), request);
    }

    private int refusal(ClientRequest request) {
        MOSDOp op = request.op();
        OpLimits limits = pg.host().options().limits();
        if (op.ops().size() > limits.opCountMax()) {
            return Results.EINVAL;
        }
        if (request.kinds().ofGroup()) {
            return 0;
        }
        if (op.object().isEmpty()) {
            return Results.EINVAL;
        }
        if (isLonger(op.object(), limits.nameSizeMax())
                || isLonger(op.locator().key(), limits.nameSizeMax())
                || isLonger(op.locator().namespace(), limits.namespaceSizeMax())) {
            return Results.ENAMETOOLONG;
        }
        boolean onHead = op.snap() == HObject.HEAD;
        if (request.kinds().writes()) {
            return onHead ? sizeRefusal(op, limits) : Results.EINVAL;
        }
        return onHead || op.snap() == HObject.SNAPDIR ? 0 : Results.ENOENT; // no snapshots yet
    }

    private static boolean isLonger(String text, int sizeMax) {
        return text.length() > sizeMax
                || text.length() > sizeMax / 4 && Utf8.encode(text).length > sizeMax;
    }

    private static int sizeRefusal(MOSDOp op, OpLimits limits) {
        long size = 0;
        for (OsdOp one : op.ops()) {
            size +=
                    switch (one) {
                        case OsdOp.Write write -> write.data().size();
                        case OsdOp.WriteFull write -> write.data().size();
                        case OsdOp.Append append -> append.data().size();
                        default -> 0;
                    };
        }
        return size > limits.writeSizeMax() ? Results.EMSGSIZE : 0;
    }

    /** Answers a write that was done before; or lets the answer wait with the write itself. */
    private boolean isRepetition(ClientRequest request) {
        EntryLog.Done done =
                request.kinds().writes() ? pg.ledger().log.doneOrNull(request.id()) : null;
        if (done == null) {
            return false;
        }
        Runnable answer =
                () -> request.answer(done.result(), pg.epoch(), done.version(), done.userVersion());
        writes.afterThoseInFlight(request, answer);
        return true;
    }

    private void begin(ClientRequest request, ObjectContext context) {
        ObjectInfo info = context.infoOrNull;
        if (request.kinds().writes() && isHeldBack(request.op())) {
            Mark.hit("a write on its way to a full pool was dropped");
        } else if (request.kinds().writes()) {
            execute(request, context, StoredObject.Ahead.NONE);
        } else if (info == null && request.op().snap() == HObject.HEAD) {
            request.answer(Results.ENOENT, pg.epoch());
        } else {
            int lengthMin = pg.host().options().longReadMin();
            LongRead range =
                    info == null ? null : LongRead.ofOrNull(request.op().ops(), info, lengthMin);
            if (range == null) {
                execute(request, context, StoredObject.Ahead.NONE);
            } else {
                readAhead(request, context, range);
            }
        }
    }

    /** Reads what takes long without keeping the shard, then executes. */
    private void readAhead(ClientRequest request, ObjectContext context, LongRead range) {
        context.reading.add(request);
        try {
            pg.host()
                    .store()
                    .read(
                            pg.collection(),
                            GhObject.of(request.object()),
                            range.offset(),
                            range.length(),
                            pg.host().shard(),
                            answer -> wasRead(request, context, range, answer));
        } catch (StoreException failed) {
            wasRead(request, context, range, new ReadAnswer.Failed(failed));
        }
    }

    private void wasRead(
            ClientRequest request, ObjectContext context, LongRead range, ReadAnswer answer) {
        if (!context.reading.removeIf(each -> each == request)) {
            Mark.hit("a long read ended after the interval in which it began");
            return;
        }
        switch (answer) {
            case ReadAnswer.Data(Bytes data) ->
                    execute(request, context, new StoredObject.Ahead(range.offset(), data));
            case ReadAnswer.Failed(StoreException damaged) -> unreadable(request, context, damaged);
        }
        proceed(context);
    }

    /** Waits, with all that came after it, until the object is had from another member. */
    private void unreadable(
            ClientRequest request, @Nullable ObjectContext context, StoreException damaged) {
        HObject object = request.object();
        EVersion version = context == null ? EVersion.ZERO : context.version();
        // Before it is asked for: it may come at once.
        ArrayDeque<ClientRequest> queue =
                waitingForObject.computeIfAbsent(object, o -> new ArrayDeque<>());
        hold(queue, request);
        while (context != null && !context.waiting.isEmpty()) {
            queue.addLast(context.waiting.removeFirst());
        }
        if (damagedCopies.found(object, version, String.valueOf(damaged.getMessage()))) {
            pg.recovery().hurry(object);
            return;
        }
        waitingCount -= queue.remove(request) ? 1 : 0;
        request.answer(Results.EIO, pg.epoch());
        released(object::equals);
    }

    /** Nobody has that object. Who waits goes on waiting, unless all copies are damaged. */
    void unfound(HObject object) {
        ArrayDeque<ClientRequest> waiting =
                damagedCopies.isHopeless(object) ? waitingForObject.remove(object) : null;
        if (waiting != null) {
            Mark.hit("all copies of an object are damaged");
            waitingCount -= waiting.size();
            waiting.forEach(request -> request.answer(Results.EIO, pg.epoch()));
        }
    }

    DamagedCopies damagedCopies() {
        return damagedCopies;
    }

    private void execute(ClientRequest request, ObjectContext context, StoredObject.Ahead ahead) {
        StoredObject stored =
                new StoredObject(
                        pg.host().store(), pg.collection(), GhObject.of(request.object()), ahead);
        OpOutcome outcome;
        try {
            outcome =
                    OpVector.execute(
                            pg.host().options().limits(),
                            stored,
                            context.infoOrNull,
                            request.op().ops());
            pg.host().store().probe(outcome.draft().changes());
        } catch (StoreException damaged) {
            unreadable(request, context, damaged);
            return;
        }
        if (outcome.writes() && isShortOfRoom(request, outcome)) {
            return;
        }
        if (outcome.writes()) {
            writes.begin(request, context, outcome);
        } else if (request.kinds().writes()) {
            writes.beginUnchanged(request, context, outcome);
        } else {
            finish(request, context, outcome);
        }
    }

    /**
     * Whether a write lacks room; then it is dealt with. Who asked to be told is refused; others
     * wait for room, or for the map with a full pool, by which they are dropped.
     */
    private boolean isShortOfRoom(ClientRequest request, OpOutcome outcome) {
        ObjectDraft draft = outcome.draft();
        boolean grows = draft.sizeDelta() > 0 || draft.exists() && !draft.existedBefore();
        boolean growsIndex = draft.exists() && draft.growsIndex();
        if (!grows && !growsIndex || (request.op().flags() & MOSDOp.FULL_FORCE) != 0) {
            return false;
        }
        PgPool pool = pg.poolOrNull();
        boolean poolFull = grows && pool != null && pool.hasFlag(PgPool.FLAG_FULL);
        if (!poolFull && !(grows && pg.host().isFull()) && !pg.host().isIndexFull()) {
            return false;
        }
        if ((request.op().flags() & MOSDOp.FULL_TRY) != 0) {
            boolean quota = pool != null && pool.hasFlag(PgPool.FLAG_FULL_QUOTA);
            request.answer(quota ? Results.EDQUOT : Results.ENOSPC, pg.epoch());
        } else {
            Mark.hit("a write waits for room or for the map that tells of none");
            shortOfRoom.add(request.object());
            holdForObject(request);
        }
        return true;
    }

    /**
     * There may be room, or a map that tells that there is none: what waited is looked at again.
     */
    void roomChecked() {
        List<HObject> objects = new ArrayList<>(shortOfRoom);
        shortOfRoom.clear();
        objects.forEach(this::resume);
    }

    private void resume(HObject object) {
        ArrayDeque<ClientRequest> waiting = waitingForObject.remove(object);
        if (waiting != null) {
            waitingCount -= waiting.size();
            waiting.forEach(this::receive);
        }
    }

    /** Answers what changed nothing: at once, or after the writes on whose outcome it rests. */
    private void finish(ClientRequest request, ObjectContext context, OpOutcome outcome) {
        if (request.kinds().reads() && outcome.result() >= 0) {
            Tally tally = pg.ledger().tally;
            tally.reads++;
            tally.readKib += (outcome.draft().bytesRead() + 1023) >> 10;
        }
        long userVersion = context.userVersion();
        if (context.inFlight == 0) {
            request.answer(outcome, pg.epoch(), EVersion.ZERO, userVersion);
        } else {
            writes.afterThoseInFlight(
                    request, () -> request.answer(outcome, pg.epoch(), EVersion.ZERO, userVersion));
        }
    }

    /** A write of that object is on every disk, or a read has ended: what waited may go on. */
    void proceed(ObjectContext context) {
        while (!context.waiting.isEmpty() && !waitingForObject.containsKey(context.object)) {
            ClientRequest next = context.waiting.peekFirst();
            if (!context.admits(next)) {
                return;
            }
            if (isBlocked(next)) {
                Mark.hit("backfill came to an object before a write that waited");
                moveBehindRecovery(context);
                hurry(next);
                return;
            }
            waitingCount--;
            context.waiting.removeFirst();
            if (!isRepetition(next)) {
                begin(next, context);
            }
        }
        moveBehindRecovery(context); // an earlier one waits for room
    }

    /** All together: were some left here, those that wait for more would come back behind them. */
    private void moveBehindRecovery(ObjectContext context) {
        waitingCount -= context.waiting.size();
        context.waiting.forEach(this::holdForObject);
        context.waiting.clear();
    }

    /** The group serves. */
    void activated() {
        List<ClientRequest> all = new ArrayList<>(waitingForActive);
        waitingForActive.clear();
        waitingCount -= all.size();
        all.forEach(this::receive);
    }

    /** Recovery is done with that object. */
    void recovered(HObject object) {
        contexts.forget(object);
        resume(object);
    }

    /** What waited because objects were compared may go on. */
    void released(Predicate<HObject> which) {
        for (HObject object : List.copyOf(waitingForObject.keySet())) {
            if (which.test(object)) {
                resume(object);
            }
        }
    }

    /** Shows what clients sent and waits here. */
    void visit(ClientRequest.Visitor visitor) {
        waitingForActive.forEach(request -> visitor.visit(request, "delayed"));
        for (ArrayDeque<ClientRequest> queue : waitingForObject.values()) {
            queue.forEach(request -> visitor.visit(request, "delayed"));
        }
        contexts.forEach(
                context -> context.waiting.forEach(request -> visitor.visit(request, "delayed")));
    }

    /** Whether somebody waits for that object. */
    boolean isAwaited(HObject object) {
        return waitingForObject.containsKey(object);
    }

    /**
     * Members changed. As long as the primary is the same, clients send nothing again: what is open
     * waits here, in its order, until the group serves; what was logged already is found there.
     * Under another primary they send everything again, there; those who wait here are told of the
     * map at once.
     *
     * @param inFlight logged or behind what is, and not answered
     */
    void intervalChanged(List<ClientRequest> inFlight) {
        List<ClientRequest> open = new ArrayList<>(inFlight);
        contexts.forEach(context -> {
            open.addAll(context.reading);
            context.reading.clear();
            open.addAll(context.waiting);
        });
        waitingForObject.values().forEach(open::addAll);
        open.addAll(waitingForActive);
        waitingForActive.clear();
        waitingForObject.clear();
        shortOfRoom.clear();
        damagedCopies.intervalChanged();
        contexts.clear();
        waitingCount = 0;
        Map<Connection, Integer> leaving = new LinkedHashMap<>();
        for (ClientRequest request : open) {
            if (!request.connection().isOpen()) {
                Mark.hit("a client left before its operation was taken up again");
            } else if (pg.peering().isPrimary() && !isOutdated(request.op())) {
                hold(waitingForActive, request);
            } else {
                leaving.merge(request.connection(), request.op().epoch(), Math::max);
            }
        }
        leaving.forEach(pg.host()::tellMap);
    }

    // ---- listing

    private void list(ClientRequest request) {
        List<OsdOpResult> results = new ArrayList<>();
        int result = 0;
        for (OsdOp op : request.op().ops()) {
            Bytes output = Bytes.EMPTY;
            if (result >= 0 && op instanceof OsdOp.ListInconsistent list) {
                Inconsistencies.Answer answer = Inconsistencies.list(pg, list.asked());
                result = answer.result();
                output = answer.output();
            } else if (result >= 0) {
                PgListing.Page page = pageOrNull(op, request.op().locator().namespace());
                if (page == null) {
                    result = Results.EINVAL;
                } else {
                    output = op instanceof OsdOp.PgList ? page.encodeOld() : page.encode();
                    result = page.done() ? 1 : 0;
                }
            }
            results.add(OsdOpResult.of(op, Math.min(result, 1), output));
        }
        request.send(result, pg.epoch(), results, EVersion.ZERO, 0);
    }

    private PgListing.@Nullable Page pageOrNull(OsdOp op, String namespace) {
        return switch (op) {
            case OsdOp.PgNamespaceList list -> page(list.cursor(), namespace, list.countMax());
            case OsdOp.PgList list -> page(list.cursor(), namespace, list.countMax());
            default -> null;
        };
    }

    private PgListing.Page page(HObject cursor, String namespace, long countWanted) {
        int limit = pg.host().options().limits().listedMax();
        int count = Math.clamp(countWanted, 1, limit);
        return PgListing.page(
                pg.host().store(),
                pg.id(),
                pg.peering().members().bits(),
                new TreeSet<>(pg.ledger().missing.items().keySet()),
                cursor,
                namespace,
                count);
    }

    static OpKinds kinds(MOSDOp op) {
        return OpKinds.of(op.ops());
    }
}
