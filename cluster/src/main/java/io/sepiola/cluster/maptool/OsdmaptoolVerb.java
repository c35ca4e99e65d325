package io.sepiola.cluster.maptool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.dump.OsdHealth;
import io.sepiola.protocol.dump.OsdMapDump;
import io.sepiola.protocol.dump.OsdMapLines;
import io.sepiola.protocol.dump.OsdTree;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapEditor;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgRun;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** {@code sepiola osdmaptool}: OSD map files made, shown, tried out and changed. */
public final class OsdmaptoolVerb {
    private static final String ME = "osdmaptool";

    private final OsdmaptoolOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private OsdMap map = OsdMap.blank(new java.util.UUID(0, 0));
    private boolean modified = false;

    private OsdmaptoolVerb(OsdmaptoolOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /** Runs one command line; the exit code: 0, 1 or 255, as the genuine tool's. */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(arguments);
        if (words.isEmpty()) {
            err.println(ME + ": -h or --help for usage");
            return 1;
        }
        if (words.contains("-h") || words.contains("--help")) {
            out.print(usage());
            return 1;
        }
        if (words.contains("-v") || words.contains("--version")) {
            out.println("ceph version 16.2.15 (Sepiola 0.1.0) pacific (stable)");
            return 0;
        }
        PrintStream buffered =
                new PrintStream(
                        new java.io.BufferedOutputStream(out, 1 << 16),
                        false,
                        StandardCharsets.UTF_8);
        try {
            new OsdmaptoolVerb(OsdmaptoolOptions.parse(words), buffered, err).run();
            return 0;
        } catch (ToolFailure failure) {
            err.print(failure.getMessage());
            if (failure.showsUsage()) {
                buffered.print(usage());
            }
            return failure.code();
        } finally {
            buffered.flush();
        }
    }

    private static String usage() {
        try (InputStream text = OsdmaptoolVerb.class.getResourceAsStream("osdmaptool.txt")) {
            return text == null ? "" : new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void run() {
        err.println(ME + ": osdmap file '" + options.file + "'");
        open();
        mark();
        weigh();
        if (options.clearTemp) {
            out.println("clearing pg/primary temp");
            map = map.edit().clearTemp().build();
        }
        if (options.cleanTemps) {
            out.println("cleaning pg temps");
        }
        if (options.upmapCleanup) {
            UpmapRound.Result result = UpmapRound.run(map, options, out);
            map = result.map();
            modified |= result.modified();
        }
        exchangeCrush();
        test();
        if (!modified && !options.hasAction()) {
            throw ToolFailure.usage(ME + ": no action specified?\n");
        }
        if (modified) {
            map = map.edit().epoch(map.epoch() + 1).build();
        }
        show();
        if (modified) {
            save();
        }
    }

    private void open() {
        boolean create = options.createSimple || options.createFromConf;
        if (!create && !options.clobber) {
            try {
                map = OsdMap.CODEC.fromBytes(ToolFiles.read(options.file));
            } catch (Malformed bad) {
                throw new ToolFailure(255, ME + ": error decoding osdmap '" + options.file + "'\n");
            } catch (IOException failure) {
                String reason = "can't open " + options.file + ": " + ToolFiles.reason(failure);
                throw new ToolFailure(
                        255, ME + ": couldn't open " + options.file + ": " + reason + "\n");
            }
            return;
        }
        if (create && !options.clobber && Files.exists(Path.of(options.file))) {
            throw new ToolFailure(
                    255, ME + ": " + options.file + " exists, --clobber to overwrite\n");
        }
        if (options.createFromConf) {
            throw new ToolFailure(
                    1, ME + ": --create-from-conf is not served here; use --createsimple\n");
        }
        if (create) {
            create();
        }
    }

    private void create() {
        if (options.createOsds < 1) {
            throw new ToolFailure(1, ME + ": osd count must be > 0\n");
        }
        int osds = options.createOsds;
        boolean tooMany = options.pgBits < 0 || options.pgBits > 20 || options.pgpBits < 0;
        if (osds > 1 << 18
                || options.withPool && (tooMany || (long) osds << options.pgBits > 1 << 24)) {
            throw new ToolFailure(
                    1, ME + ": a map of so many OSDs or groups is refused; ask for fewer\n");
        }
        OsdMapEditor simple = SimpleOsdMap.of(osds, Utime.of(Instant.now()));
        if (options.withPool) {
            SimpleOsdMap.addPool(simple, osds, options.pgBits, options.pgpBits);
        }
        map = simple.build();
        modified = true;
    }

    private void mark() {
        if (options.markUpIn) {
            out.println("marking all OSDs up and in");
            OsdMapEditor edit = map.edit();
            CrushEditor crush = new CrushEditor(map.crush());
            boolean reweighted = false;
            for (int osd = 0; osd < map.osdMax(); osd++) {
                edit.addState(osd, OsdMap.STATE_UP).weight(osd, OsdMap.WEIGHT_IN);
                if (crushWeight(map.crush(), osd) == 0) {
                    reweighted |= crush.reweight(osd, OsdMap.WEIGHT_IN);
                }
            }
            map = (reweighted ? edit.crush(crush.build()) : edit).build();
        }
        if (options.markOut >= 0 && options.markOut < map.osdMax()) {
            out.println("marking OSD@" + options.markOut + " as out");
            map =
                    map.edit()
                            .addState(options.markOut, OsdMap.STATE_UP)
                            .weight(options.markOut, 0)
                            .build();
        }
        if (options.markUp >= 0 && options.markUp < map.osdMax()) {
            out.println("marking OSD@" + options.markUp + " as up");
            map = map.edit().addState(options.markUp, OsdMap.STATE_UP).build();
        }
        if (options.markIn >= 0 && options.markIn < map.osdMax()) {
            // The genuine tool names and marks the OSD of --mark-up here.
            out.println("marking OSD@" + options.markUp + " as up");
            if (options.markUp >= 0 && options.markUp < map.osdMax()) {
                map = map.edit().weight(options.markUp, OsdMap.WEIGHT_IN).build();
            }
        }
    }

    /** In the first bucket that holds it; -1 when none does. */
    private static int crushWeight(CrushMap crush, int item) {
        for (int slot = 0; slot < crush.bucketSlots(); slot++) {
            CrushBucket bucket = crush.bucket(-1 - slot).orElse(null);
            int at = bucket == null ? -1 : bucket.indexOf(item);
            if (bucket != null && at >= 0) {
                return bucket.itemWeight(at);
            }
        }
        return -1;
    }

    private void weigh() {
        String pairs = options.crushWeights;
        if (pairs == null) {
            return;
        }
        for (String pair : pairs.split(",")) {
            int colon = pair.indexOf(':');
            if (colon < 0) {
                throw ToolFailure.usage(ME + ": use ':' as separator of osd id and its weight\n");
            }
            int osd;
            float weight;
            try {
                osd = Integer.parseInt(pair.substring(0, colon));
                weight = Float.parseFloat(pair.substring(colon + 1));
            } catch (NumberFormatException bad) {
                throw new ToolFailure(
                        1, ME + ": '" + pair + "' is not an OSD's number and a weight\n");
            }
            CrushEditor crush = new CrushEditor(map.crush());
            crush.reweight(osd, (int) (weight * OsdMap.WEIGHT_IN));
            map = map.edit().crush(crush.build()).build();
            out.println("Adjusted osd." + osd + " CRUSH weight to " + Texts.general(weight, 6));
            if (options.save) {
                map = map.edit().epoch(map.epoch() + 1).build();
                modified = true;
            }
        }
    }

    private void exchangeCrush() {
        if (options.importCrush != null) {
            importCrush(options.importCrush);
        }
        if (options.exportCrush != null) {
            try {
                ToolFiles.write(options.exportCrush, map.crush().toBytes());
            } catch (IOException failure) {
                throw new ToolFailure(
                        1,
                        unopened(options.exportCrush, failure)
                                + ME
                                + ": error writing crush map to "
                                + options.exportCrush
                                + "\n");
            }
            out.println(ME + ": exported crush map to " + options.exportCrush);
        }
    }

    private void importCrush(String file) {
        Bytes bytes;
        CrushMap crush;
        try {
            bytes = ToolFiles.read(file);
            crush = CrushMap.CODEC.fromBytes(bytes);
        } catch (IOException failure) {
            throw new ToolFailure(
                    1,
                    ME
                            + ": error reading crush map from "
                            + file
                            + ": can't open "
                            + file
                            + ": "
                            + ToolFiles.reason(failure)
                            + "\n");
        } catch (Malformed bad) {
            throw new ToolFailure(
                    1, ME + ": " + file + " is no crush map: " + bad.getMessage() + "\n");
        }
        if (crush.deviceCountMax() > map.osdMax()) {
            throw new ToolFailure(
                    1,
                    ME
                            + ": crushmap max_devices "
                            + crush.deviceCountMax()
                            + " > osdmap max_osd "
                            + map.osdMax()
                            + "\n");
        }
        map = map.apply(OsdMapIncremental.after(map).crush(crush).build());
        out.println(ME + ": imported " + bytes.size() + " byte crush map from " + file);
        modified = true;
    }

    private void requirePool(int pool) {
        if (!map.pools().containsKey((long) pool)) {
            throw new ToolFailure(1, "There is no pool " + pool + "\n");
        }
    }

    private void test() {
        if (options.testObject != null) {
            int pool = options.pool;
            if (pool == -1) {
                out.println(ME + ": assuming pool 1 (use --pool to override)");
                pool = 1;
                options.pool = pool;
            }
            requirePool(pool);
            PgId pg = map.pgOf(pool, "", "", options.testObject);
            out.println(
                    " object '"
                            + options.testObject
                            + "' -> "
                            + pg
                            + " -> "
                            + Texts.list(map.map(pg).acting()));
        }
        if (options.testPg != null) {
            testPg(options.testPg);
        }
        if (options.testPgs || options.dumpPgs || options.dumpPgsAll) {
            if (options.pool != -1) {
                requirePool(options.pool);
            }
            if (options.pgNum > 0) {
                OsdMapEditor edit = map.edit();
                for (long id : map.pools().keySet()) {
                    if (options.pool == -1 || options.pool == id) {
                        edit.pool(id, pool -> pool.pgNum(options.pgNum));
                    }
                }
                map = edit.build();
            }
            new PgTest(map, options, out, new Random()).run();
        }
    }

    private void testPg(String text) {
        PgId pg;
        try {
            pg = PgId.parse(text);
        } catch (Malformed bad) {
            throw ToolFailure.usage(ME + ": failed to parse pg '" + text + "\n");
        }
        out.println(" parsed '" + text + "' -> " + pg);
        if (!map.pools().containsKey(pg.pool())) {
            out.println(pg + " raw ([], p-1) up ([], p-1) acting ([], p-1)");
            return;
        }
        PgRun run = map.run(pg.pool());
        run.map(pg.seed());
        out.println(PgTest.line(pg, run));
    }

    private void show() {
        if (options.health) {
            out.print(OsdHealth.json(map));
        }
        if (options.print) {
            if (options.printFormat.equals("plain")) {
                out.print(OsdMapLines.of(map));
            } else {
                JsonDump json = new JsonDump(options.printFormat.equals("json-pretty"));
                out.print(json.object(() -> OsdMapDump.map(map, json)));
            }
        }
        if (options.tree) {
            OsdTree tree = new OsdTree(map);
            if (options.treeFormat.equals("plain")) {
                out.print(tree.lines());
            } else {
                JsonDump json = new JsonDump(options.treeFormat.equals("json-pretty"));
                tree.dump(json);
                out.println(json);
            }
        }
    }

    private void save() {
        out.println(ME + ": writing epoch " + map.epoch() + " to " + options.file);
        try {
            ToolFiles.write(options.file, map.encoded());
        } catch (IOException failure) {
            throw new ToolFailure(
                    1,
                    unopened(options.file, failure)
                            + ME
                            + ": error writing to '"
                            + options.file
                            + "': "
                            + ToolFiles.reason(failure)
                            + "\n");
        }
    }

    private static String unopened(String file, IOException failure) {
        return "bufferlist::write_file("
                + file
                + "): failed to open file: "
                + ToolFiles.reason(failure)
                + "\n";
    }
}
