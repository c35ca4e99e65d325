package io.sepiola.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.MKVData;
import io.sepiola.protocol.message.MPGStats;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** What goes on after an OSD was marked out, how far it is, and what is kept of it. */
class ProgressTest {
    private static final Path GOLDEN = Path.of(System.getProperty("golden"));
    private static final Instant NOW = Instant.parse("2026-11-20T21:00:00Z");
    private static final long WHOLE = PgState.ACTIVE.bit() | PgState.CLEAN.bit();

    private final ModuleOptions options = new ModuleOptions("x", new TreeMap<>());
    private final ModuleStore store = new ModuleStore();
    private final Progress progress = new Progress(options, store, new Random(1));
    private PgMap map;
    private long sequence;

    @BeforeEach
    void allIsWell() throws IOException {
        byte[] file = Files.readAllBytes(GOLDEN.resolve("osdmap/chain-small/full.109.bin"));
        OsdMap osdMap = OsdMap.CODEC.fromBytes(Bytes.of(file));
        map = new PgMap(osdMap);
        map.update(osdMap, Utime.of(NOW));
        report(WHOLE);
        store.told(new MKVData(1, ModuleStore.PREFIX, false, Map.of()));
    }

    /** All groups are in that state, by reports of the newest map. */
    private void report(long state) {
        sequence++;
        TreeMap<PgId, PgStat> groups = new TreeMap<>();
        map.groups()
                .forEach((pg, known) ->
                        groups.put(
                                pg, Stats.of(known, state, map.osdMap().epoch(), sequence, NOW)));
        int any = 0;
        while (!map.osdMap().isUp(any)) {
            any++;
        }
        map.report(
                any,
                new MPGStats(
                        0,
                        map.osdMap().fsid(),
                        Stats.osd(8 << 20, 1 << 20),
                        groups,
                        0,
                        Utime.ZERO,
                        Map.of()),
                Utime.of(NOW));
    }

    private int someOsd() {
        return map.groups().firstEntry().getValue().acting().getFirst();
    }

    private void markOut(int osd) {
        OsdMapIncremental.Builder change = OsdMapIncremental.after(map.osdMap());
        change.newWeight(osd, 0);
        map.update(map.osdMap().apply(change.build()), Utime.of(NOW));
    }

    private List<String> tick(int second) {
        return progress.tick(map, NOW.plusSeconds(second));
    }

    private String run(String prefix, int second) {
        Command command = Command.parse(List.of("{\"prefix\":\"" + prefix + "\"}"));
        return progress.run(command, Bytes.EMPTY, map, NOW.plusSeconds(second)).output().toUtf8();
    }

    @Test
    void whatMovesIsFollowedToItsEndAndKept() {
        assertThat(tick(0)).isEmpty();
        int osd = someOsd();
        markOut(osd);
        report(PgState.ACTIVE.bit() | PgState.REMAPPED.bit());
        assertThat(tick(10)).isEmpty();
        assertThat(run("progress", 13))
                .contains("Rebalancing after osd." + osd + " marked out (3s)\n    [....");
        assertThat(tick(20)).isEmpty();
        assertThat(progress.events(NOW.plusSeconds(20)).values())
                .anySatisfy(event -> {
                    assertThat(event.message()).startsWith("Global Recovery Event (");
                    assertThat(event.addToStatus()).isTrue();
                });
        report(WHOLE);
        assertThat(tick(30)).hasSize(1).first().asString().contains("mgr/progress/completed");
        assertThat(tick(40)).isEmpty();
        assertThat(progress.events(NOW.plusSeconds(40))).isEmpty();
        assertThat(run("progress", 40))
                .contains("[Complete]: Rebalancing after osd." + osd + " marked out (30s)\n")
                .contains("    [============================]");

        Progress another = new Progress(options, store, new Random(2));
        another.tick(map, NOW);
        Command command = Command.parse(List.of("{\"prefix\":\"progress\"}"));
        assertThat(another.run(command, Bytes.EMPTY, map, NOW).output().toUtf8())
                .contains("[Complete]: Rebalancing after osd." + osd);
    }

    @Test
    void nothingIsFollowedWhileItIsOff() {
        options.told(Map.of("mgr/progress/enabled", "false"));
        tick(0);
        markOut(someOsd());
        tick(10);
        assertThat(progress.events(NOW)).isEmpty();
    }

    @Test
    void whatWasKeptAndCannotBeReadIsLeftOut() {
        Map<String, Optional<Bytes>> odd =
                Map.of("mgr/progress/completed", Optional.of(Bytes.utf8("{\"events\":7")));
        store.told(new MKVData(1, ModuleStore.PREFIX, false, odd));
        assertThat(tick(0)).isEmpty();
        assertThat(run("progress", 0)).isEmpty();
    }
}
