package io.sepiola.cluster.deploy;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code install}: brings the program to hosts that have a JDK. */
@Command(
        name = "install",
        description = {
            "Install Sepiola on hosts that have a JDK 25. One program does everything, so that"
                    + " --mon, --mgr, --osd, --rgw and their like choose nothing."
        },
        mixinStandardHelpOptions = true)
final class InstallVerb implements Callable<Integer> {
    private final DeployOptions options;

    @Parameters(arity = "1..*", paramLabel = "HOST")
    private List<String> hosts = List.of();

    @Option(
            names = {"--mon", "--mgr", "--osd", "--rgw", "--cli", "--common", "--all"},
            description = "All are installed in any case.")
    private boolean[] parts = {};

    @Option(names = "--mds", description = "Metadata servers: there are none yet.")
    private boolean mds;

    @Option(
            names = {"--release", "--stable"},
            paramLabel = "CODENAME",
            description = "A release of Ceph; the one installed is that of this program.")
    private @Nullable String release;

    InstallVerb(DeployOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        return options.run(deployment -> {
            var log = deployment.speaker("install");
            Software software = Software.ofThisProgram();
            if (mds) {
                log.warn("there are no metadata servers yet; what else there is, is installed");
            }
            if (release != null && !release.equals("pacific")) {
                log.warn(
                        "release "
                                + release
                                + " was asked for; this program follows pacific, and installs"
                                + " itself");
            }
            deployment.each("install", hosts, host -> new Installation(host).bring(software));
        });
    }
}
