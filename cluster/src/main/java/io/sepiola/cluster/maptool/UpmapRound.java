package io.sepiola.cluster.maptool;

import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgRun;
import io.sepiola.protocol.upmap.UpmapBalancer;
import io.sepiola.protocol.upmap.UpmapCleanup;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Exceptions cleaned up and made, as commands for a cluster (osdmaptool --upmap). */
final class UpmapRound {
    private final OsdmaptoolOptions options;
    private final PrintStream out;
    private final PrintStream commands;
    private OsdMap map;
    private boolean modified = false;

    private UpmapRound(
            OsdMap map, OsdmaptoolOptions options, PrintStream out, PrintStream commands) {
        this.map = map;
        this.options = options;
        this.out = out;
        this.commands = commands;
    }

    /** What became of the map. */
    record Result(OsdMap map, boolean modified) {}

    /** Writes the commands to the file asked for, and everything else to {@code out}. */
    static Result run(OsdMap map, OsdmaptoolOptions options, PrintStream out) {
        if (options.upmapFile.equals("-")) {
            return new UpmapRound(map, options, out, out).run();
        }
        try (PrintStream file =
                new PrintStream(
                        Files.newOutputStream(Path.of(options.upmapFile)),
                        false,
                        StandardCharsets.UTF_8)) {
            out.println("writing upmap command output to: " + options.upmapFile);
            return new UpmapRound(map, options, out, file).run();
        } catch (IOException failure) {
            throw new ToolFailure(
                    1,
                    "error opening " + options.upmapFile + ": " + ToolFiles.reason(failure) + "\n");
        }
    }

    private Result run() {
        out.println("checking for upmap cleanups");
        OsdMapIncremental.Builder change = OsdMapIncremental.after(map);
        if (UpmapCleanup.find(map, change) > 0) {
            apply(change.build());
        }
        if (options.upmap) {
            balance();
        }
        return new Result(map, modified);
    }

    private void apply(OsdMapIncremental change) {
        print(change);
        map = map.apply(change);
    }

    private void print(OsdMapIncremental change) {
        change.oldUpmap().forEach(pg -> commands.println("ceph osd rm-pg-upmap " + pg));
        change.newUpmap()
                .forEach((pg, osds) -> {
                    commands.print("ceph osd pg-upmap " + pg);
                    osds.forEach(osd -> commands.print(" " + osd));
                    commands.println();
                });
        change.oldUpmapItems().forEach(pg -> commands.println("ceph osd rm-pg-upmap-items " + pg));
        change.newUpmapItems()
                .forEach((pg, items) -> {
                    commands.print("ceph osd pg-upmap-items " + pg);
                    items.forEach(item -> commands.print(" " + item.from() + " " + item.to()));
                    commands.println();
                });
    }

    private List<Long> pools() {
        List<Long> pools = new ArrayList<>();
        for (String name : options.upmapPools) {
            pools.add(
                    map.poolId(name)
                            .orElseThrow(() ->
                                    new ToolFailure(1, " pool " + name + " does not exist\n")));
        }
        if (!pools.isEmpty()) {
            String numbers = String.join(",", pools.stream().map(String::valueOf).toList());
            out.println(
                    " limiting to pools "
                            + String.join(",", options.upmapPools)
                            + " (["
                            + numbers
                            + "])");
            return pools;
        }
        return new ArrayList<>(map.pools().keySet());
    }

    private void balance() {
        out.println(
                "upmap, max-count "
                        + options.upmapMax
                        + ", max deviation "
                        + options.upmapDeviation);
        List<Long> pools = pools();
        if (pools.isEmpty()) {
            out.println("No pools available");
            return;
        }
        long begun = System.nanoTime();
        Random order = new Random();
        int rounds = 0;
        int did;
        do {
            Collections.shuffle(pools, order);
            did = round(pools);
            if (did == 0 && options.upmapActive) {
                counts(pools, begun, rounds);
            }
            rounds++;
        } while (did > 0 && options.upmapActive);
    }

    private int round(List<Long> pools) {
        StringBuilder names = new StringBuilder("pools ");
        pools.forEach(id -> names.append(map.poolName(id).orElse("")).append(' '));
        out.println(names);
        OsdMapIncremental.Builder change = OsdMapIncremental.after(map);
        long begun = System.nanoTime();
        int did = 0;
        for (long pool : pools) {
            int left = options.upmapMax - did;
            if (left <= 0) {
                break;
            }
            did += UpmapBalancer.balance(map, List.of(pool), options.upmapDeviation, left, change);
        }
        out.println("prepared " + did + "/" + options.upmapMax + " changes");
        if (options.upmapActive) {
            out.println("Time elapsed " + seconds(begun) + " secs");
        }
        if (did == 0) {
            out.println("Unable to find further optimization, or distribution is already perfect");
            return 0;
        }
        if (options.save || options.upmapActive) {
            apply(change.build());
            modified |= options.save;
        } else {
            print(change.build());
        }
        return did;
    }

    private void counts(List<Long> pools, long begun, int rounds) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (long id : pools) {
            PgRun run = map.run(id);
            for (int seed = 0; seed < run.pool().pgNum(); seed++) {
                run.map(seed);
                for (int i = 0; i < run.upSize(); i++) {
                    if (run.up()[i] != CrushMap.ITEM_NONE) {
                        counts.merge(run.up()[i], 1, Integer::sum);
                    }
                }
            }
        }
        counts.forEach((osd, count) -> out.println("osd." + osd + " pgs " + count));
        out.println("Total time elapsed " + seconds(begun) + " secs, " + rounds + " rounds");
    }

    private static String seconds(long begun) {
        return Texts.general((System.nanoTime() - begun) / 1e9, 6);
    }
}
