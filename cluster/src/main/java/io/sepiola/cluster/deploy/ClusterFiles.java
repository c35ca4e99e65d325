package io.sepiola.cluster.deploy;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.Keyring;
import io.sepiola.client.MonitorAddresses;
import io.sepiola.client.RadosException;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The working directory: {@code ceph.conf}, {@code ceph.mon.keyring}, and what gatherkeys brings.
 *
 * @param folder where it is
 * @param confFile the configuration, elsewhere if the operator says so
 */
record ClusterFiles(Path folder, Path confFile) {
    private static final AuthName ADMIN = AuthName.parse("client.admin");
    private static final AuthName MONITORS = AuthName.parse("mon.");

    /** What ceph.conf says; of the section {@code global}. */
    CephConf conf() {
        try {
            return CephConf.load(confFile, "ceph", ADMIN);
        } catch (Malformed | RadosException unusable) {
            throw new DeployFailure(
                    unusable.getMessage()
                            + "; run this where 'ceph-deploy new' was run, or give --ceph-conf"
                            + " FILE",
                    unusable);
        }
    }

    String confText() {
        conf();
        return read(confFile).orElseThrow();
    }

    /** The monitors by which the cluster begins, by name. */
    List<String> initialMembers() {
        List<String> names =
                List.of(conf().get("mon_initial_members", "").strip().split("[,;\\s]+"));
        if (names.getFirst().isEmpty()) {
            throw new DeployFailure(
                    confFile
                            + " names no mon_initial_members; 'ceph-deploy new HOST...' writes"
                            + " them");
        }
        return names;
    }

    /** Those with their addresses, as they are told to each other when they are made. */
    MonMap monMap() {
        CephConf conf = conf();
        List<String> names = initialMembers();
        try {
            List<EntityAddrVec> addresses = MonitorAddresses.parse(conf.get("mon_host", ""));
            if (addresses.size() != names.size()) {
                throw new DeployFailure(
                        confFile
                                + " names "
                                + names.size()
                                + " mon_initial_members and "
                                + addresses.size()
                                + " addresses in mon_host; make them as many, in the same order");
            }
            List<MonMap.MonInfo> monitors = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                monitors.add(new MonMap.MonInfo(names.get(i), addresses.get(i)));
            }
            return MonMap.of(
                    UUID.fromString(conf.get("fsid", "")), 1, Utime.ZERO, List.copyOf(monitors));
        } catch (IllegalArgumentException | Malformed bad) {
            throw new DeployFailure(confFile + ": " + bad.getMessage(), bad);
        }
    }

    Path keyringFile(String entity) {
        return folder.resolve("ceph." + entity + ".keyring");
    }

    /** The key that all monitors share. */
    Keyring monitorKeyring() {
        return keyring("mon", MONITORS, "'ceph-deploy new' makes one");
    }

    /**
     * A keyring that gatherkeys has brought.
     *
     * @param kind the middle of the file's name: {@code client.admin}, {@code bootstrap-osd}
     */
    Keyring gathered(String kind) {
        String entity = kind.startsWith("client.") ? kind : "client." + kind;
        return keyring(
                kind,
                AuthName.parse(entity),
                "'ceph-deploy gatherkeys HOST' brings it, HOST being a monitor's");
    }

    private Keyring keyring(String kind, AuthName name, String remedy) {
        Path file = keyringFile(kind);
        if (!Files.exists(file)) {
            throw new DeployFailure(file + " is not there; " + remedy);
        }
        try {
            Keyring keyring = Keyring.load(file);
            return Keyring.of(
                    name,
                    keyring.get(name)
                            .orElseThrow(() -> new DeployFailure(file + " has no key of " + name))
                            .key());
        } catch (Malformed | RadosException unusable) {
            throw new DeployFailure(unusable.getMessage() + "; " + remedy, unusable);
        }
    }

    /** A file's text, if there is one. */
    static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException unreadable) {
            throw new DeployFailure("cannot read " + file + " (" + unreadable + ")", unreadable);
        }
    }

    /** Writes a file as a whole, for its owner alone where it is secret. */
    static void write(Path file, String text, boolean secret) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--")));
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException unwritable) {
            throw new DeployFailure("cannot write " + file + " (" + unwritable + ")", unwritable);
        }
    }
}
