package io.sepiola.cluster.storetool;

import io.sepiola.cluster.Release;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks, mends and labels of a stopped OSD's store, as Ceph's tool for BlueStore has them. */
public final class BluestoreToolVerb {
    private static final Set<String> SERVED = Set.of("fsck", "repair", "quick-fix", "show-label");
    private static final Set<String> REFUSED =
            Set.of(
                    "bluefs-export",
                    "bluefs-import",
                    "bluefs-bdev-sizes",
                    "bluefs-bdev-expand",
                    "bluefs-bdev-new-db",
                    "bluefs-bdev-new-wal",
                    "bluefs-bdev-migrate",
                    "bluefs-log-dump",
                    "bluefs-stats",
                    "set-label-key",
                    "rm-label-key",
                    "prime-osd-dir",
                    "free-dump",
                    "free-score",
                    "reshard",
                    "show-sharding");
    private static final Set<String> IGNORED = Set.of("-l", "--log-file", "--log-level");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private final ToolStreams streams;
    private final List<Path> devices = new ArrayList<>();
    private Optional<Path> path = Optional.empty();
    private String action = "";
    private boolean deep;

    private BluestoreToolVerb(ToolStreams streams) {
        this.streams = streams;
    }

    /** Runs one command line; the exit code is 0, or 1 when it fails or something is damaged. */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(arguments);
        if (words.contains("-h") || words.contains("--help")) {
            out.print(Usage.BLUESTORE);
            return 1;
        }
        BluestoreToolVerb verb =
                new BluestoreToolVerb(
                        new ToolStreams(InputStream.nullInputStream(), out, err, true));
        try {
            verb.parse(words);
            verb.run();
            return 0;
        } catch (ToolRefusal refused) {
            err.println(refused.getMessage());
            return refused.code();
        } catch (StoreException | StoreGone damaged) {
            err.println("error from " + verb.action + ": " + damaged.getMessage());
            return 1;
        } catch (IOException failed) {
            err.println("cannot read " + failed.getMessage());
            return 1;
        }
    }

    private void parse(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String option = equals < 0 ? word : word.substring(0, equals);
            if (!word.startsWith("-")) {
                act(word);
            } else if (option.equals("--deep")) {
                String value = equals < 0 ? follows(words, i) : word.substring(equals + 1);
                deep = value.isEmpty() || isTrue(value);
                i += equals < 0 && !value.isEmpty() ? 1 : 0;
            } else {
                if (equals < 0 && ++i == words.size()) {
                    throw new ToolRefusal(
                            "the required argument for option '" + option + "' is missing");
                }
                set(option, equals < 0 ? words.get(i) : word.substring(equals + 1));
            }
        }
    }

    /** The value of --deep, which may be left out. */
    private static String follows(List<String> words, int index) {
        String next = index + 1 < words.size() ? words.get(index + 1) : "";
        return Set.of("0", "1", "true", "false", "yes", "no", "on", "off").contains(next)
                ? next
                : "";
    }

    private static boolean isTrue(String text) {
        return switch (text) {
            case "1", "true", "yes", "on" -> true;
            case "0", "false", "no", "off" -> false;
            default ->
                    throw new ToolRefusal(
                            "the argument ('" + text + "') for option '--deep' is invalid");
        };
    }

    private void set(String option, String value) {
        switch (option) {
            case "--path" -> path = Optional.of(Path.of(value));
            case "--dev" -> devices.add(Path.of(value));
            case "--command" -> act(value);
            default -> {
                if (!IGNORED.contains(option)) {
                    throw new ToolRefusal("unrecognised option '" + option + "'");
                }
            }
        }
    }

    private void act(String word) {
        if (REFUSED.contains(word)) {
            throw new ToolRefusal(
                    word + " is not served here: this store has no BlueFS; --help names what is");
        }
        if (!SERVED.contains(word)) {
            throw new ToolRefusal("unrecognized action " + word);
        }
        action = word;
    }

    private void run() throws IOException {
        if (action.isEmpty()) {
            throw new ToolRefusal("must specify an action; --help for help");
        }
        if (action.equals("show-label")) {
            showLabels();
            return;
        }
        Path directory = path.orElseThrow(() -> new ToolRefusal("must specify bluestore path"));
        int left = StoreFsck.run(directory, deep, !action.equals("fsck"), streams);
        if (left > 0) {
            throw new ToolRefusal(
                    action + " status: remaining " + left + " error(s) and warning(s)");
        }
        streams.out().println(action + " success");
    }

    private void showLabels() throws IOException {
        if (path.isEmpty() && devices.isEmpty()) {
            throw new ToolRefusal("must specify bluestore path *or* specific bdev(s) with --dev");
        }
        if (devices.isEmpty()) {
            streams.out().println("inferring bluefs devices from bluestore path");
            path.map(directory -> directory.resolve("block"))
                    .filter(Files::exists)
                    .ifPresent(devices::add);
        }
        JsonDump json = new JsonDump(true);
        List<Runnable> labels = new ArrayList<>();
        for (Path device : devices) {
            labels.add(label(device, json));
        }
        json.object(() -> labels.forEach(Runnable::run));
        streams.out().print(json);
    }

    private static Runnable label(Path device, JsonDump json) throws IOException {
        Path directory = Optional.ofNullable(device.getParent()).orElse(Path.of(""));
        BlockStore.Label label = BlockStore.label(directory);
        Optional<String> cluster = cluster(directory);
        Instant made = Files.getLastModifiedTime(directory.resolve("fsid")).toInstant();
        return () ->
                json.object(
                        device.toString(),
                        () -> {
                            json.put("osd_uuid", label.owner().toString());
                            json.put("size", label.blockBytes());
                            json.put("btime", STAMP.format(made) + "+0000")
                                    .put("description", "main");
                            cluster.ifPresent(fsid -> json.put("ceph_fsid", fsid));
                            json.put("ceph_version_when_created", Release.cephVersion());
                            json.put("created_at", STAMP.format(made) + "Z")
                                    .put("kv_backend", "rocksdb");
                            json.put("magic", "ceph osd volume v026").put("mkfs_done", "yes");
                            json.put("ready", "ready").put("require_osd_release", "16");
                            json.put("whoami", Integer.toString(label.whoami()));
                        });
    }

    /** From the file beside the store; an older directory has none, and a running OSD its store. */
    private static Optional<String> cluster(Path directory) throws IOException {
        Path file = directory.resolve("ceph_fsid");
        if (Files.exists(file)) {
            return Optional.of(Files.readString(file).strip());
        }
        try (ToolStore store = ToolStore.open(directory, true)) {
            StoppedOsd osd = store.osd();
            return Optional.of(osd.superblock().clusterFsid().toString());
        } catch (ToolRefusal inUse) {
            return Optional.empty();
        }
    }
}
