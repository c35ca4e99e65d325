package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The manager's metrics beside those of a genuine Ceph: the same names, types, labels and
 * descriptions, Prometheus' own tool finds no fault that it would not find there, and Ceph's
 * Grafana boards and alerts find their series.
 */
@Tag("interop")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MetricsTest {
    private static final int PORTS = 22_000;
    private static final int PORT = 22_090;
    private static final Path GOLDEN = Path.of(System.getProperty("golden"), "metrics");

    /** Of gateways, block devices, file systems and parts of Ceph's store that Sepiola lacks. */
    private static final String ELSEWHERE =
            "ceph_(rgw|rbd|mds|fs|objecter|data_sync|bluestore|bluefs)_.*";

    @TempDir private static Path directory;
    private static DaemonCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Program.need("ceph", "rados", "ceph-authtool", "promtool");
        Program.sepiola("--version").within(Duration.ofMinutes(10)).run().ok(); // builds once
        cluster = new DaemonCluster(directory, PORTS);
        cluster.create();
        cluster.ceph("osd", "pool", "create", "m", "8").run().ok();
        cluster.ceph("osd", "pool", "application", "enable", "m", "rados").run().ok();
        cluster.awaitHealth();
        Path file = Files.write(directory.resolve("content"), new byte[100_000]);
        for (int n = 0; n < 5; n++) {
            cluster.client("rados", "-p", "m", "put", "o" + n, file).run().ok();
        }
        cluster.client("rados", "-p", "m", "get", "o0", directory.resolve("got")).run().ok();
        serve(PORT);
        cluster.ceph("osd", "set", "nodown").run().ok(); // a health check must have been seen
        cluster.until("it is seen", () -> page().contains("name=\"OSDMAP_FLAGS\""));
        cluster.ceph("osd", "unset", "nodown").run().ok();
    }

    private static void serve(int port) {
        cluster.ceph("config", "set", "mgr", "mgr/prometheus/server_port", port).run().ok();
        cluster.until(
                "metrics are served at " + port,
                () -> services().path("prometheus").asString("").equals(url(port, "/")));
    }

    private static JsonNode services() {
        return JsonMapper.shared().readTree(cluster.ceph("mgr", "services").run().ok());
    }

    private static String url(int port, String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static HttpResponse<String> get(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url(port, path))).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException closed) {
            throw new java.io.UncheckedIOException(closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private static String page() {
        HttpResponse<String> response = get(PORT, "/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
        return response.body();
    }

    /** Values by series, labels and all. */
    private static Map<String, Double> samples(String page) {
        Map<String, Double> samples = new TreeMap<>();
        page.lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> {
                    int blank = line.lastIndexOf(' ');
                    double value = Double.parseDouble(line.substring(blank + 1));
                    assertThat(samples.put(line.substring(0, blank), value)).as(line).isNull();
                });
        return samples;
    }

    private static double sum(String page, String name) {
        return samples(page).entrySet().stream()
                .filter(entry -> entry.getKey().replaceFirst("\\{.*", "").equals(name))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** A metric as it is described. */
    private record Family(String type, String labels, String help) {}

    private static Map<String, Family> genuine() throws IOException {
        Map<String, Family> families = new TreeMap<>();
        for (String line : Files.readAllLines(GOLDEN.resolve("families.tsv"))) {
            String[] cells = line.split("\t", -1);
            families.put(cells[0], new Family(cells[1], cells[2], cells[3]));
        }
        return families;
    }

    private static Map<String, Family> families(String page) {
        Map<String, String> helps = new TreeMap<>();
        Map<String, Family> families = new TreeMap<>();
        for (String line : page.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words[3]);
            } else if (line.startsWith("# TYPE ")) {
                families.put(words[2], new Family(words[3], "?", helps.get(words[2])));
            } else {
                String name = line.replaceFirst("[{ ].*", "");
                Family known = families.get(name);
                families.put(name, new Family(known.type, labels(line), known.help));
            }
        }
        return families;
    }

    private static String labels(String sample) {
        if (!sample.contains("{")) {
            return "";
        }
        String inside = sample.substring(sample.indexOf('{') + 1, sample.lastIndexOf('}'));
        return inside.replaceAll("=\"(?:[^\"\\\\]|\\\\.)*\"", "");
    }

    @Test
    void everyMetricIsOneOfCephsWithItsTypeLabelsAndDescription() throws IOException {
        Map<String, Family> theirs = genuine();
        Map<String, Family> ours = families(page());
        assertThat(ours).hasSizeGreaterThan(105);
        ours.forEach((name, family) -> {
            assertThat(theirs).as(name).containsKey(name);
            Family wanted = theirs.get(name);
            boolean noSample = wanted.labels.equals("?") || family.labels.equals("?");
            assertThat(
                            new Family(
                                    family.type,
                                    noSample ? wanted.labels : family.labels,
                                    family.help))
                    .as(name)
                    .isEqualTo(wanted);
        });
    }

    @Test
    void boardsAndAlertsOfCephFindTheirSeries() throws IOException {
        TreeSet<String> ours = new TreeSet<>();
        samples(page()).keySet().forEach(name -> ours.add(name.replaceFirst("\\{.*", "")));
        TreeSet<String> wanted = new TreeSet<>();
        for (String line : Files.readAllLines(GOLDEN.resolve("series.tsv"))) {
            wanted.add(line.substring(line.indexOf('\t') + 1));
        }
        wanted.removeIf(name -> name.matches(ELSEWHERE));
        if (!Files.getFileStore(directory).name().startsWith("/dev/")) {
            wanted.removeIf(name -> name.startsWith("ceph_disk_occupation")); // nobody can tell
        }
        assertThat(wanted).hasSizeGreaterThan(45);
        assertThat(ours).containsAll(wanted);
    }

    /** What it objects to are names and types, which are Ceph's. */
    @Test
    void promtoolFindsNoFaultThatCephsOwnMetricsLack() throws IOException {
        Program.Result result = Program.of("promtool", "check", "metrics").run(page());
        assertThat(result.code()).as(result.err()).isIn(0, 3);
        List<String> said = (result.out() + result.err()).lines().toList();
        assertThat(said).noneMatch(line -> line.contains("error"));
        Map<String, Family> theirs = genuine();
        Map<String, Family> ours = families(page());
        for (String line : said) {
            String name = line.substring(0, line.indexOf(' '));
            assertThat(theirs).as(line).containsKey(name);
            assertThat(ours.get(name).help).as(line).isEqualTo(theirs.get(name).help);
        }
    }

    @Test
    void whatHappensIsCounted() {
        cluster.until(
                "the OSDs have told of six operations",
                () -> sum(page(), "ceph_osd_op_w") >= 5 && sum(page(), "ceph_osd_op_r") >= 1);
        String page = page();
        assertThat(sum(page, "ceph_osd_op_w_in_bytes")).isGreaterThanOrEqualTo(500_000);
        assertThat(sum(page, "ceph_osd_op_r_out_bytes")).isGreaterThanOrEqualTo(100_000);
        assertThat(sum(page, "ceph_osd_op_w_latency_sum")).isPositive();
        assertThat(sum(page, "ceph_osd_numpg")).isGreaterThanOrEqualTo(24);
        assertThat(samples(page))
                .containsEntry("ceph_health_status", 0.0)
                .containsEntry("ceph_mon_quorum_status{ceph_daemon=\"mon.a\"}", 1.0)
                .containsEntry("ceph_mgr_status{ceph_daemon=\"mgr.x\"}", 1.0)
                .containsEntry("ceph_osd_up{ceph_daemon=\"osd.2\"}", 1.0)
                .containsEntry("ceph_osd_flag_noout", 0.0);
        cluster.ceph("osd", "set", "noout").run().ok();
        cluster.until(
                "the flag and the warning are shown",
                () ->
                        sum(page(), "ceph_osd_flag_noout") == 1
                                && sum(page(), "ceph_health_status") == 1
                                && page().contains(
                                                "ceph_health_detail{name=\"OSDMAP_FLAGS\","
                                                        + "severity=\"HEALTH_WARN\"} 1.0"));
        cluster.ceph("osd", "unset", "noout").run().ok();
        cluster.until(
                "the warning is history",
                () ->
                        page().contains(
                                        "ceph_health_detail{name=\"OSDMAP_FLAGS\","
                                                + "severity=\"HEALTH_WARN\"} 0.0"));
        JsonNode df = JsonMapper.shared().readTree(cluster.ceph("df", "-f", "json").run().ok());
        assertThat(sum(page(), "ceph_cluster_total_bytes"))
                .isEqualTo(df.path("stats").path("total_bytes").asDouble(0));
        assertThat(get(PORT, "/").body()).contains("/metrics");
        assertThat(get(PORT, "/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void theEndpointMovesAndSaysWhenItCannot() {
        serve(PORT + 1);
        assertThat(get(PORT + 1, "/metrics").body()).contains("ceph_health_status");
        String taken = Integer.toString(PORTS);
        cluster.ceph("config", "set", "mgr", "mgr/prometheus/server_port", taken).run().ok();
        cluster.until(
                "health says that the port is taken",
                () ->
                        cluster.ceph("health", "detail")
                                .run()
                                .ok()
                                .contains("Module 'prometheus' has failed: the metrics page"));
        serve(PORT);
        cluster.awaitHealth();
        assertThat(page()).contains("ceph_health_status 0.0");
    }
}
