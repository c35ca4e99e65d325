package io.sepiola.osd.pg;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.Connection;
import io.sepiola.osd.op.OpKinds;
import io.sepiola.osd.op.OpOutcome;
import io.sepiola.osd.report.OperationView;
import io.sepiola.osd.report.OsdCounters;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdOpResult;
import io.sepiola.protocol.osd.OsdReqId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A client's message on its way through a group.
 *
 * @param id that tells it from all others, over resends
 * @param object it names
 * @param kinds what its operations do
 * @param arrivedNanos when it came, by the shard's clock
 * @param counters count its answer
 */
public record ClientRequest(
        Connection connection,
        MOSDOp op,
        OsdReqId id,
        HObject object,
        OpKinds kinds,
        long arrivedNanos,
        OsdCounters counters) {
    /** Hears of requests that are not answered. */
    public interface Visitor {
        /**
         * Called for each.
         *
         * @param state what it waits for, in Ceph's words
         */
        void visit(ClientRequest request, String state);
    }

    private static final int OVERHEAD_BYTES = 1024;

    /** About the memory that it holds, in bytes. */
    public long heldBytes() {
        return heldBytes(op);
    }

    /** About the memory that an operation holds, in bytes. */
    public static long heldBytes(MOSDOp op) {
        long sum = OVERHEAD_BYTES;
        for (OsdOp one : op.ops()) {
            sum +=
                    switch (one) {
                        case OsdOp.Write o -> o.data().size();
                        case OsdOp.WriteFull o -> o.data().size();
                        case OsdOp.WriteSame o -> o.data().size();
                        case OsdOp.Append o -> o.data().size();
                        case OsdOp.CompareExtent o -> o.data().size();
                        case OsdOp.SetXattr o -> o.value().size();
                        case OsdOp.CompareXattr o -> o.value().size();
                        case OsdOp.OmapSetHeader o -> o.header().size();
                        case OsdOp.OmapSetVals o -> entriesBytes(o.entries());
                        case OsdOp.Call o -> o.input().size();
                        case OsdOp.Unknown o -> o.payload().size();
                        default -> 64; // names and keys
                    };
        }
        return sum;
    }

    private static long entriesBytes(Map<String, Bytes> entries) {
        long sum = 0;
        for (Map.Entry<String, Bytes> entry : entries.entrySet()) {
            sum += 64 + entry.getKey().length() + entry.getValue().size();
        }
        return sum;
    }

    /** What is shown of it. */
    public OperationView view() {
        return new OperationView(
                id,
                connection.peerSeenAt(),
                op.pg().pg(),
                object,
                kinds.writes(),
                op.epoch(),
                arrivedNanos);
    }

    /** Answers with a result alone. */
    public void answer(int result, int epoch) {
        answer(result, epoch, EVersion.ZERO, 0);
    }

    /** Answers with a result and the versions of a write that was done before. */
    public void answer(int result, int epoch, EVersion version, long userVersion) {
        List<OsdOpResult> results = new ArrayList<>(op.ops().size());
        for (OsdOp one : op.ops()) {
            results.add(OsdOpResult.of(one, 0, Bytes.EMPTY));
        }
        send(result, epoch, results, version, userVersion);
    }

    /**
     * Answers with what the operations put out.
     *
     * @param version of a write; zero for a read
     */
    public void answer(OpOutcome outcome, int epoch, EVersion version, long userVersion) {
        boolean wrote = !version.equals(EVersion.ZERO);
        boolean withOutput = !wrote || (op.flags() & MOSDOp.RETURN_VECTOR) != 0;
        List<OsdOpResult> results = new ArrayList<>(op.ops().size());
        for (int i = 0; i < op.ops().size(); i++) {
            Bytes output = withOutput ? outcome.outputs()[i] : Bytes.EMPTY;
            results.add(OsdOpResult.of(op.ops().get(i), outcome.results()[i], output));
        }
        int result = wrote && !withOutput ? Math.min(outcome.result(), 0) : outcome.result();
        send(result, epoch, results, version, userVersion);
    }

    /** Answers with what each operation put out. */
    void send(
            int result, int epoch, List<OsdOpResult> results, EVersion version, long userVersion) {
        counters.answered(op, kinds.reads(), kinds.writes(), result, results, arrivedNanos);
        counters.history().ended(arrivedNanos, this::view);
        connection.send(
                new MOSDOpReply(
                        op.tid(),
                        op.object(),
                        op.pg().pg(),
                        Integer.toUnsignedLong(op.flags()) | MOSDOp.ON_DISK | MOSDOp.ACK,
                        result,
                        epoch,
                        results,
                        op.attempt(),
                        version,
                        userVersion));
    }
}
