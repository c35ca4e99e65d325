package io.sepiola.cluster.daemon;

import io.sepiola.base.Await;
import io.sepiola.base.Clock;
import io.sepiola.base.Shard;
import io.sepiola.client.Keyring;
import io.sepiola.client.Rados;
import io.sepiola.cluster.Refusal;
import io.sepiola.osd.Osd;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.heartbeat.Heartbeats;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreMemory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** {@code sepiola osd}: makes an OSD's store, or runs the OSD. */
@Command(
        name = "osd",
        description = "Run one OSD, or make its store with --mkfs.",
        mixinStandardHelpOptions = true)
public final class OsdVerb implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(OsdVerb.class);
    private static final String DIRECTORY = "osd_data";
    private static final String DEVICE_CLASS = "ssd";
    private static final long STORE_BYTES_DEFAULT = 100L << 30;
    private static final long STORE_BYTES_MIN = 64L << 20;
    private static final String BEACONS = "osd_beacon_report_interval";
    private static final int MARKDOWNS_MAX = 10_000;
    private static final long SECONDS_MAX = 86_400;
    private static final UUID NO_UUID = new UUID(0, 0);

    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Option(names = "--mkfs", description = "Make an empty store, and end.")
    private boolean mkfs;

    @Option(names = "--mkkey", description = "With --mkfs: make a key in the OSD's directory, too.")
    private boolean mkkey;

    @Option(
            names = {"--osd-uuid", "--osd-fsid"},
            paramLabel = "UUID",
            description = "With --mkfs: the OSD's own id, as 'osd new' was told (default: random).")
    private @Nullable UUID osdUuid;

    @Option(names = "--osd-data", paramLabel = "DIR", description = "The OSD's directory.")
    private @Nullable String data;

    /** For the command line. */
    public OsdVerb() {}

    @Override
    public Integer call() {
        SortedMap<String, @Nullable String> directory = new TreeMap<>();
        directory.put(DIRECTORY, data);
        DaemonSettings settings =
                DaemonSettings.of(options, EntityType.OSD, directory, System.getenv());
        OsdHome home = new OsdHome(settings.data(), number(settings.name().id()));
        if (mkfs) {
            DaemonLog.quiet();
            makeStore(settings, home);
            return 0;
        }
        if (mkkey || osdUuid != null) {
            throw new Refusal("--mkkey and --osd-uuid go with --mkfs");
        }
        return DaemonProcess.run(
                settings, options.logToStderr, host -> start(settings, home, host));
    }

    private static int number(String id) {
        if (!id.matches("[0-9]{1,6}")) {
            throw new Refusal("'" + id + "' is no OSD's id; wanted a number, as in -i 0");
        }
        return Integer.parseInt(id);
    }

    private void makeStore(DaemonSettings settings, OsdHome home) {
        if (home.isFormatted()) {
            throw new Refusal(
                    home.path()
                            + " holds an OSD's store already; run it without --mkfs, or remove the"
                            + " directory");
        }
        UUID cluster = settings.fsid();
        try (DaemonHost host = new DaemonHost()) {
            Files.createDirectories(home.path());
            home.format(
                    cluster,
                    osdUuid == null ? UUID.randomUUID() : osdUuid,
                    storeBytes(settings, home.path()),
                    host.storeMemory(),
                    host.loop(0));
            if (mkkey) {
                makeKey(settings, host.random());
            }
        } catch (IOException unwritable) {
            throw new Refusal(
                    "cannot write "
                            + home.path()
                            + " ("
                            + unwritable.getMessage()
                            + "); check its owner and mode");
        }
    }

    /** What the store may hold: as configured, and no more than the disk has free. */
    private static long storeBytes(DaemonSettings settings, Path directory) throws IOException {
        long wanted = settings.conf().number("bluestore_block_size", STORE_BYTES_DEFAULT);
        if (wanted < STORE_BYTES_MIN) {
            throw new Refusal(
                    "bluestore_block_size = "
                            + wanted
                            + " is too small for a store; wanted at least "
                            + STORE_BYTES_MIN);
        }
        return Math.min(wanted, Files.getFileStore(directory).getUsableSpace());
    }

    private static void makeKey(DaemonSettings settings, RandomGenerator random)
            throws IOException {
        Path file = settings.data().resolve("keyring");
        if (Files.exists(file)) {
            return; // the operator has put one there
        }
        String key = CryptoKey.generate(KeyType.AES, random, Clock.system().now()).toBase64();
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                Keyring.of(settings.name(), key).toText(),
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void start(DaemonSettings settings, OsdHome home, DaemonHost host) {
        if (!home.isFormatted()) {
            throw new Refusal(
                    home.path()
                            + " holds no OSD; 'sepiola osd -i "
                            + home.id()
                            + " --mkfs' makes one");
        }
        CryptoKey key = settings.key();
        Shard shard = host.loop(0);
        StoreMemory memory = host.storeMemory();
        BlockStore store = home.openForOsd(memory, BlockStore.DISK_RESERVE_BYTES, host::fail);
        host.opened(store);
        try (Rados rados = Introduction.of(settings, key, host)) {
            checkKnown(home, Await.on(rados.osdMap()));
        }
        OsdOptions osdOptions =
                OsdHome.options(
                                home.id(),
                                settings.monitors(),
                                settings.publicAddress(),
                                DEVICE_CLASS,
                                store.usage().totalBytes(),
                                Optional.of(settings.data()))
                        .withClusterAddr(settings.clusterAddress())
                        .withTimes(heartbeats(settings), seconds(settings, BEACONS, 300))
                        .withConfigured(settings.conf().settings())
                        .withComplaint(seconds(settings, "osd_op_complaint_time", 30));
        Osd osd = host.osd(osdOptions, shard, store, key);
        host.opened(() -> DaemonHost.leave(List.of(osd)));
        osd.start()
                .whenComplete((up, failure) -> {
                    if (failure != null) {
                        host.fail(failure);
                    }
                });
        LOG.info("osd.{} joins cluster {}", home.id(), settings.conf().get("fsid", ""));
    }

    private static Heartbeats.Options heartbeats(DaemonSettings settings) {
        Heartbeats.Options standard = Heartbeats.Options.DEFAULT;
        return new Heartbeats.Options(
                seconds(settings, "osd_heartbeat_interval", standard.interval().toSeconds()),
                seconds(settings, "osd_heartbeat_grace", standard.grace().toSeconds()),
                settings.conf()
                        .get("osd_fast_fail_on_connection_refused")
                        .map(text -> Set.of("true", "1", "yes").contains(text.strip()))
                        .orElse(standard.fastFail()),
                Math.clamp(
                        settings.conf()
                                .number("osd_max_markdown_count", standard.markdownCountMax()),
                        0,
                        MARKDOWNS_MAX),
                seconds(
                        settings,
                        "osd_max_markdown_period",
                        standard.markdownPeriod().toSeconds()));
    }

    private static Duration seconds(DaemonSettings settings, String option, long standard) {
        long seconds = settings.conf().number(option, standard);
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new Refusal(
                    option + " = " + seconds + " is out of bounds; wanted 1 to " + SECONDS_MAX);
        }
        return Duration.ofSeconds(seconds);
    }

    /** The monitors let no OSD in whom they do not know, and tell it nothing. */
    private static void checkKnown(OsdHome home, OsdMap map) {
        UUID own = home.fsid();
        if (!map.exists(home.id())) {
            throw new Refusal(
                    "the monitors know no osd."
                            + home.id()
                            + "; 'ceph osd new "
                            + own
                            + " "
                            + home.id()
                            + "' makes it known");
        }
        UUID known = map.uuid(home.id());
        if (!Set.of(own, NO_UUID).contains(known)) {
            throw new Refusal(
                    "the monitors know osd."
                            + home.id()
                            + " as "
                            + known
                            + ", and "
                            + home.path()
                            + " is "
                            + own
                            + "; give it the right directory, or 'ceph osd destroy "
                            + home.id()
                            + " --yes-i-really-mean-it' and 'ceph osd new' first");
        }
    }
}
