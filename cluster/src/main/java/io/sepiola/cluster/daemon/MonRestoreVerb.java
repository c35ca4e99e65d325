package io.sepiola.cluster.daemon;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.monitor.MonitorBackup;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.map.MonMap;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;

/** {@code sepiola mon restore}: a monitor's store from a backup. */
@Command(
        name = "restore",
        description = "Make a monitor's store from a file that 'mon backup' wrote.",
        mixinStandardHelpOptions = true)
public final class MonRestoreVerb implements Callable<Integer> {
    private static final AuthName SHARED = AuthName.parse("mon.");

    @Mixin private final DaemonOptions options = new DaemonOptions();

    @Parameters(paramLabel = "FILE", description = "The backup.")
    private @Nullable Path file;

    @Option(names = "--mon-data", paramLabel = "DIR", description = "The monitor's directory.")
    private @Nullable String data;

    @Option(
            names = "--monmap",
            paramLabel = "FILE",
            description = "The monitors from now on, if they are several.")
    private @Nullable Path monmap;

    /** For the command line. */
    public MonRestoreVerb() {}

    @Override
    public Integer call() {
        DaemonLog.quiet();
        String id = id();
        Path directory = MonBackupVerb.directory(options, data);
        if (MonVerb.isThere(directory)) {
            throw new Refusal(
                    directory
                            + " holds a monitor already; nothing is restored over it. Move it"
                            + " away, or name another with --mon-data DIR");
        }
        Bytes content = content();
        MonitorBackup backup = backup(content);
        Optional<MonMap> several = Optional.ofNullable(monmap).map(MonVerb::mapOf);
        several.ifPresent(map -> check(map.fsid(), backup, "the map of monitors"));
        if (options.fsid != null) {
            check(fsid(options.fsid), backup, "--fsid");
        }
        if (several.isPresent() && several.get().size() > 1) {
            member(directory, id, several.get(), backup, content);
        } else {
            alone(directory, id, several.orElseGet(backup::monitors), backup);
        }
        return 0;
    }

    private String id() {
        String name = options.name;
        String id =
                options.id != null || name == null ? options.id : name.replaceFirst("mon\\.", "");
        if (id == null || id.isEmpty()) {
            throw new Refusal("the monitor's id is missing; give it with -i ID");
        }
        return id;
    }

    private static UUID fsid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException bad) {
            throw new Refusal("--fsid '" + text + "' is not a UUID");
        }
    }

    private void check(UUID fsid, MonitorBackup backup, String whose) {
        if (!fsid.equals(backup.fsid())) {
            throw new Refusal(
                    file + " is of cluster " + backup.fsid() + ", and " + whose + " of " + fsid);
        }
    }

    private Bytes content() {
        try {
            return Bytes.of(Files.readAllBytes(Objects.requireNonNull(file)));
        } catch (IOException unreadable) {
            throw new Refusal("cannot read " + file + " (" + unreadable.getMessage() + ")");
        }
    }

    private MonitorBackup backup(Bytes content) {
        try {
            return MonitorBackup.fromBytes(content);
        } catch (Malformed bad) {
            throw new Refusal(file + " is no backup of monitors (" + bad.getMessage() + ")");
        }
    }

    private void member(
            Path directory, String id, MonMap map, MonitorBackup backup, Bytes content) {
        if (map.rank(id) < 0) {
            throw new Refusal(
                    "the map of monitors names "
                            + String.join(", ", map.ranks())
                            + ", and not '"
                            + id
                            + "'");
        }
        EntityAuth shared =
                backup.entity(SHARED)
                        .orElseThrow(() ->
                                new Refusal(file + " has no key of 'mon.', which monitors share"));
        Keyring keyring =
                Keyring.of(
                        new TreeMap<>(
                                Map.of(
                                        SHARED,
                                        new Keyring.Entry(
                                                shared.key().toBase64(), shared.caps()))));
        backup.genesis(MonVerb.infos(map)); // that it can be begun with
        MemberStore.restore(directory, map, keyring, content);
        said(backup, directory);
        System.out.println(
                "Restore "
                        + String.join(", ", map.ranks())
                        + " from the same file and with the same map, then start all of them: they"
                        + " begin when all are there");
    }

    private void alone(Path directory, String id, MonMap known, MonitorBackup backup) {
        MonMap.MonInfo info = known.monitors().get(id);
        EntityAddr at =
                Optional.ofNullable(info)
                        .flatMap(before -> before.addrs().msgr2())
                        .or(this::wanted)
                        .orElseThrow(() ->
                                new Refusal(
                                        "the backup knows "
                                                + String.join(", ", known.ranks())
                                                + ", and not '"
                                                + id
                                                + "'; say where the monitor is to be, with"
                                                + " --public-addr ADDRESS"));
        List<MonMap.MonInfo> one = List.of(new MonMap.MonInfo(id, EntityAddrVec.of(at)));
        MonVerb.makeAlone(directory, random -> backup.genesis(one));
        said(backup, directory);
        System.out.println(
                "Start it with 'sepiola mon -i "
                        + id
                        + "' and mon_host = "
                        + at
                        + ". It is the only monitor of the cluster: start no other one of before");
    }

    private Optional<EntityAddr> wanted() {
        String given = options.publicAddr;
        return given != null
                ? Optional.of(DaemonSettings.monitorAddress("--public-addr", given))
                : DaemonSettings.of(options, EntityType.MON, new TreeMap<>(), System.getenv())
                        .monitorAddress();
    }

    private void said(MonitorBackup backup, Path directory) {
        Utime taken = backup.taken();
        System.out.println(
                directory
                        + " goes on from cluster "
                        + backup.fsid()
                        + " as it was at "
                        + taken.toInstant()
                        + " (OSD map "
                        + backup.osdMapEpoch()
                        + ", "
                        + backup.pools()
                        + " pools). What was agreed later is forgotten: docs/failure.md says"
                        + " what to do about it");
    }
}
