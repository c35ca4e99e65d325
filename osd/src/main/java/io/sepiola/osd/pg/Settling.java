package io.sepiola.osd.pg;

import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Keeps a group silent at the beginning of an interval until everything that it wrote in the one
 * before is on its disk. A member that told of an entry and died before the entry was durable would
 * leave the others with a log that speaks of an object which nobody has. Owned by the group's
 * shard.
 */
final class Settling {
    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    private static final int HELD_MAX = 10_000;

    private final Pg pg;
    private final GhObject meta;
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private int open; // intervals whose beginning is not yet durable

    Settling(Pg pg, GhObject meta) {
        this.pg = pg;
        this.meta = meta;
    }

    /** An interval begins. Transactions of a collection become durable in order. */
    void begin() {
        open++;
        pg.submit(List.of(new Transaction.Touch(pg.collection(), meta)), this::durable);
    }

    private void durable() {
        open--;
        while (open == 0 && !held.isEmpty()) {
            held.removeFirst().run();
        }
    }

    /** Runs the task now, or, in order, once all is durable. */
    void run(Runnable task) {
        if (open == 0 && held.isEmpty()) {
            task.run();
        } else if (held.size() < HELD_MAX) {
            held.addLast(task);
        } else {
            LOG.warn("{}: the disk is so slow that messages from other OSDs are dropped", pg);
        }
    }
}
