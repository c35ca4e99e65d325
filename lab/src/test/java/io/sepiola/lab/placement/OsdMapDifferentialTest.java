package io.sepiola.lab.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushText;
import io.sepiola.lab.interop.Program;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapEditor;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PgRun;
import io.sepiola.protocol.map.UpmapItem;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * OSD maps over the hierarchies of {@link PlacementDifferentialTest}, with OSDs down, out and
 * reweighted, affinities, upmaps and temporary sets: raw, up and acting sets of all groups by
 * genuine {@code osdmaptool} and by ours are the same. {@code -Dplacement.seed=N} replays one map,
 * {@code -Dplacement.maps=N} takes more, {@code -Dplacement.first=N} begins elsewhere.
 */
class OsdMapDifferentialTest {
    @TempDir Path folder;

    @BeforeAll
    static void needsOsdmaptool() {
        Program.need("osdmaptool");
    }

    @Test
    void mapsLikeOsdmaptool() throws IOException {
        Long only = Long.getLong("placement.seed");
        long first = only == null ? Long.getLong("placement.first", 1) : only;
        int maps = only == null ? Integer.getInteger("placement.maps", 300) : 1;
        long compared = 0;
        for (long seed = first; seed < first + maps; seed++) {
            compared += compare(seed);
        }
        System.out.println("osdmaptool: " + compared + " groups compared, 0 differences");
    }

    private long compare(long seed) throws IOException {
        OsdMap map = map(seed);
        Path file = Files.write(folder.resolve("map"), map.encoded().toArray());
        Program.Result theirs = Program.of("osdmaptool", file, "--test-map-pgs-dump-all").run();
        assertThat(theirs.code()).as("seed %s: %s", seed, theirs.err()).isZero();
        List<String> lines = theirs.out().lines().filter(line -> line.contains(" raw (")).toList();
        List<String> ours = new ArrayList<>();
        for (var pool : map.pools().entrySet()) {
            PgRun run = map.run(pool.getKey());
            for (int pg = 0; pg < pool.getValue().pgNum(); pg++) {
                run.map(pg);
                ours.add(line(new PgId(pool.getKey(), pg), run));
            }
        }
        assertThat(ours)
                .as("map of seed %s; -Dplacement.seed=%s replays it", seed, seed)
                .isEqualTo(lines);
        return ours.size();
    }

    private static String line(PgId pg, PgRun run) {
        return pg
                + " raw ("
                + set(run.raw(), run.rawSize(), run.rawPrimary())
                + ") up ("
                + set(run.up(), run.upSize(), run.upPrimary())
                + ") acting ("
                + set(run.acting(), run.actingSize(), run.actingPrimary())
                + ")";
    }

    private static String set(int[] osds, int size, int primary) {
        return Arrays.toString(Arrays.copyOf(osds, size)).replace(" ", "") + ", p" + primary;
    }

    private static OsdMap map(long seed) {
        CrushMap crush = CrushText.compile(new RandomMap(seed).text());
        SplittableRandom random = new SplittableRandom(seed);
        int osds = crush.deviceCountMax();
        OsdMapEditor made = OsdMap.blank(new UUID(seed, 1)).edit().epoch(1).osdMax(osds);
        made.crush(crush);
        boolean affinities = random.nextBoolean();
        for (int osd = 0; osd < osds; osd++) {
            if (random.nextInt(40) == 0) {
                continue; // does not exist
            }
            made.addState(osd, OsdMap.STATE_EXISTS);
            if (random.nextInt(12) > 0) {
                made.addState(osd, OsdMap.STATE_UP);
            }
            int in = random.nextInt(12);
            made.weight(osd, in == 0 ? 0 : in == 1 ? random.nextInt(0x10000) : OsdMap.WEIGHT_IN);
            if (affinities && random.nextInt(3) == 0) {
                made.affinity(osd, random.nextInt(0x10001));
            }
        }
        long id = 0;
        for (int rule = 0; rule < crush.ruleSlots(); rule++) {
            if (crush.rule(rule).isPresent()) {
                made.pool(++id, "p" + id, pool(rule, crush.rule(rule).get().type(), random));
            }
        }
        OsdMap map = made.build();
        return map.apply(exceptions(map, osds, random));
    }

    private static PgPool pool(int rule, int type, SplittableRandom random) {
        int pgs = 20 + random.nextInt(200);
        int placed = random.nextInt(4) == 0 ? 1 + random.nextInt(pgs) : pgs;
        return PgPool.builder()
                .type(type)
                .size(type == PgPool.ERASURE ? 2 + random.nextInt(5) : 1 + random.nextInt(5))
                .minSize(1)
                .crushRule(rule)
                .pgNum(pgs)
                .pgpNum(placed)
                .flags(random.nextInt(5) == 0 ? 0 : PgPool.FLAG_HASHPSPOOL)
                .build();
    }

    private static OsdMapIncremental exceptions(OsdMap map, int osds, SplittableRandom random) {
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        for (var pool : map.pools().entrySet()) {
            for (int i = random.nextInt(60); i > 0; i--) {
                PgId pg = new PgId(pool.getKey(), random.nextInt(pool.getValue().pgNum()));
                switch (random.nextInt(4)) {
                    case 0 -> step.newPgTemp(pg, some(osds, random));
                    case 1 -> step.newPrimaryTemp(pg, random.nextInt(osds));
                    case 2 -> step.newUpmap(pg, some(osds, random));
                    default -> step.newUpmapItems(pg, items(map, pg, osds, random));
                }
            }
        }
        return step.build();
    }

    private static List<Integer> some(int osds, SplittableRandom random) {
        return random.ints(1 + random.nextInt(4), 0, osds).distinct().boxed().toList();
    }

    /** From an OSD that has the group, mostly. */
    private static List<UpmapItem> items(OsdMap map, PgId pg, int osds, SplittableRandom random) {
        PgRun run = map.run(pg.pool());
        run.map(pg.seed());
        List<UpmapItem> items = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int from =
                    run.rawSize() == 0 || random.nextInt(5) == 0
                            ? random.nextInt(osds)
                            : run.raw()[random.nextInt(run.rawSize())];
            items.add(new UpmapItem(from, random.nextInt(osds)));
        }
        return items;
    }
}
