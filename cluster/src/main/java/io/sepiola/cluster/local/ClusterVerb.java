package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** {@code sepiola cluster ...}: clusters of one process on this machine. */
@Command(
        name = "cluster",
        description = "Start, stop and look at clusters on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class ClusterVerb {
    private static final String NAME_DEFAULT = "ceph";

    private static final String NAME_DESCRIPTION =
            "The cluster's name (default: ${DEFAULT-VALUE}).";

    private final PrintStream out = System.out;
    private final ClusterRegistry registry = new ClusterRegistry(System.getenv());

    @Command(
            name = "start",
            description =
                    "Start a cluster, making it first if there is none; wait until it is healthy.",
            mixinStandardHelpOptions = true)
    int start(
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name,
            @Option(
                            names = "--osds",
                            paramLabel = "N",
                            description = "OSDs of a new cluster, 1 to 32 (default: 3).")
                    @Nullable Integer osds,
            @Option(
                            names = "--replicas",
                            paramLabel = "N",
                            description =
                                    "Copies of each object in a new cluster (default: 3, or the"
                                            + " OSDs if fewer).")
                    @Nullable Integer replicas,
            @Option(
                            names = "--data-dir",
                            paramLabel = "DIR",
                            description =
                                    "Where the cluster lives (default:"
                                            + " ~/.local/share/sepiola/NAME).")
                    @Nullable Path dataDir,
            @Option(
                            names = "--ports",
                            paramLabel = "BASE",
                            description =
                                    "Listen on BASE (monitor), BASE+1 (S3), BASE+2 (dashboard) and"
                                            + " BASE+3 (metrics) instead of 3300, 8000, 5000 and"
                                            + " 9283.")
                    @Nullable Integer ports,
            @Option(
                            names = "--address",
                            paramLabel = "IP",
                            defaultValue = "127.0.0.1",
                            description = "Listen on this address (default: ${DEFAULT-VALUE}).")
                    String address,
            @Option(names = "--memory", description = "Keep everything in memory; a stop loses it.")
                    boolean memory) {
        NewCluster wanted = new NewCluster(osds, replicas, dataDir, ports, address, memory);
        ClusterDirectory directory = wanted.openOrCreate(name, registry);
        ClusterSpec spec = directory.spec();
        ClusterProcess process = new ClusterProcess(directory, spec);
        if (directory.process().isEmpty()) {
            process.start(Progress.on(System.err));
        } else {
            process.awaitReady(Progress.on(System.err)); // perhaps it is starting just now
        }
        print(directory, spec);
        return 0;
    }

    @Command(
            name = "ls",
            description = "List the clusters of this user.",
            mixinStandardHelpOptions = true)
    int ls() {
        SortedMap<String, ClusterDirectory> all = registry.all();
        if (all.isEmpty()) {
            System.err.println("no clusters; 'sepiola cluster start' makes one");
            return 0;
        }
        out.printf("%-16s %-8s %-5s %-28s %s%n", "NAME", "STATE", "OSDS", "ENDPOINT", "DIRECTORY");
        for (Map.Entry<String, ClusterDirectory> entry : all.entrySet()) {
            ClusterDirectory directory = entry.getValue();
            if (!directory.isCluster()) {
                out.printf(
                        "%-16s %-8s %-5s %-28s %s%n",
                        entry.getKey(), "gone", "-", "-", directory.path());
                continue;
            }
            ClusterSpec spec = directory.spec();
            out.printf(
                    "%-16s %-8s %-5d %-28s %s%n",
                    entry.getKey(),
                    directory.process().isPresent() ? "running" : "stopped",
                    spec.osdCount(),
                    spec.endpoint(),
                    directory.path());
        }
        return 0;
    }

    @Command(
            name = "status",
            description =
                    "Tell how a cluster is; exit code 0 when healthy, 1 with warnings, 2"
                            + " otherwise.",
            mixinStandardHelpOptions = true)
    int status(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name) {
        ClusterDirectory directory = registry.get(name);
        ClusterSpec spec = directory.spec();
        if (directory.process().isEmpty()) {
            out.println(
                    "cluster '"
                            + name
                            + "' is stopped; 'sepiola cluster start "
                            + name
                            + "' starts it");
            return 2;
        }
        Optional<String> health = new ClusterProcess(directory, spec).health();
        out.println("Health: " + health.orElse("not answering"));
        print(directory, spec);
        return health.map(text -> text.equals("HEALTH_OK") ? 0 : text.equals("HEALTH_WARN") ? 1 : 2)
                .orElse(2);
    }

    @Command(
            name = "stop",
            description = "Stop a cluster; its data stay.",
            mixinStandardHelpOptions = true)
    int stop(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name) {
        ClusterDirectory directory = registry.get(name);
        if (directory.process().isEmpty()) {
            out.println("cluster '" + name + "' is not running");
            return 0;
        }
        new ClusterProcess(directory, directory.spec()).stop(Progress.on(System.err));
        out.println("cluster '" + name + "' is stopped");
        return 0;
    }

    @Command(
            name = "restart",
            description = "Stop a cluster and start it again.",
            mixinStandardHelpOptions = true)
    int restart(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name) {
        ClusterDirectory directory = registry.get(name);
        ClusterSpec spec = directory.spec();
        ClusterProcess process = new ClusterProcess(directory, spec);
        if (directory.process().isPresent()) {
            process.stop(Progress.on(System.err));
        }
        process.start(Progress.on(System.err));
        print(directory, spec);
        return 0;
    }

    @Command(
            name = "logs",
            description = "Print what a cluster logged.",
            mixinStandardHelpOptions = true)
    int logs(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name,
            @Option(
                            names = {"-f", "--follow"},
                            description = "Go on as the log grows.")
                    boolean follow,
            @Option(
                            names = {"-n", "--lines"},
                            paramLabel = "N",
                            defaultValue = "200",
                            description = "The last N lines (default: ${DEFAULT-VALUE}).")
                    int lines) {
        ClusterDirectory directory = registry.get(name);
        try {
            new LogTail(directory.log()).print(out, Math.max(0, lines), follow);
        } catch (IOException failed) {
            throw new Refusal("cannot read " + directory.log() + " (" + failed.getMessage() + ")");
        }
        return 0;
    }

    @Command(
            name = "purge",
            description = "Stop a cluster and delete its data.",
            mixinStandardHelpOptions = true)
    int purge(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "NAME",
                            defaultValue = NAME_DEFAULT,
                            description = NAME_DESCRIPTION)
                    String name,
            @Option(
                            names = "--yes-i-am-sure",
                            description = "Needed, since the data are gone for good.")
                    boolean sure) {
        ClusterDirectory directory = registry.get(name);
        if (!sure) {
            throw new Refusal(
                    "this deletes all data in "
                            + directory.path()
                            + "; if so, add --yes-i-am-sure");
        }
        if (Files.exists(directory.path())) {
            if (!directory.isCluster()) {
                throw new Refusal(
                        directory.path()
                                + " is not a cluster of Sepiola; remove it yourself if it should"
                                + " go");
            }
            if (directory.process().isPresent()) {
                new ClusterProcess(directory, directory.spec()).stop(Progress.on(System.err));
            }
            directory.remove();
        }
        registry.remove(name);
        out.println("cluster '" + name + "' is purged");
        return 0;
    }

    @Command(
            name = "serve",
            hidden = true,
            description = "Run the cluster in DIR in the foreground.",
            mixinStandardHelpOptions = true)
    int serve(@Parameters(paramLabel = "DIR") Path path) {
        return new ClusterServer(new ClusterDirectory(path)).run();
    }

    @Command(
            name = "train",
            hidden = true,
            description = "Load the classes that a start needs, for the start-up caches.",
            mixinStandardHelpOptions = true)
    int train(@Option(names = "--cli") boolean commandLine) throws IOException {
        if (commandLine) {
            ls();
            new ClusterProcess(
                            new ClusterDirectory(Path.of("/nonexistent")),
                            new ClusterSpec(
                                    "train",
                                    new java.util.UUID(0, 0),
                                    1,
                                    1,
                                    "127.0.0.1",
                                    1,
                                    1,
                                    1,
                                    1,
                                    true))
                    .health();
            return 0;
        }
        ClusterDirectory directory =
                new ClusterDirectory(Files.createTempDirectory("sepiola-train").resolve("c"));
        int port = Ports.free();
        NewCluster wanted = new NewCluster(3, 3, directory.path(), null, "127.0.0.1", false);
        wanted.make("train", directory, port);
        try (LocalClusterBoot boot = new LocalClusterBoot(directory, step -> {}, failure -> {})) {
            boot.start();
        } finally {
            directory.remove();
            Files.deleteIfExists(directory.path().getParent());
        }
        return 0;
    }

    private void print(ClusterDirectory directory, ClusterSpec spec) {
        S3Credentials credentials = S3Credentials.read(directory);
        out.println("Endpoint:            " + spec.endpoint());
        out.println("Dashboard:           " + spec.dashboard());
        out.println("Metrics:             " + spec.metrics());
        out.println("Access key:          " + credentials.accessKey());
        out.println("Secret key:          " + credentials.secretKey());
        out.println("Working directory:   " + directory.path());
        out.println("Ceph configuration:  " + directory.cephConf());
    }
}
