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
import io.sepiola.monitor.ReplicatedLog;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** {@code sepiola mon}: makes a monitor's store, or runs the monitor. */
@Command(
        name = "mon",
        description = "Run one monitor, or make its store with --mkfs.",
        subcommands = {MonBackupVerb.class, MonRestoreVerb.class},
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

    static void start(DaemonSettings settings, DaemonHost host) {
        if (MemberStore.isThere(settings.data())) {
            startMember(settings, host);
            return;
        }
        if (!LocalLog.isThere(settings.data())) {
            throw new Refusal(
                    settings.data()
                            + " holds no monitor; 'sepiola mon -i "
                            + settings.name().id()
                            + " --mkfs --keyring FILE' makes one");
        }
        String id = settings.name().id();
        LoneStore store = LoneStore.look(id, settings.data(), host.random(), host::fail);
        host.loneMonitor(
                monitorOptions(settings, settings.fsid(), address(settings, store)),
                host.loop(0),
                settings.data(),
                store);
    }

    /** By the configuration, or, where that names several, by what it knows itself. */
    private static EntityAddr address(DaemonSettings settings, LoneStore store) {
        return settings.monitors().size() == 1
                ? configured(settings)
                : address(settings, store.map());
    }

    private static void startMember(DaemonSettings settings, DaemonHost host) {
        MemberStore store = MemberStore.open(settings.data());
        MonMap map = store.map();
        boolean begins = map.rank(settings.name().id()) >= 0; // who comes later never does
        host.monitorMember(
                monitorOptions(settings, map.fsid(), address(settings, map)),
                host.loop(0),
                new DaemonHost.Membership(
                        store.keyring().cryptoKey(OWN_KEY),
                        store.raft(),
                        store.home(host::fail),
                        begins
                                ? Optional.of(beginning(settings, store, host.random()))
                                : Optional.empty()));
    }

    private static Genesis beginning(
            DaemonSettings settings, MemberStore store, RandomGenerator random) {
        MonMap map = store.map();
        return store.goesOn()
                .orElseGet(() -> genesis(settings, map, entities(store.keyring(), random)));
    }

    static List<MonMap.MonInfo> infos(MonMap map) {
        return map.ranks().stream().map(name -> map.monitors().get(name)).toList();
    }

    private static MonitorOptions monitorOptions(
            DaemonSettings settings, UUID fsid, EntityAddr at) {
        return new MonitorOptions(
                settings.name().id(),
                fsid,
                at,
                settings.conf().settings(),
                Release.cephVersion(),
                HostFacts.all());
    }

    /** Where the one monitor of the configuration listens. */
    private static EntityAddr configured(DaemonSettings settings) {
        List<EntityAddrVec> monitors = settings.monitors();
        if (monitors.size() > 1) {
            throw new Refusal(
                    "mon_host names "
                            + monitors.size()
                            + " monitors; give each of them the same map of all with --mkfs"
                            + " --monmap FILE, which monmaptool makes");
        }
        return monitors.getFirst().msgr2().orElseThrow();
    }

    /** Whether that directory holds a monitor, alone or one of several. */
    static boolean isThere(Path directory) {
        return LocalLog.isThere(directory) || MemberStore.isThere(directory);
    }

    private void makeStore(DaemonSettings settings) {
        Path directory = settings.data();
        if (isThere(directory)) {
            throw new Refusal(
                    directory
                            + " holds a monitor already; run it without --mkfs, or remove the"
                            + " directory");
        }
        Optional<MonMap> given = Optional.ofNullable(monmap).map(MonVerb::mapOf);
        given.ifPresent(map -> checkFsid(settings, map));
        String id = settings.name().id();
        if (given.isPresent() && (given.get().size() > 1 || given.get().rank(id) < 0)) {
            if (given.get().rank(id) >= 0) {
                address(settings, given.get()); // that it is one that others can reach
            }
            MemberStore.make(directory, given.get(), keyring(settings));
            return;
        }
        MonMap map =
                MonMap.of(
                        given.map(MonMap::fsid).orElseGet(settings::fsid),
                        1,
                        Utime.ZERO,
                        List.of(
                                new MonMap.MonInfo(
                                        settings.name().id(),
                                        EntityAddrVec.of(
                                                given.map(known -> address(settings, known))
                                                        .orElseGet(() -> configured(settings))))));
        makeAlone(directory, random -> genesis(settings, map, entities(keyring(settings), random)));
    }

    /** Makes the log of a monitor that stands alone. */
    static void makeAlone(Path directory, Function<RandomGenerator, Genesis> genesis) {
        try (DaemonHost host = new DaemonHost()) {
            Shard shard = host.loop(0);
            ReplicatedLog log = host.monitorLog(directory, shard);
            host.opened(log);
            DaemonHost.within(
                    DaemonHost.START_MAX,
                    Monitor.mkfs(log, shard, genesis.apply(host.random())).toCompletableFuture(),
                    directory + " could not be written");
        }
    }

    private void checkFsid(DaemonSettings settings, MonMap map) {
        settings.fsidIfSet()
                .filter(other -> !other.equals(map.fsid()))
                .ifPresent(other -> {
                    throw new Refusal(
                            monmap
                                    + " is of cluster "
                                    + map.fsid()
                                    + ", the configuration of "
                                    + other
                                    + "; correct one of them");
                });
    }

    private static Genesis genesis(
            DaemonSettings settings, MonMap map, SortedMap<AuthName, EntityAuth> entities) {
        boolean byHost = settings.conf().number("osd_crush_chooseleaf_type", 1) != 0;
        return new Genesis(
                map.fsid(),
                infos(map),
                entities,
                Collections.emptySortedMap(),
                byHost ? "host" : "osd");
    }

    /** Reads a file as {@code monmaptool} and {@code ceph mon getmap} write them. */
    static MonMap mapOf(Path file) {
        try {
            return MonMap.CODEC.fromBytes(Bytes.of(Files.readAllBytes(file)));
        } catch (IOException unreadable) {
            throw new Refusal(
                    "cannot read the monitor map " + file + " (" + unreadable.getMessage() + ")");
        } catch (Malformed bad) {
            throw new Refusal(
                    file + " is no monitor map (" + bad.getMessage() + "); monmaptool makes one");
        }
    }

    /** By the map; a new monitor says itself where it will be, until the map has it. */
    private static EntityAddr address(DaemonSettings settings, MonMap map) {
        String id = settings.name().id();
        MonMap.MonInfo own = map.monitors().get(id);
        if (own == null) {
            return settings.monitorAddress()
                    .orElseThrow(() ->
                            new Refusal(
                                    "the map of monitors names "
                                            + String.join(", ", map.ranks())
                                            + ", and not '"
                                            + id
                                            + "'; say where the new monitor is to be, with"
                                            + " --public-addr ADDRESS, or 'public addr' in the"
                                            + " section [mon."
                                            + id
                                            + "] of the configuration"));
        }
        return own.addrs()
                .msgr2()
                .orElseThrow(() ->
                        new Refusal(
                                "the map of monitors gives mon."
                                        + id
                                        + " no v2 address; make it with monmaptool --addv"));
    }

    private static Keyring keyring(DaemonSettings settings) {
        return Keyring.find(settings.conf().as(OWN_KEY).with("keyring", settings.keyring()));
    }

    /** The usual entities with fresh keys, and in their place and beside them the keyring's. */
    private static SortedMap<AuthName, EntityAuth> entities(
            Keyring keyring, RandomGenerator random) {
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
