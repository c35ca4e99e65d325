package io.sepiola.osd.report;

import io.sepiola.base.Clock;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdReqId;
import io.sepiola.protocol.tell.OperationHistory;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is shown of a client's operation; its payload is not held.
 *
 * @param epoch by which it was sent
 * @param arrivedNanos when it came, by the shard's clock
 */
public record OperationView(
        OsdReqId id,
        EntityAddr client,
        PgId pg,
        HObject object,
        boolean writes,
        int epoch,
        long arrivedNanos)
        implements OperationHistory.Answered {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxx", Locale.ROOT);
    private static final double NANOS = 1e9;

    /** As Ceph shows one that is not answered yet. */
    public Map<String, Object> waiting(Clock clock, String state) {
        Instant arrived = arrived(clock);
        long age = clock.nanos() - arrivedNanos;
        return shown(clock, state, age, List.of(event("initiated", arrived, 0)));
    }

    /** As Ceph shows one that was answered after so long; of the events the ends are known. */
    @Override
    public Map<String, Object> done(Clock clock, long tookNanos) {
        Instant arrived = arrived(clock);
        return shown(
                clock,
                writes ? "commit sent; apply or cleanup" : "started",
                tookNanos,
                List.of(
                        event("initiated", arrived, 0),
                        event("done", arrived.plusNanos(tookNanos), tookNanos)));
    }

    private Map<String, Object> shown(
            Clock clock, String state, long durationNanos, List<Map<String, Object>> events) {
        Map<String, Object> from = new LinkedHashMap<>();
        from.put("client", id.name().toString());
        from.put("client_addr", client.toString());
        from.put("tid", id.tid());
        Map<String, Object> type = new LinkedHashMap<>();
        type.put("flag_point", state);
        type.put("client_info", from);
        type.put("events", events);
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("description", description());
        text.put("initiated_at", events.getFirst().get("time"));
        text.put("age", (clock.nanos() - arrivedNanos) / NANOS);
        text.put("duration", durationNanos / NANOS);
        text.put("type_data", type);
        return text;
    }

    private static Map<String, Object> event(String name, Instant at, long durationNanos) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", name);
        event.put("time", STAMP.format(at.atOffset(ZoneOffset.UTC)));
        event.put("duration", durationNanos == 0 ? (Object) 0 : durationNanos / NANOS);
        return event;
    }

    private Instant arrived(Clock clock) {
        return clock.now().minusNanos(clock.nanos() - arrivedNanos);
    }

    private String description() {
        return "osd_op("
                + id
                + " "
                + pg
                + " "
                + object
                + " "
                + (writes ? "write" : "read")
                + " e"
                + epoch
                + ")";
    }
}
