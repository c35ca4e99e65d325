package io.sepiola.cluster.daemon;

import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.cluster.Refusal;
import io.sepiola.monitor.LocalLogCopy;
import io.sepiola.monitor.MonitorBackup;
import io.sepiola.monitor.QuorumLibrary;
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** {@code sepiola mon backup}: what the monitors agreed on, in one file. */
@Command(
        name = "backup",
        description = "Write what the monitors agreed on to a file, from one monitor's store.",
        mixinStandardHelpOptions = true)
public final class MonBackupVerb implements Callable<Integer> {
    /** A running monitor may take files away while they are read. */
    private static final int ATTEMPTS = 5;

    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Option(names = "--mon-data", paramLabel = "DIR", description = "The monitor's directory.")
    private @Nullable String data;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "Where to write to.")
    private @Nullable Path output;

    /** For the command line. */
    public MonBackupVerb() {}

    /** The directory: named, or that of the monitor by its configuration. */
    static Path directory(DaemonOptions options, @Nullable String data) {
        return data != null
                ? Path.of(data)
                : DaemonSettings.of(options, EntityType.MON, new TreeMap<>(), System.getenv())
                        .data();
    }

    @Override
    public Integer call() {
        DaemonLog.quiet();
        Path directory = directory(options, data);
        if (!MonVerb.isThere(directory)) {
            throw new Refusal(directory + " holds no monitor; name another with --mon-data DIR");
        }
        MonitorBackup backup =
                MonitorBackup.of(
                        read(directory),
                        options.id == null ? "" : options.id,
                        Utime.of(Clock.system().now()));
        Path file = Objects.requireNonNull(output);
        try {
            MemberStore.write(file, backup.toBytes().toArray());
        } catch (IOException failure) {
            throw new Refusal(file + " could not be written (" + failure.getMessage() + ")");
        }
        System.out.println(
                file
                        + " holds cluster "
                        + backup.fsid()
                        + " as of record "
                        + backup.version()
                        + ": OSD map "
                        + backup.osdMapEpoch()
                        + ", "
                        + backup.pools()
                        + " pools. Whoever can read it has all keys of the cluster");
        return 0;
    }

    private static ReplicatedLog.Recovered read(Path directory) {
        for (int attempt = 1; ; attempt++) {
            try {
                return readOnce(directory);
            } catch (IOException | Malformed failure) {
                if (attempt == ATTEMPTS) {
                    throw new Refusal(
                            "the log in "
                                    + directory
                                    + " cannot be read ("
                                    + failure.getMessage()
                                    + "); take the backup of another monitor");
                }
            }
        }
    }

    private static ReplicatedLog.Recovered readOnce(Path directory) throws IOException {
        if (!MemberStore.isThere(directory)) {
            return LocalLogCopy.read(directory);
        }
        MemberStore store = MemberStore.open(directory);
        return ServiceLoader.load(QuorumLibrary.class)
                .findFirst()
                .orElseThrow(() -> new Refusal("this jar has no library for quorums"))
                .read(store.raft(), store.map().fsid());
    }
}
