package io.sepiola.client;

import io.sepiola.base.Invariant;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.MOSDOp;
import io.sepiola.protocol.message.MOSDOpReply;
import io.sepiola.protocol.osd.OsdOp;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.osd.SnapContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One operation from its submission to its answer, over however many attempts. Owned by the
 * objecter's shard.
 */
final class Operation {
    /** What clients of this release offer; the encodings here follow from it. */
    private static final long FEATURES = 0x3f01cfbdfffdffffL;

    /**
     * What shall be done.
     *
     * @param flags of {@link MOSDOp}; READ or WRITE among them
     * @param snap to read from
     * @param time of the change
     */
    record Request(
            Aim aim, List<OsdOp> steps, int flags, long snap, SnapContext snapContext, Utime time) {
        boolean isRead() {
            return (flags & MOSDOp.READ) != 0;
        }

        boolean isWrite() {
            return (flags & MOSDOp.WRITE) != 0;
        }

        /** Whether a full pool holds it back. */
        boolean respectsFull() {
            return isWrite() && (flags & (MOSDOp.FULL_TRY | MOSDOp.FULL_FORCE)) == 0;
        }

        /** Bytes that it, or its answer, takes in memory and on the wire. */
        long bytes() {
            long bytes = 0;
            for (OsdOp step : steps) {
                bytes +=
                        switch (step) {
                            case OsdOp.Write write -> write.data().size();
                            case OsdOp.WriteFull write -> write.data().size();
                            case OsdOp.Append append -> append.data().size();
                            case OsdOp.Read read -> Math.max(0, read.length());
                            case OsdOp.SparseRead read -> Math.max(0, read.length());
                            case OsdOp.Call call -> call.input().size();
                            case OsdOp.Unknown raw -> raw.payload().size();
                            default -> 0;
                        };
            }
            return bytes;
        }
    }

    private final long tid;
    private final Request request;
    private final CompletableFuture<MOSDOpReply> answer;
    private int attempts;
    private @Nullable Placement placementOrNull;

    Operation(long tid, Request request, CompletableFuture<MOSDOpReply> answer) {
        this.tid = tid;
        this.request = request;
        this.answer = answer;
    }

    long tid() {
        return tid;
    }

    Request request() {
        return request;
    }

    CompletableFuture<MOSDOpReply> answer() {
        return answer;
    }

    /** Where it was sent last, or waits to be sent. */
    @Nullable Placement placementOrNull() {
        return placementOrNull;
    }

    void placed(Placement placement) {
        placementOrNull = placement;
    }

    /** Whether an answer with that attempt's number is to the last attempt. */
    boolean isLastAttempt(int attempt) {
        return attempt < 0 || attempt == attempts - 1;
    }

    /** The message of the next attempt. */
    MOSDOp nextAttempt() {
        Placement placement = placementOrNull;
        if (placement == null) {
            throw Invariant.broken("operation %d is sent nowhere", tid);
        }
        int attempt = attempts++;
        return new MOSDOp(
                tid,
                placement.pg(),
                placement.hash(),
                placement.epoch(),
                request.flags
                        | MOSDOp.ON_DISK
                        | MOSDOp.KNOWN_REDIRECT
                        | (attempt > 0 ? MOSDOp.RETRY : 0),
                OsdReqId.NONE,
                0,
                request.time,
                request.aim.locator(),
                request.aim.object(),
                request.steps,
                request.snap,
                request.snapContext,
                attempt,
                FEATURES);
    }
}
