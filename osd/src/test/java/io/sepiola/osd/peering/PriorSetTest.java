package io.sepiola.osd.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PgInfo;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Who is left of the past, and who only bears the name of somebody who was there. */
class PriorSetTest {
    private static final SpgId PG = SpgId.replicated(new PgId(1, 0));
    private static final int OSDS = 5;

    /**
     * A map in which OSDs are as {@code osd:words} say: {@code down}, {@code gone}, {@code lost=N},
     * {@code made=N} for the epoch of the store's first start.
     */
    private static OsdMap map(String text) {
        CrushEditor crush = new CrushEditor(CrushEditor.initial("osd"));
        OsdMap map = OsdMap.initial(new UUID(1, 2), Utime.ZERO, crush.build());
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        step.osdMax(OSDS);
        Map<Integer, List<String>> words = new TreeMap<>();
        for (String word : text.split(" ")) {
            if (!word.equals("-")) {
                String[] parts = word.split(":");
                words.put(Integer.parseInt(parts[0]), List.of(parts[1].split("/")));
            }
        }
        for (int osd = 0; osd < OSDS; osd++) {
            List<String> of = words.getOrDefault(osd, List.of());
            if (of.contains("gone")) {
                continue;
            }
            EntityAddrVec at =
                    EntityAddrVec.of(
                            EntityAddr.msgr2(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), 6800 + osd),
                                    1));
            if (of.contains("down")) {
                step.newState(osd, OsdMap.STATE_EXISTS);
            } else {
                step.newUp(osd, at, at, at, at);
            }
            for (String word : of) {
                if (word.startsWith("lost=")) {
                    step.newLost(osd, Integer.parseInt(word.substring(5)));
                } else if (word.startsWith("made=")) {
                    int made = Integer.parseInt(word.substring(5));
                    step.newLastClean(osd, made, made + 1);
                }
            }
        }
        return map.apply(step.build());
    }

    /** Reads {@code first-last:osd+osd...}; with a {@code ?} nobody could write. */
    private static List<PgInterval> intervals(String text) {
        List<PgInterval> made = new ArrayList<>();
        for (String word : text.split(" ")) {
            String[] parts = word.replace("?", "").split("[-:]");
            List<Integer> acting = new ArrayList<>();
            for (String osd : parts[2].split("\\+")) {
                acting.add(osd.equals("x") ? PgInterval.NONE : Integer.parseInt(osd));
            }
            made.add(
                    new PgInterval(
                            Integer.parseInt(parts[0]),
                            Integer.parseInt(parts[1]),
                            acting,
                            !word.endsWith("?")));
        }
        return made;
    }

    /** Reads {@code osd:started}, of a member with all objects, or {@code osd:started/partial}. */
    private static SortedMap<Integer, PgInfo> infos(String text) {
        SortedMap<Integer, PgInfo> infos = new TreeMap<>();
        for (String word : text.split(" ")) {
            if (!word.equals("-")) {
                String[] parts = word.split("[:/]");
                Ledger ledger = new Ledger(PG, Histories.created(1, Utime.ZERO));
                ledger.lastEpochStarted = Integer.parseInt(parts[1]);
                ledger.lastBackfill = parts.length > 2 ? HObject.MIN : HObject.MAX;
                infos.put(Integer.parseInt(parts[0]), ledger.info());
            }
        }
        return infos;
    }

    @ParameterizedTest(name = "{0}: started {1}, {2}, {3} -> {4} {5} {6}")
    @CsvSource({
        // intervals, started, OSDs, infos, blocked, down, made again
        "20-29:1+2, 10, -, -, false, [], []",
        "20-29:1+2, 10, 1:down, -, false, [1], []",
        "20-29:1+2, 10, 1:down 2:down, -, true, '[1, 2]', []",
        "20-29:1+2, 30, 1:down 2:down, -, false, [], []", // what came later counts
        "20-29:1+2?, 10, 1:down 2:down, -, false, [], []",
        "20-29:1+x, 10, 1:down, -, true, [1], []",
        // Declared lost, or removed: somebody decided.
        "20-29:1+2, 10, 1:down/lost=25 2:down, -, false, [2], []",
        "20-29:1+2, 10, 1:down/lost=20 2:down, -, true, '[1, 2]', []", // before the interval
        "20-29:1+2, 10, 1:gone 2:down, -, false, [2], []",
        // Made again: no better than down, whatever it says of itself...
        "20-29:1+2, 10, 1:made=35, -, false, [], []",
        "20-29:1+2, 10, 1:made=35 2:down, 1:0, true, [2], [1]",
        "20-29:1+2, 10, 1:made=35 2:down, 1:36/partial, true, [2], [1]",
        "20-29:1+2, 10, 1:made=35 2:made=36, 1:0 2:0, true, [], '[1, 2]'",
        "20-29:1+2, 10, 1:made=35/down 2:down, -, true, '[1, 2]', []",
        // ... unless it has a copy of a later agreement, or carried over from its old disk.
        "20-29:1+2, 10, 1:made=35 2:down, 1:36, false, [2], []",
        "20-29:1+2, 10, 1:made=35 2:down, 1:21, false, [2], []",
        "20-29:1+2, 10, 1:made=35 2:down, 1:19, true, [2], [1]",
        // Made before it took part: it proves that nothing was acknowledged that it does not have.
        "20-29:1+2, 10, 1:made=15 2:down, 1:0, false, [2], []",
        "20-29:1+2, 10, 1:made=19 2:down, 1:19, false, [2], []",
        // Declared lost, then made again.
        "20-29:1+2, 10, 1:made=35/lost=31 2:down, 1:0, false, [2], []",
        "20-29:1+2, 10, 1:made=35 2:down/lost=31, 1:0, false, [], []",
        // Each interval by itself.
        "20-29:1+2 30-33:2+3, 10, 1:made=35 2:down, 1:0, true, [2], [1]",
        "20-29:1+2 30-33:2+3, 10, 2:made=35, 2:0, false, [], []",
        "20-29:1+2 30-33:2+3, 30, 1:made=35 2:down, 1:0, false, [2], []",
        "20-29:1+2 40-44:1+3, 10, 1:made=35 2:down 3:down, 1:0, true, '[2, 3]', [1]",
        "20-29:1+2 40-44:1+3, 40, 1:made=35 2:down 3:down, 1:0, false, [3], []",
    })
    void whoIsLeftOfThePast(
            String intervals,
            int started,
            String osds,
            String infos,
            boolean blocked,
            String down,
            String forgetful) {
        PriorSet prior =
                PriorSet.of(
                        intervals(intervals),
                        started,
                        List.of(0),
                        List.of(0),
                        new Witnesses(map(osds), infos(infos)));
        assertThat(prior.blocked()).isEqualTo(blocked);
        assertThat(prior.down()).hasToString(down);
        assertThat(prior.forgetful()).hasToString(forgetful);
        assertThat(prior.probe()).contains(0).containsAll(prior.forgetful());
    }
}
