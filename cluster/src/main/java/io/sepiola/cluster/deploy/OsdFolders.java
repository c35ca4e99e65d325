package io.sepiola.cluster.deploy;

import io.sepiola.base.Clock;
import io.sepiola.client.Keyring;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes OSDs in folders of a host. What is prepared holds a file {@code prepared} with the OSD's
 * own id and key; with them the monitors give it its number, the same one however often they are
 * asked. {@code whoami} has that number and is written when the store is whole.
 */
final class OsdFolders {
    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final String PREPARED = "/prepared";
    private static final String WHOAMI = "/whoami";

    private final Deployment deployment;

    OsdFolders(Deployment deployment) {
        this.deployment = deployment;
    }

    /** Makes the folder ready to become an OSD of this cluster. */
    void prepare(Host host, String path) {
        String folder = folder(host, path);
        String bootstrap = deployment.files().gathered("bootstrap-osd").toText();
        String cluster = deployment.files().conf().get("fsid", "");
        deployment.needProgram(host);
        deployment.pushConf(host);
        ServiceVerbs.pushBootstrap(host, "osd", bootstrap);
        if (host.exists(folder + PREPARED) || host.exists(folder + WHOAMI)) {
            checkCluster(host, folder, cluster);
            host.log().info(folder + " is prepared already");
            return;
        }
        host.makeFolder(folder, "750");
        String others =
                host.must("ls -A -- " + Shell.quote(folder), "")
                        .lines()
                        .filter(name -> !name.equals("lost+found") && !name.equals("ceph_fsid"))
                        .findFirst()
                        .orElse("");
        if (!others.isEmpty()) {
            throw new DeployFailure(
                    folder
                            + " on "
                            + host.name()
                            + " holds something ("
                            + others
                            + "); an OSD wants an empty folder");
        }
        host.put(folder + "/ceph_fsid", cluster + "\n", "644");
        String key =
                CryptoKey.generate(KeyType.AES, new SecureRandom(), Clock.system().now())
                        .toBase64();
        host.put(folder + PREPARED, UUID.randomUUID() + "\n" + key + "\n", "600");
        host.log().info("Host " + host.name() + " is now ready for osd use.");
    }

    private static String folder(Host host, String path) {
        if (path.startsWith("/dev/")) {
            throw new DeployFailure(
                    path
                            + " is a device, and a store is a folder here: make a file system on"
                            + " it, mount it, and name the folder, such as "
                            + host.name()
                            + ":/srv/osd0");
        }
        if (!path.matches("/[^\\n:]+")) {
            throw new DeployFailure(
                    "'"
                            + path
                            + "' is no folder; wanted a full path, such as "
                            + host.name()
                            + ":/srv/osd0");
        }
        return host.layout().at(path.replaceFirst("/+$", ""));
    }

    private static void checkCluster(Host host, String folder, String cluster) {
        String is = host.read(folder + "/ceph_fsid").orElse("").strip();
        if (!is.equals(cluster)) {
            throw new DeployFailure(
                    folder
                            + " on "
                            + host.name()
                            + " belongs to cluster "
                            + is
                            + ", not to "
                            + cluster
                            + "; take another folder, or empty this one");
        }
    }

    /** Makes the prepared folder an OSD, starts it, and waits until it is up. */
    void activate(Host host, String path) {
        String folder = folder(host, path);
        deployment.needProgram(host);
        checkPrepared(host, folder, path);
        Daemon osd =
                host.read(folder + WHOAMI)
                        .map(id -> new Daemon(Daemon.Kind.OSD, id.strip()))
                        .orElseGet(() -> make(host, folder));
        if (new Daemons(host).start(osd)) {
            host.log().info("started " + osd.name());
        }
        boolean up =
                CephOnHost.as(host, osd)
                        .await(START_MAX, map -> isUp(map, osd.id()), "osd", "dump", "-f", "json");
        if (!up) {
            if (!new Daemons(host).isRunning(osd)) {
                throw new Daemons(host).ended(osd);
            }
            throw new DeployFailure(
                    osd.name()
                            + " runs on "
                            + host.name()
                            + " and is not up after "
                            + START_MAX.toSeconds()
                            + " s; look at its log in "
                            + host.layout().log());
        }
        host.log().info(osd.name() + " is up");
    }

    private void checkPrepared(Host host, String folder, String path) {
        if (!host.exists(folder + PREPARED) && !host.exists(folder + WHOAMI)) {
            throw new DeployFailure(
                    folder
                            + " on "
                            + host.name()
                            + " is not prepared; 'ceph-deploy osd prepare "
                            + host.name()
                            + ":"
                            + path
                            + "' does that");
        }
        checkCluster(host, folder, deployment.files().conf().get("fsid", ""));
    }

    private static boolean isUp(JsonNode map, String id) {
        for (JsonNode osd : map.path("osds")) {
            if (osd.path("osd").asInt(-1) == Integer.parseInt(id)) {
                return osd.path("up").asInt(0) == 1;
            }
        }
        return false;
    }

    private Daemon make(Host host, String folder) {
        List<String> prepared = host.read(folder + PREPARED).orElse("").lines().toList();
        if (prepared.size() != 2) {
            throw new DeployFailure(
                    folder + PREPARED + " on " + host.name() + " cannot be read; prepare it anew");
        }
        String uuid = prepared.get(0);
        String key = prepared.get(1);
        String secret = JsonMapper.shared().writeValueAsString(Map.of("cephx_secret", key));
        String id =
                CephOnHost.bootstrap(host, "osd")
                        .askWith(secret, "osd", "new", uuid, "-i", "-")
                        .strip();
        if (!id.matches("[0-9]{1,6}")) {
            throw new DeployFailure("the monitors answer '" + id + "' for a new OSD's number");
        }
        Daemon osd = new Daemon(Daemon.Kind.OSD, id);
        link(host, osd, folder);
        Keyring keyring = Keyring.of(AuthName.parse(osd.name()), key);
        host.put(folder + "/keyring", keyring.toText(), "600");
        if (!host.exists(folder + "/fsid")) {
            List<String> words = new ArrayList<>(List.of(host.layout().launcher()));
            words.addAll(osd.making(host.layout(), osd.data(host.layout())));
            words.addAll(List.of("--osd-uuid", uuid));
            host.does(Shell.command(words.toArray(String[]::new)));
        }
        host.put(folder + WHOAMI, id + "\n", "644");
        host.must("rm -f -- " + Shell.quote(folder + PREPARED), "");
        host.log().info("made " + osd.name() + " in " + folder);
        return osd;
    }

    /** The daemon finds the folder where Ceph's OSDs have theirs. */
    private static void link(Host host, Daemon osd, String folder) {
        String data = osd.data(host.layout());
        if (data.equals(folder)) {
            return;
        }
        host.makeFolder(Daemon.folder(Daemon.Kind.OSD, host.layout()), "750");
        String quoted = Shell.quote(data);
        String is =
                host.must(
                                "[ -e %1$s ] || [ -L %1$s ] || ln -s -- %2$s %1$s; readlink -f -- %1$s"
                                        .formatted(quoted, Shell.quote(folder)),
                                "")
                        .strip();
        String wanted = host.must("readlink -f -- " + Shell.quote(folder), "").strip();
        if (!is.equals(wanted)) {
            throw new DeployFailure(
                    data
                            + " on "
                            + host.name()
                            + " leads to "
                            + is
                            + ", not to "
                            + folder
                            + "; it is left from an OSD that is no more: remove it and run the"
                            + " command again");
        }
    }

    /** Says what OSDs are here, and how they are. */
    void list(Host host) {
        Optional<JsonNode> tree = tree(host);
        for (Daemon osd : new Daemons(host).made()) {
            if (osd.kind() == Daemon.Kind.OSD) {
                list(host, osd, tree);
            }
        }
    }

    private Optional<JsonNode> tree(Host host) {
        String file = host.layout().lib() + "/ceph.admin.keyring.new";
        host.put(file, deployment.files().gathered("client.admin").toText(), "600");
        try {
            return Optional.ofNullable(
                    new CephOnHost(host, "client.admin", file)
                            .jsonOrNull("osd", "tree", "-f", "json"));
        } finally {
            host.run("rm -f -- " + Shell.quote(file));
        }
    }

    private static void list(Host host, Daemon osd, Optional<JsonNode> tree) {
        String line = "-".repeat(40);
        var log = host.log();
        log.info(line);
        log.info("ceph-" + osd.id());
        log.info(line);
        log.info(row("Path", osd.data(host.layout())));
        log.info(row("ID", osd.id()));
        log.info(row("Name", osd.name()));
        for (JsonNode node :
                tree.map(all -> all.path("nodes"))
                        .orElseGet(JsonMapper.shared()::createArrayNode)) {
            if (node.path("name").asString("").equals(osd.name())) {
                log.info(row("Status", node.path("status").asString("")));
                log.info(row("Reweight", node.path("reweight").asString("")));
            }
        }
        log.info(row("Running", new Daemons(host).isRunning(osd) ? "yes" : "no"));
        log.info(row("Whoami", host.read(osd.data(host.layout()) + WHOAMI).orElse("").strip()));
        log.info(line);
    }

    private static String row(String name, String value) {
        return String.format("%-14s %s", name, value);
    }

    /** Empties the folders of this host's OSDs; the links to them stay. */
    static void purge(Host host) {
        for (Daemon osd : new Daemons(host).made()) {
            if (osd.kind() == Daemon.Kind.OSD) {
                String data = osd.data(host.layout());
                String folder = host.run("readlink -f -- " + Shell.quote(data)).out().strip();
                if (!folder.isEmpty() && host.exists(folder + WHOAMI)) {
                    host.does(
                            "find "
                                    + Shell.quote(folder)
                                    + " -xdev -mindepth 1 ! -name lost+found -delete");
                }
            }
        }
    }
}
