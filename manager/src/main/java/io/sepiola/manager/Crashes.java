package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.protocol.osd.HealthCheck;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Daemons that ended unexpectedly, as they or a watcher beside them said: kept with the monitors,
 * for a year, and a reason for a warning until somebody has seen them. Owned by the manager's
 * shard.
 */
final class Crashes implements Module {
    private static final Logger LOG = LoggerFactory.getLogger(Crashes.class);
    private static final String FOLDER = "crash/crash/";
    private static final int EINVAL = 22; // Ceph answers these with the positive number
    private static final int SIZE_MAX = 1 << 20;
    private static final int ID_LENGTH_MAX = 200;
    private static final int DETAIL_MAX = 30;
    private static final int DAY = 86_400;
    private static final int SECONDS_MAX = 999_999_999;
    private static final Duration PRUNE_PAUSE = Duration.ofMinutes(10);
    private static final JsonMapper JSON =
            new JsonMapper(
                    JsonFactory.builder()
                            .streamReadConstraints(
                                    StreamReadConstraints.builder().maxNestingDepth(32).build())
                            .build());

    private final ModuleOptions options;
    private final ModuleStore store;
    private SortedMap<String, ObjectNode> crashes = new TreeMap<>(); // by id
    private long version = -1; // of the store, when they were read
    private Instant pruned = Instant.EPOCH;

    Crashes(ModuleOptions options, ModuleStore store) {
        this.options = options;
        this.store = store;
    }

    @Override
    public List<String> prefixes() {
        return List.of("crash");
    }

    private SortedMap<String, ObjectNode> crashes() {
        if (version != store.version()) {
            SortedMap<String, ObjectNode> read = new TreeMap<>();
            store.under(FOLDER)
                    .forEach((id, text) -> {
                        try {
                            if (JSON.readTree(text) instanceof ObjectNode crash) {
                                read.put(id, crash);
                            }
                        } catch (JacksonException malformed) {
                            LOG.debug("crash {} is kept in a form that cannot be read", id);
                        }
                    });
            crashes = read;
            version = store.version();
        }
        return crashes;
    }

    private static String text(JsonNode crash, String member, String otherwise) {
        return crash.path(member).asString(otherwise);
    }

    private static Instant time(JsonNode crash) {
        return CrashReport.time(text(crash, "timestamp", "")).orElse(Instant.EPOCH);
    }

    private static boolean isNew(JsonNode crash) {
        return !crash.has("archived");
    }

    @Override
    public void judge(Map<String, HealthCheck> checks, Instant now) {
        Instant cutoff =
                now.minusSeconds(
                        options.number("mgr/crash/warn_recent_interval", 14 * DAY, 0, SECONDS_MAX));
        List<String> detail = new ArrayList<>();
        for (ObjectNode crash : crashes().values()) {
            if (isNew(crash) && time(crash).isAfter(cutoff)) {
                detail.add(
                        text(crash, "entity_name", "unidentified daemon")
                                + " crashed on host "
                                + text(crash, "utsname_hostname", "(unknown)")
                                + " at "
                                + text(crash, "timestamp", "unknown time"));
            }
        }
        int count = detail.size();
        if (count == 0) {
            return;
        }
        if (count > DETAIL_MAX) {
            detail.subList(DETAIL_MAX, count).clear();
            detail.add("and " + (count - DETAIL_MAX) + " more");
        }
        String summary = count + " daemons have recently crashed";
        checks.put("RECENT_CRASH", new HealthCheck(HealthCheck.WARNING, summary, detail, count));
    }

    @Override
    public List<String> tick(PgMap map, Instant now) {
        if (!store.isKnown() || now.isBefore(pruned.plus(PRUNE_PAUSE))) {
            return List.of();
        }
        pruned = now;
        return prune(
                now.minusSeconds(
                        options.number("mgr/crash/retain_interval", 365 * DAY, 0, SECONDS_MAX)));
    }

    private List<String> prune(Instant cutoff) {
        List<String> commands = new ArrayList<>();
        for (var entry : List.copyOf(crashes().entrySet())) {
            if (!time(entry.getValue()).isAfter(cutoff)) {
                commands.add(store.remove(FOLDER + entry.getKey()));
            }
        }
        return commands;
    }

    @Override
    public Answer run(Command command, Bytes input, PgMap map, Instant now) {
        return switch (command.prefix()) {
            case "crash ls" -> list(command, List.copyOf(crashes().values()));
            case "crash ls-new" ->
                    list(command, crashes().values().stream().filter(Crashes::isNew).toList());
            case "crash info" -> info(command.required("id"));
            case "crash post" -> post(input);
            case "crash rm" -> remove(command.required("id"));
            case "crash prune" -> prune(command, now);
            case "crash stat" -> stat(now);
            case "crash json_report" -> report(command);
            case "crash archive" -> archive(command.required("id"), now);
            case "crash archive-all" -> archiveAll(now);
            default -> throw Command.invalid("unknown command " + command.prefix());
        };
    }

    private static Answer list(Command command, List<ObjectNode> shown) {
        if (command.json()) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            shown.forEach(all::add);
            return Answer.shown(ModuleText.json(all));
        }
        List<List<String>> rows = new ArrayList<>();
        for (ObjectNode crash : shown) {
            rows.add(
                    List.of(
                            text(crash, "crash_id", ""),
                            text(crash, "entity_name", "unknown"),
                            isNew(crash) ? "*" : ""));
        }
        return Answer.shown(
                ModuleText.table(
                        List.of("ID", "ENTITY", "NEW"),
                        List.of(ModuleText.Side.LEFT, ModuleText.Side.LEFT, ModuleText.Side.CENTER),
                        rows));
    }

    private static Answer refused(String text) {
        return new Answer(EINVAL, text, Bytes.EMPTY);
    }

    private static Answer done(List<String> orders) {
        return Answer.after(orders, Answer.shown(""));
    }

    private Answer info(String id) {
        ObjectNode crash = crashes().get(id);
        return crash == null
                ? refused("crash info: " + id + " not found")
                : Answer.shown(ModuleText.json(crash));
    }

    private Answer post(Bytes input) {
        if (input.size() > SIZE_MAX) {
            return refused("malformed crash metadata: " + input.size() + " bytes");
        }
        try {
            if (!(JSON.readTree(input.toUtf8()) instanceof ObjectNode crash)) {
                return refused("malformed crash metadata: not an object");
            }
            for (String field : List.of("crash_id", "timestamp")) {
                if (!crash.path(field).isString()) {
                    return refused("malformed crash metadata: missing '" + field + "' field");
                }
            }
            String id = text(crash, "crash_id", "");
            if (id.isEmpty() || id.length() > ID_LENGTH_MAX) {
                return refused("malformed crash metadata: a crash_id of " + id.length());
            }
            if (CrashReport.time(text(crash, "timestamp", "")).isEmpty()) {
                return refused(
                        "malformed crash metadata: time data '"
                                + text(crash, "timestamp", "")
                                + "' does not match format '%Y-%m-%d %H:%M:%S.%f'");
            }
            if (crashes().containsKey(id)) {
                return Answer.shown("");
            }
            if (crash.has("backtrace")) {
                crash.put("stack_sig", CrashReport.signature(crash));
            }
            return done(List.of(store.set(FOLDER + id, crash.toString())));
        } catch (JacksonException malformed) {
            return refused("malformed crash metadata: " + malformed.getOriginalMessage());
        }
    }

    private Answer remove(String id) {
        return crashes().containsKey(id)
                ? done(List.of(store.remove(FOLDER + id)))
                : Answer.shown("");
    }

    private Answer prune(Command command, Instant now) {
        String keep = command.required("keep");
        if (!keep.matches("-?[0-9]{1,5}")) {
            return refused("keep argument must be integer");
        }
        return done(prune(now.minus(Duration.ofDays(Integer.parseInt(keep)))));
    }

    private Answer stat(Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(crashes().size() + " crashes recorded");
        for (int days : List.of(1, 3, 7)) {
            Instant limit = now.minus(Duration.ofDays(days));
            List<String> old =
                    crashes().entrySet().stream()
                            .filter(entry -> !time(entry.getValue()).isAfter(limit))
                            .map(Map.Entry::getKey)
                            .toList();
            String title = old.size() + " older than " + days + " days old:\n";
            lines.add(old.isEmpty() ? "" : title + String.join("\n", old));
        }
        return Answer.shown(String.join("\n", lines));
    }

    private Answer report(Command command) {
        if (!command.required("hours").matches("-?[0-9]{1,9}")) {
            return refused("<hours> argument must be integer");
        }
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (ObjectNode crash : crashes().values()) {
            String name = text(crash, "process_name", "unknown");
            counts.merge(name.isEmpty() ? "unknown" : name, 1, Integer::sum);
        }
        StringBuilder out = new StringBuilder("{");
        counts.forEach((name, count) ->
                out.append(out.length() == 1 ? "" : ", ")
                        .append(JsonNodeFactory.instance.stringNode(name))
                        .append(": ")
                        .append(count));
        return new Answer(0, out.append('}').toString(), Bytes.EMPTY);
    }

    private Answer archive(String id, Instant now) {
        ObjectNode crash = crashes().get(id);
        if (crash == null) {
            return refused("crash info: " + id + " not found");
        }
        return done(isNew(crash) ? List.of(archived(id, crash, now)) : List.of());
    }

    private Answer archiveAll(Instant now) {
        List<String> orders = new ArrayList<>();
        for (var entry : List.copyOf(crashes().entrySet())) {
            if (isNew(entry.getValue())) {
                orders.add(archived(entry.getKey(), entry.getValue(), now));
            }
        }
        return done(orders);
    }

    private String archived(String id, ObjectNode crash, Instant now) {
        crash.put("archived", CrashReport.stamp(now));
        return store.set(FOLDER + id, crash.toString());
    }
}
