package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.base.Shard;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.cluster.Release;
import io.sepiola.monitor.Genesis;
import io.sepiola.monitor.LocalLog;
import io.sepiola.monitor.Monitor;
import io.sepiola.monitor.MonitorOptions;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** {@code sepiola mon}: makes a monitor's store, or runs the monitor. */
@Command(
        name = "mon",
        description = "Run one monitor, or make its store with --mkfs.",
        mixinStandardHelpOptions = true)
public final class MonVerb implements Callable<Integer> {
    private static final AuthName OWN_KEY = AuthName.parse("mon.");
    private static final String DIRECTORY = "mon_data";

    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Option(names = "--mkfs", description = "Make the store of a new cluster's monitor, and end.")
    private boolean mkfs;

    @Option(
            names = "--monmap",
            paramLabel = "FILE",
            description = "With --mkfs: the monitors, as monmaptool writes them.")
    private @Nullable Path monmap;

    @Option(names = "--mon-data", paramLabel = "DIR", description = "The monitor's directory.")
    private @Nullable String data;

    /** For the command line. */
    public MonVerb() {}

    @Override
    public Integer call() {
        SortedMap<String, @Nullable String> directory = new TreeMap<>();
        directory.put(DIRECTORY, data);
        DaemonSettings settings =
                DaemonSettings.of(options, EntityType.MON, directory, System.getenv());
        if (mkfs) {
            DaemonLog.quiet();
            makeStore(settings);
            return 0;
        }
        if (monmap != null) {
            throw new Refusal("--monmap goes with --mkfs; a monitor keeps the map that it has");
        }
        return DaemonProcess.run(settings, options.logToStderr, host -> start(settings, host));
    }

    private static void start(DaemonSettings settings, DaemonHost host) {
        if (!LocalLog.isThere(settings.data())) {
            throw new Refusal(
                    settings.data()
                            + " holds no monitor; 'sepiola mon -i "
                            + settings.name().id()
                            + " --mkfs --keyring FILE' makes one");
        }
        Shard shard = host.loop(0);
        MonitorOptions monitor =
                new MonitorOptions(
                        settings.name().id(),
                        settings.fsid(),
                        configured(settings),
                        settings.conf().settings(),
                        Release.cephVersion(),
                        new TreeMap<>(Map.of("hostname", OsdHome.hostname())));
        host.monitor(monitor, shard, host.monitorLog(settings.data(), shard), Optional.empty());
    }

    /** Where the one monitor of the configuration listens. */
    private static EntityAddr configured(DaemonSettings settings) {
        List<EntityAddrVec> monitors = settings.monitors();
        if (monitors.size() > 1) {
            throw new Refusal(
                    "mon_host names "
                            + monitors.size()
                            + " monitors, and a cluster of Sepiola has one so far; name one");
        }
        return monitors.getFirst().msgr2().orElseThrow();
    }

    private void makeStore(DaemonSettings settings) {
        Path directory = settings.data();
        if (LocalLog.isThere(directory)) {
            throw new Refusal(
                    directory
                            + " holds a monitor already; run it without --mkfs, or remove the"
                            + " directory");
        }
        try (DaemonHost host = new DaemonHost(failure -> {})) {
            Genesis genesis = genesis(settings, host.random());
            Shard shard = host.loop(0);
            DaemonHost.within(
                    DaemonHost.START_MAX,
                    Monitor.mkfs(host.monitorLog(directory, shard), shard, genesis)
                            .toCompletableFuture(),
                    directory + " could not be written");
        }
    }

    private Genesis genesis(DaemonSettings settings, RandomGenerator random) {
        Optional<MonMap> given = given();
        UUID fsid = given.map(MonMap::fsid).orElseGet(settings::fsid);
        settings.fsidIfSet()
                .filter(other -> !other.equals(fsid))
                .ifPresent(other -> {
                    throw new Refusal(
                            monmap
                                    + " is of cluster "
                                    + fsid
                                    + ", the configuration of "
                                    + other
                                    + "; correct one of them");
                });
        boolean byHost = settings.conf().number("osd_crush_chooseleaf_type", 1) != 0;
        return new Genesis(
                fsid,
                List.of(
                        new MonMap.MonInfo(
                                settings.name().id(),
                                EntityAddrVec.of(
                                        given.map(map -> address(settings, map))
                                                .orElseGet(() -> configured(settings))))),
                entities(settings, random),
                Collections.emptySortedMap(),
                byHost ? "host" : "osd");
    }

    private Optional<MonMap> given() {
        Path file = monmap;
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(MonMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(file))));
        } catch (IOException unreadable) {
            throw new Refusal(
                    "cannot read the monitor map " + file + " (" + unreadable.getMessage() + ")");
        } catch (Malformed bad) {
            throw new Refusal(
                    file + " is no monitor map (" + bad.getMessage() + "); monmaptool makes one");
        }
    }

    private EntityAddr address(DaemonSettings settings, MonMap map) {
        String id = settings.name().id();
        MonMap.MonInfo own = map.monitors().get(id);
        if (own == null || map.size() != 1) {
            throw new Refusal(
                    monmap
                            + " names the monitors "
                            + map.ranks()
                            + "; wanted '"
                            + id
                            + "' alone, as a cluster of Sepiola has one monitor so far");
        }
        return own.addrs()
                .msgr2()
                .orElseThrow(() ->
                        new Refusal(
                                monmap
                                        + " gives mon."
                                        + id
                                        + " no v2 address; make it with monmaptool --addv"));
    }

    /** The usual entities with fresh keys, and in their place and beside them the keyring's. */
    private static SortedMap<AuthName, EntityAuth> entities(
            DaemonSettings settings, RandomGenerator random) {
        Keyring keyring =
                Keyring.find(settings.conf().as(OWN_KEY).with("keyring", settings.keyring()));
        SortedMap<AuthName, EntityAuth> usual = Genesis.keys(random, Clock.system().now());
        SortedMap<AuthName, EntityAuth> entities = new TreeMap<>(usual);
        keyring.entries()
                .forEach((name, entry) -> {
                    EntityAuth same = usual.get(name);
                    entities.put(
                            name,
                            new EntityAuth(
                                    CryptoKey.parse(entry.key()),
                                    entry.caps().isEmpty() && same != null
                                            ? same.caps()
                                            : entry.caps()));
                });
        return entities;
    }
}
