package io.sepiola.manager;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Something long that is over.
 *
 * <p>Kept as JSON: {@code {"compat_version":2,"events":[{"add_to_ceph_s:":true,"finished_at":...,
 * "id":...,"message":...,"refs":[["osd",3]],"started_at":...}...],"version":2}}. The odd colon is
 * Ceph's.
 */
record ProgressDone(
        String id,
        String message,
        ProgressItem.Ref ref,
        boolean addToStatus,
        double begunSeconds,
        double endedSeconds) {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressDone.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FORMAT = 2;
    private static final int COUNT_MAX = 1000;

    static ProgressDone of(ProgressItem item, Instant now) {
        return new ProgressDone(
                item.id(),
                item.message(),
                item.ref(),
                item.addToStatus(),
                ProgressItem.seconds(item.begun()),
                ProgressItem.seconds(now));
    }

    String twoLines(Instant now) {
        Instant begun = Instant.ofEpochMilli((long) (begunSeconds * 1000));
        return ProgressItem.twoLines(message, begun, now, 1, 4);
    }

    void write(JsonOut out) {
        out.object().put("add_to_ceph_s:", addToStatus);
        out.raw("finished_at", ModuleText.number(endedSeconds));
        out.put("id", id).put("message", message);
        ref.write(out);
        out.raw("started_at", ModuleText.number(begunSeconds)).end();
    }

    static String write(Collection<ProgressDone> all) {
        JsonOut out = new JsonOut(false).object().put("compat_version", FORMAT).array("events");
        all.forEach(one -> one.write(out));
        return out.end().put("version", FORMAT).end().toString();
    }

    /** What was kept; nothing when it cannot be read. */
    static List<ProgressDone> read(String text) {
        List<ProgressDone> all = new ArrayList<>();
        if (text.isEmpty()) {
            return all;
        }
        try {
            JsonNode root = JSON.readTree(text);
            if (root.path("compat_version").asInt(0) != FORMAT) {
                return all;
            }
            for (JsonNode each : root.path("events")) {
                if (all.size() < COUNT_MAX) {
                    all.add(read(each));
                }
            }
        } catch (JacksonException malformed) {
            LOG.warn("what was kept of progress cannot be read: {}", malformed.getMessage());
        }
        return all;
    }

    private static ProgressDone read(JsonNode node) {
        JsonNode ref = node.path("refs").path(0);
        return new ProgressDone(
                node.path("id").asString(""),
                node.path("message").asString(""),
                new ProgressItem.Ref(ref.path(0).asString(""), ref.path(1).asString("")),
                node.path("add_to_ceph_s:").asBoolean(false),
                node.path("started_at").asDouble(0),
                node.path("finished_at").asDouble(0));
    }
}
