package io.sepiola.cluster.deploy;

import io.sepiola.base.Bytes;
import io.sepiola.client.CephConf;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.map.MonMap;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Makes, starts and awaits the monitors of a cluster; a monitor is called as its host is. */
final class Monitors {
    private static final Duration QUORUM_MAX = Duration.ofMinutes(2);

    private final Deployment deployment;

    Monitors(Deployment deployment) {
        this.deployment = deployment;
    }

    static String name(String host) {
        return host.replaceFirst("\\..*", "");
    }

    /** Makes a monitor by the map of the first ones, and starts it. */
    void create(Host host) {
        Daemon monitor = Daemon.mon(name(host.name()));
        MonMap map = deployment.files().monMap();
        if (map.rank(monitor.id()) < 0) {
            throw new DeployFailure(
                    deployment.files().confFile()
                            + " has no "
                            + monitor.id()
                            + " among mon_initial_members; to bring one more monitor into a running"
                            + " cluster, 'ceph-deploy mon add "
                            + host.name()
                            + "'");
        }
        warnOfName(host, monitor);
        deployment.needProgram(host);
        deployment.pushConf(host);
        make(host, monitor, MonMap.CODEC.toBytes(map));
        start(host, monitor, List.of());
    }

    private static void warnOfName(Host host, Daemon monitor) {
        if (!host.machine().equals(monitor.id())) {
            host.log()
                    .warn(
                            "the monitor is called "
                                    + monitor.id()
                                    + " as the host is here, while the machine calls itself "
                                    + host.machine());
        }
    }

    /** Makes the store aside and puts it in its place when it is whole. */
    private void make(Host host, Daemon monitor, Bytes map) {
        HostLayout layout = host.layout();
        String data = monitor.data(layout);
        if (host.exists(data)) {
            host.log().debug(monitor.name() + " has been made already, in " + data);
            return;
        }
        String fresh = data + ".new";
        String mapFile = fresh + ".monmap";
        String keyFile = fresh + ".keyring";
        host.makeFolder(Daemon.folder(Daemon.Kind.MON, layout), "750");
        host.must(Shell.command("rm", "-rf", "--", fresh), "");
        host.put(mapFile, new ByteArrayInputStream(map.toArray()), "600");
        String keyring =
                ClusterFiles.read(deployment.files().keyringFile("mon"))
                        .orElseThrow(() ->
                                new DeployFailure(
                                        deployment.files().keyringFile("mon")
                                                + " is not there; 'ceph-deploy new' makes one"));
        host.put(keyFile, keyring, "600");
        List<String> words = new ArrayList<>(List.of(layout.launcher()));
        words.addAll(monitor.making(layout, fresh));
        words.addAll(List.of("--monmap", mapFile, "--keyring", keyFile));
        host.does(Shell.command(words.toArray(String[]::new)));
        host.put(fresh + "/keyring", keyring, "600");
        host.must(
                Shell.command("rm", "-f", "--", mapFile, keyFile)
                        + " && "
                        + Shell.command("mv", "--", fresh, data),
                "");
        host.log().info("made " + monitor.name() + " in " + data);
    }

    private static void start(Host host, Daemon monitor, List<String> more) {
        if (new Daemons(host).start(monitor, more)) {
            host.log().info("started " + monitor.name());
        }
    }

    /** Waits until these monitors agree, asking on the host of one of them. */
    void awaitQuorum(Host host, Collection<String> names) {
        Daemon monitor = Daemon.mon(name(host.name()));
        TreeSet<String> missing = new TreeSet<>(names);
        CephOnHost.monitor(host, monitor)
                .await(
                        QUORUM_MAX,
                        answer -> {
                            answer.path("quorum_names")
                                    .forEach(in -> {
                                        if (missing.remove(in.asString())) {
                                            host.log()
                                                    .info(
                                                            "mon."
                                                                    + in.asString()
                                                                    + " monitor has reached"
                                                                    + " quorum!");
                                        }
                                    });
                            return missing.isEmpty();
                        },
                        "quorum_status",
                        "-f",
                        "json");
        if (!missing.isEmpty()) {
            throw new DeployFailure(
                    "these monitors have not reached the quorum within "
                            + QUORUM_MAX.toSeconds()
                            + " s: "
                            + String.join(", ", missing)
                            + "; look at their logs, and whether the hosts reach each other at"
                            + " mon_host's addresses");
        }
    }

    /** Brings one more monitor into a running cluster. */
    void add(Host host, String address) {
        Daemon monitor = Daemon.mon(name(host.name()));
        warnOfName(host, monitor);
        deployment.needProgram(host);
        checkAddress(host, monitor, address);
        deployment.pushConf(host);
        HostLayout layout = host.layout();
        String keyFile = layout.lib() + "/ceph.mon.keyring.new";
        host.makeFolder(layout.lib(), "755");
        host.put(keyFile, deployment.files().monitorKeyring().toText(), "600");
        try {
            CephOnHost ceph = new CephOnHost(host, "mon.", keyFile);
            String mapFile = layout.lib() + "/ceph.monmap.new";
            ceph.ask("mon", "getmap", "-o", mapFile);
            make(host, monitor, mapOf(host, mapFile));
            start(host, monitor, List.of("--public-addr", address));
            awaitQuorum(host, List.of(monitor.id()));
        } finally {
            host.run("rm -f -- " + Shell.quote(keyFile));
        }
    }

    /** A unit cannot be told for one start where the monitor is to be. */
    private void checkAddress(Host host, Daemon monitor, String address) {
        CephConf conf = deployment.files().conf().as(AuthName.parse(monitor.name()));
        if (host.hasSystemd() && conf.get("public_addr", "").isEmpty()) {
            throw new DeployFailure(
                    "where systemd starts it, the new monitor learns from ceph.conf where it is to"
                            + " be: write 'public_addr = "
                            + address
                            + "' into the section ["
                            + monitor.name()
                            + "] of "
                            + deployment.files().confFile());
        }
    }

    /** The map as the cluster has it now; a file of bytes comes over in a text. */
    private static Bytes mapOf(Host host, String file) {
        String text = host.must("base64 -w 0 " + Shell.quote(file), "");
        host.run("rm -f -- " + Shell.quote(file));
        return Bytes.of(Base64.getDecoder().decode(text.strip()));
    }

    /** Takes a monitor out of the cluster, ends it and puts its store aside. */
    void destroy(Host host) {
        Daemon monitor = Daemon.mon(name(host.name()));
        HostLayout layout = host.layout();
        String data = monitor.data(layout);
        if (!host.exists(data)) {
            host.log().info("there is no " + monitor.name() + " here");
            return;
        }
        CephOnHost.monitor(host, monitor).ask("mon", "remove", monitor.id());
        new Daemons(host).stop(monitor);
        String aside = layout.lib() + "/mon-remove";
        host.makeFolder(aside, "750");
        host.does(
                "mv -- %s %s-$(date -u +%%Y-%%m-%%dT%%H%%M%%SZ)"
                        .formatted(
                                Shell.quote(data), Shell.quote(aside + "/ceph-" + monitor.id())));
        host.log().info(monitor.name() + " is gone; its store is in " + aside);
    }
}
