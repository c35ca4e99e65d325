package io.sepiola.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.cluster.daemon.OsdHome;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreMemory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of single daemons, each a process of its own: made and started as an operator makes one
 * of Ceph's, with a ceph.conf, keyrings, {@code --mkfs}, and genuine Ceph's {@code ceph}.
 */
final class DaemonCluster implements AutoCloseable {
    static final int OSDS = 3;
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final long POLL_NANOS = 100_000_000;
    private static final int PORTS_MAX = 60;
    private static final int EPHEMERAL = 32_768; // from here on Linux gives ports to clients

    private final UUID fsid = UUID.randomUUID();
    private final Path directory;
    private final int ports;
    private final int osds;
    private final String options;
    private final Site site;
    private final int monitors;
    private final SortedMap<String, Process> running = new TreeMap<>(); // by the daemon's name

    /** Where the cluster's processes run, and by what addresses they find each other. */
    interface Site {
        /** All on this machine, over its loopback. */
        Site LOCAL = new Site() {};

        /** The address of a monitor, which is {@code a} where there is one only. */
        default String monitor(String name) {
            return "127.0.0.1";
        }

        /** More sections for the ceph.conf. */
        default String sections() {
            return "";
        }

        /** What runs a daemon's program: {@code osd.0}; nothing for a client's. */
        default List<String> runner(String daemon) {
            return List.of();
        }
    }

    /** Nothing runs yet; {@code ports} to {@code ports + 60} are the cluster's. */
    DaemonCluster(Path directory, int ports) {
        this(directory, ports, OSDS, "");
    }

    /**
     * Nothing runs yet.
     *
     * @param options more lines for the section {@code global} of the ceph.conf
     */
    DaemonCluster(Path directory, int ports, int osds, String options) {
        this(directory, ports, osds, options, Site.LOCAL, 1);
    }

    /** The same with so many monitors, {@code mon.a} and so on. */
    DaemonCluster(Path directory, int ports, int osds, String options, int monitors) {
        this(directory, ports, osds, options, Site.LOCAL, monitors);
    }

    /** With one monitor, on other machines, so to speak. */
    DaemonCluster(Path directory, int ports, int osds, String options, Site site) {
        this(directory, ports, osds, options, site, 1);
    }

    /** Both. */
    DaemonCluster(Path directory, int ports, int osds, String options, Site site, int monitors) {
        assertThat(ports + PORTS_MAX).as("no client's port").isLessThan(EPHEMERAL);
        this.site = site;
        this.monitors = monitors;
        this.directory = directory;
        this.ports = ports;
        this.osds = osds;
        this.options = options;
    }

    /** Makes everything from an empty directory, and starts it. */
    void create() throws IOException {
        Files.writeString(conf(), configuration());
        Path keyring = file("keyring");
        authtool("--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
        authtool(
                keyring,
                "--gen-key",
                "-n",
                "client.admin",
                "--cap",
                "mon",
                "allow *",
                "--cap",
                "osd",
                "allow *",
                "--cap",
                "mgr",
                "allow *",
                "--cap",
                "mds",
                "allow *");
        if (monitors == 1) {
            verb("mon", "-i", "a", "--mkfs", "--keyring", keyring).run().ok();
        } else {
            makeMonitors(keyring);
        }
        for (String name : monitorNames()) {
            start("mon." + name);
        }
        makeManager("x");
        start("mgr.x");
        for (int id = 0; id < osds; id++) {
            makeOsd(id);
            start("osd." + id);
        }
        key("client.rgw.a", file("rgw.a"), "mon", "allow rw", "osd", "allow rwx", "mgr", "allow r");
        until("all OSDs are up", () -> status().contains(allUp()));
    }

    private void makeMonitors(Path keyring) {
        Path map = file("monmap");
        List<Object> words = new ArrayList<>(List.of("--create", "--fsid", fsid));
        for (String name : monitorNames()) {
            words.addAll(List.of("--addv", name, "[" + monitorAddr(name) + "]"));
        }
        words.add(map);
        Program.of("monmaptool", words.toArray()).run().ok();
        for (String name : monitorNames()) {
            verb("mon", "-i", name, "--mkfs", "--monmap", map, "--keyring", keyring).run().ok();
        }
    }

    /**
     * Makes the store of another monitor, or of one whose store is lost, with what the others say,
     * as an operator does; and starts it.
     */
    void addMonitor(String name) {
        Path map = file("present.map");
        Path key = file("present.key");
        ceph("mon", "getmap", "-o", map).run().ok();
        ceph("auth", "get", "mon.", "-o", key).run().ok();
        verb("mon", "-i", name, "--mkfs", "--monmap", map, "--keyring", key).run().ok();
        String addr = monitorAddr(name).replace("v2:", "");
        running.put(
                "mon." + name,
                verb("mon", "-n", "mon." + name, "--public-addr", addr)
                        .by(site.runner("mon." + name))
                        .start(file("mon." + name + ".out")));
    }

    /** Waits for the end of a daemon that ends by itself; the exit code. */
    int awaitEnd(String name) {
        Process process = running.remove(name);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends by itself", name)
                    .isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        return process.exitValue();
    }

    /** a, b, c... */
    List<String> monitorNames() {
        List<String> names = new ArrayList<>();
        for (char name = 'a'; name < 'a' + monitors; name++) {
            names.add(String.valueOf(name));
        }
        return names;
    }

    /** Where a monitor is; behind the first's port comes the gateway's. */
    String monitorAddr(String name) {
        int rank = name.charAt(0) - 'a';
        return "v2:" + site.monitor(name) + ":" + (ports + (rank == 0 ? 0 : 1 + rank));
    }

    /** Where these are. */
    List<String> monitorAddrs(String... names) {
        return Stream.of(names).map(this::monitorAddr).toList();
    }

    /** Makes a manager's key. */
    void makeManager(String id) throws IOException {
        String name = "mgr." + id;
        key(name, file(name), "mon", "allow profile mgr", "osd", "allow *", "mds", "allow *");
    }

    /** Makes an OSD known, with a new identity, and its store. */
    void makeOsd(int id) throws IOException {
        UUID uuid = UUID.randomUUID();
        ceph("osd", "new", uuid, id).run().ok();
        key(
                "osd." + id,
                file("osd." + id),
                "mon",
                "allow profile osd",
                "mgr",
                "allow profile osd",
                "osd",
                "allow *");
        verb("osd", "-i", id, "--mkfs", "--osd-uuid", uuid).run().ok();
    }

    private String allUp() {
        return osds + " osds: " + osds + " up";
    }

    private String configuration() {
        return """
        [global]
        fsid = %s
        mon host = %s
        ms bind port min = %d
        ms bind port max = %d
        osd crush chooseleaf type = 0
        osd pool default size = 3
        osd pool default pg autoscale mode = off
        mgr/prometheus/server_port = 0
        mgr/balancer/active = false
        bluestore block size = 2147483648
        mon data = %5$s/mon.$id
        osd data = %5$s/osd.$id
        mgr data = %5$s/mgr.$id
        rgw data = %5$s/rgw.a
        %7$s
        log file = %5$s/$name.log
        pid file = %5$s/$name.pid
        admin socket = %5$s/$name.asok
        [client]
        keyring = %5$s/keyring
        log file =
        pid file =
        admin socket =
        [client.rgw.a]
        keyring = $rgw_data/keyring
        log file = %5$s/$name.log
        pid file = %5$s/$name.pid
        rgw frontends = beast endpoint=127.0.0.1:%6$d tcp_nodelay=1
        %8$s
        """
                .formatted(
                        fsid,
                        String.join(",", monitorNames().stream().map(this::monitorAddr).toList()),
                        ports + 10,
                        ports + PORTS_MAX,
                        directory,
                        gatewayPort(),
                        options,
                        site.sections());
    }

    int gatewayPort() {
        return ports + 1;
    }

    Path conf() {
        return file("ceph.conf");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    private static void authtool(Object... arguments) {
        Program.of("ceph-authtool", arguments).run().ok();
    }

    private void key(String entity, Path home, String... caps) throws IOException {
        Files.createDirectories(home);
        List<Object> words = new ArrayList<>(List.of("auth", "get-or-create", entity));
        words.addAll(List.of(caps));
        words.addAll(List.of("-o", home.resolve("keyring")));
        ceph(words.toArray()).run().ok();
    }

    /** Genuine Ceph's command line. */
    Program ceph(Object... arguments) {
        return client("ceph", arguments);
    }

    /** Another of genuine Ceph's programs. */
    Program client(String program, Object... arguments) {
        return with(Program.of(program, arguments)).by(site.runner(""));
    }

    /** {@code sepiola VERB ...} with this cluster's configuration. */
    Program verb(Object... words) {
        return with(Program.sepiola(words));
    }

    private Program with(Program program) {
        return program.env("CEPH_CONF", conf().toString());
    }

    /** A program of python3-rados: told the configuration first, then {@code arguments}. */
    Program python(String script, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("-c", script, conf()));
        words.addAll(List.of(arguments));
        return Program.of("/usr/bin/python3", words.toArray()).within(PATIENCE).by(site.runner(""));
    }

    /** Starts a daemon: {@code osd.0}, {@code mon.a}, {@code client.rgw.a}. */
    void start(String name) {
        String verb = name.startsWith("client.") ? "gateway" : name.substring(0, name.indexOf('.'));
        running.put(name, verb(verb, "-n", name).by(site.runner(name)).start(file(name + ".out")));
    }

    Process process(String name) {
        return running.get(name);
    }

    /** {@code kill -9}: the process has no time for anything. */
    void kill(String name) {
        running.remove(name).destroyForcibly().onExit().join();
    }

    /** {@code kill -9} of every daemon at once. */
    void killAll() {
        List<Process> all = List.copyOf(running.values());
        running.clear();
        all.forEach(Process::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /** SIGTERM; returns the exit code. */
    int stop(String name) {
        Process process = running.remove(name);
        process.destroy();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends on SIGTERM", name)
                    .isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        return process.exitValue();
    }

    /** {@code ceph -s}. */
    String status() {
        return ceph("-s").run().ok();
    }

    /** Whether nothing is wrong; that a busy machine answers pings slowly is no fault of ours. */
    static boolean isWell(String status) {
        return status.contains("HEALTH_OK")
                || status.lines()
                        .map(String::strip)
                        .skip(2) // the id
                        .takeWhile(line -> !line.isEmpty())
                        .allMatch(line ->
                                line.equals("health: HEALTH_WARN")
                                        || line.startsWith("Slow OSD heartbeats on "));
    }

    /** Waits until every group is active and clean, and nothing is wrong. */
    void awaitHealth() {
        until(
                "HEALTH_OK and all groups active+clean",
                () -> {
                    String status = status();
                    return isWell(status)
                            && status.contains(allUp())
                            && status.lines()
                                    .filter(line -> line.contains("active"))
                                    .filter(line -> !line.contains("mgr:"))
                                    .allMatch(line -> line.endsWith(" active+clean"));
                });
    }

    /** Polls a condition, and fails with everything there is to know when its time is over. */
    void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            running.forEach((name, process) ->
                    assertThat(process.isAlive())
                            .as(() -> name + " runs while waiting for: " + what + "\n" + tail(name))
                            .isTrue());
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within "
                                + PATIENCE
                                + ": "
                                + what
                                + "\n"
                                + status()
                                + ceph("health", "detail").run().out());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private String tail(String name) {
        try {
            Path log = file(name + ".log");
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return Files.readString(file(name + ".out"))
                    + String.join(
                            "\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    /** As below, where every object is on every OSD. */
    int compareStores() {
        return compareStores(osds);
    }

    /**
     * Stops every OSD, holds their stores against each other, object by object, and starts the OSDs
     * again.
     *
     * @param size how many copies there are of every object
     * @return how many objects there are
     */
    int compareStores(int size) {
        int objects = compareStopped(size);
        for (int id = 0; id < osds; id++) {
            start("osd." + id);
        }
        awaitHealth();
        return objects;
    }

    /** As above, and leaves the OSDs stopped. */
    int compareStopped(int size) {
        for (int id = 0; id < osds; id++) {
            assertThat(stop("osd." + id)).as("exit code of osd.%d", id).isZero();
        }
        List<StoredCopies> copies =
                IntStream.range(0, osds).parallel().mapToObj(this::copies).toList();
        SortedMap<String, List<StoredCopies>> holders = StoredCopies.holders(copies);
        assertThat(StoredCopies.differences(holders, size)).isEmpty();
        return holders.size();
    }

    private StoredCopies copies(int id) {
        OsdHome home = new OsdHome(file("osd." + id), id);
        try (StoreMemory cache = new StoreMemory(16 << 20);
                BlockStore store = home.open(cache, 0, failure -> {})) {
            assertThat(store.check()).as("the store of osd.%d", id).isEmpty();
            return StoredCopies.of("osd." + id, store);
        }
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroy);
        for (Process process : running.values()) {
            try {
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly().onExit().join();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }

    /** The pid that a daemon has written. */
    long pid(String name) {
        try {
            return Long.parseLong(Files.readString(file(name + ".pid")).strip());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
