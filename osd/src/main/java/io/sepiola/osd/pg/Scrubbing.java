package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.osd.peering.Histories;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.Phase;
import io.sepiola.osd.peering.Tally;
import io.sepiola.osd.scrub.Scrub;
import io.sepiola.osd.scrub.ScrubEffects;
import io.sepiola.osd.scrub.ScrubEvent;
import io.sepiola.osd.scrub.ScrubFindings;
import io.sepiola.osd.scrub.ScrubHost;
import io.sepiola.osd.scrub.ScrubKind;
import io.sepiola.osd.scrub.ScrubScan;
import io.sepiola.osd.scrub.ScrubSchedule;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgShard;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.message.MOSDRepScrub;
import io.sepiola.protocol.message.MOSDRepScrubMap;
import io.sepiola.protocol.message.MOSDScrubReserve;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.ScrubListing;
import io.sepiola.protocol.osd.ScrubMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Binds the {@link Scrub} of a group to its members, its writes and its recovery; and is, on a
 * member that is not the primary, the one that looks for it. Owned by the group.
 */
public final class Scrubbing implements ScrubEffects {
    private static final int DEBUG = 0;
    private static final int WARN = 3;
    private static final int ERROR = 4;
    private static final int PRIORITY = 5; // osd_scrub_priority
    private static final int REQUEST = 0; // of MOSDScrubReserve
    private static final int GRANT = 1;
    private static final int RELEASE = 2;
    private static final int REJECT = 3;

    private final Pg pg;
    private final ScrubHost host;
    private final ScrubFindings findings = new ScrubFindings();
    private final Scrub scrub;
    private @Nullable ScrubKind wanted;
    private @Nullable ScrubKind wantedNext; // asked for while another goes on
    private ScrubSchedule.Chance chance;
    private @Nullable ScrubScan own;
    private @Nullable ScrubScan forPrimary;
    private boolean grantedToPrimary;
    private boolean repairFailed;
    private EVersion begunAt = EVersion.ZERO;

    Scrubbing(Pg pg) {
        this.pg = pg;
        this.host = pg.host().scrubs();
        this.scrub = new Scrub(pg.id(), pg.host().self(), host, findings);
        this.chance = draw();
    }

    private ScrubSchedule.Chance draw() {
        return new ScrubSchedule.Chance(host.random().nextDouble(), host.random().nextDouble());
    }

    // ---- what others ask

    /** Somebody wants a scrub, as soon as it can be. */
    public void want(ScrubKind kind) {
        if (scrub.isIdle()) {
            wanted = wanted == null ? kind : wanted.or(kind);
        } else {
            wantedNext = wantedNext == null ? kind : wantedNext.or(kind);
        }
    }

    /** Whether somebody waits for a scrub. */
    public boolean isWanted() {
        return wanted != null || wantedNext != null;
    }

    /** Begins what is wanted or due, if this is the time and a slot is free. */
    public void look() {
        PgPool pool = pg.poolOrNull();
        if (pool == null || pg.isRemoved() || !scrub.isIdle() || !isReady()) {
            return;
        }
        ScrubKind next = wantedNext;
        if (next != null) { // what went on has ended
            wantedNext = null;
            want(next);
        }
        ScrubKind kind = wanted;
        if (kind == null) {
            Optional<ScrubKind> due =
                    ScrubSchedule.due(
                            host.options(),
                            pool,
                            pg.map().flags(),
                            pg.ledger().history,
                            chance,
                            pg.host().shard().clock().now());
            if (due.isEmpty()) {
                return;
            }
            kind = due.get();
        }
        begunAt = pg.ledger().lastUpdate;
        scrub.on(new ScrubEvent.Begin(kind), this);
    }

    private boolean isReady() {
        return pg.peering().phase() instanceof Phase.Active active
                && active.stage() == Phase.Stage.CLEAN
                && pg.peering().members().actingCount() >= pg.peering().members().size()
                && !pg.recovery().isBusy()
                && !lacksAnything();
    }

    private boolean lacksAnything() {
        boolean lacks = !pg.ledger().missing.isEmpty();
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            lacks |= missing != null && !missing.isEmpty();
        }
        return lacks;
    }

    /** Whether a write of that object has to wait. */
    boolean holds(HObject object) {
        return scrub.holds(object);
    }

    /** Such a write has come. */
    void writeCame(HObject object) {
        scrub.on(new ScrubEvent.WriteCame(object), this);
    }

    /** That entry was logged. */
    void written(PgLogEntry entry) {
        scrub.written(entry);
    }

    /** A write changed what there is to count. */
    void counted(HObject object, long objects, long bytes) {
        scrub.counted(object, objects, bytes);
    }

    /** State bits, as Ceph numbers them. */
    long state() {
        ScrubKind kind = scrub.runningOrNull();
        Tally tally = pg.ledger().tally;
        long state = tally.shallowErrors + tally.deepErrors > 0 ? PgReport.INCONSISTENT : 0;
        if (kind != null) {
            state |= PgReport.SCRUBBING | (kind.deep() ? PgReport.DEEP_SCRUB : 0);
            state |= kind.repair() ? PgReport.REPAIR : 0;
        }
        return state | (repairFailed ? PgReport.FAILED_REPAIR : 0);
    }

    /** What was found; empty when no scrub has looked since the members changed. */
    Optional<ScrubListing> list(ScrubListing.Asked asked) {
        return findings.isKnown()
                ? Optional.of(findings.list(asked, pg.ledger().history.sameIntervalSince()))
                : Optional.empty();
    }

    /** Members changed, or the group is going. */
    void intervalChanged() {
        scrub.on(new ScrubEvent.IntervalChanged(), this);
        cancel(own);
        cancel(forPrimary);
        own = null;
        forPrimary = null;
        repairFailed = false;
        giveUpGrant();
    }

    private static void cancel(@Nullable ScrubScan scan) {
        if (scan != null) {
            scan.cancel();
        }
    }

    private void giveUpGrant() {
        if (grantedToPrimary) {
            grantedToPrimary = false;
            host.slots().give();
        }
    }

    // ---- messages

    void reserve(int from, MOSDScrubReserve message) {
        switch (message.op()) {
            case REQUEST -> {
                if (!grantedToPrimary && pg.peering().isReplica()) {
                    grantedToPrimary = host.slots().take(host.options().maxScrubs());
                }
                tell(from, grantedToPrimary ? GRANT : REJECT);
            }
            case GRANT -> scrub.on(new ScrubEvent.Granted(from), this);
            case REJECT -> scrub.on(new ScrubEvent.Rejected(from), this);
            case RELEASE -> {
                giveUpGrant();
                host.look();
            }
            default -> Mark.hit("a reservation that asks for nothing known");
        }
    }

    /** The primary wants to know what we have. */
    void asked(int from, MOSDRepScrub message) {
        cancel(forPrimary);
        ScrubScan scan =
                scan(
                        message.start(),
                        message.end(),
                        message.deep(),
                        map ->
                                pg.host()
                                        .send(
                                                from,
                                                new MOSDRepScrubMap(
                                                        pg.id(),
                                                        pg.epoch(),
                                                        me(),
                                                        false,
                                                        ScrubMap.CODEC.toBytes(map))));
        forPrimary = scan;
        scan.start();
    }

    private ScrubScan scan(
            HObject from, HObject until, boolean deep, java.util.function.Consumer<ScrubMap> done) {
        return new ScrubScan(
                pg.host().store(),
                pg.host().shard(),
                pg.collection(),
                from,
                until,
                deep,
                host.options(),
                done);
    }

    void looked(int from, MOSDRepScrubMap message) {
        scrub.on(new ScrubEvent.Looked(from, ScrubMap.CODEC.fromBytes(message.map())), this);
    }

    private PgShard me() {
        return PgShard.replicated(pg.host().self());
    }

    private void tell(int osd, int op) {
        pg.host().send(osd, new MOSDScrubReserve(pg.id(), pg.epoch(), op, me()));
    }

    // ---- effects of the scrub

    @Override
    public List<Integer> replicas() {
        return pg.peering().replicas();
    }

    @Override
    public void askSlot(int osd) {
        tell(osd, REQUEST);
    }

    @Override
    public void giveSlot(int osd) {
        tell(osd, RELEASE);
    }

    @Override
    public List<HObject> list(HObject from, int countMax) {
        List<HObject> found = new ArrayList<>();
        HObject at = from;
        while (true) {
            List<GhObject> page =
                    pg.host().store().list(pg.collection(), GhObject.of(at), countMax + 2);
            for (GhObject stored : page) {
                HObject object = stored.object();
                boolean isNew = found.isEmpty() || object.compareTo(found.getLast()) > 0;
                if (ScrubScan.isShared(object) && isNew) {
                    found.add(object);
                    if (found.size() == countMax) {
                        return found;
                    }
                }
            }
            if (page.size() < countMax + 2 || page.getLast().object().equals(at)) {
                return found;
            }
            at = page.getLast().object();
        }
    }

    @Override
    public void close(int chunk, HObject from, HObject until) {
        pg.writes().afterAll(() -> scrub.on(new ScrubEvent.Drained(chunk), this));
    }

    @Override
    public void open() {
        pg.operations().released(object -> !scrub.holds(object));
    }

    @Override
    public void look(HObject from, HObject until, boolean deep) {
        for (int osd : pg.peering().replicas()) {
            pg.host()
                    .send(
                            osd,
                            new MOSDRepScrub(
                                    pg.id(),
                                    EVersion.ZERO,
                                    pg.ledger().lastUpdate,
                                    pg.epoch(),
                                    true,
                                    from,
                                    until,
                                    deep,
                                    pg.peering().lastReset(),
                                    false,
                                    PRIORITY,
                                    false));
        }
        ScrubScan scan =
                scan(
                        from,
                        until,
                        deep,
                        map -> scrub.on(new ScrubEvent.Looked(pg.host().self(), map), this));
        cancel(own);
        own = scan;
        scan.start();
    }

    @Override
    public void rest(int chunk) {
        pg.host()
                .shard()
                .timers()
                .after(host.options().sleep(), () -> scrub.on(new ScrubEvent.Rested(chunk), this));
    }

    @Override
    public boolean isRecovering(HObject object) {
        boolean missing = pg.ledger().missing.contains(object);
        for (int osd : pg.peering().replicas()) {
            MissingSet lacks = pg.peering().peerMissing().get(osd);
            missing |= lacks != null && lacks.contains(object);
        }
        return missing;
    }

    @Override
    public void log(int level, String text) {
        host.log(level, text);
    }

    @Override
    public void changed() {
        pg.host().stateChanged(pg);
    }

    @Override
    public void finished(Result result) {
        own = null;
        wanted = null;
        repairFailed = false;
        chance = draw();
        countAnew(result);
        boolean mend = mends(result);
        int fixed = 0;
        String word = result.kind().word();
        if (!result.repairs().isEmpty()) {
            log(
                    ERROR,
                    String.format(
                            "%s %s %d missing, %d inconsistent objects",
                            pg.id(), word, result.missing(), result.inconsistent()));
            fixed = mend ? repair(result.repairs()) : 0;
        }
        note(result, fixed);
        int errors = result.shallowErrors() + result.deepErrors();
        log(
                errors == 0 ? DEBUG : ERROR,
                String.format(
                        "%s %s %s%s%s",
                        pg.id().pg(),
                        word,
                        errors == 0 ? "ok" : errors + " errors",
                        lostDetails(result),
                        result.kind().repair() ? ", " + fixed + " fixed" : ""));
        again(result, mend, fixed);
        changed();
        host.look();
    }

    private String lostDetails(Result result) {
        long deep = pg.ledger().tally.deepErrors;
        return result.kind().deep() || deep == 0
                ? ""
                : " ( " + deep + " remaining deep scrub error details lost)";
    }

    private boolean mends(Result result) {
        ScrubKind kind = result.kind();
        return kind.repair()
                || kind.autoRepair()
                        && kind.deep()
                        && result.repairs().size() <= host.options().autoRepairCountMax();
    }

    /** What was mended is looked at again; what a shallow scrub found for auto-repair, deeply. */
    private void again(Result result, boolean mend, int fixed) {
        ScrubKind kind = result.kind();
        int errors = result.shallowErrors() + result.deepErrors();
        if (mend && fixed > 0) {
            want(new ScrubKind(true, false, false, true));
        } else if (kind.repair() && errors > 0) {
            repairFailed = true; // nothing is known by which it could be mended
        } else if (errors > 0 && kind.autoRepair() && !kind.deep()) {
            want(new ScrubKind(true, false, true, false));
        }
    }

    private int repair(Map<HObject, Repair> repairs) {
        int count = 0;
        for (Map.Entry<HObject, Repair> entry : repairs.entrySet()) {
            Repair repair = entry.getValue();
            for (int osd : repair.bad()) {
                pg.recovery().damaged(osd, entry.getKey(), repair.version());
            }
            count += repair.bad().size();
        }
        pg.recovery().start();
        return count;
    }

    /** The tally is a sum of many differences; what was counted is true. */
    private void countAnew(Result result) {
        Tally tally = pg.ledger().tally;
        boolean right = tally.objects == result.objects() && tally.bytes == result.bytes();
        int errors = result.shallowErrors() + result.deepErrors();
        if (errors > 0 || !result.whole() || lacksAnything()) {
            return;
        }
        if (!right && !tally.estimated) {
            log(
                    WARN,
                    String.format(
                            "%s : stat mismatch, got %d/%d objects, %d/%d bytes; set right",
                            pg.id().pg(),
                            result.objects(),
                            tally.objects,
                            result.bytes(),
                            tally.bytes));
        }
        tally.objects = result.objects();
        tally.bytes = result.bytes();
        tally.estimated = false;
    }

    private void note(Result result, int fixed) {
        Tally tally = pg.ledger().tally;
        boolean deep = result.kind().deep();
        tally.shallowErrors = result.shallowErrors();
        tally.deepErrors = deep ? result.deepErrors() : tally.deepErrors;
        tally.repaired += fixed;
        pg.ledger().history =
                Histories.scrubbed(
                        pg.ledger().history,
                        begunAt,
                        Utime.of(pg.host().shard().clock().now()),
                        deep,
                        tally.shallowErrors + tally.deepErrors == 0);
        pg.ledger().touchInfo();
        pg.persist();
        for (int osd : pg.peering().replicas()) {
            pg.tellInfo(osd, pg.ledger().info());
        }
    }
}
