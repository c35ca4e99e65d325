package io.sepiola.manager;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapFlags;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The cluster as metrics, with the names, types, labels and descriptions of Ceph's prometheus
 * module, so that boards and alerts made for it work. Written once, at one moment.
 */
final class Metrics {
    /** What the monitors are asked, by the names under which the answers are looked up. */
    static final Map<String, String> QUESTIONS = questions();

    private static final List<String> POOL_USAGE =
            List.of(
                    "max_avail",
                    "avail_raw",
                    "stored",
                    "stored_raw",
                    "objects",
                    "dirty",
                    "quota_bytes",
                    "quota_objects",
                    "rd",
                    "rd_bytes",
                    "wr",
                    "wr_bytes",
                    "compress_bytes_used",
                    "compress_under_bytes",
                    "bytes_used",
                    "percent_used");
    private static final List<String> RISING = List.of("rd", "rd_bytes", "wr", "wr_bytes");
    private static final List<String> CLUSTER_USAGE =
            List.of("total_bytes", "total_used_bytes", "total_used_raw_bytes");
    private static final Map<String, Integer> FLAGS = flags();
    private static final int COMPRESSION_MODE = 6; // pool_opts_t

    /**
     * What the manager itself knows.
     *
     * @param reports of daemons
     * @param isMonitor whether there is a monitor of that name
     * @param history of health checks, whether each is there now
     */
    record Known(
            PgMap map,
            MgrMap mgrMap,
            Rates.Delta delta,
            DaemonReports reports,
            Predicate<String> isMonitor,
            HealthHistory history) {}

    private final MetricsText out = new MetricsText();
    private final Map<String, JsonNode> answers;
    private final Known known;
    private final OsdMap map;

    private Metrics(Map<String, JsonNode> answers, Known known) {
        this.answers = answers;
        this.known = known;
        this.map = known.map.osdMap();
    }

    /**
     * The page.
     *
     * @param answers of the monitors, to {@link #QUESTIONS}
     */
    static String text(Map<String, JsonNode> answers, Known known) {
        Metrics metrics = new Metrics(answers, known);
        metrics.health();
        metrics.monitors();
        metrics.managers();
        metrics.osds();
        metrics.disks();
        metrics.pools();
        metrics.groups();
        metrics.usage();
        metrics.recovery();
        metrics.daemons();
        return metrics.out.toString();
    }

    private static Map<String, String> questions() {
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put("health", question("health", ",\"detail\":\"detail\""));
        questions.put("df", question("df", ",\"detail\":\"detail\""));
        questions.put("quorum", question("quorum_status", ""));
        questions.put("mon", question("mon metadata", ""));
        questions.put("mgr", question("mgr metadata", ""));
        questions.put("osd", question("osd metadata", ""));
        return questions;
    }

    private static String question(String prefix, String more) {
        return "{\"prefix\":\"" + prefix + "\"" + more + ",\"format\":\"json\"}";
    }

    private static Map<String, Integer> flags() {
        Map<String, Integer> flags = new LinkedHashMap<>();
        flags.put("noup", OsdMapFlags.NOUP);
        flags.put("nodown", OsdMapFlags.NODOWN);
        flags.put("noout", OsdMapFlags.NOOUT);
        flags.put("noin", OsdMapFlags.NOIN);
        flags.put("nobackfill", OsdMapFlags.NOBACKFILL);
        flags.put("norebalance", OsdMapFlags.NOREBALANCE);
        flags.put("norecover", OsdMapFlags.NORECOVER);
        flags.put("noscrub", OsdMapFlags.NOSCRUB);
        flags.put("nodeep-scrub", OsdMapFlags.NODEEP_SCRUB);
        return flags;
    }

    private JsonNode answer(String name) {
        return answers.getOrDefault(name, MissingNode.getInstance());
    }

    /** What a daemon says of itself. */
    private JsonNode metadata(String type, String id) {
        for (JsonNode each : answer(type)) {
            String name = type.equals("osd") ? each.path("id").asString("") : name(each);
            if (name.equals(id)) {
                return each;
            }
        }
        return MissingNode.getInstance();
    }

    private static String name(JsonNode node) {
        return node.path("name").asString("");
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).asString("");
    }

    private void health() {
        JsonNode health = answer("health");
        int status =
                switch (text(health, "status")) {
                    case "HEALTH_OK" -> 0;
                    case "HEALTH_WARN" -> 1;
                    default -> 2;
                };
        out.metric("untyped", "health_status", "Cluster health status").sample(status);
        SortedMap<String, String> now = new TreeMap<>();
        health.path("checks")
                .properties()
                .forEach(check -> now.put(check.getKey(), text(check.getValue(), "severity")));
        known.history.saw(now);
        out.metric(
                "gauge",
                "health_detail",
                "healthcheck status by type (0=inactive, 1=active)",
                "name",
                "severity");
        known.history
                .seen()
                .forEach((code, seen) -> out.sample(now.containsKey(code) ? 1 : 0, code, seen));
        out.metric(
                "gauge",
                "healthcheck_slow_ops",
                "OSD or Monitor requests taking a long time to process");
        String slow =
                health.path("checks")
                        .path("SLOW_OPS")
                        .path("summary")
                        .path("message")
                        .asString("0 ");
        String count = slow.substring(0, Math.max(0, slow.indexOf(' ')));
        out.sample(count.matches("[0-9]{1,18}") ? Long.parseLong(count) : 0);
    }

    private void monitors() {
        JsonNode quorum = answer("quorum");
        List<String> present = new ArrayList<>();
        quorum.path("quorum_names").forEach(name -> present.add(name.asString("")));
        JsonNode all = quorum.path("monmap").path("mons");
        out.metric("gauge", "mon_quorum_status", "Monitors in quorum", "ceph_daemon");
        all.forEach(mon -> out.sample(present.contains(name(mon)) ? 1 : 0, "mon." + name(mon)));
        out.metric(
                "untyped",
                "mon_metadata",
                "MON Metadata",
                "ceph_daemon",
                "hostname",
                "public_addr",
                "rank",
                "ceph_version");
        all.forEach(mon -> {
            JsonNode metadata = metadata("mon", name(mon));
            String addr = text(mon, "public_addr");
            out.sample(
                    1,
                    "mon." + name(mon),
                    text(metadata, "hostname"),
                    addr.substring(0, Math.max(0, addr.lastIndexOf(':'))),
                    mon.path("rank").asInt(0),
                    text(metadata, "ceph_version"));
        });
    }

    private void managers() {
        MgrMap managers = known.mgrMap;
        List<String> names =
                new ArrayList<>(
                        managers.standbys().values().stream().map(MgrMap.Standby::name).toList());
        names.add(managers.activeName());
        out.metric(
                "gauge", "mgr_metadata", "MGR metadata", "ceph_daemon", "hostname", "ceph_version");
        for (String name : names) {
            JsonNode metadata = metadata("mgr", name);
            out.sample(1, "mgr." + name, text(metadata, "hostname"), version(metadata));
        }
        out.metric("gauge", "mgr_status", "MGR status (0=standby, 1=active)", "ceph_daemon");
        for (String name : names) {
            out.sample(name.equals(managers.activeName()) ? 1 : 0, "mgr." + name);
        }
    }

    private static String version(JsonNode metadata) {
        return metadata.path("ceph_version").asString("unknown");
    }

    private void osds() {
        FLAGS.forEach((flag, bit) ->
                out.metric("untyped", "osd_flag_" + flag, "OSD Flag " + flag)
                        .sample(map.hasFlag(bit) ? 1 : 0));
        List<Integer> shown = new ArrayList<>();
        for (int osd = 0; osd < map.osdMax(); osd++) {
            boolean placed = map.exists(osd) && map.crush().itemNames().containsKey(osd);
            if (placed && !host(map.addrs(osd)).isEmpty()) {
                shown.add(osd);
            }
        }
        out.metric(
                "untyped",
                "osd_metadata",
                "OSD Metadata",
                "back_iface",
                "ceph_daemon",
                "cluster_addr",
                "device_class",
                "front_iface",
                "hostname",
                "objectstore",
                "public_addr",
                "ceph_version");
        for (int osd : shown) {
            JsonNode metadata = metadata("osd", Integer.toString(osd));
            out.sample(
                    1,
                    text(metadata, "back_iface"),
                    "osd." + osd,
                    host(map.clusterAddrs(osd)),
                    map.crush().classOf(osd).orElse(""),
                    text(metadata, "front_iface"),
                    text(metadata, "hostname"),
                    text(metadata, "osd_objectstore"),
                    host(map.addrs(osd)),
                    version(metadata));
        }
        status("weight");
        shown.forEach(osd -> out.sample(map.weight(osd) / 65536.0, "osd." + osd));
        status("up");
        shown.forEach(osd -> out.sample(map.isUp(osd) ? 1 : 0, "osd." + osd));
        status("in");
        shown.forEach(osd -> out.sample(map.isIn(osd) ? 1 : 0, "osd." + osd));
        SortedMap<Integer, OsdStat> stats = known.map.osds();
        stat("apply_latency_ms");
        stats.forEach((osd, stat) -> out.sample(stat.latency().applyMillis(), "osd." + osd));
        stat("commit_latency_ms");
        stats.forEach((osd, stat) -> out.sample(stat.latency().commitMillis(), "osd." + osd));
    }

    private void status(String what) {
        out.metric("untyped", "osd_" + what, "OSD status " + what, "ceph_daemon");
    }

    private void stat(String what) {
        out.metric("gauge", "osd_" + what, "OSD stat " + what, "ceph_daemon");
    }

    /** Without its port. */
    private static String host(EntityAddrVec addrs) {
        for (EntityAddr addr : addrs.addrs()) {
            if (!addr.isBlank()) {
                String text = addr.toString().replaceFirst("^v[12]:", "");
                return text.substring(0, Math.max(0, text.lastIndexOf(':')));
            }
        }
        return "";
    }

    /** Which disk each OSD lies on, under the names of Prometheus's node exporter. */
    private void disks() {
        Map<List<String>, List<String>> byDisk = new LinkedHashMap<>();
        out.metric(
                "untyped",
                "disk_occupation",
                "Associate Ceph daemon with disk used",
                "ceph_daemon",
                "device",
                "db_device",
                "wal_device",
                "instance",
                "devices",
                "device_ids");
        for (JsonNode osd : answer("osd")) {
            String device = text(osd, "bluestore_bdev_dev_node");
            String instance = text(osd, "hostname");
            if (device.isEmpty() || device.equals("unknown") || instance.isEmpty()) {
                continue;
            }
            String daemon = "osd." + text(osd, "id");
            String devices = text(osd, "devices");
            String ids = text(osd, "device_ids");
            out.sample(
                    1,
                    daemon,
                    device,
                    text(osd, "bluefs_db_dev_node"),
                    text(osd, "bluefs_wal_dev_node"),
                    instance,
                    devices.isEmpty() ? "N/A" : devices,
                    ids.isEmpty() ? "N/A" : ids);
            byDisk.computeIfAbsent(List.of(device, instance), d -> new ArrayList<>()).add(daemon);
        }
        out.metric(
                "untyped",
                "disk_occupation_human",
                "Associate Ceph daemon with disk used",
                "ceph_daemon",
                "device",
                "instance");
        byDisk.forEach((disk, daemons) ->
                out.sample(1, String.join(", ", daemons), disk.getFirst(), disk.getLast()));
    }

    private void pools() {
        out.metric(
                "untyped",
                "pool_metadata",
                "POOL Metadata",
                "pool_id",
                "name",
                "type",
                "description",
                "compression_mode");
        map.pools()
                .forEach((id, pool) ->
                        out.sample(
                                1,
                                id,
                                map.poolName(id).orElse(""),
                                pool.isErasure() ? "erasure" : "replicated",
                                description(pool),
                                compression(pool)));
        NavigableMap<Long, OsdCommands.Load> loads = new TreeMap<>();
        NavigableMap<Long, ObjectStatSum> changes = new TreeMap<>();
        map.pools()
                .keySet()
                .forEach(id -> {
                    var delta = known.delta.pools().get(id);
                    loads.put(id, OsdCommands.Load.of(delta));
                    changes.put(
                            id, delta == null ? ObjectStatSum.ZERO : delta.stat().stats().sum());
                });
        rate("recovering_objects_per_sec");
        loads.forEach((id, load) -> out.sample(load.recoveredObjects(), id));
        rate("recovering_bytes_per_sec");
        loads.forEach((id, load) -> out.sample(load.recoveredBytes(), id));
        rate("recovering_keys_per_sec");
        loads.forEach((id, load) -> out.sample(0, id)); // none is moved alone
        rate("num_objects_recovered");
        changes.forEach((id, sum) -> out.sample(Math.max(0, sum.objectsRecovered()), id));
        rate("num_bytes_recovered");
        changes.forEach((id, sum) -> out.sample(Math.max(0, sum.bytesRecovered()), id));
    }

    private void rate(String what) {
        out.metric("gauge", "pool_" + what, "OSD pool stats: " + what, "pool_id");
    }

    private String description(PgPool pool) {
        if (!pool.isErasure()) {
            return "replica:" + pool.size();
        }
        Map<String, String> profile =
                map.ecProfiles().getOrDefault(pool.erasureCodeProfile(), new TreeMap<>());
        return profile.isEmpty()
                ? "ec:unknown"
                : "ec:" + profile.getOrDefault("k", "") + "+" + profile.getOrDefault("m", "");
    }

    private static String compression(PgPool pool) {
        return pool.option(COMPRESSION_MODE).orElse(null) instanceof PoolOption.Text(String mode)
                ? mode
                : "none";
    }

    /** How many groups of each pool are in each state. */
    private void groups() {
        SortedMap<Long, SortedMap<String, Integer>> counts = new TreeMap<>();
        map.pools().keySet().forEach(id -> counts.put(id, new TreeMap<>()));
        for (Map.Entry<PgId, PgStat> group : known.map.groups().entrySet()) {
            SortedMap<String, Integer> ofPool = counts.get(group.getKey().pool());
            if (ofPool != null) {
                for (String word : PgState.text(group.getValue().state()).split("\\+", -1)) {
                    ofPool.merge(word, 1, Integer::sum);
                }
            }
        }
        out.metric("gauge", "pg_total", "PG Total Count per Pool", "pool_id");
        map.pools().forEach((id, pool) -> out.sample(pool.pgNum(), id));
        List<String> words = new ArrayList<>(List.of(PgState.text(0)));
        for (PgState state : PgState.values()) {
            words.add(state.word());
        }
        for (String word : words) {
            out.metric("gauge", "pg_" + word, "PG " + word + " per pool", "pool_id");
            counts.forEach((id, ofPool) -> out.sample(ofPool.getOrDefault(word, 0), id));
        }
    }

    private void usage() {
        JsonNode df = answer("df");
        for (String what : CLUSTER_USAGE) {
            out.metric("gauge", "cluster_" + what, "DF " + what);
            out.sample(df.path("stats").path(what).asDouble(0));
        }
        for (String what : POOL_USAGE) {
            String type = RISING.contains(what) ? "counter" : "gauge";
            out.metric(type, "pool_" + what, "DF pool " + what, "pool_id");
            for (JsonNode pool : df.path("pools")) {
                double value = pool.path("stats").path(what).asDouble(0);
                out.sample(value, pool.path("id").asLong(0));
            }
        }
    }

    private void recovery() {
        var pools = Digest.pools(known.map);
        ObjectStatSum sum = Digest.sum(pools.values()).stats().sum();
        objects("degraded", sum.degraded());
        objects("misplaced", sum.misplaced());
        objects("unfound", sum.unfound());
        out.metric(
                "counter",
                "pool_objects_repaired",
                "Number of objects repaired in a pool",
                "poolid");
        pools.forEach((id, stat) -> out.sample(stat.stats().sum().repaired(), id));
    }

    private void objects(String what, long count) {
        String help = "Number of " + what + " objects";
        out.metric("gauge", "num_objects_" + what, help).sample(count);
    }

    private void daemons() {
        out.metric(
                "gauge",
                "daemon_health_metrics",
                "Health metrics for Ceph daemons",
                "type",
                "ceph_daemon");
        known.reports
                .slowOps()
                .counts(map)
                .forEach((daemon, count) -> out.sample(count, "SLOW_OPS", daemon));
        known.reports.monitors().of(known.isMonitor).forEach(this::counter);
        known.reports.osds().of(osd -> map.exists(osd) && map.isUp(osd)).forEach(this::counter);
    }

    private void counter(String path, SequencedMap<String, DaemonCounters.Value> byDaemon) {
        DaemonCounters.Value any = byDaemon.firstEntry().getValue();
        String help = any.type().description();
        List<String> paths =
                any.isAverage() ? List.of(path + "_sum", path + "_count") : List.of(path);
        if (any.isHistogram() || paths.stream().anyMatch(out::has)) {
            return; // beside a histogram there is an average; no daemon may say anything twice
        }
        if (!any.isAverage()) {
            out.metric(any.isRising() ? "counter" : "gauge", path, help, "ceph_daemon");
            byDaemon.forEach((daemon, value) -> out.sample(value.shown(), daemon));
            return;
        }
        out.metric("counter", paths.getFirst(), help + " Total", "ceph_daemon");
        byDaemon.forEach((daemon, value) -> out.sample(value.shown(), daemon));
        out.metric("counter", paths.getLast(), help + " Count", "ceph_daemon");
        byDaemon.forEach((daemon, value) -> out.sample(value.count(), daemon));
    }
}
