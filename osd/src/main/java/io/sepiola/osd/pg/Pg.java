package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.Effects;
import io.sepiola.osd.peering.EntryLog;
import io.sepiola.osd.peering.Event;
import io.sepiola.osd.peering.HashBits;
import io.sepiola.osd.peering.Intervals;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.LogMerge;
import io.sepiola.osd.peering.Membership;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.Peering;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MBackfillReserve;
import io.sepiola.protocol.message.MOSDPGBackfill;
import io.sepiola.protocol.message.MOSDPGInfo2;
import io.sepiola.protocol.message.MOSDPGLease;
import io.sepiola.protocol.message.MOSDPGLeaseAck;
import io.sepiola.protocol.message.MOSDPGLog;
import io.sepiola.protocol.message.MOSDPGNotify2;
import io.sepiola.protocol.message.MOSDPGPull;
import io.sepiola.protocol.message.MOSDPGPush;
import io.sepiola.protocol.message.MOSDPGPushReply;
import io.sepiola.protocol.message.MOSDPGQuery2;
import io.sepiola.protocol.message.MOSDPGRecoveryDelete;
import io.sepiola.protocol.message.MOSDPGRecoveryDeleteReply;
import io.sepiola.protocol.message.MOSDPGRemove;
import io.sepiola.protocol.message.MOSDPGScan;
import io.sepiola.protocol.message.MOSDRepOp;
import io.sepiola.protocol.message.MOSDRepOpReply;
import io.sepiola.protocol.message.MOSDRepScrub;
import io.sepiola.protocol.message.MOSDRepScrubMap;
import io.sepiola.protocol.message.MOSDScrubReserve;
import io.sepiola.protocol.message.MRecoveryReserve;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgNotify;
import io.sepiola.protocol.osd.PgQuery;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One placement group on one OSD: binds the agreement of the members ({@link Peering}), clients'
 * operations, replication and recovery to the store and to the other OSDs. Owned by its shard.
 *
 * <p>Messages about an interval that is over are dropped in {@link #receive}, before anything sees
 * them.
 */
public final class Pg implements Effects {
    private static final Logger LOG = LoggerFactory.getLogger(Pg.class);
    private static final int SWEEP_COUNT = 256;

    /** The map's epoch that is written with the info at least every so many epochs. */
    private static final int EPOCHS_UNWRITTEN_MAX = 40;

    private final PgHost host;
    private final SpgId id;
    private final CollectionId collection;
    private final GhObject meta;
    private final Ledger ledger;
    private final Peering peering;
    private final ObjectContexts contexts;
    private final Writes writes;
    private final Operations operations;
    private final Recovery recovery;
    private final PgReport report;
    private final Leases leases;
    private final Scrubbing scrubbing;
    private final GroupCommands commands;
    private OsdMap map;
    private int writtenEpoch;
    private final Removal removal = new Removal(this);
    private final Settling settling;

    /**
     * A group as it was stored, or a new one.
     *
     * @param map the map that the ledger has reached
     * @param isNew whether the collection has yet to be made
     */
    public Pg(PgHost host, Ledger ledger, OsdMap map, boolean isNew) {
        this.host = host;
        this.id = ledger.pg;
        this.collection = new CollectionId.Pg(id);
        this.meta = LedgerDisk.metaObject(id);
        this.ledger = ledger;
        this.map = map;
        this.contexts =
                new ObjectContexts(host.store(), collection, host.options().contextCountMax());
        this.writes = new Writes(this);
        this.operations = new Operations(this, contexts, writes);
        this.recovery = new Recovery(this);
        this.report = new PgReport(this);
        this.leases = new Leases(this, isNew);
        this.settling = new Settling(this, meta);
        this.scrubbing = new Scrubbing(this);
        this.commands = new GroupCommands(this);
        this.peering =
                new Peering(
                        host.self(),
                        ledger,
                        map,
                        membership(map, id.pg()),
                        this,
                        host.options().logCountMin());
        if (isNew) {
            make();
        } else {
            sweepGathered();
        }
        this.writtenEpoch = map.epoch();
    }

    /** Who serves a group by that map. */
    public static Membership membership(OsdMap map, PgId pg) {
        Optional<PgPool> pool = map.pool(pg.pool());
        if (pool.isEmpty()) {
            return Membership.NOBODY;
        }
        var osds = map.map(pg);
        return new Membership(
                list(osds.up()),
                osds.upPrimary(),
                list(osds.acting()),
                osds.actingPrimary(),
                pool.get().size(),
                pool.get().minSize(),
                HashBits.of(pg.seed(), pool.get().pgNum()),
                HashBits.of(pg.seed(), pool.get().pgNumPending()));
    }

    private static List<Integer> list(int[] osds) {
        return Arrays.stream(osds).boxed().toList();
    }

    private void make() {
        List<Transaction.Op> all = new ArrayList<>();
        all.add(new Transaction.MakeCollection(collection, 0));
        all.add(new Transaction.Touch(collection, meta));
        ledger.touchInfo();
        flush(all);
        submit(all, () -> {});
    }

    /** Objects that a crash or another interval left half gathered are worth nothing. */
    private void sweepGathered() {
        recovery.gathered().clear();
        List<Transaction.Op> all = new ArrayList<>();
        for (GhObject object :
                host.store().list(collection, GhObject.of(HObject.MIN), SWEEP_COUNT)) {
            if (Transfers.isGathering(object.object())) {
                all.add(new Transaction.Remove(collection, object));
            }
        }
        if (!all.isEmpty()) {
            submit(all, () -> {});
        }
    }

    // ---- what the parts see

    /** Which group. */
    public SpgId id() {
        return id;
    }

    PgHost host() {
        return host;
    }

    CollectionId collection() {
        return collection;
    }

    GhObject meta() {
        return meta;
    }

    /** What this member has. */
    public Ledger ledger() {
        return ledger;
    }

    /** The agreement of the members. */
    public Peering peering() {
        return peering;
    }

    Operations operations() {
        return operations;
    }

    Recovery recovery() {
        return recovery;
    }

    Leases leases() {
        return leases;
    }

    Writes writes() {
        return writes;
    }

    /** The comparing of its copies. */
    public Scrubbing scrubbing() {
        return scrubbing;
    }

    /** What an administrator asks of it. */
    public GroupCommands commands() {
        return commands;
    }

    /** The epoch that this group has reached. */
    public int epoch() {
        return map.epoch();
    }

    /** The map's epoch up to which everything is in the store; maps after it are still needed. */
    public int writtenEpoch() {
        return writtenEpoch;
    }

    OsdMap map() {
        return map;
    }

    /** How many groups the pool had in the map that this group has reached. */
    public int pgNum() {
        return map.pool(id.pg().pool()).map(PgPool::pgNum).orElse(0);
    }

    @Nullable PgPool poolOrNull() {
        return map.pool(id.pg().pool()).orElse(null);
    }

    /** Whether the group is being removed, or gone. */
    public boolean isRemoved() {
        return removal.isBegun();
    }

    /** What the manager is told. */
    public PgStat stat() {
        return report.stat();
    }

    /** State bits, as Ceph numbers them. */
    public long state() {
        return report.state();
    }

    // ---- maps

    /** One epoch further. */
    public void advance(OsdMap next) {
        if (isRemoved()) {
            return;
        }
        map = next;
        if (next.pool(id.pg().pool()).isEmpty()) {
            LOG.info("{}: its pool is gone", this);
            remove();
            return;
        }
        operations.advance();
        peering.advance(next, membership(next, id.pg()));
    }

    /** The newest map is reached. */
    public void reached() {
        settling.run(this::reachedNow);
    }

    private void reachedNow() {
        if (isRemoved()) {
            return;
        }
        peering.reached();
        operations.roomChecked();
        leases.reached();
        recovery.mapReached();
        if (map.epoch() - writtenEpoch >= EPOCHS_UNWRITTEN_MAX) {
            ledger.touchInfo();
            persist();
        }
    }

    // ---- messages

    /** A client's operation. */
    public void receive(ClientRequest request) {
        if (!isRemoved()) {
            operations.receive(request);
        }
    }

    /** The store was looked at: there may be room again. */
    public void roomChecked() {
        if (!isRemoved()) {
            operations.roomChecked();
        }
    }

    /** Shows what clients sent and is not answered. */
    public void visit(ClientRequest.Visitor visitor) {
        operations.visit(visitor);
        writes.visit(visitor);
    }

    /** A message from another OSD about this group. */
    public void receive(int from, Message message) {
        settling.run(() -> receiveNow(from, message));
    }

    private void receiveNow(int from, Message message) {
        if (isRemoved()) {
            return;
        }
        switch (message) {
            case MOSDRepOp m -> {
                if (isCurrent(m.epoch(), m.minEpoch()) && peering.isReplica()) {
                    writes.replicate(from, m);
                }
            }
            case MOSDRepOpReply m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    writes.replied(from, m);
                }
            }
            case MOSDPGNotify2 m -> {
                PgNotify n = m.notification();
                if (isCurrent(n.epochSent(), n.queryEpoch())) {
                    leases.learn(n.info());
                    peering.on(new Event.Notified(from, n.info(), List.of()));
                }
            }
            case MOSDPGQuery2 m -> {
                PgQuery q = m.query();
                if (isCurrent(q.epochSent(), q.epochSent())) {
                    peering.on(
                            q.kind() == PgQuery.INFO
                                    ? new Event.InfoAsked(from, q.epochSent())
                                    : new Event.LogAsked(from, q.since(), q.epochSent()));
                }
            }
            case MOSDPGInfo2 m -> {
                if (isCurrent(m.epochSent(), m.minEpoch())) {
                    leases.learn(m.info());
                    m.lease().ifPresent(lease -> leases.received(from, lease));
                    m.leaseAck().ifPresent(ack -> leases.acknowledged(from, ack));
                    peering.on(new Event.InfoReceived(from, m.info()));
                }
            }
            case MOSDPGLog m -> {
                if (isCurrent(m.epoch(), m.queryEpoch())) {
                    leases.learn(m.info());
                    m.lease().ifPresent(lease -> leases.received(from, lease));
                    peering.on(
                            new Event.LogReceived(
                                    from,
                                    m.info(),
                                    new LogMerge.Stretch(m.log().tail(), m.log().entries()),
                                    m.log().dups(),
                                    MissingWire.decode(m.missing())));
                }
            }
            case MOSDPGLease m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    leases.renewed(from, m.lease());
                }
            }
            case MOSDPGLeaseAck m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    leases.acknowledged(from, m.ack());
                }
            }
            case MOSDPGPush m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    recovery.pushed(from, m);
                }
            }
            case MOSDPGPull m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    Pulls.answer(this, from, m);
                }
            }
            case MOSDPGPushReply m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    recovery.confirmed(from, m);
                }
            }
            case MOSDPGScan m -> {
                if (isCurrent(m.epoch(), m.queryEpoch())) {
                    recovery.backfill().scanned(from, m);
                }
            }
            case MOSDPGBackfill m -> {
                if (isCurrent(m.epoch(), m.queryEpoch())) {
                    recovery.backfill().progressed(from, m);
                }
            }
            case MBackfillReserve m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    recovery.reservations().received(from, m);
                }
            }
            case MRecoveryReserve m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    recovery.reservations().received(from, m);
                }
            }
            case MOSDPGRecoveryDelete m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    recovery.backfill().delete(from, m);
                }
            }
            case MOSDPGRecoveryDeleteReply m -> {
                if (isCurrent(m.epoch(), m.minEpoch())) {
                    recovery.backfill().deleted(from, m);
                }
            }
            case MOSDScrubReserve m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    scrubbing.reserve(from, m);
                }
            }
            case MOSDRepScrub m -> {
                if (isCurrent(m.epoch(), m.minEpoch()) && peering.isReplica()) {
                    scrubbing.asked(from, m);
                }
            }
            case MOSDRepScrubMap m -> {
                if (isCurrent(m.epoch(), m.epoch())) {
                    scrubbing.looked(from, m);
                }
            }
            case MOSDPGRemove m -> {
                boolean member =
                        peering.members().acting().contains(host.self())
                                || peering.members().up().contains(host.self());
                if (isCurrent(m.epoch(), m.epoch()) && !member) {
                    LOG.info("{}: no longer needed here", this);
                    remove();
                }
            }
            default -> LOG.debug("{}: {} is not for groups", this, message.getClass());
        }
    }

    /** Whether neither the message nor the question that it answers is of an earlier interval. */
    private boolean isCurrent(int epochSent, int epochAsked) {
        boolean current =
                Integer.compareUnsigned(epochSent, peering.lastReset()) >= 0
                        && Integer.compareUnsigned(epochAsked, peering.lastReset()) >= 0;
        if (!current) {
            Mark.hit("a message of an earlier interval was dropped");
        }
        return current;
    }

    // ---- effects of peering

    @Override
    public void askInfo(int osd) {
        ask(osd, PgQuery.INFO, EVersion.ZERO);
    }

    @Override
    public void askLog(int osd, EVersion since) {
        ask(osd, since.equals(EVersion.ZERO) ? PgQuery.FULL_LOG : PgQuery.LOG, since);
    }

    private void ask(int osd, int kind, EVersion since) {
        host.send(
                osd,
                new MOSDPGQuery2(
                        id,
                        new PgQuery(
                                kind,
                                since,
                                ledger.history,
                                epoch(),
                                SpgId.NO_SHARD,
                                SpgId.NO_SHARD)));
    }

    @Override
    public void tellNotify(int osd, int queryEpoch, PgInfo info) {
        host.send(
                osd,
                new MOSDPGNotify2(
                        id,
                        new PgNotify(
                                queryEpoch,
                                epoch(),
                                leases.tell(info),
                                SpgId.NO_SHARD,
                                SpgId.NO_SHARD,
                                Intervals.encode(ledger.pastIntervals))));
    }

    @Override
    public void tellInfo(int osd, PgInfo info) {
        host.send(
                osd,
                new MOSDPGInfo2(
                        id,
                        epoch(),
                        epoch(),
                        leases.tell(info),
                        leases.offer(),
                        leases.acknowledgement()));
    }

    @Override
    public void tellLog(
            int osd, int queryEpoch, PgInfo info, LogMerge.Stretch log, MissingSet missing) {
        host.send(
                osd,
                new MOSDPGLog(
                        epoch(),
                        leases.tell(info),
                        new PgLog(
                                info.lastUpdate(),
                                log.tail(),
                                log.entries(),
                                EVersion.ZERO,
                                EVersion.ZERO,
                                ledger.log.dupsUpTo(log.tail(), host.options().dupCountMax())),
                        MissingWire.encode(missing),
                        queryEpoch,
                        Intervals.encode(ledger.pastIntervals),
                        SpgId.NO_SHARD,
                        SpgId.NO_SHARD,
                        leases.offer()));
    }

    @Override
    public void persist(Event whenDurable) {
        persist(() -> peering.on(whenDurable));
    }

    @Override
    public void persist() {
        persist(() -> {});
    }

    /** Makes what changed in the ledger durable; what follows runs in the same interval only. */
    void persist(Runnable whenDurable) {
        List<Transaction.Op> all = new ArrayList<>();
        flush(all);
        int interval = peering.lastReset();
        submit(
                all,
                () -> {
                    if (interval == peering.lastReset() && !isRemoved()) {
                        whenDurable.run();
                    }
                });
    }

    /** What changed up to now is written as of the map that has been reached. */
    void settle() {
        if (ledger.isDirty()) {
            persist();
        }
    }

    /** Adds what changed in the ledger. */
    void flush(List<Transaction.Op> all) {
        LedgerDisk.flush(collection, meta, ledger, epoch(), all);
        writtenEpoch = epoch();
    }

    void submit(List<Transaction.Op> ops, Runnable committed) {
        try {
            host.store().submit(new Transaction(ops), host.shard(), committed);
        } catch (StoreException | StoreGone failure) {
            host.failed(failure);
        }
    }

    @Override
    public void wantUpThru(int epoch) {
        host.wantUpThru(epoch);
    }

    @Override
    public void wantActing(List<Integer> want) {
        host.wantActing(id.pg(), want);
    }

    @Override
    public void intervalChanged() {
        host.forgetActing(id.pg());
        leases.intervalChanged();
        scrubbing.intervalChanged();
        operations.intervalChanged(writes.intervalChanged());
        recovery.intervalChanged();
        sweepGathered();
        silentUntilDurable();
    }

    /** Others hear nothing before what was written up to now is durable. */
    void silentUntilDurable() {
        settling.begin();
    }

    @Override
    public void restarted() {
        host.forgetActing(id.pg()); // nothing was served yet, so that nothing is under way
    }

    @Override
    public void activated() {
        PgPool pool = poolOrNull();
        if (pool != null && pool.hasFlag(PgPool.FLAG_CREATING) && peering.isActive()) {
            host.created(id.pg());
        }
        if (!peering.isPeered()) {
            return;
        }
        leases.start();
        recovery.start();
        if (peering.isActive()) {
            operations.activated();
        }
    }

    @Override
    public boolean mayHaveReaders() {
        return leases.mayHaveReaders();
    }

    @Override
    public void replicaActivated() {
        contexts.clear();
    }

    @Override
    public void clean() {
        recovery.reservations().forced().clear();
        host.stateChanged(this);
    }

    @Override
    public void removeStray(int osd) {
        host.send(osd, new MOSDPGRemove(epoch(), List.of(id)));
    }

    @Override
    public void sourceGone(int osd) {
        recovery.sourceGone(osd);
    }

    @Override
    public void phaseChanged() {
        commands.phaseChanged();
        if (LOG.isDebugEnabled()) {
            LOG.debug("{}: {} at {}", this, peering().phase(), epoch());
        }
        host.stateChanged(this);
    }

    /** Nothing is done any more; the store keeps everything. */
    public void close() {
        leases.intervalChanged();
        scrubbing.intervalChanged();
    }

    // ---- its end

    /** Takes the group out of the store, step by step. */
    public void remove() {
        if (isRemoved()) {
            return;
        }
        leave();
        removal.begin();
    }

    /** Ends the removal that has begun, at once. */
    public void finishRemoval() {
        removal.finishNow();
    }

    /** Another group has taken everything. */
    void dissolve() {
        leave();
        removal.merged();
    }

    private void leave() {
        peering.advance(map, Membership.NOBODY);
        intervalChanged();
    }

    /** What is known of a request, for those who look in from outside. */
    EntryLog.@Nullable Done doneOrNull(io.sepiola.protocol.osd.OsdReqId request) {
        return ledger.log.doneOrNull(request);
    }

    @Override
    public String toString() {
        return "osd." + host.self() + " pg " + id;
    }
}
