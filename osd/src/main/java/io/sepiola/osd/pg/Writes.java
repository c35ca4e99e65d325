package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.osd.op.ObjectDraft;
import io.sepiola.osd.op.OpOutcome;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.osd.peering.Entries;
import io.sepiola.osd.peering.Infos;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.PgStats;
import io.sepiola.osd.peering.Tally;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.MOSDRepOp;
import io.sepiola.protocol.message.MOSDRepOpReply;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes of a group on their way to the disks of all members. A write is logged in the transaction
 * that makes its changes, on each member; the client is answered when every member has it on disk,
 * in the order of the log. Owned by the group.
 */
final class Writes {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
    private static final Bytes NO_SNAPS = SnapSet.CODEC.toBytes(SnapSet.EMPTY);

    private final Pg pg;
    private final Mending mending;
    private final ArrayDeque<InFlight> queue = new ArrayDeque<>();
    private final Map<Long, InFlight> byTid = new HashMap<>();
    private final SortedMap<Integer, EVersion> completeOnDisk = new TreeMap<>();
    private EVersion committed = EVersion.ZERO;
    private long lastTid;

    Writes(Pg pg) {
        this.pg = pg;
        this.mending = new Mending(pg);
    }

    Mending mending() {
        return mending;
    }

    /** One write, or an answer that must not overtake the writes before it. */
    private static final class InFlight {
        final long tid;
        final EVersion version;
        final @Nullable ClientRequest request; // null when something else waits for its turn
        final Runnable answer;
        final @Nullable ObjectContext context;
        final List<Integer> awaited;
        boolean local;

        InFlight(
                long tid,
                EVersion version,
                @Nullable ClientRequest request,
                Runnable answer,
                @Nullable ObjectContext context,
                List<Integer> awaited,
                boolean local) {
            this.tid = tid;
            this.version = version;
            this.request = request;
            this.answer = answer;
            this.context = context;
            this.awaited = awaited;
            this.local = local;
        }

        boolean isDone() {
            return local && awaited.isEmpty();
        }
    }

    /** Answers when everything that is in flight now is on every disk. */
    void afterThoseInFlight(ClientRequest request, Runnable answer) {
        if (queue.isEmpty()) {
            answer.run();
        } else {
            queue.addLast(new InFlight(0, EVersion.ZERO, request, answer, null, List.of(), true));
        }
    }

    /** Runs a task when everything that is in flight now is on every disk. */
    void afterAll(Runnable task) {
        if (queue.isEmpty()) {
            task.run();
        } else {
            queue.addLast(new InFlight(0, EVersion.ZERO, null, task, null, List.of(), true));
        }
    }

    /** Begins a write. */
    void begin(ClientRequest request, ObjectContext context, OpOutcome outcome) {
        Ledger ledger = pg.ledger();
        ObjectDraft draft = outcome.draft();
        EVersion version = new EVersion(pg.epoch(), ledger.lastUpdate.version() + 1);
        long userVersion = Math.max(ledger.lastUserVersion, context.userVersion()) + 1;
        Utime now = Utime.of(pg.host().shard().clock().now());
        Utime time = request.op().time().equals(Utime.ZERO) ? now : request.op().time();
        ObjectInfo info =
                draft.exists()
                        ? info(request, context, draft, version, userVersion, time, now)
                        : null;
        List<Transaction.Op> changes = draft.changes();
        if (info != null) {
            SortedMap<String, Bytes> attrs = new TreeMap<>();
            attrs.put(StoredObject.INFO_ATTR, ObjectInfo.CODEC.toBytes(info));
            if (draft.isNew()) {
                attrs.put(StoredObject.SNAPSET_ATTR, NO_SNAPS);
            }
            changes.add(
                    new Transaction.SetAttrs(
                            pg.collection(), GhObject.of(request.object()), attrs));
        }
        PgLogEntry entry =
                Entries.of(
                        info == null ? PgLogEntry.DELETE : PgLogEntry.MODIFY,
                        request.object(),
                        version,
                        context.version(),
                        request.id(),
                        time,
                        userVersion);
        Runnable answer =
                () -> request.answer(outcome, pg.epoch(), entry.version(), entry.userVersion());
        count(
                request.object(),
                ledger.tally,
                draft); // before the tally goes to disks with the entry
        if (submit(request, context, changes, entry, answer)) {
            context.infoOrNull = info;
            context.inFlight++;
        }
    }

    /**
     * Logs a write that failed or had nothing to change. If its answer is lost, the repetition must
     * come to the same although later writes have been done since.
     */
    void beginUnchanged(ClientRequest request, ObjectContext context, OpOutcome outcome) {
        long userVersion = context.userVersion();
        PgLogEntry entry =
                Entries.unchanged(
                        request.object(),
                        new EVersion(pg.epoch(), pg.ledger().lastUpdate.version() + 1),
                        request.id(),
                        Utime.of(pg.host().shard().clock().now()),
                        userVersion,
                        outcome.result());
        Runnable answer = () -> request.answer(outcome, pg.epoch(), EVersion.ZERO, userVersion);
        if (submit(request, context, List.of(), entry, answer)) {
            context.inFlight++;
        }
    }

    private static ObjectInfo info(
            ClientRequest request,
            ObjectContext context,
            ObjectDraft draft,
            EVersion version,
            long userVersion,
            Utime time,
            Utime now) {
        int flags = ObjectInfo.DIRTY | (draft.hasOmap() ? ObjectInfo.OMAP : 0);
        flags |= draft.isDigested() ? ObjectInfo.DATA_DIGEST : 0;
        return new ObjectInfo(
                request.object(),
                version,
                draft.isNew() ? EVersion.ZERO : context.version(),
                request.id(),
                draft.size(),
                time,
                draft.truncateSeq(),
                draft.truncateSize(),
                userVersion,
                Map.of(),
                flags,
                now,
                draft.digest(),
                -1,
                draft.expectedObjectSize(),
                draft.expectedWriteSize(),
                draft.hintFlags(),
                Bytes.EMPTY);
    }

    private boolean submit(
            ClientRequest request,
            ObjectContext context,
            List<Transaction.Op> changes,
            PgLogEntry entry,
            Runnable answer) {
        return submit(inFlight(request, answer, context, entry), changes, changes, entry);
    }

    /**
     * Begins a change that no client asked for.
     *
     * @param there what members change that hold the object; they log the entry all the same
     */
    void beginOwn(PgLogEntry entry, List<Transaction.Op> here, List<Transaction.Op> there) {
        submit(inFlight(null, () -> {}, null, entry), here, there, entry);
    }

    private InFlight inFlight(
            @Nullable ClientRequest request,
            Runnable answer,
            @Nullable ObjectContext context,
            PgLogEntry entry) {
        List<Integer> awaited = new ArrayList<>(pg.peering().replicas());
        return new InFlight(++lastTid, entry.version(), request, answer, context, awaited, false);
    }

    /** Logs and sends. If the store refuses, the OSD ends, and another answers who asked. */
    private boolean submit(
            InFlight write,
            List<Transaction.Op> here,
            List<Transaction.Op> there,
            PgLogEntry entry) {
        EVersion trimTo = trimTo();
        List<Integer> replicas = pg.peering().replicas();
        Bytes payload =
                replicas.isEmpty()
                        ? Bytes.EMPTY
                        : Transaction.CODEC.toBytes(new Transaction(there));
        pg.ledger().append(entry);
        pg.scrubbing().written(entry);
        List<Transaction.Op> all = new ArrayList<>(here);
        log(all, entry, trimTo);
        queue.addLast(write);
        byTid.put(write.tid, write);
        int interval = pg.peering().lastReset();
        long begun = pg.host().shard().clock().nanos();
        try {
            pg.host()
                    .store()
                    .submit(
                            new Transaction(all),
                            pg.host().shard(),
                            () -> {
                                pg.host().counters().committed(begun);
                                committedHere(write, interval);
                            });
        } catch (StoreException | StoreGone failure) {
            // The log in memory has the entry, the store has not: nothing later may be built on it.
            pg.host().failed(failure);
            return false;
        }
        replicate(entry, trimTo, write.tid, replicas, payload);
        return true;
    }

    private void count(HObject object, Tally tally, ObjectDraft draft) {
        int objects = draft.exists() == draft.existedBefore() ? 0 : draft.exists() ? 1 : -1;
        tally.objects += objects;
        pg.scrubbing().counted(object, objects, draft.sizeDelta());
        tally.bytes += draft.sizeDelta();
        tally.writes++;
        tally.writeKib += (draft.bytesWritten() + 1023) >> 10;
    }

    /** Adds the log's part of a write, here or on a replica. */
    void log(List<Transaction.Op> all, PgLogEntry entry, EVersion trimTo) {
        Ledger ledger = pg.ledger();
        if (trimTo.isAfter(ledger.log.tail())) {
            ledger.trim(trimTo, pg.host().options().dupCountMax());
        }
        all.add(
                LedgerDisk.writeEntry(
                        pg.collection(), pg.meta(), ledger, entry.version(), Ledger.encode(entry)));
        pg.recovery().gathered().drop(entry, pg.collection(), all);
        if (ledger.isDirty()) {
            LedgerDisk.flush(pg.collection(), pg.meta(), ledger, pg.epoch(), all);
        }
    }

    private EVersion trimTo() {
        Ledger ledger = pg.ledger();
        int keep = pg.host().options().logCountMin();
        if (ledger.log.count() < keep + pg.host().options().logTrimCount()) {
            return EVersion.ZERO;
        }
        EVersion wanted = ledger.log.versionBefore(keep);
        EVersion limit = minCompleteOnDisk();
        return wanted.isAfter(limit) ? limit : wanted;
    }

    /** Up to here every member has everything on disk. */
    private EVersion minCompleteOnDisk() {
        EVersion least =
                committed.isAfter(pg.ledger().lastComplete) ? pg.ledger().lastComplete : committed;
        for (int osd : pg.peering().replicas()) {
            EVersion complete = completeOnDisk.getOrDefault(osd, EVersion.ZERO);
            least = least.isAfter(complete) ? complete : least;
        }
        return least;
    }

    private void replicate(
            PgLogEntry entry, EVersion trimTo, long tid, List<Integer> replicas, Bytes payload) {
        if (replicas.isEmpty()) {
            return;
        }
        PgStat stats = PgStats.brief(pg.ledger());
        EVersion complete = minCompleteOnDisk();
        List<PgLogEntry> entries = List.of(entry);
        for (int osd : replicas) {
            boolean holds = pg.recovery().holds(osd, entry.object());
            pg.host()
                    .send(
                            osd,
                            new MOSDRepOp(
                                    tid,
                                    pg.epoch(),
                                    pg.peering().lastReset(),
                                    entry.reqId(),
                                    pg.id(),
                                    entry.object(),
                                    4,
                                    entry.version(),
                                    entries,
                                    stats,
                                    trimTo,
                                    HObject.MIN,
                                    HObject.MIN,
                                    new PgShard(pg.host().self(), SpgId.NO_SHARD),
                                    Optional.empty(),
                                    complete,
                                    holds ? payload : EMPTY_TRANSACTION));
            PgInfo info = pg.peering().peerInfos().get(osd);
            if (info != null) {
                boolean whole = info.lastComplete().equals(info.lastUpdate());
                pg.peering()
                        .peerInfos()
                        .put(
                                osd,
                                Infos.advanced(
                                        info,
                                        entry.version(),
                                        whole ? entry.version() : info.lastComplete()));
            }
        }
    }

    private static final Bytes EMPTY_TRANSACTION =
            Transaction.CODEC.toBytes(new Transaction(List.of()));

    private void committedHere(InFlight write, int interval) {
        if (interval != pg.peering().lastReset() || pg.isRemoved()) {
            return;
        }
        write.local = true;
        advance();
    }

    /** A replica has a write on disk. */
    void replied(int from, MOSDRepOpReply reply) {
        InFlight write = byTid.get(reply.tid());
        if (reply.lastCompleteOnDisk().isAfter(completeOnDisk.getOrDefault(from, EVersion.ZERO))) {
            completeOnDisk.put(from, reply.lastCompleteOnDisk());
        }
        if (write == null) {
            LOG.debug("{}: osd.{} has written {}, which nobody waits for", pg, from, reply.tid());
            return;
        }
        write.awaited.remove((Integer) from);
        advance();
    }

    private void advance() {
        while (!queue.isEmpty() && queue.peekFirst().isDone()) {
            InFlight write = queue.pollFirst();
            ObjectContext context = write.context;
            if (write.tid != 0) {
                byTid.remove(write.tid);
                committed = write.version;
            }
            write.answer.run();
            if (context != null) {
                context.inFlight--;
                pg.operations().proceed(context);
            }
        }
    }

    /** Shows what clients sent and waits here for its answer. */
    void visit(ClientRequest.Visitor visitor) {
        for (InFlight write : queue) {
            if (write.request != null) {
                visitor.visit(write.request, "waiting for sub ops");
            }
        }
    }

    /** Forgets everything; gives back the requests that are not answered, in their order. */
    List<ClientRequest> intervalChanged() {
        List<ClientRequest> unanswered = new ArrayList<>(queue.size());
        for (InFlight write : queue) {
            if (write.request != null) {
                unanswered.add(write.request);
            }
        }
        queue.clear();
        mending.intervalChanged();
        byTid.clear();
        completeOnDisk.clear();
        committed = EVersion.ZERO;
        return unanswered;
    }

    // ---- on a replica

    /** A write by the primary. */
    void replicate(int from, MOSDRepOp op) {
        pg.host().slots().clientCame();
        Ledger ledger = pg.ledger();
        Infos.copyTally(op.stats().stats().sum(), ledger.tally);
        List<Runnable> confirmations = new ArrayList<>();
        for (PgLogEntry entry : op.log()) {
            Unfound.learn(entry, ledger);
            confirmations.addAll(mending.superseded(entry));
            ledger.append(entry);
        }
        List<Transaction.Op> log = new ArrayList<>();
        for (int i = 0; i < op.log().size(); i++) {
            log(log, op.log().get(i), i == 0 ? op.trimTo() : EVersion.ZERO);
        }
        int interval = pg.peering().lastReset();
        EVersion complete = ledger.lastComplete;
        long begun = pg.host().shard().clock().nanos();
        confirmations.add(() -> pg.host().counters().replicated(op.transaction().size(), begun));
        confirmations.add(() -> confirm(from, op, complete, interval));
        Runnable confirm = () -> confirmations.forEach(Runnable::run);
        List<Transaction.Op> changes = Transaction.CODEC.fromBytes(op.transaction()).ops();
        if (!changes.isEmpty() && mending.isUnderWay(op.object())) {
            mending.goWithout(from, op.log().getLast(), log, confirm);
            return;
        }
        List<Transaction.Op> all = new ArrayList<>(changes);
        all.addAll(log);
        try {
            pg.host().store().submit(new Transaction(all), pg.host().shard(), confirm);
        } catch (StoreGone gone) {
            pg.host().failed(gone);
        } catch (StoreException failure) {
            if (Mending.mayHelp(failure, changes)) {
                mending.goWithout(from, op.log().getLast(), log, confirm);
                if (mending.isUnderWay(op.object())) {
                    mending.found(op.object(), failure);
                } // else the store is gone meanwhile
            } else {
                pg.host().failed(failure);
            }
        }
    }

    private void confirm(int to, MOSDRepOp op, EVersion complete, int interval) {
        if (interval != pg.peering().lastReset() || pg.isRemoved()) {
            return;
        }
        pg.host()
                .send(
                        to,
                        new MOSDRepOpReply(
                                op.tid(),
                                pg.epoch(),
                                op.minEpoch(),
                                op.reqId(),
                                pg.id(),
                                4,
                                0,
                                complete,
                                new PgShard(pg.host().self(), SpgId.NO_SHARD)));
    }
}
