package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.base.Mark;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.message.MOSDPGPull;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PullOp;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.store.StoreException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;

/** Answers members that ask for parts of objects which they lack. Has no state. */
final class Pulls {
    private static final Logger LOG = LoggerFactory.getLogger(Pulls.class);

    private Pulls() {}

    /** Gives each part, or says that it is not here by a part of version zero. */
    static void answer(Pg pg, int from, MOSDPGPull message) {
        for (PullOp op : message.ops()) {
            PushOp part = partOrNull(pg, op);
            pg.recovery().send(from, part == null ? nothing(op) : part, message.minEpoch());
        }
    }

    private static @Nullable PushOp partOrNull(Pg pg, PullOp op) {
        HObject object = op.object();
        MissingSet.Item item = pg.ledger().missing.itemOrNull(object);
        boolean older =
                item != null
                        && !item.have().equals(EVersion.ZERO)
                        && item.have().equals(op.info().version());
        if (item != null && !older) {
            return null; // what is on the disk is of another version, or damaged
        }
        try {
            return pg.recovery().partOrNull(object, op.progress());
        } catch (StoreException damaged) {
            String why = String.valueOf(damaged.getMessage());
            LOG.error("{}: {} cannot be read: {}", pg, object, why);
            if (pg.peering().isPrimary()) {
                EVersion version = Transfers.versionOf(pg.host().store(), pg.collection(), object);
                pg.operations().damagedCopies().found(object, version, why);
            }
            return null;
        }
    }

    private static PushOp nothing(PullOp op) {
        Mark.hit("a pull for an object that is not here");
        return new PushOp(
                op.object(),
                EVersion.ZERO,
                Bytes.EMPTY,
                Map.of(),
                Bytes.EMPTY,
                Map.of(),
                Map.of(),
                op.info(),
                op.progress(),
                op.progress());
    }
}
