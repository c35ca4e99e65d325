package io.sepiola.monitor.operation;

import io.sepiola.base.Clock;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.tell.OperationHistory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that a monitor works on, and how far it has come. Owned by the monitor's shard. */
public final class Operation {
    private static final double NANOS = 1e9;
    private static final int STEPS_MAX = 32; // nothing takes as many

    /** Something happened to it, by the shard's clock. */
    private record Step(String event, long nanos) {}

    private final long number;
    private final Message message;
    private final String source;
    private final Clock clock;
    private final List<Step> steps = new ArrayList<>();
    private boolean forwarded;

    Operation(long number, Message message, String source, Clock clock, long arrivedNanos) {
        this.number = number;
        this.message = message;
        this.source = source;
        this.clock = clock;
        steps.add(new Step("initiated", arrivedNanos));
    }

    /** Something happens to it now. */
    public void step(String event) {
        if (steps.size() < STEPS_MAX) {
            steps.add(new Step(event, clock.nanos()));
        }
    }

    /** It waits until what it changes is agreed. */
    public void awaitsCommit() {
        step(Description.service(message) + ":wait_for_finished_proposal");
    }

    /** It is handed to the monitor that leads. */
    public void forwarded() {
        step("forwarded");
        forwarded = true;
    }

    long number() {
        return number;
    }

    long arrivedNanos() {
        return steps.getFirst().nanos;
    }

    /** As Ceph shows one that is not done yet. */
    Map<String, Object> waiting() {
        return view().shown(clock, clock.nanos() - arrivedNanos());
    }

    View view() {
        return new View(number, Description.of(message), source, forwarded, List.copyOf(steps));
    }

    /** What is shown of it; the message is not held. */
    record View(long number, String description, String source, boolean forwarded, List<Step> steps)
            implements OperationHistory.Answered {
        @Override
        public long arrivedNanos() {
            return steps.getFirst().nanos;
        }

        @Override
        public Map<String, Object> done(Clock clock, long tookNanos) {
            List<Step> all = new ArrayList<>(steps);
            all.add(new Step("done", arrivedNanos() + tookNanos));
            return new View(number, description, source, forwarded, all).shown(clock, tookNanos);
        }

        private Map<String, Object> shown(Clock clock, long durationNanos) {
            Map<String, Object> info = new LinkedHashMap<>();
            info.put("seq", number);
            info.put("src_is_mon", false);
            info.put("source", source);
            info.put("forwarded_to_leader", forwarded);
            Map<String, Object> type = new LinkedHashMap<>();
            List<Map<String, Object>> events = events(clock, durationNanos);
            type.put("events", events);
            type.put("info", info);
            Map<String, Object> text = new LinkedHashMap<>();
            text.put("description", description);
            text.put("initiated_at", events.getFirst().get("time"));
            text.put("age", (clock.nanos() - arrivedNanos()) / NANOS);
            text.put("duration", durationNanos / NANOS);
            text.put("type_data", type);
            return text;
        }

        /** With each the time until the next; with the last one how long all took. */
        private List<Map<String, Object>> events(Clock clock, long durationNanos) {
            Instant start = clock.now().minusNanos(clock.nanos()); // of its nanoseconds
            List<Map<String, Object>> events = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                Step step = steps.get(i);
                boolean isLast = i + 1 == steps.size();
                long nanos = isLast ? durationNanos : steps.get(i + 1).nanos - step.nanos;
                Map<String, Object> event = new LinkedHashMap<>();
                event.put("event", step.event);
                event.put("time", Units.stamp(start.plusNanos(step.nanos)));
                event.put("duration", nanos / NANOS);
                events.add(event);
            }
            return events;
        }
    }
}
