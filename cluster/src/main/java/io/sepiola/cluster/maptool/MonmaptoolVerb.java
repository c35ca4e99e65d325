package io.sepiola.cluster.maptool;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.dump.MonMapDump;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.map.MonMap;

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
import java.util.UUID;

/** {@code sepiola monmaptool}: monitor map files made, shown and changed. */
public final class MonmaptoolVerb {
    private static final String ME = "monmaptool";

    private final MonmaptoolOptions options;
    private final PrintStream out;
    private MonMapDraft map = new MonMapDraft();
    private boolean modified = false;

    private MonmaptoolVerb(MonmaptoolOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
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
            return 0;
        }
        if (words.contains("-v") || words.contains("--version")) {
            out.println("ceph version 16.2.15 (Sepiola 0.1.0) pacific (stable)");
            return 0;
        }
        try {
            new MonmaptoolVerb(MonmaptoolOptions.parse(words, err), out).run();
            return 0;
        } catch (ToolFailure failure) {
            err.print(failure.getMessage());
            if (failure.showsUsage()) {
                err.println(ME + " -h for usage");
            }
            return failure.code();
        }
    }

    private static String usage() {
        try (InputStream text = MonmaptoolVerb.class.getResourceAsStream("monmaptool.txt")) {
            return text == null ? "" : new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void run() {
        out.println(ME + ": monmap file " + options.file);
        open();
        if (options.create) {
            create();
        }
        if (options.allFeatures) {
            map.persistentFeatures = MonMap.FEATURES_PACIFIC;
            modified = true;
        }
        if (options.minRelease > 0) {
            out.println("setting min_mon_release = " + Texts.release(options.minRelease));
            map.minRelease = options.minRelease;
            modified = true;
        }
        if (options.generate) {
            if (options.monHosts.isEmpty() && map.size() == 0) {
                throw new ToolFailure(
                        254,
                        "unable to get monitor info from DNS SRV with service name: ceph-mon\n");
            }
            options.monHosts.forEach((name, addrs) -> map.add(name, addrs));
        }
        if (options.fsid != null) {
            map.fsid = options.fsid;
            out.println(ME + ": set fsid to " + map.fsid);
            modified = true;
        }
        addAndRemove();
        features();
        if (!options.print && !modified && !options.showsFeatures()) {
            throw ToolFailure.usage("no action specified\n");
        }
        if (options.print) {
            out.print(MonMapDump.lines(map.build()));
        }
        if (modified) {
            save();
        }
    }

    private void open() {
        if (options.create && options.clobber) {
            return;
        }
        boolean exists = Files.exists(Path.of(options.file));
        if (options.create) {
            if (exists) {
                throw new ToolFailure(
                        255, ME + ": " + options.file + " exists, --clobber to overwrite\n");
            }
            return;
        }
        try {
            map = new MonMapDraft(MonMap.CODEC.fromBytes(ToolFiles.read(options.file)));
        } catch (Malformed bad) {
            throw new ToolFailure(255, ME + ": unable to read monmap file\n");
        } catch (IOException failure) {
            throw new ToolFailure(
                    255,
                    ME
                            + ": couldn't open "
                            + options.file
                            + ": "
                            + ToolFiles.reason(failure)
                            + "\n");
        }
    }

    private void create() {
        map.created = Utime.of(Instant.now());
        map.changed = map.created;
        if (options.fsid == null) {
            map.fsid = UUID.randomUUID();
            out.println(ME + ": generated fsid " + map.fsid);
        }
        modified = true;
    }

    private void addAndRemove() {
        options.added.forEach((name, given) -> {
            EntityAddrVec addrs = given.isVector() ? given.addrs() : chosen(given.addrs());
            if (map.contains(name)) {
                throw ToolFailure.usage(ME + ": map already contains mon." + name + "\n");
            }
            if (map.contains(addrs)) {
                throw ToolFailure.usage(ME + ": map already contains " + Texts.addrs(addrs) + "\n");
            }
            map.add(name, addrs);
            modified = true;
        });
        for (String name : options.removed) {
            out.println(ME + ": removing " + name);
            if (!map.contains(name)) {
                throw ToolFailure.usage(ME + ": map does not contain " + name + "\n");
            }
            map.remove(name);
            modified = true;
        }
    }

    /** With the messengers that the monitors speak: both, where no port is told. */
    private EntityAddrVec chosen(EntityAddrVec bare) {
        EntityAddr given = bare.addrs().getFirst();
        int port = given.socket().getPort();
        if (port == 0) {
            EntityAddr v2 = MonmaptoolOptions.at(given, EntityAddr.MSGR2, 3300);
            EntityAddr v1 = MonmaptoolOptions.at(given, EntityAddr.LEGACY, 6789);
            return new EntityAddrVec(map.speaksMsgr2() ? List.of(v2, v1) : List.of(v1));
        }
        return port == 6789 || !map.speaksMsgr2()
                ? bare
                : EntityAddrVec.of(MonmaptoolOptions.at(given, EntityAddr.MSGR2, port));
    }

    private void features() {
        for (MonmaptoolOptions.Feature feature : options.features) {
            switch (feature.kind()) {
                case LIST, LIST_PARSEABLE -> list(feature);
                case SET, UNSET -> {
                    map.feature(
                            feature.optional(),
                            feature.bits(),
                            feature.kind() == MonmaptoolOptions.Kind.SET);
                    modified = true;
                }
            }
        }
    }

    /** Nothing, when one of the two kinds was asked for: the genuine tool lists neither alone. */
    private void list(MonmaptoolOptions.Feature feature) {
        if (!feature.narrowed()) {
            boolean plain = feature.kind() == MonmaptoolOptions.Kind.LIST;
            out.print(plain ? MonFeatures.list(map) : MonFeatures.parseable(map));
        }
    }

    private void save() {
        out.println(
                ME
                        + ": writing epoch "
                        + Integer.toUnsignedLong(map.epoch)
                        + " to "
                        + options.file
                        + " ("
                        + map.size()
                        + " monitors)");
        try {
            ToolFiles.write(options.file, MonMap.CODEC.toBytes(map.build()));
        } catch (IOException failure) {
            String reason = ToolFiles.reason(failure);
            throw new ToolFailure(
                    1,
                    "bufferlist::write_file("
                            + options.file
                            + "): failed to open file: "
                            + reason
                            + "\n"
                            + ME
                            + ": error writing to '"
                            + options.file
                            + "': "
                            + reason
                            + "\n");
        }
    }
}
