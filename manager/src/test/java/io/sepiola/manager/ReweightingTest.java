package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** OSDs that hold more than their share get a lower weight, step by step. */
class ReweightingTest {
    private static final Path MAP =
            Path.of(System.getProperty("golden"), "osdmap/chain-small/full.109.bin");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Utime NOW = Utime.of(Instant.parse("2026-11-20T21:00:00Z"));
    private static final int KIB = 8 << 20;

    private final TreeMap<String, String> config = new TreeMap<>();
    private PgMap map;
    private List<Integer> up;

    @BeforeEach
    void everyOsdIsAsFull() throws IOException {
        begin(OsdMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(MAP))));
    }

    private void begin(OsdMap osdMap) {
        map = new PgMap(osdMap);
        map.update(osdMap, NOW);
        up = new java.util.ArrayList<>();
        for (int osd = 0; osd < osdMap.osdMax(); osd++) {
            if (osdMap.isUp(osd) && osdMap.weight(osd) != 0) {
                up.add(osd);
                uses(osd, KIB / 8, 1);
            }
        }
    }

    private void uses(int osd, int kib, long sequence) {
        TreeMap<PgId, PgStat> groups = new TreeMap<>();
        long state = PgState.ACTIVE.bit() | PgState.CLEAN.bit();
        map.groups()
                .forEach((pg, known) -> {
                    if (known.actingPrimary() == osd) {
                        int epoch = map.osdMap().epoch();
                        groups.put(pg, Stats.of(known, state, epoch, sequence, NOW.toInstant()));
                    }
                });
        MPGStats report =
                new MPGStats(
                        0,
                        map.osdMap().fsid(),
                        Stats.osd(KIB, kib),
                        groups,
                        0,
                        Utime.ZERO,
                        Map.of());
        map.report(osd, report, NOW);
    }

    private Command.Answer run(String prefix, String more) {
        Command command = Command.parse(List.of("{\"prefix\":\"osd " + prefix + "\"" + more + "}"));
        return new Reweighting(map, config).run(command);
    }

    private static JsonNode weights(Command.Answer answer) {
        assertThat(answer.result()).as(answer.text()).isZero();
        assertThat(answer.orders()).hasSize(1);
        JsonNode order = JSON.readTree(answer.orders().getFirst());
        assertThat(order.get("prefix").asString()).isEqualTo("osd reweightn");
        return JSON.readTree(order.get("weights").asString());
    }

    @Test
    void whereAllIsEvenNothingChanges() {
        Command.Answer answer = run("reweight-by-utilization", "");
        assertThat(answer.result()).isZero();
        assertThat(answer.text()).isEqualTo("no change");
        assertThat(answer.orders()).isEmpty();
        assertThat(answer.output().toUtf8())
                .contains(
                        "\n\noload 120\nmax_change 0.05\nmax_change_osds 4\n"
                                + "average_utilization 0.1250\noverload_utilization 0.1500\n")
                .doesNotContain(" weight ")
                .startsWith("moved 0 / ");
    }

    @Test
    void theFullestGetsAStepLess() {
        int full = up.getFirst();
        uses(full, KIB / 2, 2);
        Command.Answer answer = run("reweight-by-utilization", "");
        assertThat(weights(answer).toString()).isEqualTo("{\"" + full + "\":\"62260\"}");
        assertThat(answer.output().toUtf8())
                .endsWith("\nosd." + full + " weight 1.0000 -> 0.9500\n");
        Command.Answer dry = run("test-reweight-by-utilization", "");
        assertThat(dry.orders()).isEmpty();
        assertThat(dry.result()).isEqualTo(1);
        assertThat(dry.text()).isEqualTo("no change");
        assertThat(dry.output()).isEqualTo(answer.output());
        assertThat(weights(run("reweight-by-utilization", ",\"max_change\":0.5")).toString())
                .as("as far as its share")
                .isEqualTo(
                        String.format(
                                "{\"%d\":\"%d\"}",
                                full, Math.max(32768, (up.size() + 3L) * 65536 / 4 / up.size())));
    }

    @Test
    void whoHoldsLittleGetsWeightBackUnlessForbidden() {
        int less = up.getLast();
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map.osdMap());
        step.newWeight(less, 0x8000);
        begin(map.osdMap().apply(step.build()));
        uses(less, KIB / 16, 2);
        assertThat(weights(run("reweight-by-utilization", "")).toString())
                .isEqualTo("{\"" + less + "\":\"" + (0x8000 + 3276) + "\"}");
        assertThat(
                        run("reweight-by-utilization", ",\"no_increasing\":\"--no-increasing\"")
                                .orders())
                .isEmpty();
    }

    @Test
    void noMoreOsdsAreChangedThanAllowed() {
        assertThat(up).hasSizeGreaterThan(2);
        up.subList(0, 2).forEach(osd -> uses(osd, KIB / 8 * 7, 2));
        assertThat(weights(run("reweight-by-utilization", ""))).hasSize(2);
        assertThat(weights(run("reweight-by-utilization", ",\"max_osds\":1"))).hasSize(1);
        config.put("mon_reweight_max_osds", "1");
        assertThat(weights(run("reweight-by-utilization", ""))).hasSize(1);
    }

    @Test
    void groupsAreCountedByPoolToo() {
        config.put("mon_reweight_min_pgs_per_osd", "1");
        String pool = map.osdMap().poolNames().values().iterator().next();
        Command.Answer answer =
                run(
                        "test-reweight-by-pg",
                        ",\"oload\":101,\"format\":\"json\",\"pools\":[\"" + pool + "\"]");
        assertThat(answer.result()).as(answer.text()).isNotNegative();
        JsonNode shown = JSON.readTree(answer.output().toUtf8());
        int copies =
                map.osdMap().pools().get(map.osdMap().poolId(pool).orElseThrow()).pgNum()
                        * map.osdMap().pools().firstEntry().getValue().size();
        assertThat(shown.at("/utilization/total_pgs").intValue()).isEqualTo(copies);
        assertThat(shown.get("overload_min").intValue()).isEqualTo(101);
        assertThat(shown.get("reweights")).hasSize(answer.result());
        for (JsonNode osd : shown.get("reweights")) {
            assertThat(osd.get("new_weight").doubleValue())
                    .isNotEqualTo(osd.get("weight").doubleValue());
        }
        assertThat(shown.at("/utilization/min_osd_pgs").intValue())
                .isLessThanOrEqualTo(shown.at("/utilization/max_osd_pgs").intValue());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(run("reweight-by-utilization", ",\"oload\":100"))
                .satisfies(answer -> assertThat(answer.result()).isEqualTo(-22))
                .extracting(Command.Answer::text)
                .asString()
                .startsWith("You must give a percentage higher than 100")
                .endsWith("\nFAILED reweight-by-utilization");
        assertThat(run("reweight-by-utilization", ",\"max_change\":0").text())
                .startsWith("max_change 0.0 must be positive");
        assertThat(run("reweight-by-pg", ",\"max_osds\":0").text())
                .startsWith("max_osds 0 must be positive");
        assertThat(run("reweight-by-pg", ",\"pools\":[\"nosuch\"]"))
                .satisfies(answer -> assertThat(answer.result()).isEqualTo(-2))
                .extracting(Command.Answer::text)
                .asString()
                .startsWith("pool 'nosuch' does not exist");
        up.forEach(osd -> uses(osd, 10, 3));
        assertThat(run("reweight-by-utilization", ""))
                .satisfies(answer -> assertThat(answer.result()).isEqualTo(-33))
                .extracting(Command.Answer::text)
                .asString()
                .startsWith(
                        "Refusing to reweight: we only have "
                                + 10 * up.size()
                                + " kb used across all osds!");
    }
}
