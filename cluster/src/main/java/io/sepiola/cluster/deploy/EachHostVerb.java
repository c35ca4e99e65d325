package io.sepiola.cluster.deploy;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** Verbs that do one thing on each of some hosts, without options of their own. */
@Command(mixinStandardHelpOptions = true)
final class EachHostVerb implements Callable<Integer> {
    private final DeployOptions options;
    private final String what;
    private final BiConsumer<Deployment, Host> work;

    @Parameters(arity = "1..*", paramLabel = "HOST")
    private List<String> hosts = List.of();

    /**
     * One of them.
     *
     * @param what follows "failed to"
     */
    EachHostVerb(DeployOptions options, String what, BiConsumer<Deployment, Host> work) {
        this.options = options;
        this.what = what;
        this.work = work;
    }

    @Override
    public Integer call() {
        return options.run(
                deployment -> deployment.each(what, hosts, host -> work.accept(deployment, host)));
    }

    static void gatherKeys(Deployment deployment, Host host) {
        deployment.needProgram(host);
        new GatheredKeys(deployment).gather(host);
    }

    static void admin(Deployment deployment, Host host) {
        String key =
                ClusterFiles.read(deployment.files().keyringFile("client.admin"))
                        .orElseThrow(() ->
                                new DeployFailure(
                                        deployment.files().keyringFile("client.admin")
                                                + " is not there; 'ceph-deploy gatherkeys HOST'"
                                                + " brings it, HOST being a monitor's"));
        deployment.pushConf(host);
        String file = host.layout().keyring("client.admin");
        if (host.put(file, key, "600")) {
            host.log().info("wrote the key of client.admin to " + file);
        } else {
            host.log().info(file + " has the key of client.admin already");
        }
    }

    static void push(Deployment deployment, Host host) {
        deployment.pushConf(host);
    }

    static void pull(Deployment deployment, Host host) {
        String path = host.layout().conf();
        String text =
                host.read(path)
                        .orElseThrow(
                                () -> new DeployFailure(path + " is not there on " + host.name()));
        var file = deployment.files().confFile();
        Optional<String> own = ClusterFiles.read(file);
        if (own.filter(text::equals).isPresent()) {
            host.log().info(file + " is the same already");
            return;
        }
        if (own.isPresent() && !deployment.overwriteConf()) {
            throw new DeployFailure(
                    file
                            + " says something else than "
                            + path
                            + " on "
                            + host.name()
                            + "; give --overwrite-conf to write over it");
        }
        ClusterFiles.write(file, text, false);
        host.log().info("wrote " + file);
    }

    static void remove(Deployment deployment, Host host) {
        new Installation(host).remove();
    }

    /** What daemons keep, wherever their folders are, and the host's configuration. */
    static void purgeData(Deployment deployment, Host host) {
        if (new Installation(host).isThere()) {
            throw new DeployFailure(
                    "Sepiola is still installed on "
                            + host.name()
                            + ", and its daemons may run; 'ceph-deploy purge "
                            + host.name()
                            + "' ends that");
        }
        HostLayout layout = host.layout();
        if (!host.exists(layout.lib()) && !host.exists(layout.etc())) {
            host.log().info("there are no data here");
            return;
        }
        OsdFolders.purge(host);
        host.does(
                Shell.command(
                        "rm",
                        "-rf",
                        "--one-file-system",
                        "--",
                        layout.lib(),
                        layout.etc(),
                        layout.run()));
        host.log().info("the data here are gone; the logs are still in " + layout.log());
    }
}
