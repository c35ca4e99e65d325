package io.sepiola.cluster.storetool;

import io.sepiola.base.Malformed;
import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreMemory;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Lists the groups and the objects on a stopped OSD's own disk, in the lines of Ceph's tool: {@code
 * --data-path DIR --op list-pgs}, {@code --data-path DIR [--pgid P.x] --op list [NAME]}.
 */
public final class ObjectstoreToolVerb {
    private static final String USAGE =
            """
            usage: ceph-objectstore-tool --data-path DIR --op list-pgs
                   ceph-objectstore-tool --data-path DIR [--pgid PG] [--namespace NS]
                       --op list [NAME]

            The OSD of the directory must not run.
            """;
    private static final int PAGE = 1000;

    private final StoreOptions options;
    private final PrintStream out;

    private ObjectstoreToolVerb(StoreOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Runs one command line; the exit code: 0 or 1, as the genuine tool's. */
    public static int run(String[] arguments, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(arguments);
        if (words.contains("-h") || words.contains("--help")) {
            out.print(USAGE);
            return 1;
        }
        PrintStream buffered =
                new PrintStream(
                        new java.io.BufferedOutputStream(out, 1 << 16),
                        false,
                        StandardCharsets.UTF_8);
        try {
            new ObjectstoreToolVerb(StoreOptions.parse(words), buffered).run();
            return 0;
        } catch (IllegalArgumentException | StoreException refused) {
            err.println(refused.getMessage());
            return 1;
        } finally {
            buffered.flush();
        }
    }

    private void run() {
        Path directory = Path.of(options.dataPath());
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "data-path: " + directory + ": No such file or directory");
        }
        Optional<SpgId> only = options.pgid().map(ObjectstoreToolVerb::group);
        OsdHome home = new OsdHome(directory, BlockStore.whoami(directory));
        try (StoreMemory memory = new StoreMemory(16 << 20);
                BlockStore store = home.open(memory, 0, failure -> {})) {
            List<CollectionId.Pg> groups =
                    store.collections().stream()
                            .filter(CollectionId.Pg.class::isInstance)
                            .map(CollectionId.Pg.class::cast)
                            .filter(group -> only.isEmpty() || group.pg().equals(only.get()))
                            .sorted((one, other) -> one.pg().compareTo(other.pg()))
                            .toList();
            for (CollectionId.Pg group : groups) {
                if (options.op().equals("list-pgs")) {
                    out.println(group.pg());
                } else {
                    list(store, group);
                }
            }
        }
    }

    private static SpgId group(String text) {
        try {
            return SpgId.replicated(PgId.parse(text));
        } catch (Malformed bad) {
            throw new IllegalArgumentException("Invalid pgid '" + text + "' specified", bad);
        }
    }

    private void list(BlockStore store, CollectionId.Pg group) {
        GhObject from = GhObject.of(HObject.MIN);
        boolean first = true;
        for (List<GhObject> page = store.list(group, from, PAGE); !page.isEmpty(); ) {
            // A page begins where the one before ended.
            page.stream()
                    .skip(first ? 0 : 1)
                    .filter(this::isAsked)
                    .forEach(object -> {
                        out.println(line(group.pg(), object));
                    });
            from = page.getLast();
            page = page.size() < PAGE ? List.of() : store.list(group, from, PAGE);
            first = false;
        }
    }

    /** The group's own object, which has no name, is nobody's. */
    private boolean isAsked(GhObject object) {
        String name = object.object().name();
        return !name.isEmpty()
                && options.name().map(name::equals).orElse(true)
                && options.namespace().map(object.object().namespace()::equals).orElse(true);
    }

    private static JsonDump line(SpgId group, GhObject object) {
        JsonDump json = new JsonDump(false);
        HObject at = object.object();
        return json.array(() -> {
            json.put("", group.toString());
            json.object(() -> {
                json.put("oid", at.name());
                json.put("key", at.key());
                json.put("snapid", at.snap());
                json.put("hash", Integer.toUnsignedLong(at.hash()));
                json.put("max", 0);
                json.put("pool", at.pool());
                json.put("namespace", at.namespace());
                if (object.generation() != GhObject.NO_GENERATION) {
                    json.put("generation", object.generation());
                }
                if (object.shard() != SpgId.NO_SHARD) {
                    json.put("shard_id", object.shard());
                }
                json.put("max", 0);
            });
        });
    }
}
