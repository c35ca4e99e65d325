package io.sepiola.manager;

import io.sepiola.protocol.osd.ProgressEvent;

import java.time.Duration;
import java.time.Instant;

/**
 * Something long that goes on, and how far it is. Owned by the manager's shard.
 *
 * <p>Invariant: its progress lies within 0 and 1.
 */
final class ProgressItem {
    private static final int BAR = 28; // characters between the brackets

    /** Measures how far something is. */
    interface Gauge {
        /**
         * Looks again.
         *
         * @param before what it said the last time
         * @return 0 to 1; 1 ends it
         */
        double of(PgMap map, double before);
    }

    private final String id;
    private final String message;
    private final Ref ref;
    private final boolean addToStatus;
    private final Instant begun;
    private final Gauge gauge;
    private double progress;

    /** What it is about: {@code ["osd", 3]}; the number may be a text. */
    record Ref(String kind, String number) {
        void write(JsonOut out) {
            out.array("refs").array().add(kind);
            if (number.matches("[0-9]{1,18}")) {
                out.add(Long.parseLong(number));
            } else {
                out.add(number);
            }
            out.end().end();
        }
    }

    ProgressItem(
            String id, String message, Ref ref, boolean addToStatus, Instant begun, Gauge gauge) {
        this.id = id;
        this.message = message;
        this.ref = ref;
        this.addToStatus = addToStatus;
        this.begun = begun;
        this.gauge = gauge;
    }

    String id() {
        return id;
    }

    String message() {
        return message;
    }

    Ref ref() {
        return ref;
    }

    boolean addToStatus() {
        return addToStatus;
    }

    Instant begun() {
        return begun;
    }

    Gauge gauge() {
        return gauge;
    }

    /** Looks how far it is; whether that is the end. */
    boolean isDone(PgMap map) {
        progress = Math.clamp(gauge.of(map, progress), 0.0, 1.0);
        return progress >= 1.0;
    }

    /** As the monitors are told. */
    ProgressEvent event(Instant now) {
        return new ProgressEvent(twoLines(now, 6), (float) progress, addToStatus);
    }

    String twoLines(Instant now, int indent) {
        String remaining =
                remainingSeconds(now) == 0
                        ? ""
                        : "(remaining: "
                                + ModuleText.span(Duration.ofSeconds(remainingSeconds(now)))
                                + ")";
        return twoLines(message, begun, now, progress, indent) + " " + remaining;
    }

    /** What something is called, since when, and a bar. */
    static String twoLines(
            String message, Instant begun, Instant now, double progress, int indent) {
        int done = (int) (progress * BAR);
        return message
                + " ("
                + ModuleText.span(Duration.between(begun, now))
                + ")\n"
                + " ".repeat(indent)
                + "["
                + "=".repeat(done)
                + ".".repeat(BAR - done)
                + "]";
    }

    /** If it goes on as it did; 0 when nobody can tell. */
    private long remainingSeconds(Instant now) {
        double elapsed = Duration.between(begun, now).toNanos() / 1e9;
        return progress == 0 ? 0 : (long) (elapsed * (1 - progress) / progress);
    }

    void write(JsonOut out, Instant now) {
        out.object();
        out.put("duration", "(" + ModuleText.span(Duration.between(begun, now)) + ")");
        out.put("id", id).put("message", message);
        out.raw("progress", ModuleText.number(progress));
        ref.write(out);
        out.raw("started_at", ModuleText.number(seconds(begun)));
        if (progress == 0) {
            out.raw("time_remaining", "null");
        } else {
            out.put("time_remaining", remainingSeconds(now));
        }
        out.end();
    }

    /** Since 1970. */
    static double seconds(Instant time) {
        return time.getEpochSecond() + time.getNano() / 1000 / 1e6;
    }
}
