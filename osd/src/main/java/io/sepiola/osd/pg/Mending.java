package io.sepiola.osd.pg;

import io.sepiola.base.Mark;
import io.sepiola.base.Timers;
import io.sepiola.osd.peering.Entries;
import io.sepiola.osd.peering.Ledger;
import io.sepiola.osd.peering.LedgerDisk;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a replica does when it cannot make a write, because what it has of the blocks around it is
 * damaged: the write is logged, with its object missing, the object is had whole from the primary,
 * and only then the primary is told that the write is on this disk. Owned by the group.
 *
 * <p>The object is missing as long as it is listed here.
 */
final class Mending {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int ERROR = 4;

    private final Pg pg;
    private final Map<HObject, Copy> copies = new LinkedHashMap<>();
    private final Map<HObject, Integer> givenUp = new HashMap<>(); // questions, to be answered yet

    Mending(Pg pg) {
        this.pg = pg;
    }

    /** A copy that is being had anew. */
    private static final class Copy {
        final int primary;

        /** Tell the primary of writes, when the copy is here. */
        final List<Runnable> confirmations = new ArrayList<>();

        /** Of which the parts are that have come. */
        EVersion version = EVersion.ZERO;

        /** Whether the primary has to answer yet. */
        boolean asked;

        Timers.@Nullable Timer retry;

        Copy(int primary) {
            this.primary = primary;
        }
    }

    /** Whether writes of that object cannot be made for the time being. */
    boolean isUnderWay(HObject object) {
        return !copies.isEmpty() && copies.containsKey(object);
    }

    /**
     * A write of one object is logged without being made.
     *
     * @param log the log's part of it
     * @param confirm tells the primary that it is on this disk
     */
    void goWithout(int primary, PgLogEntry entry, List<Transaction.Op> log, Runnable confirm) {
        HObject object = entry.object();
        Ledger ledger = pg.ledger();
        ledger.missing.add(object, entry.version(), EVersion.ZERO);
        ledger.updateLastComplete();
        ledger.touchInfo();
        List<Transaction.Op> all = new ArrayList<>(log);
        LedgerDisk.flush(pg.collection(), pg.meta(), ledger, pg.epoch(), all);
        try {
            pg.host().store().submit(new Transaction(all), pg.host().shard(), () -> {});
        } catch (StoreException | StoreGone failure) {
            pg.host().failed(failure);
            return;
        }
        Copy copy = copies.get(object);
        if (copy == null) {
            copy = new Copy(primary);
            copies.put(object, copy);
            ask(object, copy);
        }
        copy.confirmations.add(confirm);
    }

    /** A copy here is damaged. */
    void found(HObject object, StoreException damage) {
        Mark.hit("a replica met damage in a write");
        String text = pg.id() + " damaged copy of " + object + " is had anew from the primary: ";
        pg.host().scrubs().log(ERROR, text + damage.getMessage());
        pg.host().scrubs().mended(1);
    }

    /** Whether it is about the object, and not the end of the store. */
    static boolean mayHelp(StoreException failure, List<Transaction.Op> changes) {
        return !changes.isEmpty()
                && (failure.kind() == StoreException.Kind.CORRUPT
                        || failure.kind() == StoreException.Kind.IO);
    }

    /**
     * An entry is about to be logged and made. If it removes an object that is had anew, that is
     * not needed any more.
     *
     * @return who is to be told when the entry is on this disk
     */
    List<Runnable> superseded(PgLogEntry entry) {
        Copy copy = Entries.deletes(entry) ? copies.remove(entry.object()) : null;
        if (copy == null) {
            return List.of();
        }
        pg.ledger().missing.remove(entry.object());
        if (copy.asked) {
            givenUp.merge(entry.object(), 1, Integer::sum);
        }
        cancel(copy);
        return copy.confirmations;
    }

    private void ask(HObject object, Copy copy) {
        copy.version = EVersion.ZERO;
        ask(object, copy, ObjectRecoveryProgress.START);
    }

    private void ask(HObject object, Copy copy, ObjectRecoveryProgress progress) {
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (item != null && copies.get(object) == copy) {
            copy.asked = true;
            pg.recovery().pull(object, item.need(), copy.primary, progress);
        }
    }

    /** A part of an object came; tells whether it was asked for here. */
    boolean pushed(PushOp part) {
        HObject object = part.object();
        if (isAnswerToNobody(object)) {
            return true;
        }
        Copy copy = copies.get(object);
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        if (copy == null || item == null) {
            return false;
        }
        copy.asked = false;
        if (part.version().equals(EVersion.ZERO)) {
            Mark.hit("the primary cannot read its copy either");
            cancel(copy);
            copy.retry = pg.host().shard().timers().after(RETRY, () -> ask(object, copy));
            return true;
        }
        boolean last = Transfers.isLast(part);
        boolean torn =
                !part.before().first()
                        && !(part.version().equals(copy.version)
                                && pg.recovery().gathered().fits(part));
        if (torn || last && item.need().isAfter(part.version())) {
            Mark.hit("an object was written while it was had anew");
            ask(object, copy);
            return true;
        }
        copy.version = part.version();
        if (last) {
            copies.remove(object); // what comes now is made on top of it
            pg.recovery().store(part, () -> copy.confirmations.forEach(Runnable::run));
        } else {
            pg.recovery().store(part, () -> ask(object, copy, part.after()));
        }
        return true;
    }

    private boolean isAnswerToNobody(HObject object) {
        Integer count = givenUp.remove(object);
        if (count == null) {
            return false;
        }
        Mark.hit("an answer for a copy that was deleted meanwhile");
        if (count > 1) {
            givenUp.put(object, count - 1);
        }
        return true;
    }

    private static void cancel(Copy copy) {
        if (copy.retry != null) {
            copy.retry.cancel();
            copy.retry = null;
        }
    }

    /** What is missing is the new interval's business. */
    void intervalChanged() {
        copies.values().forEach(Mending::cancel);
        copies.clear();
        givenUp.clear();
    }
}
