package io.sepiola.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.monitor.DownDecision.Report;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.OsdXinfo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Who is marked down by whose reports. */
class DownDecisionTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
    private static final DownDecision.Options OPTIONS =
            new DownDecision.Options(
                    Duration.ofSeconds(20), 2, "host", true, Duration.ofSeconds(3600));

    /** Hosts h0, h1, ... with OSDs in this number; all are up. */
    private static OsdMap map(int... osdsOfHosts) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        int count = 0;
        for (int host = 0; host < osdsOfHosts.length; host++) {
            for (int i = 0; i < osdsOfHosts[host]; i++, count++) {
                Map<String, String> place = Map.of("root", "default", "host", "h" + host);
                crush.createOrMove(count, "osd." + count, 0x10000, place);
            }
        }
        OsdMap map = OsdMap.initial(new UUID(1, 2), Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map).osdMax(count);
        for (int osd = 0; osd < count; osd++) {
            EntityAddrVec at =
                    EntityAddrVec.of(
                            EntityAddr.msgr2(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), 6800 + osd),
                                    1));
            step.newUp(osd, at, at, at, at).newWeight(osd, OsdMap.WEIGHT_IN);
        }
        return map.apply(step.build());
    }

    /** Reports of osd.0: "1:25 2:30" is from osd.1 after 25 s of silence, and osd.2 after 30. */
    private static SortedMap<Integer, Report> reports(String text) {
        SortedMap<Integer, Report> reports = new TreeMap<>();
        for (String word : text.split(" ")) {
            if (!word.isEmpty()) {
                String[] parts = word.split(":");
                Instant since = NOW.minusSeconds(Long.parseLong(parts[1]));
                reports.put(Integer.parseInt(parts[0]), new Report(since, NOW));
            }
        }
        return reports;
    }

    @ParameterizedTest(name = "hosts {0}, reports {1}: {2}")
    @CsvSource({
        // three hosts with an OSD each
        "1 1 1, '',          up",
        "1 1 1, '1:100',     up", // one is not enough
        "1 1 1, '1:25 2:25', down",
        "1 1 1, '1:20 2:20', down",
        "1 1 1, '1:90 2:19', up", // the younger silence counts
        // two hosts with two each: osd.1 stands beside osd.0, osd.2 and osd.3 on the other
        "2 2,   '2:25 3:25', up", // one host is one voice
        "2 2,   '1:25 2:25', down",
        "2 2,   '1:25',      up",
        // one host: its OSDs speak for themselves
        "3,     '1:25',      up",
        "3,     '1:25 2:25', down",
        "2,     '1:25',      down", // nobody else could say so
        // the one other host is all that could report
        "1 2,   '1:25',      up",
        "1 2,   '1:25 2:25', down",
    })
    void reportersAreCountedByHost(String hosts, String reports, String verdict) {
        int[] counts =
                Arrays.stream(hosts.strip().split(" ")).mapToInt(Integer::parseInt).toArray();
        var why = DownDecision.decide(0, reports(reports), map(counts), OPTIONS, NOW);
        assertThat(why.isPresent()).isEqualTo(verdict.equals("down"));
        why.ifPresent(text -> assertThat(text).startsWith("osd.0 failed ("));
    }

    @ParameterizedTest(name = "slow for {0} s, {1} s ago, silent for {2} s: {3}")
    @CsvSource({
        "100, 0,    25,  up",
        "100, 0,    119, up",
        "100, 0,    120, down", // the grace and 100 s
        "100, 3600, 69,  up",
        "100, 3600, 70,  down", // half of it is forgotten
        "0,   0,    20,  down",
    })
    void whoWasSlowBeforeIsGivenMoreTime(int slow, int ago, int silent, String verdict) {
        OsdMap map = map(1, 1, 1);
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        OsdXinfo xinfo = new OsdXinfo(Utime.of(NOW.minusSeconds(ago)), 0, 0, 0, 0, Utime.ZERO, 0);
        step.newXinfo(0, xinfo.laggy(1, slow, 1));
        OsdMap then = map.apply(step.build());
        SortedMap<Integer, Report> reports = reports("1:" + silent + " 2:" + silent);
        assertThat(DownDecision.decide(0, reports, then, OPTIONS, NOW).isPresent())
                .isEqualTo(verdict.equals("down"));
    }

    @Test
    void oneStartAfterAnotherMakesSlownessFade() {
        var slow = OsdXinfo.NONE.laggy(1, 100, 0.3);
        assertThat(slow.laggyShare()).isBetween(0.299, 0.301);
        assertThat(slow.laggyInterval()).isEqualTo(30);
        var later = slow.laggy(0, 0, 0.3);
        assertThat(later.laggyShare()).isBetween(0.209, 0.211);
        assertThat(later.laggyInterval()).isEqualTo(21);
    }

    @Test
    void someMustStayUpAndAHostThatIsDownWholeIsNotCopied() {
        OsdMap map = map(2, 2);
        assertThat(OutDecision.enoughUp(map.upCount(), map.osdCount(), 0.3)).isTrue();
        OsdMap half = map.apply(OsdMapIncremental.after(map).down(0).down(1).build());
        assertThat(OutDecision.enoughUp(half.upCount(), half.osdCount(), 0.3))
                .as("1 of 4 would be left")
                .isFalse();
        assertThat(OutDecision.largeSubtreeIsDown(half, 0, "host")).isTrue();
        assertThat(OutDecision.largeSubtreeIsDown(half, 0, "rack")).as("others are up").isFalse();
        assertThat(OutDecision.largeSubtreeIsDown(half, 0, "")).isFalse();
        OsdMap one = map.apply(OsdMapIncremental.after(map).down(0).build());
        assertThat(OutDecision.largeSubtreeIsDown(one, 0, "host")).isFalse();
        OsdMap none = half.apply(OsdMapIncremental.after(half).down(2).down(3).build());
        assertThat(OutDecision.largeSubtreeIsDown(none, 0, "rack")).as("the root is").isTrue();
    }
}
