package io.sepiola.osd.pg;

import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.Transaction;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a group out of the store, some objects at a time, so that neither the log nor the shard is
 * kept long by one group. A crash in between leaves a group that claims to hold nothing, and is
 * removed again. Owned by the group.
 */
final class Removal {
    private static final int BATCH_COUNT = 256;

    private final Pg pg;
    private boolean begun;
    private boolean done;

    Removal(Pg pg) {
        this.pg = pg;
    }

    /** Whether the group is being removed, or gone. */
    boolean isBegun() {
        return begun;
    }

    /** Begins. */
    void begin() {
        begun = true;
        // A crash amid the removal leaves some of the objects: nobody may take them for all.
        pg.ledger().lastBackfill = HObject.MIN;
        pg.ledger().touchInfo();
        List<Transaction.Op> all = new ArrayList<>();
        pg.flush(all);
        step(all);
    }

    private void step(List<Transaction.Op> all) {
        if (done) {
            return;
        }
        addSome(all);
        if (all.isEmpty()) {
            finish();
        } else {
            pg.submit(all, () -> step(new ArrayList<>()));
        }
    }

    private void addSome(List<Transaction.Op> all) {
        for (GhObject object :
                pg.host().store().list(pg.collection(), GhObject.of(HObject.MIN), BATCH_COUNT)) {
            if (!object.equals(pg.meta())) {
                all.add(new Transaction.Remove(pg.collection(), object));
            }
        }
    }

    private void finish() {
        done = true;
        pg.submit(lastStep(pg), () -> {});
        pg.host().removed(pg);
    }

    /** What removes a group that has no objects any more. */
    static List<Transaction.Op> lastStep(Pg pg) {
        return List.of(
                new Transaction.Remove(pg.collection(), pg.meta()),
                new Transaction.RemoveCollection(pg.collection()));
    }

    /** What is left goes at once: another group of that name is about to be made. */
    void finishNow() {
        List<Transaction.Op> all = new ArrayList<>();
        for (addSome(all); !all.isEmpty() && !done; addSome(all)) {
            pg.submit(all, () -> {});
            all = new ArrayList<>();
        }
        if (!done) {
            finish();
        }
    }

    /** The group has become a part of another, which has taken its objects. */
    void merged() {
        begun = true;
        done = true;
    }
}
