package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Mark;
import io.sepiola.osd.op.Results;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.osd.peering.Entries;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.PgInterval;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Objects of which no present member holds the version that the log names: who might, and giving
 * them up on an administrator's word. Owned by the group.
 */
final class Unfound {
    /** Of a source that was asked. */
    static final String PROBED = "already probed";

    private static final int WARNING = 3;
    private static final int EAGAIN = -11;
    private static final int EROFS = -30;

    private final Pg pg;
    private final Unshown unshown;
    private final Set<HObject> reverting = new HashSet<>();
    private final Set<HObject> byThemselves = new HashSet<>(); // of those, nobody's word was needed

    Unfound(Pg pg) {
        this.pg = pg;
        this.unshown = new Unshown(pg);
    }

    Unshown unshown() {
        return unshown;
    }

    /** Who might hold what is unfound, and whether that is known; in Ceph's words. */
    SortedMap<Integer, String> sources() {
        SortedMap<Integer, String> sources = new TreeMap<>();
        for (PgInterval interval : pg.ledger().pastIntervals) {
            interval.acting().forEach(osd -> note(osd, sources));
        }
        pg.peering().peerInfos().keySet().forEach(osd -> note(osd, sources));
        pg.peering().members().up().forEach(osd -> note(osd, sources));
        return sources;
    }

    private void note(int osd, SortedMap<Integer, String> sources) {
        if (osd == PgInterval.NONE || osd == pg.host().self()) {
            return;
        }
        String status;
        if (isProbed(osd)) {
            status = PROBED;
        } else if (!pg.map().isUp(osd)) {
            status = "osd is down";
        } else {
            status = pg.peering().peerInfos().containsKey(osd) ? "querying" : "not queried";
        }
        sources.put(osd, status);
    }

    private boolean isProbed(int osd) {
        var info = pg.peering().peerInfos().get(osd);
        return pg.peering().peerMissing().containsKey(osd)
                || info != null && info.lastUpdate().equals(EVersion.ZERO);
    }

    /** Whether it is given up: it is no more, or was called lost after it was last up. */
    private static boolean isLost(OsdMap map, int osd) {
        return !map.exists(osd)
                || !map.isUp(osd)
                        && map.info(osd).lostAt() != 0
                        && Integer.compareUnsigned(map.info(osd).lostAt(), map.upFrom(osd)) >= 0;
    }

    /** Whether nobody is left to ask who might hold what is unfound. */
    boolean isEverybodyProbedOrLost() {
        return sources().entrySet().stream()
                .allMatch(source ->
                        source.getValue().equals(PROBED) || isLost(pg.map(), source.getKey()));
    }

    /** {@code mark_unfound_lost}. */
    GroupCommands.Told markLost(String mode) {
        int count = pg.recovery().unfoundCount();
        if (!mode.equals("revert") && !mode.equals("delete")) {
            return told(
                    Results.EINVAL, "mode must be 'revert' or 'delete'; mark not yet implemented");
        }
        if (!pg.peering().isPrimary()) {
            return told(EROFS, "not primary");
        }
        if (count == 0) {
            return told(0, "pg has no unfound objects");
        }
        if (!isEverybodyProbedOrLost()) {
            return told(
                    Results.EINVAL,
                    "pg has "
                            + count
                            + " unfound objects but we haven't probed all sources, not marking"
                            + " lost");
        }
        if (!pg.peering().isActive()) {
            return told(
                    EAGAIN,
                    "pg is "
                            + PgState.text(pg.state())
                            + "; it gives nothing up before it is active and no earlier primary"
                            + " may serve reads");
        }
        List<HObject> objects = new ArrayList<>();
        for (HObject object : pg.ledger().missing.items().keySet()) {
            if (pg.recovery().isUnfound(object)) {
                objects.add(object);
            }
        }
        if (mode.equals("revert")) {
            revert(objects);
        } else {
            objects.forEach(object -> giveUp(object, EVersion.ZERO));
            pg.recovery().givenUp(objects);
        }
        return told(0, "pg has " + count + " objects unfound and apparently lost marking");
    }

    /** Each goes back to the newest version that is left, here or elsewhere, or is no more. */
    private void revert(List<HObject> objects) {
        Map<Boolean, List<HObject>> elsewhere =
                objects.stream()
                        .collect(Collectors.partitioningBy(o -> olderElsewhereOrNull(o) != null));
        List<HObject> here = elsewhere.getOrDefault(false, List.of());
        List<HObject> fetched = elsewhere.getOrDefault(true, List.of());
        here.forEach(object -> giveUp(object, keptHere(object)));
        pg.recovery().givenUp(here);
        reverting.addAll(fetched);
        pg.recovery().fetchOlder(fetched);
    }

    /**
     * Puts an object that is unfound back to the version before, soon, if all copies of the newest
     * one are damaged and nobody outside has seen it.
     *
     * @return whether it does
     */
    boolean putBack(HObject object) {
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (item == null
                || !pg.peering().isActive()
                || !pg.operations().damagedCopies().isHopeless(object)
                || !mayPutBack(object, item.need())) {
            return false;
        }
        int interval = pg.peering().lastReset();
        pg.host()
                .shard()
                .execute(() -> {
                    if (interval != pg.peering().lastReset()
                            || pg.isRemoved()
                            || !pg.recovery().isUnfound(object)) {
                        return;
                    }
                    if (mayPutBack(object, item.need())) {
                        putBack(object, item.need());
                    } else {
                        pg.operations().unfound(object);
                    }
                });
        return true;
    }

    private void putBack(HObject object, EVersion lost) {
        Mark.hit("a version that was never shown was given up");
        String text = " goes back to the version before " + lost;
        String why = ", of which all copies are damaged and which was acknowledged to nobody";
        pg.host().scrubs().log(WARNING, pg.id() + " " + object + text + why);
        byThemselves.add(object);
        revert(List.of(object));
    }

    /** Whether there is a version before that one to go back to, and nobody has seen that one. */
    boolean mayPutBack(HObject object, EVersion need) {
        Older elsewhere = olderElsewhereOrNull(object);
        EVersion kept = elsewhere == null ? keptHere(object) : elsewhere.version();
        return unshown.isUnshown(object, need, kept);
    }

    private static GroupCommands.Told told(int result, String text) {
        return new GroupCommands.Told(result, text, "");
    }

    /**
     * The version that is kept: the one that this member had before the lost ones; nothing when it
     * had none. What is on the disk of a damaged copy is not kept.
     */
    private EVersion keptHere(HObject object) {
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        EVersion here = Transfers.versionOf(pg.host().store(), pg.collection(), object);
        return item != null && item.have().equals(here) ? here : EVersion.ZERO;
    }

    /** An OSD that is up has that version of an object. */
    record Older(int osd, EVersion version) {}

    /** Who has a newer version than this disk, of those from before the lost ones. */
    private @Nullable Older olderElsewhereOrNull(HObject object) {
        Older best = new Older(pg.host().self(), keptHere(object));
        for (var entry : pg.peering().peerMissing().entrySet()) {
            MissingSet.Item item = entry.getValue().itemOrNull(object);
            if (item != null
                    && item.have().isAfter(best.version)
                    && pg.map().isUp(entry.getKey())) {
                best = new Older(entry.getKey(), item.have());
            }
        }
        return best.osd == pg.host().self() ? null : best;
    }

    /**
     * From whom to pull which older version of an object; null when it is not to go back to one
     * from elsewhere, or nobody is left who has it: then it is unfound as before.
     */
    @Nullable Older wantedOlderOrNull(HObject object) {
        Older older = reverting.contains(object) ? olderElsewhereOrNull(object) : null;
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (older == null
                || item == null
                || byThemselves.contains(object) && !mayPutBack(object, item.need())) {
            reverting.remove(object);
            byThemselves.remove(object);
            return null;
        }
        return older;
    }

    /** The older version of an object is on this disk now; the lost one is missing still. */
    void fetched(HObject object) {
        Mark.hit("an unfound object went back to what another member had");
        reverting.remove(object);
        byThemselves.remove(object);
        giveUp(object, keptHere(object));
        pg.recovery().givenUp(List.of(object));
    }

    /** What was not fetched by now is unfound. */
    void intervalChanged() {
        reverting.clear();
        byThemselves.clear();
    }

    /**
     * The object is what is on this disk, or gone. Logged like a write, so that who returns with
     * the lost version gives it up as well.
     */
    private void giveUp(HObject object, EVersion kept) {
        Ledger ledger = pg.ledger();
        MissingSet.Item item = Objects.requireNonNull(ledger.missing.itemOrNull(object));
        boolean delete = kept.equals(EVersion.ZERO);
        PgLogEntry entry =
                Entries.givenUp(
                        object,
                        new EVersion(pg.epoch(), ledger.lastUpdate.version() + 1),
                        item.need(),
                        kept,
                        Utime.of(pg.host().shard().clock().now()),
                        ledger.lastUserVersion);
        Transaction.Op change =
                delete
                        ? new Transaction.Remove(pg.collection(), GhObject.of(object))
                        : stamp(object, entry.version());
        if (delete) {
            ledger.tally.objects = Math.max(0, ledger.tally.objects - 1);
        }
        ledger.tally.estimated = true; // who knows what the lost version had added
        ledger.missing.remove(object);
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null && delete) {
                missing.remove(object);
            } else if (missing != null && pg.recovery().holds(osd, object)) {
                missing.add(object, entry.version(), EVersion.ZERO);
            }
        }
        ledger.updateLastComplete();
        pg.writes().beginOwn(entry, List.of(change), delete ? List.of(change) : List.of());
    }

    /** The object on this disk is of that version from now on. */
    private Transaction.Op stamp(HObject object, EVersion version) {
        ObjectInfo info =
                Objects.requireNonNull(
                        ObjectContexts.load(pg.host().store(), pg.collection(), object));
        SortedMap<String, Bytes> attrs = new TreeMap<>();
        attrs.put(
                StoredObject.INFO_ATTR,
                ObjectInfo.CODEC.toBytes(Transfers.withVersion(info, version)));
        return new Transaction.SetAttrs(pg.collection(), GhObject.of(object), attrs);
    }

    /** On a replica: the primary has given an object up, which is to come from there, or gone. */
    static void learn(PgLogEntry entry, Ledger ledger) {
        if (entry.op() == PgLogEntry.LOST_DELETE) {
            ledger.missing.remove(entry.object());
        } else if (entry.op() == PgLogEntry.LOST_REVERT
                && entry.object().compareTo(ledger.lastBackfill) <= 0) {
            ledger.missing.add(entry.object(), entry.version(), EVersion.ZERO);
        }
    }
}
