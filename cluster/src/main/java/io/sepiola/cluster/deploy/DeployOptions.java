package io.sepiola.cluster.deploy;

import io.sepiola.cluster.Release;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The options that every verb takes, before or after its name, and what all verbs begin with. */
@Command(
        name = "sepiola ceph-deploy",
        description = {
            "Set up a cluster on hosts that have a JDK, over SSH.",
            "",
            "Files of the cluster are kept in the working directory. Habits may be in"
                    + " cephdeploy.conf there, or in ~/.cephdeploy.conf:",
            "",
            "  [ceph-deploy-global]",
            "  username = deployer",
            "  [host NAME]",
            "  root = /srv/NAME      # goes before every path on that host",
            "",
        },
        mixinStandardHelpOptions = true,
        versionProvider = Release.class,
        synopsisSubcommandLabel = "COMMAND")
final class DeployOptions {
    private final PrintStream console;
    private final Path workFolder;
    private final Path home;
    private final Function<DeployOptions, Link.Door> doors;
    private final String invocation;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Say only what is wrong.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say everything, as without it.")
    private boolean verbose;

    @Option(
            names = "--username",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Who to be on the hosts.")
    private @Nullable String username;

    @Option(
            names = "--overwrite-conf",
            scope = ScopeType.INHERIT,
            description = "Write over a ceph.conf that says something else.")
    private boolean overwriteConf;

    @Option(
            names = "--ceph-conf",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Another configuration than the working directory's.")
    private @Nullable Path cephConf;

    @Option(
            names = "--accept-new-host-keys",
            scope = ScopeType.INHERIT,
            description = "Take over the keys of hosts that are not in known_hosts.")
    private boolean acceptNewHostKeys;

    /**
     * With nothing given yet.
     *
     * @param console for what is said
     * @param invocation the command line, for the log
     */
    DeployOptions(
            PrintStream console,
            Path workFolder,
            Path home,
            Function<DeployOptions, Link.Door> doors,
            String invocation) {
        this.console = console;
        this.workFolder = workFolder;
        this.home = home;
        this.doors = doors;
        this.invocation = invocation;
    }

    /** Does the work of a verb; the exit code. */
    int run(Consumer<Deployment> work) {
        DeployLog.Level least = quiet && !verbose ? DeployLog.Level.WARNIN : DeployLog.Level.DEBUG;
        Path file = workFolder.resolve("ceph-deploy-ceph.log");
        try (DeployLog log = new DeployLog(console, least, file, Clock.systemDefaultZone())) {
            DeployLog.Speaker own = log.speaker("ceph_deploy");
            own.info("Invoked (" + Release.own() + "): " + invocation);
            try (Link.Door door = doors.apply(this)) {
                work.accept(deployment(log, door));
                return 0;
            } catch (DeployFailure failure) {
                own.error(String.valueOf(failure.getMessage()));
                return 1;
            }
        }
    }

    private Deployment deployment(DeployLog log, Link.Door door) {
        DeployConf habits = habits();
        return new Deployment(
                log,
                new ClusterFiles(
                        workFolder, cephConf == null ? workFolder.resolve("ceph.conf") : cephConf),
                habits,
                door,
                overwriteConf || habits.overwritesConf());
    }

    private DeployConf habits() {
        return DeployConf.of(workFolder, home);
    }

    /** Who to be on a host, if that is said. */
    Optional<String> username(String host) {
        return username == null ? habits().username(host) : Optional.of(username);
    }

    boolean acceptsNewHostKeys() {
        return acceptNewHostKeys;
    }

    Path home() {
        return home;
    }
}
