package io.sepiola.osd.daemon;

import io.sepiola.base.Clock;
import io.sepiola.osd.pg.ClientRequest;
import io.sepiola.protocol.osd.DaemonHealthMetric;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What clients have asked for and nobody has answered yet: how many are slow
 * (osd_op_complaint_time), and which they are ({@code ceph tell osd.N dump_ops_in_flight}). Owned
 * by the OSD's shard.
 */
final class OpsInFlight {
    private static final int DUMP_MAX = 10_000;
    private static final int SLOW_OPS = 0; // DaemonHealthMetric.kind

    private final Clock clock;
    private final Duration complaint;
    private final Consumer<ClientRequest.Visitor> requests;

    /**
     * Looks at requests when asked.
     *
     * @param complaint the age from which one is slow
     * @param requests shows all that are not answered
     */
    OpsInFlight(Clock clock, Duration complaint, Consumer<ClientRequest.Visitor> requests) {
        this.clock = clock;
        this.complaint = complaint;
        this.requests = requests;
    }

    /** For the manager: how many are slow, and the age of the oldest of those in seconds. */
    DaemonHealthMetric slow() {
        long now = clock.nanos();
        int[] count = new int[1];
        long[] oldest = new long[1];
        requests.accept((request, state) -> {
            long age = now - request.arrivedNanos();
            if (age >= complaint.toNanos()) {
                count[0]++;
                oldest[0] = Math.max(oldest[0], age);
            }
        });
        long seconds = Duration.ofNanos(oldest[0]).toSeconds();
        return new DaemonHealthMetric(SLOW_OPS, seconds << 32 | count[0]);
    }

    /** As Ceph's dump_blocked_ops: those that are slow. */
    Map<String, Object> blocked() {
        List<Op> ops = new ArrayList<>();
        long now = clock.nanos();
        requests.accept((request, state) -> {
            if (now - request.arrivedNanos() >= complaint.toNanos()) {
                ops.add(new Op(request, state));
            }
        });
        ops.sort(Comparator.comparingLong(op -> op.request.arrivedNanos()));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("ops", ops.stream().limit(DUMP_MAX).map(this::dump).toList());
        all.put("complaint_time", complaint.toSeconds());
        all.put("num_blocked_ops", ops.size());
        return all;
    }

    private record Op(ClientRequest request, String state) {}

    /** As Ceph's dump_ops_in_flight, the oldest first; of the events the first alone is known. */
    Map<String, Object> dump() {
        List<Op> ops = new ArrayList<>();
        requests.accept((request, state) -> ops.add(new Op(request, state)));
        ops.sort(Comparator.comparingLong(op -> op.request.arrivedNanos()));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("ops", ops.stream().limit(DUMP_MAX).map(this::dump).toList());
        all.put("num_ops", ops.size());
        return all;
    }

    private Map<String, Object> dump(Op op) {
        return op.request.view().waiting(clock, op.state);
    }
}
