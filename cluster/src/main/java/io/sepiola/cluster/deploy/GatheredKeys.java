package io.sepiola.cluster.deploy;

import io.sepiola.base.Malformed;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.deploy.DeployLog.Speaker;
import io.sepiola.protocol.AuthName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings the keys with which a cluster is set up from a monitor into the working directory. */
final class GatheredKeys {
    /** By the middle of the files' names: what each may do. */
    private static final Map<String, List<String>> CAPS =
            Map.of(
                    "client.admin",
                            List.of(
                                    "mds", "allow *", "mgr", "allow *", "mon", "allow *", "osd",
                                    "allow *"),
                    "bootstrap-mds", List.of("mon", "allow profile bootstrap-mds"),
                    "bootstrap-mgr", List.of("mon", "allow profile bootstrap-mgr"),
                    "bootstrap-osd", List.of("mon", "allow profile bootstrap-osd"),
                    "bootstrap-rgw", List.of("mon", "allow profile bootstrap-rgw"));

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private final Deployment deployment;
    private final Speaker log;

    GatheredKeys(Deployment deployment) {
        this.deployment = deployment;
        this.log = deployment.speaker("gatherkeys");
    }

    /** All kinds of files that there are, the monitors' own among them. */
    static List<String> kinds() {
        List<String> kinds = new ArrayList<>(CAPS.keySet());
        kinds.add("mon");
        return kinds.stream().sorted().toList();
    }

    /** Asks the monitor of a host, by its own key. */
    void gather(Host host) {
        Daemon monitor = Daemon.mon(Monitors.name(host.name()));
        if (!host.exists(monitor.keyring(host.layout()))) {
            throw new DeployFailure(
                    "there is no monitor's key on "
                            + host.name()
                            + "; name a host on which 'ceph-deploy mon create' has made a monitor");
        }
        CephOnHost ceph = CephOnHost.monitor(host, monitor);
        Keyring all = parse(ceph.ask("auth", "export"));
        for (String kind : kinds()) {
            if (CAPS.containsKey(kind)) {
                keep(kind, ceph, all);
            }
        }
    }

    private void keep(String kind, CephOnHost ceph, Keyring all) {
        String entity = kind.startsWith("client.") ? kind : "client." + kind;
        AuthName name = AuthName.parse(entity);
        Keyring.Entry entry =
                all.get(name)
                        .orElseGet(() -> {
                            List<String> words =
                                    new ArrayList<>(List.of("auth", "get-or-create", entity));
                            words.addAll(CAPS.get(kind));
                            return parse(ceph.ask(words.toArray(String[]::new)))
                                    .get(name)
                                    .orElseThrow();
                        });
        String text = Keyring.of(Map.of(name, entry)).toText();
        Path file = deployment.files().keyringFile(kind);
        Optional<String> there = ClusterFiles.read(file);
        if (there.filter(text::equals).isPresent()) {
            log.info("keyring '" + file.getFileName() + "' already exists");
            return;
        }
        if (there.isPresent()) {
            putAside(file);
        }
        ClusterFiles.write(file, text, true);
        log.info("Storing " + file.getFileName());
    }

    private void putAside(Path file) {
        Path aside =
                file.resolveSibling(file.getFileName() + "-" + TIME.format(LocalDateTime.now()));
        try {
            Files.move(file, aside);
        } catch (IOException failed) {
            throw new DeployFailure("cannot rename " + file + " (" + failed + ")", failed);
        }
        log.info("Replacing '" + file.getFileName() + "', the old one is '" + aside + "' now");
    }

    private static Keyring parse(String text) {
        try {
            return Keyring.parse(text);
        } catch (Malformed bad) {
            throw new DeployFailure("the monitor gives no keyring: " + bad.getMessage(), bad);
        }
    }
}
