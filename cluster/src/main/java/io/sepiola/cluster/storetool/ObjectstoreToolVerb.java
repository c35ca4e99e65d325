package io.sepiola.cluster.storetool;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.SpgId;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreGone;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a stopped OSD's store and mends it, with the options, lines and exit codes of Ceph's
 * tool. Everything that is written goes through the store, under its lock.
 */
public final class ObjectstoreToolVerb {
    private static final Set<String> REFUSED =
            Set.of(
                    "fuse",
                    "apply-layout-settings",
                    "dump-journal",
                    "dup",
                    "mkfs",
                    "update-mon-db",
                    "reset-last-complete");

    private final StoreOptions options;
    private final ToolStreams streams;

    private ObjectstoreToolVerb(StoreOptions options, ToolStreams streams) {
        this.options = options;
        this.streams = streams;
    }

    /** Runs one command line; the exit code is 0, or 1, or what Ceph's tool has for the case. */
    public static int run(String[] arguments, PrintStream out, PrintStream err, InputStream in) {
        List<String> words = Arrays.asList(arguments);
        if (words.contains("-h") || words.contains("--help")) {
            out.print(Usage.OBJECTSTORE);
            return 1;
        }
        PrintStream buffered =
                new PrintStream(
                        new java.io.BufferedOutputStream(out, 1 << 16),
                        false,
                        StandardCharsets.UTF_8);
        try {
            StoreOptions options = StoreOptions.parse(words);
            Console console = System.console();
            boolean tty = options.has("tty") || console != null && console.isTerminal();
            new ObjectstoreToolVerb(options, new ToolStreams(in, buffered, err, tty)).run();
            return 0;
        } catch (ToolRefusal refused) {
            buffered.flush();
            err.println(refused.getMessage());
            if (refused.showsUsage()) {
                err.print("\n" + Usage.OBJECTSTORE);
            }
            return refused.code();
        } catch (StoreException | StoreGone | Malformed damaged) {
            buffered.flush();
            err.println(damaged.getMessage());
            return 1;
        } catch (IOException failed) {
            buffered.flush();
            err.println("file: " + reason(failed));
            return 1;
        } finally {
            buffered.flush();
        }
    }

    private static String reason(IOException failure) {
        return failure instanceof FileSystemException file && file.getReason() == null
                ? file.getFile() + ": No such file or directory, or no permission"
                : String.valueOf(failure.getMessage());
    }

    /** Where {@code --file} says that something is written. */
    static OutputStream target(ToolStreams streams, StoreOptions options) throws IOException {
        return streams.target(options.value("file"), StandardOpenOption.TRUNCATE_EXISTING);
    }

    private void run() throws IOException {
        String op = options.op();
        boolean pretty = options.isPretty();
        if (op.equals("dump-export") || op.equals("dump-import")) {
            try (InputStream source = streams.source(options.value("file"))) {
                streams.out().print(ExportDump.of(source, pretty));
            }
            return;
        }
        if (options.value("data-path").isEmpty()) {
            throw ToolRefusal.usage("Must provide --data-path");
        }
        if (op.isEmpty() && options.words().isEmpty()) {
            throw ToolRefusal.usage("Must provide --op or object command...");
        }
        if (REFUSED.contains(op)) {
            throw new ToolRefusal("--op " + op + " is not served here; --help names what is");
        }
        Path directory = Path.of(options.value("data-path").get());
        if (op.startsWith("fsck") || op.startsWith("repair")) {
            fsck(op, directory);
            return;
        }
        try (ToolStore store = ToolStore.open(directory, options.isDryRun())) {
            if (op.isEmpty()) {
                object(store, pretty);
            } else {
                operation(store, op, pretty);
            }
        }
        if (options.isDryRun()) {
            PrintStream where = op.equals("export") ? streams.err() : streams.out();
            where.println("dry-run: Nothing changed");
        }
    }

    private void fsck(String op, Path directory) {
        String action = op.startsWith("fsck") ? "fsck" : "repair";
        if (!op.equals(action) && !op.equals(action + "-deep")) {
            throw unknown();
        }
        int left =
                StoreFsck.run(
                        directory,
                        op.endsWith("-deep"),
                        action.equals("repair") && !options.isDryRun(),
                        streams);
        if (left > 0) {
            throw new ToolRefusal(
                    action + " status: " + left + " remaining error(s) and warning(s)");
        }
        streams.out().println(action + " success");
    }

    private void object(ToolStore store, boolean pretty) throws IOException {
        List<String> words = options.words();
        ObjectTarget target = ObjectTarget.one(store, options, words.getFirst());
        if (words.size() < 2) {
            throw unknown();
        }
        if (!store.store().exists(target.collection())) {
            throw new ToolRefusal("PG '" + options.value("pgid").orElse("") + "' not found");
        }
        new ObjectVerbs(store, streams, target)
                .run(words.get(1), words.subList(2, words.size()), options.has("force"), pretty);
    }

    private void operation(ToolStore store, String op, boolean pretty) throws IOException {
        Listing listing = new Listing(store, streams, options);
        MetaVerbs meta = new MetaVerbs(store, streams, options);
        switch (op) {
            case "list" -> listing.objects(pretty);
            case "list-pgs" -> listing.groups();
            case "meta-list" -> listing.meta(pretty);
            case "list-slow-omap" -> listing.slowOmaps(pretty);
            case "fix-lost" -> listing.fixLost();
            case "info" -> group(store).info(pretty);
            case "log" -> group(store).log(pretty);
            case "remove" -> group(store).remove(options.has("force"));
            case "mark-complete" -> group(store).markComplete();
            case "trim-pg-log" -> group(store).trimLog();
            case "trim-pg-log-dups" -> group(store).trimDups();
            case "export" -> export(store, false);
            case "export-remove" -> export(store, true);
            case "import" -> {
                try (InputStream source = streams.source(options.value("file"))) {
                    GroupImport.run(
                            store, streams, options.value("pgid"), options.has("force"), source);
                }
            }
            case "dump-super" -> meta.dumpSuperblock();
            case "statfs" -> meta.statfs();
            case "get-osdmap" -> meta.getMap();
            case "set-osdmap" -> meta.setMap();
            case "get-inc-osdmap" -> meta.getChange();
            case "set-inc-osdmap" -> meta.setChange();
            case "get-superblock" -> meta.getSuperblock();
            case "set-superblock" -> meta.setSuperblock();
            default -> throw unknown();
        }
    }

    private static ToolRefusal unknown() {
        return ToolRefusal.usage("Must provide an --op or an object's command that is known");
    }

    private GroupVerbs group(ToolStore store) {
        Optional<String> pgid = options.value("pgid");
        SpgId pg =
                ObjectTarget.group(pgid.orElseThrow(() -> ToolRefusal.usage("Must provide pgid")));
        return new GroupVerbs(store, streams, pg);
    }

    private void export(ToolStore store, boolean remove) throws IOException {
        GroupVerbs verbs = group(store);
        var group = verbs.group();
        OutputStream out =
                options.isDryRun() ? OutputStream.nullOutputStream() : target(streams, options);
        GroupExport.run(store, group, out, streams.err());
        if (out != streams.out()) {
            out.close();
        }
        streams.err().println("Export successful");
        if (remove) {
            store.remove(group.info().pg());
            streams.err().println("Remove successful");
        }
    }
}
