package io.sepiola.monitor.command;

import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.monitor.text.OsdMapText;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.PgState;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The cluster on one screen. */
final class StatusText {
    private final MonitorState state;
    private final Facts facts;
    private final PgDigest digest;
    private final OsdMap map;

    StatusText(MonitorState state, Facts facts) {
        this.state = state;
        this.facts = facts;
        this.digest = facts.digest();
        this.map = state.osdMaps().newest();
    }

    String plain() {
        Health health = facts.health(state);
        StringBuilder out = new StringBuilder();
        out.append("  cluster:\n    id:     ").append(state.monMap().fsid()).append('\n');
        out.append("    health: ").append(health.status().label()).append('\n');
        health.summaries(facts.now())
                .forEach(line -> out.append("            ").append(line).append('\n'));
        out.append(" \n  services:\n");
        out.append("    mon: ").append(monitors()).append('\n');
        out.append("    mgr: ").append(managers()).append('\n');
        out.append("    osd: ").append(osds(map, facts.now())).append('\n');
        services(out);
        out.append(" \n");
        data(out);
        progress(out);
        return out.toString();
    }

    /** What the manager says of long things that go on, as far as it shall be shown here. */
    private void progress(StringBuilder out) {
        ObjectNode events = facts.progress();
        if (events.isEmpty()) {
            return;
        }
        out.append("  progress:\n");
        for (JsonNode event : events) {
            if (event.path("add_to_ceph_s").asBoolean(false)) {
                out.append("    ").append(event.path("message").asString("")).append('\n');
            }
        }
        out.append(" \n");
    }

    private String monitors() {
        MonMap monMap = state.monMap();
        List<String> names = facts.quorum().stream().map(rank -> monMap.ranks().get(rank)).toList();
        return monMap.size()
                + " daemons, quorum "
                + String.join(",", names)
                + " (age "
                + Units.age(facts.quorumAge())
                + ")"
                + missing(monMap, names);
    }

    private static String missing(MonMap monMap, List<String> present) {
        List<String> missing =
                monMap.ranks().stream().filter(name -> !present.contains(name)).toList();
        return missing.isEmpty() ? "" : ", out of quorum: " + String.join(", ", missing);
    }

    private String managers() {
        MgrMap mgrMap = state.mgrMap();
        String standbys =
                mgrMap.standbys().values().stream()
                        .map(MgrMap.Standby::name)
                        .collect(Collectors.joining(", "));
        if (mgrMap.activeGid() == 0) {
            return "no daemons active" + since(" (since ", mgrMap.activeChange(), ")");
        }
        return mgrMap.activeName()
                + (mgrMap.available() ? "(active" : "(active, starting")
                + since(", since ", mgrMap.activeChange(), ")")
                + (standbys.isEmpty() ? "" : ", standbys: " + standbys);
    }

    private String since(String before, Utime time, String after) {
        return time.equals(Utime.ZERO)
                ? after.equals(")") && before.startsWith(",") ? ")" : ""
                : before + age(time, facts.now()) + after;
    }

    private static String age(Utime time, Instant now) {
        return Units.age(Duration.between(time.toInstant(), now));
    }

    /** {@code 3 osds: 3 up (since 22s), 3 in (since 28s)}. */
    String osds(OsdMap shown, Instant now) {
        StringBuilder out = new StringBuilder();
        out.append(shown.osdCount()).append(" osds: ").append(shown.upCount()).append(" up");
        if (!shown.lastUpChange().equals(Utime.ZERO)) {
            out.append(" (since ").append(age(shown.lastUpChange(), now)).append(')');
        }
        out.append(", ").append(shown.inCount()).append(" in");
        if (!shown.lastInChange().equals(Utime.ZERO)) {
            out.append(" (since ").append(age(shown.lastInChange(), now)).append(')');
        }
        if (!shown.pgTemp().isEmpty()) {
            out.append("; ").append(shown.pgTemp().size()).append(" remapped pgs");
        }
        return out.toString();
    }

    private void services(StringBuilder out) {
        for (Map.Entry<String, JsonNode> service : services().properties()) {
            long daemons = daemonCount(service.getValue());
            if (daemons > 0) {
                out.append("    ").append(service.getKey()).append(": ");
                out.append(daemons).append(daemons == 1 ? " daemon active\n" : " daemons active\n");
            }
        }
    }

    private ObjectNode services() {
        return facts.serviceMap().get("services") instanceof ObjectNode services
                ? services
                : JsonText.object();
    }

    private static long daemonCount(JsonNode service) {
        return service.get("daemons") instanceof ObjectNode daemons
                ? daemons.propertyNames().stream().filter(name -> !name.equals("summary")).count()
                : 0;
    }

    private void data(StringBuilder out) {
        PgDigest.Usage all = digest.all();
        out.append("  data:\n    pools:   ").append(map.pools().size()).append(" pools, ");
        out.append(digest.pgCount()).append(" pgs\n");
        out.append("    objects: ").append(Units.count(all.objects())).append(" objects, ");
        out.append(Units.bytes(all.bytes())).append('\n');
        out.append("    usage:   ").append(Units.bytes(digest.storage().used())).append(" used, ");
        out.append(Units.bytes(digest.storage().avail())).append(" / ");
        out.append(Units.bytes(digest.storage().total())).append(" avail\n");
        out.append("    pgs:     ");
        List<String> lines = pgLines();
        out.append(String.join("\n             ", lines)).append("\n \n");
        rates(out);
    }

    private List<String> pgLines() {
        PgDigest.Usage all = digest.all();
        List<String> lines = new ArrayList<>();
        if (digest.unknownCount() > 0) {
            lines.add(percent(digest.unknownCount(), digest.pgCount()) + " pgs unknown");
        }
        if (digest.inactiveCount() > 0) {
            lines.add(percent(digest.inactiveCount(), digest.pgCount()) + " pgs not active");
        }
        part(lines, all.degraded(), all.copies(), "degraded");
        part(lines, all.misplaced(), all.copies(), "misplaced");
        part(lines, all.unfound(), all.objects(), "unfound");
        int width =
                digest.byState().values().stream()
                        .mapToInt(n -> n.toString().length())
                        .max()
                        .orElse(0);
        digest.statesByCount()
                .forEach(entry ->
                        lines.add(
                                " ".repeat(width - entry.getValue().toString().length())
                                        + entry.getValue()
                                        + " "
                                        + PgState.text(entry.getKey())));
        return lines;
    }

    private static void part(List<String> lines, long part, long whole, String what) {
        if (part > 0) {
            lines.add(part + "/" + whole + " objects " + what + " (" + percent(part, whole) + ")");
        }
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.3f%%", whole == 0 ? 0.0 : 100.0 * part / whole);
    }

    private void rates(StringBuilder out) {
        PgDigest.Rates rates = digest.rates();
        if (rates.equals(PgDigest.Rates.NONE)) {
            return;
        }
        out.append("  io:\n");
        List<String> client = new ArrayList<>();
        if (rates.readBytes() > 0) {
            client.add(Units.bytes(rates.readBytes()) + "/s rd");
        }
        if (rates.writeBytes() > 0) {
            client.add(Units.bytes(rates.writeBytes()) + "/s wr");
        }
        if (rates.reads() > 0 || rates.readBytes() > 0) {
            client.add(Units.count(rates.reads()) + " op/s rd");
        }
        if (rates.writes() > 0 || rates.writeBytes() > 0) {
            client.add(Units.count(rates.writes()) + " op/s wr");
        }
        if (!client.isEmpty()) {
            out.append("    client:   ").append(String.join(", ", client)).append('\n');
        }
        if (rates.recoveredBytes() > 0 || rates.recoveredObjects() > 0) {
            out.append("    recovery: ").append(Units.bytes(rates.recoveredBytes())).append("/s, ");
            out.append(Units.count(rates.recoveredObjects())).append(" objects/s\n");
        }
        out.append(" \n");
    }

    ObjectNode json() {
        ObjectNode node = JsonText.object();
        node.put("fsid", state.monMap().fsid().toString());
        node.set("health", facts.health(state).json(false));
        node.put("election_epoch", facts.electionEpoch());
        ArrayNode quorum = node.putArray("quorum");
        ArrayNode names = node.putArray("quorum_names");
        facts.quorum()
                .forEach(rank -> {
                    quorum.add((int) rank);
                    names.add(state.monMap().ranks().get(rank));
                });
        node.put("quorum_age", facts.quorumAge().toSeconds());
        node.putObject("monmap")
                .put("epoch", state.monMap().epoch())
                .put("min_mon_release_name", OsdMapText.release(state.monMap().minMonRelease()))
                .put("num_mons", state.monMap().size());
        node.set("osdmap", osdStat(map));
        node.set("pgmap", pgMap());
        node.putObject("fsmap").put("epoch", 1).putArray("by_rank");
        ((ObjectNode) node.get("fsmap")).put("up:standby", 0);
        ObjectNode mgr = node.putObject("mgrmap");
        mgr.put("available", state.mgrMap().available());
        mgr.put("num_standbys", state.mgrMap().standbys().size());
        ArrayNode modules = mgr.putArray("modules");
        state.mgrMap().modules().forEach(modules::add);
        ObjectNode services = mgr.putObject("services");
        state.mgrMap().services().forEach(services::put);
        node.set("servicemap", facts.serviceMap());
        node.set("progress_events", facts.progress());
        return node;
    }

    static ObjectNode osdStat(OsdMap map) {
        return JsonText.object()
                .put("epoch", map.epoch())
                .put("num_osds", map.osdCount())
                .put("num_up_osds", map.upCount())
                .put("osd_up_since", Integer.toUnsignedLong(map.lastUpChange().seconds()))
                .put("num_in_osds", map.inCount())
                .put("osd_in_since", Integer.toUnsignedLong(map.lastInChange().seconds()))
                .put("num_remapped_pgs", map.pgTemp().size());
    }

    private ObjectNode pgMap() {
        ObjectNode node = JsonText.object();
        ArrayNode states = node.putArray("pgs_by_state");
        digest.statesByCount()
                .forEach(entry ->
                        states.addObject()
                                .put("state_name", PgState.text(entry.getKey()))
                                .put("count", entry.getValue()));
        PgDigest.Usage all = digest.all();
        node.put("num_pgs", digest.pgCount()).put("num_pools", map.pools().size());
        node.put("num_objects", all.objects()).put("data_bytes", all.bytes());
        node.put("bytes_used", digest.storage().used());
        node.put("bytes_avail", digest.storage().avail());
        node.put("bytes_total", digest.storage().total());
        ratio(node, "unknown_pgs_ratio", digest.unknownCount(), digest.pgCount());
        ratio(node, "inactive_pgs_ratio", digest.inactiveCount(), digest.pgCount());
        share(node, "degraded", all.degraded(), all.copies());
        share(node, "misplaced", all.misplaced(), all.copies());
        share(node, "unfound", all.unfound(), all.objects());
        PgDigest.Rates rates = digest.rates();
        rate(node, "recovering_objects_per_sec", rates.recoveredObjects());
        rate(node, "recovering_bytes_per_sec", rates.recoveredBytes());
        if (rates.readBytes() + rates.writeBytes() + rates.reads() + rates.writes() > 0) {
            node.put("read_bytes_sec", rates.readBytes())
                    .put("write_bytes_sec", rates.writeBytes());
            node.put("read_op_per_sec", rates.reads()).put("write_op_per_sec", rates.writes());
        }
        return node;
    }

    private static void ratio(ObjectNode node, String name, long part, long whole) {
        if (part > 0 && whole > 0) {
            node.put(name, (double) part / whole);
        }
    }

    private static void share(ObjectNode node, String name, long part, long whole) {
        if (part > 0) {
            node.put(name + "_objects", part).put(name + "_total", whole);
            ratio(node, name + "_ratio", part, whole);
        }
    }

    private static void rate(ObjectNode node, String name, long rate) {
        if (rate > 0) {
            node.put(name, rate);
        }
    }
}
