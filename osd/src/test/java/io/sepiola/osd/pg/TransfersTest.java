package io.sepiola.osd.pg;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.osd.op.StoredObject;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.ObjectRecoveryInfo;
import io.sepiola.protocol.osd.ObjectRecoveryProgress;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.PushOp;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What a member makes of a part of an object that it is sent. */
class TransfersTest {
    private static final CollectionId GROUP = new CollectionId.Pg(SpgId.replicated(new PgId(1, 0)));
    private static final HObject OBJECT = new HObject("", "o", "", HObject.HEAD, 7, 1, false);

    private static List<Transaction.Op> place(int hints) {
        EVersion version = new EVersion(3, 1);
        ObjectInfo info =
                new ObjectInfo(
                        OBJECT,
                        version,
                        EVersion.ZERO,
                        OsdReqId.NONE,
                        4,
                        Utime.ZERO,
                        0,
                        0,
                        0,
                        Map.of(),
                        0,
                        Utime.ZERO,
                        -1,
                        -1,
                        8192,
                        4096,
                        hints,
                        Bytes.EMPTY);
        return Transfers.place(
                GROUP,
                new PushOp(
                        OBJECT,
                        version,
                        Bytes.utf8("data"),
                        Map.of(0L, 4L),
                        Bytes.EMPTY,
                        Map.of(),
                        Map.of(StoredObject.INFO_ATTR, ObjectInfo.CODEC.toBytes(info)),
                        new ObjectRecoveryInfo(
                                OBJECT, version, 4, info, SnapSet.EMPTY, Map.of(), Map.of(), false),
                        new ObjectRecoveryProgress(false, true, 4, "", true),
                        ObjectRecoveryProgress.START));
    }

    @Test
    void theStoreHearsOfClientsHintsBeforeTheData() {
        List<Transaction.Op> ops = place(256);
        Transaction.Op hint =
                new Transaction.SetAllocationHint(GROUP, GhObject.of(OBJECT), 8192, 4096, 256);
        assertThat(ops).contains(hint);
        assertThat(ops.subList(ops.indexOf(hint), ops.size()))
                .hasAtLeastOneElementOfType(Transaction.Write.class);
        assertThat(place(0)).doesNotHaveAnyElementsOfTypes(Transaction.SetAllocationHint.class);
    }
}
