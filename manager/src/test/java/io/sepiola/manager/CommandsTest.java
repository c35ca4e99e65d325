package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.AuthCaps;
import io.sepiola.protocol.caps.MgrCaps;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.option.ReportedOptions;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgMapDigest;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is counted, and what is answered, beside what a real manager answered. */
class CommandsTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden"));
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");

    private final DaemonCounters<Integer> counters = new DaemonCounters<>("osd.");
    private PgMap map;

    @BeforeEach
    void everyOsdReports() throws IOException {
        byte[] file = Files.readAllBytes(GOLDEN.resolve("osdmap/chain-small/full.109.bin"));
        OsdMap osdMap = OsdMap.CODEC.fromBytes(Bytes.of(file));
        map = new PgMap(osdMap);
        map.update(osdMap, Utime.of(NOW));
        for (int osd = 0; osd < osdMap.osdMax(); osd++) {
            if (osdMap.isUp(osd)) {
                map.report(
                        osd,
                        reportOf(osd, 1, PgState.ACTIVE.bit() | PgState.CLEAN.bit()),
                        Utime.of(NOW));
            }
        }
    }

    /** The groups that the OSD leads, all in that state. */
    private MPGStats reportOf(int osd, long sequence, long state) {
        TreeMap<PgId, PgStat> groups = new TreeMap<>();
        map.groups()
                .forEach((pg, known) -> {
                    if (known.actingPrimary() == osd) {
                        groups.put(pg, Stats.of(known, state, map.osdMap().epoch(), sequence, NOW));
                    }
                });
        OsdStat stat = Stats.osd(8 << 20, 1 << 20);
        return new MPGStats(0, map.osdMap().fsid(), stat, groups, 0, Utime.ZERO, Map.of());
    }

    private Command.Answer run(String json) {
        return run(json, "allow *");
    }

    private Command.Answer run(String json, String caps) {
        MgrCaps held = MgrCaps.of(AuthCaps.of(caps).caps(), false);
        ModuleOptions options = new ModuleOptions("x", new TreeMap<>());
        ModuleStore store = new ModuleStore();
        Progress progress = new Progress(options, store, new Random(1));
        Modules modules =
                new Modules(
                        List.of(
                                progress,
                                new Crashes(options, store),
                                new Autoscaler(options, progress),
                                new Balancer(options, Clock.system())));
        Commands.Facts facts =
                new Commands.Facts(
                        map,
                        Rates.Delta.NONE,
                        NOW,
                        new TreeMap<>(),
                        new OsdSessions(),
                        counters,
                        new ConfigShow("mgr.x", ReportedOptions.NONE, new DaemonConfigs()),
                        modules);
        return Commands.run(List.of(json), Bytes.EMPTY, held, facts);
    }

    private static JsonNode golden(String prefix) throws IOException {
        for (String line : Files.readAllLines(GOLDEN.resolve("cli/outputs.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            if (row.get("command").get("prefix").asString().equals(prefix)
                    && row.get("to").asString().equals("mgr")) {
                return row;
            }
        }
        throw new AssertionError("no golden output of " + prefix);
    }

    /** Paths of members, lists counted as one element. */
    private static TreeSet<String> shape(String path, JsonNode node) {
        TreeSet<String> shape = new TreeSet<>();
        if (node.isObject()) {
            node.properties()
                    .forEach(e -> shape.addAll(shape(path + "." + e.getKey(), e.getValue())));
            shape.add(path + "{}");
        } else if (node.isArray()) {
            node.forEach(element -> shape.addAll(shape(path + "[]", element)));
        } else {
            shape.add(path);
        }
        return shape;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg stat", "pg ls", "pg dump", "osd df", "osd perf", "osd pool stats"})
    void answersInCephsShapes(String prefix) throws IOException {
        Command.Answer answer = run("{\"prefix\":\"" + prefix + "\",\"format\":\"json\"}");
        assertThat(answer.result()).as(answer.text()).isZero();
        TreeSet<String> ours = shape("", JSON.readTree(answer.output().toUtf8()));
        TreeSet<String> real = shape("", JSON.readTree(golden(prefix).get("json").asString()));
        // What a real OSD's network measurements and stores add, ours did not report here.
        real.removeIf(name ->
                name.contains("network_ping_times")
                        || name.contains("pool_statfs")
                        || name.contains("hb_peers")
                        || name.contains("blocked_by"));
        assertThat(ours).containsAll(real);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg ls", "osd df", "osd perf"})
    void printsCephsColumns(String prefix) throws IOException {
        String ours = run("{\"prefix\":\"" + prefix + "\"}").output().toUtf8();
        String real = golden(prefix).get("plain").asString();
        assertThat(ours.lines().findFirst().orElseThrow().split("\\s{2,}"))
                .isEqualTo(real.lines().findFirst().orElseThrow().split("\\s{2,}"));
    }

    @Test
    void xmlHasCephsNames() {
        assertThat(run("{\"prefix\":\"pg stat\",\"format\":\"xml\"}").output().toUtf8())
                .startsWith(
                        "<pg_info><pg_ready>true</pg_ready><pg_summary><num_pg_by_state><state>"
                                + "<name>")
                .endsWith("</pg_summary></pg_info>");
        assertThat(run("{\"prefix\":\"osd df\",\"format\":\"xml-pretty\"}").output().toUtf8())
                .startsWith("<df>\n <nodes>\n  <item>\n   <id>0</id>\n");
    }

    @Test
    void everyCommandOfTheTableIsAnswered() {
        JsonNode all =
                JSON.readTree(run("{\"prefix\":\"get_command_descriptions\"}").output().toUtf8());
        assertThat(all.size()).isGreaterThan(15);
        for (JsonNode one : all) {
            StringBuilder json = new StringBuilder("{\"prefix\":\"");
            StringBuilder arguments = new StringBuilder();
            String blank = "";
            for (JsonNode word : one.get("sig")) {
                if (word.isString()) {
                    json.append(blank).append(word.asString());
                    blank = " ";
                } else if (!word.has("req")) {
                    String value =
                            switch (word.get("name").asString()) {
                                case "osd", "ids", "id" -> "0";
                                case "who" -> who(json.toString());
                                case "pgid" -> map.groups().firstKey().toString();
                                default -> map.osdMap().poolNames().firstEntry().getValue();
                            };
                    arguments.append(",\"").append(word.get("name").asString());
                    arguments.append("\":\"").append(value).append('"');
                }
            }
            String command = json + "\"" + arguments + "}";
            assertThat(run(command).result()).as(command).isIn(0, -2, -11, -16, -22, 22, -33, -114);
        }
    }

    private String who(String command) {
        if (command.contains("pool")) {
            return map.osdMap().poolNames().firstEntry().getValue();
        }
        return command.contains("osd") ? "*" : "mgr.x";
    }

    @Test
    void anOsdIsGivenUpOnceThatIsSafeOrForced() {
        Command.Answer busy = run("{\"prefix\":\"osd destroy\",\"id\":0}");
        assertThat(busy.result()).isEqualTo(-16);
        assertThat(busy.text()).contains("pgs currently mapped to them").contains("--force");
        assertThat(busy.questionOrNull()).isNull();
        String question =
                "{\"prefix\":\"osd purge-actual\",\"id\":0,\"yes_i_really_mean_it\":true}";
        for (String sure : List.of("force", "yes_i_really_mean_it")) {
            String line = "{\"prefix\":\"osd purge\",\"id\":0,\"" + sure + "\":true}";
            assertThat(run(line).questionOrNull()).isEqualTo(question);
            assertThat(run(line, "allow r").result()).isEqualTo(-13);
            assertThat(run(line, "allow r").questionOrNull()).isNull();
        }
        assertThat(run("{\"prefix\":\"osd purge\",\"id\":\"osd.x\"}").result()).isEqualTo(-22);
        assertThat(run("{\"prefix\":\"osd purge\",\"id\":999}").questionOrNull()).isNotNull();
    }

    @Test
    void whatAnOsdStoresMayBeNeededUntilAllGroupsAreClean() {
        int gone = map.groups().firstEntry().getValue().actingPrimary();
        long whole = PgState.ACTIVE.bit() | PgState.CLEAN.bit();
        moveAway(gone, whole);
        String line = "{\"prefix\":\"osd destroy\",\"id\":" + gone + "}";
        assertThat(run(line).questionOrNull()).as(run(line).text()).isNotNull();
        moveAway(gone, PgState.ACTIVE.bit() | PgState.DEGRADED.bit());
        assertThat(run(line).result()).isEqualTo(-16);
        assertThat(run(line).text()).contains("last reported they still store some PG data");
        assertThat(run("{\"prefix\":\"osd safe-to-destroy\",\"ids\":[\"" + gone + "\"]}").result())
                .isEqualTo(-16);
    }

    /** All groups are elsewhere, in that state; the OSD said before that it stores some. */
    private void moveAway(int osd, long state) {
        TreeMap<PgId, PgStat> groups = new TreeMap<>();
        int epoch = map.osdMap().epoch();
        map.groups()
                .forEach((pg, known) -> {
                    long sequence = known.reportedSequence() + 1;
                    groups.put(pg, Stats.without(osd, known, state, epoch, sequence, NOW));
                });
        OsdStat stat = Stats.osd(8 << 20, 1 << 20);
        map.report(
                osd,
                new MPGStats(0, map.osdMap().fsid(), stat, groups, 0, Utime.ZERO, Map.of()),
                Utime.of(NOW));
    }

    @Test
    void countsStates() {
        int groups = map.groups().size();
        PgMapDigest digest = Digest.of(map, Rates.Delta.NONE);
        assertThat(digest.pgCount()).isEqualTo(groups);
        assertThat(digest.pgCountActive() + digest.pgCountUnknown()).isEqualTo(groups);
        assertThat(digest.osdCount()).isEqualTo(map.osdMap().upCount());
        assertThat(PgMapDigest.CODEC.fromBytes(PgMapDigest.CODEC.toBytes(digest)))
                .isEqualTo(digest);
        assertThat(run("{\"prefix\":\"pg stat\"}").output().toUtf8())
                .startsWith(groups + " pgs: ")
                .contains(" active+clean");
    }

    @Test
    void anOlderReportChangesNothing() {
        int osd = map.groups().firstEntry().getValue().actingPrimary();
        assertThat(map.report(osd, reportOf(osd, 1, PgState.DOWN.bit()), Utime.of(NOW))).isFalse();
        assertThat(map.report(osd, reportOf(osd, 2, PgState.DOWN.bit()), Utime.of(NOW))).isTrue();
        assertThat(PgHealth.of(map, NOW, PgHealth.Limits.DEFAULT).checks())
                .containsKey("PG_AVAILABILITY");
    }

    @Test
    void calmGroupsAreHealthyAndDegradedOnesAreNot() {
        assertThat(PgHealth.of(map, NOW, PgHealth.Limits.DEFAULT).checks())
                .doesNotContainKey("PG_DEGRADED");
        int osd = map.groups().firstEntry().getValue().actingPrimary();
        long degraded = PgState.ACTIVE.bit() | PgState.UNDERSIZED.bit() | PgState.DEGRADED.bit();
        map.report(osd, reportOf(osd, 2, degraded), Utime.of(NOW));
        var check = PgHealth.of(map, NOW, PgHealth.Limits.DEFAULT).checks().get("PG_DEGRADED");
        assertThat(check.summary()).startsWith("Degraded data redundancy: ").contains("degraded");
        assertThat(check.detail()).isNotEmpty();
        assertThat(check.severity()).isEqualTo(1); // Ceph's HEALTH_WARN
        // Undersized counts only once it lasts.
        assertThat(check.summary()).doesNotContain("undersized");
        assertThat(
                        PgHealth.of(map, NOW.plusSeconds(61), PgHealth.Limits.DEFAULT)
                                .checks()
                                .get("PG_DEGRADED")
                                .summary())
                .contains("undersized");
        long damaged = PgState.ACTIVE.bit() | PgState.INCONSISTENT.bit();
        map.report(osd, reportOf(osd, 3, damaged), Utime.of(NOW));
        assertThat(
                        PgHealth.of(map, NOW, PgHealth.Limits.DEFAULT)
                                .checks()
                                .get("PG_DAMAGED")
                                .severity())
                .isZero(); // Ceph's HEALTH_ERR
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | -22",
                "{} | -22",
                "{\"prefix\":7} | -22",
                "{\"prefix\":\"osd explode\"} | -22",
                "{\"prefix\":\"pg dump\",\"dumpcontents\":[\"everything\"]} | -22",
                "{\"prefix\":\"pg ls\",\"pool\":\"one\"} | -22",
                "{\"prefix\":\"pg ls\",\"pool\":999} | -2",
                "{\"prefix\":\"pg ls\",\"states\":[\"dancing\"]} | -22",
                "{\"prefix\":\"pg ls-by-pool\"} | -22",
                "{\"prefix\":\"pg ls-by-pool\",\"poolstr\":\"nowhere\"} | -2",
                "{\"prefix\":\"pg ls-by-osd\",\"osd\":\"osd.x\"} | -22",
                "{\"prefix\":\"osd ok-to-stop\",\"ids\":[]} | -22",
                "{\"prefix\":\"osd df\",\"filter_by\":\"class\",\"filter\":\"gold\"} | -22",
            })
    void refusesWhatMakesNoSense(String command, int result) {
        Command.Answer answer = run(command);
        assertThat(answer.result()).as(answer.text()).isEqualTo(result);
        assertThat(answer.text()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "allow *, 0",
        "allow r, 0",
        "allow rw, 0",
        "allow w, -13",
        "profile osd, -13",
        "allow profile osd, -13",
        "profile read-only, 0",
        "allow service pg r, 0",
        "allow service osd r, -13",
        "allow command \"pg stat\", 0",
        "deny, -13",
        "'', -13"
    })
    void asksForCaps(String caps, int result) {
        assertThat(run("{\"prefix\":\"pg stat\"}", caps).result()).isEqualTo(result);
    }
}
