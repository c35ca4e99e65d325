package io.sepiola.cluster.crushtool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.cluster.Refusal;
import io.sepiola.cluster.cli.Shown;
import io.sepiola.crush.CrushBucket;
import io.sepiola.crush.CrushChanges;
import io.sepiola.crush.CrushEditor;
import io.sepiola.crush.CrushException;
import io.sepiola.crush.CrushMap;
import io.sepiola.crush.CrushRefusal;
import io.sepiola.crush.CrushText;
import io.sepiola.crush.CrushTree;
import io.sepiola.crush.Tunables;
import io.sepiola.protocol.dump.CrushDump;
import io.sepiola.protocol.dump.JsonDump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntBinaryOperator;

/** {@code sepiola crushtool ...}: CRUSH maps shown, changed and tested. */
public final class CrushtoolVerb {
    private static final String ME = "crushtool";
    private static final long FILE_SIZE_MAX = 256L << 20;

    private final Options options;
    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private boolean modified;

    private CrushtoolVerb(Options options, PrintStream out, PrintStream err, InputStream in) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.in = in;
    }

    /** Ends the tool with this code, its message printed already. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int code;

        Ended(int code) {
            super(null, null, false, false);
            this.code = code;
        }
    }

    /** Runs one command line; the exit code. */
    public static int run(String[] args, PrintStream out, PrintStream err, InputStream in) {
        if (args.length == 0) {
            err.println(ME + ": -h or --help for usage");
            return 1;
        }
        PrintStream buffered =
                new PrintStream(
                        new BufferedOutputStream(out, 1 << 16), false, StandardCharsets.UTF_8);
        try {
            if (Arrays.asList(args).contains("-h") || Arrays.asList(args).contains("--help")) {
                buffered.print(resource("usage.txt"));
                return 0;
            }
            Options options = new Options(args);
            options.notes.forEach(buffered::println);
            return new CrushtoolVerb(options, buffered, err, in).run();
        } catch (Ended ended) {
            return ended.code;
        } catch (Refusal | CrushException refused) {
            buffered.flush();
            err.println(refused.getMessage());
            return 1;
        } finally {
            buffered.flush();
        }
    }

    private static String resource(String name) {
        try (InputStream text = CrushtoolVerb.class.getResourceAsStream(name)) {
            return text == null ? "" : new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new Refusal("the usage text cannot be read: " + unreadable.getMessage());
        }
    }

    private int run() {
        if (options.test && !options.check && !options.shows && options.compared == null) {
            err.println("WARNING: no output selected; use --output-csv or --show-X");
        }
        requireOneSource();
        CrushMap map = CrushEditor.empty();
        if (options.input != null) {
            map = read(options.input);
        }
        if (options.source != null) {
            map = compile(options.source);
            modified = true;
        }
        if (options.build) {
            map = built();
            modified = true;
        }
        map = changed(map);
        display(map);
        if (options.compared != null) {
            CrushMap other = read(options.compared);
            if (!new MappingTest(map, options.plan, out, err).compare(other)) {
                return 1;
            }
        }
        if (modified) {
            write(map);
        }
        return 0;
    }

    private void requireOneSource() {
        int sources =
                (options.decompile ? 1 : 0)
                        + (options.source != null ? 1 : 0)
                        + (options.build ? 1 : 0);
        if (sources > 1) {
            throw new Refusal("cannot specify more than one of compile, decompile, and build");
        }
        if (!options.asksForSomething()) {
            throw new Refusal("no action specified; -h for help");
        }
        String left = "[" + String.join(",", options.left) + "]";
        if (!options.build && !options.left.isEmpty()) {
            throw new Refusal("unrecognized arguments: " + left);
        }
        if (options.left.size() % 3 != 0) {
            err.println("remaining args: " + left);
            throw new Refusal("layers must be specified with 3-tuples of (name, buckettype, size)");
        }
    }

    private CrushMap built() {
        try {
            return new LayerBuild(options.deviceCount, options.left).map(err);
        } catch (CrushRefusal refused) {
            throw new Refusal(String.valueOf(refused.getMessage()));
        }
    }

    private CrushMap read(String file) {
        byte[] bytes;
        try {
            if (file.equals("-")) {
                bytes = in.readNBytes((int) FILE_SIZE_MAX);
            } else {
                requireSize(Path.of(file));
                bytes = Files.readAllBytes(Path.of(file));
            }
        } catch (NoSuchFileException absent) {
            throw new Refusal(
                    ME
                            + ": error reading '"
                            + file
                            + "': can't open "
                            + file
                            + ": (2) No such file or directory");
        } catch (IOException failed) {
            throw new Refusal(ME + ": error reading '" + file + "': " + failed.getMessage());
        }
        try {
            return new CrushChanges(CrushMap.CODEC.fromBytes(Bytes.of(bytes))).build();
        } catch (Malformed bad) {
            throw new Refusal(ME + ": unable to decode " + file + ": " + bad.getMessage());
        }
    }

    private static void requireSize(Path file) throws IOException {
        if (Files.size(file) > FILE_SIZE_MAX) {
            throw new IOException("the file is larger than " + (FILE_SIZE_MAX >> 20) + " MiB");
        }
    }

    private CrushMap compile(String file) {
        String text;
        try {
            requireSize(Path.of(file));
            text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            err.println("input file " + file + " not found");
            throw new Ended(256 - CrushRefusal.ABSENT);
        }
        return CrushText.compile(text);
    }

    private Tunables tuned(Tunables t) {
        IntBinaryOperator set =
                (index, value) -> {
                    String name = Tunables.NAMES.get(index);
                    int wanted = options.tunables.getOrDefault(name, -1);
                    modified |= wanted >= 0;
                    return wanted >= 0 ? wanted : value;
                };
        return new Tunables(
                set.applyAsInt(0, t.chooseLocalTries()),
                set.applyAsInt(1, t.chooseLocalFallbackTries()),
                set.applyAsInt(2, t.chooseTotalTries()),
                set.applyAsInt(3, t.chooseleafDescendOnce()) != 0 ? 1 : 0,
                set.applyAsInt(4, t.chooseleafVaryR()) & 0xff,
                set.applyAsInt(5, t.strawCalcVersion()) & 0xff,
                set.applyAsInt(6, t.allowedBucketAlgorithms()),
                set.applyAsInt(7, t.chooseleafStable()) & 0xff);
    }

    private CrushMap changed(CrushMap map) {
        CrushChanges changes = new CrushChanges(map);
        changes.tunables(tuned(map.tunables()));
        items(changes);
        buckets(changes, map);
        rules(changes, map);
        if (options.reweight) {
            changes.reweight();
            modified = true;
        }
        if (options.rebuildClasses) {
            try {
                changes.rebuildClassRoots();
            } catch (CrushRefusal refused) {
                throw new Refusal("failed to rebuidl roots with classes");
            }
            modified = true;
        }
        options.subtreeClasses.forEach((bucket, deviceClass) -> {
            changes.setClassBelow(bucket, deviceClass);
            modified = true;
        });
        return modified ? changes.build() : map;
    }

    /** Makes a change; when it is refused, says why and ends with its number. */
    private void attempt(Runnable change) {
        try {
            change.run();
            modified = true;
        } catch (CrushRefusal refused) {
            out.flush();
            err.println(ME + " " + ErrorText.of(refused.errorNumber()));
            err.println(ME + ": " + refused.getMessage());
            throw new Ended(256 - refused.errorNumber());
        }
    }

    private void requireItem(CrushChanges changes, String name) {
        if (!changes.hasItem(name)) {
            out.flush();
            err.println(" name " + name + " dne");
            err.println(ME + " " + ErrorText.of(CrushRefusal.ABSENT));
            throw new Ended(256 - CrushRefusal.ABSENT);
        }
    }

    private void items(CrushChanges changes) {
        Options.Item reweighted = options.reweighted;
        if (reweighted != null) {
            out.println(
                    ME
                            + " reweighting item "
                            + reweighted.name()
                            + " to "
                            + Shown.number(reweighted.weight()));
            requireItem(changes, reweighted.name());
            attempt(() -> changes.reweightItem(reweighted.name(), reweighted.weight()));
        }
        String removed = options.removed;
        if (removed != null) {
            out.println(ME + " removing item " + removed);
            requireItem(changes, removed);
            attempt(() -> changes.removeItem(removed));
        }
        Options.Item added = options.added;
        if (added != null && added.id() >= 0) {
            attempt(() -> {
                if (options.update) {
                    changes.updateItem(added.id(), added.weight(), added.name(), options.location);
                } else {
                    changes.addItem(added.id(), added.weight(), added.name(), options.location);
                }
            });
        }
    }

    private void buckets(CrushChanges changes, CrushMap map) {
        String[] bucket = options.addedBucket;
        if (bucket != null) {
            if (changes.hasItem(bucket[0])) {
                throw ended(CrushRefusal.PRESENT, " bucket '" + bucket[0] + "' already exists");
            }
            OptionalInt type = map.typeId(bucket[1]);
            if (type.orElse(0) <= 0) {
                throw ended(CrushRefusal.INVALID, " bad bucket type: " + bucket[1]);
            }
            try {
                changes.name(
                        changes.newBucket(0, type.getAsInt(), new int[0], new int[0]), bucket[0]);
            } catch (CrushRefusal badName) {
                throw ended(badName.errorNumber(), " bad bucket name: " + bucket[0]);
            }
            if (!options.location.isEmpty() && !changes.isAt(bucket[0], options.location)) {
                try {
                    changes.moveBucket(bucket[0], options.location);
                } catch (CrushRefusal refused) {
                    throw ended(
                            refused.errorNumber(),
                            " error moving bucket '" + bucket[0] + "' to " + shown());
                }
            }
            modified = true;
        }
        String moved = options.moved;
        if (moved != null) {
            move(changes, map, moved);
        }
    }

    private String shown() {
        StringBuilder text = new StringBuilder("{");
        for (Map.Entry<String, String> place : options.location.entrySet()) {
            text.append(text.length() == 1 ? "" : ",");
            text.append(place.getKey()).append('=').append(place.getValue());
        }
        return text.append('}').toString();
    }

    private Ended ended(int errorNumber, String message) {
        out.flush();
        err.println(ME + message);
        return new Ended(256 - errorNumber);
    }

    private void move(CrushChanges changes, CrushMap map, String name) {
        if (!changes.hasItem(name)) {
            throw ended(CrushRefusal.ABSENT, " item '" + name + "' does not exist");
        }
        if (options.location.isEmpty()) {
            throw ended(CrushRefusal.INVALID, " expecting additional --loc argument to --move");
        }
        if (changes.isAt(name, options.location)) {
            throw ended(255, " item '" + name + "' already at " + shown());
        }
        try {
            if (map.itemId(name).orElse(-1) >= 0) {
                changes.moveDevice(name, options.location);
            } else {
                changes.moveBucket(name, options.location);
            }
            modified = true;
        } catch (CrushRefusal refused) {
            throw ended(refused.errorNumber(), ": " + refused.getMessage());
        }
    }

    private void rules(CrushChanges changes, CrushMap map) {
        String[] rule = options.rule;
        if (rule != null) {
            if (map.ruleId(rule[0]).isPresent()) {
                throw new Refusal("rule " + rule[0] + " already exists");
            }
            try {
                changes.addRule(rule[0], rule[1], rule[2], options.deviceClass, rule[3]);
            } catch (CrushRefusal refused) {
                throw new Refusal(String.valueOf(refused.getMessage()));
            }
            modified = true;
        }
        String removed = options.removedRule;
        if (removed != null) {
            OptionalInt id = map.ruleId(removed);
            if (id.isEmpty()) {
                out.flush();
                err.println("rule " + removed + " does not exist");
                throw new Ended(0);
            }
            try {
                changes.removeRule(id.getAsInt());
            } catch (CrushRefusal refused) {
                throw new Refusal("fail to remove rule " + removed);
            }
            modified = true;
        }
    }

    private void display(CrushMap map) {
        if (options.shownLocation >= 0) {
            RulePlaces.location(map, options.shownLocation)
                    .forEach((type, name) -> out.println(type + "\t" + name));
        }
        if (options.tree) {
            new TreeText(map).print(out);
        }
        if (options.bucketTree) {
            bucketTree(map);
        }
        if (options.dump) {
            dump(map);
        }
        if (options.decompile) {
            decompile(map);
        }
        if (options.check && options.checkedIdMax >= 0) {
            check(map);
        }
        if (options.test) {
            options.plan.statistics |= options.plan.utilization || options.plan.utilizationAll;
            out.flush();
            new MappingTest(map, options.plan, out, err).run();
        }
    }

    private void bucketTree(CrushMap map) {
        if (options.bucketName.isEmpty()) {
            err.println(": error bucket_name is empty");
            return;
        }
        TreeSet<Integer> devices = new TreeSet<>();
        OptionalInt id = map.itemId(options.bucketName);
        if (id.isPresent()) {
            collect(map, id.getAsInt(), devices);
        }
        devices.forEach(device -> out.println("osd." + device));
    }

    private static void collect(CrushMap map, int item, TreeSet<Integer> devices) {
        if (item >= 0) {
            devices.add(item);
        }
        map.bucket(item)
                .ifPresent(bucket -> {
                    for (int i = 0; i < bucket.size(); i++) {
                        collect(map, bucket.item(i), devices);
                    }
                });
    }

    private void dump(CrushMap map) {
        switch (options.format) {
            case "json" -> out.println(json(map, false));
            case "xml", "xml-pretty", "table", "table-kv", "html", "html-pretty" ->
                    throw new Refusal(
                            "--format " + options.format + " is not served; json, json-pretty are");
            default -> out.println(json(map, true));
        }
    }

    private static JsonDump json(CrushMap map, boolean pretty) {
        JsonDump json = new JsonDump(pretty);
        return json.object(() -> CrushDump.map(map, json));
    }

    private void decompile(CrushMap map) {
        String text = CrushText.decompile(map);
        if (options.output == null) {
            out.print(text);
            return;
        }
        try {
            Files.writeString(Path.of(options.output), text);
        } catch (IOException failed) {
            throw new Refusal(ME + ": error writing '" + options.output + "'");
        }
    }

    private void check(CrushMap map) {
        for (CrushTree.Node node : CrushTree.nodes(map, false)) {
            int type = map.bucket(node.id()).map(CrushBucket::type).orElse(0);
            if (node.id() < 0 && !map.itemNames().containsKey(node.id())) {
                refuse("unknown item name", node.id());
            }
            if (options.checkedIdMax > 0 && node.id() >= options.checkedIdMax) {
                refuse("item id too large", node.id());
            }
            if (!map.typeNames().containsKey(type)) {
                refuse("unknown type name", node.id());
            }
        }
        if (!map.typeNames().containsKey(0)) {
            refuse("unknown type name", 0);
        }
    }

    private void refuse(String what, int item) {
        out.println(what + ": item#" + item);
        throw new Ended(1);
    }

    private void write(CrushMap map) {
        if (options.output == null) {
            out.println(
                    ME + " successfully built or modified map.  Use '-o <file>' to write it out.");
            return;
        }
        try {
            Files.write(Path.of(options.output), map.toBytes().toArray());
        } catch (IOException failed) {
            throw new Refusal(
                    ME + ": error writing '" + options.output + "': " + failed.getMessage());
        }
        if (options.verbose > 0) {
            out.println("wrote crush map to " + options.output);
        }
    }
}
