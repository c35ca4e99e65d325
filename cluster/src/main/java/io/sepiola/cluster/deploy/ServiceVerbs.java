package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.Deployment.Target;
import io.sepiola.protocol.AuthName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code mgr create} and {@code rgw create}: daemons that keep nothing but their key. */
final class ServiceVerbs {
    private static final Duration START_MAX = Duration.ofMinutes(1);

    private ServiceVerbs() {}

    @Command(
            name = "create",
            description = "Make and start managers.",
            mixinStandardHelpOptions = true)
    static final class MgrCreate implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST[:NAME]")
        private List<String> hosts = List.of();

        MgrCreate(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.eachTarget(
                            "create the managers",
                            hosts,
                            (host, target) -> create(deployment, host, target)));
        }

        private static void create(Deployment deployment, Host host, Target target) {
            Daemon manager = Daemon.mgr(nameOf(target, ""));
            makeWithKey(
                    deployment,
                    host,
                    manager,
                    "mgr",
                    "mon",
                    "allow profile mgr",
                    "osd",
                    "allow *",
                    "mds",
                    "allow *");
            boolean known =
                    CephOnHost.as(host, manager)
                            .await(
                                    START_MAX,
                                    answer -> knows(answer, manager.id()),
                                    "mgr",
                                    "dump",
                                    "-f",
                                    "json");
            if (!known) {
                throw new Daemons(host).ended(manager);
            }
            host.log().debug(manager.name() + " is known to the monitors");
        }

        private static boolean knows(JsonNode answer, String id) {
            if (answer.path("active_name").asString("").equals(id)) {
                return true;
            }
            for (JsonNode standby : answer.path("standbys")) {
                if (standby.path("name").asString("").equals(id)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Command(
            name = "create",
            description = "Make and start S3 gateways.",
            mixinStandardHelpOptions = true)
    static final class RgwCreate implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST[:NAME]")
        private List<String> hosts = List.of();

        RgwCreate(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.eachTarget(
                            "create the gateways",
                            hosts,
                            (host, target) -> create(deployment, host, target)));
        }

        private static void create(Deployment deployment, Host host, Target target) {
            Daemon gateway = Daemon.gateway(nameOf(target, "rgw."));
            makeWithKey(deployment, host, gateway, "rgw", "osd", "allow rwx", "mon", "allow rw");
            if (!new Daemons(host).isRunning(gateway)) {
                throw new Daemons(host).ended(gateway);
            }
            String frontends =
                    deployment
                            .files()
                            .conf()
                            .as(AuthName.parse(gateway.name()))
                            .get("rgw_frontends", "");
            host.log()
                    .info(
                            frontends.isEmpty()
                                    ? "the gateway takes requests of its own host only, at"
                                            + " 127.0.0.1:7480; for others set 'rgw_frontends ="
                                            + " beast endpoint=ADDRESS:PORT' in ceph.conf and push"
                                            + " it"
                                    : "the gateway's address: " + frontends);
        }
    }

    /** A daemon is called as its host is, unless it gets a name of its own. */
    private static String nameOf(Target target, String prefix) {
        String name = target.rest().isEmpty() ? Monitors.name(target.host()) : target.rest();
        if (!name.matches("[A-Za-z0-9_.-]{1,200}")) {
            throw new DeployFailure("'" + name + "' is no name of a daemon; wanted such as a");
        }
        return name.startsWith(prefix) ? name : prefix + name;
    }

    private static void makeWithKey(
            Deployment deployment, Host host, Daemon daemon, String bootstrap, String... caps) {
        HostLayout layout = host.layout();
        String key = deployment.files().gathered("bootstrap-" + bootstrap).toText();
        deployment.needProgram(host);
        deployment.pushConf(host);
        if (host.exists(daemon.keyring(layout))) {
            host.log().debug(daemon.name() + " has a key already");
        } else {
            pushBootstrap(host, bootstrap, key);
            String[] words = new String[caps.length + 3];
            words[0] = "auth";
            words[1] = "get-or-create";
            words[2] = daemon.name();
            System.arraycopy(caps, 0, words, 3, caps.length);
            String keyring = CephOnHost.bootstrap(host, bootstrap).ask(words);
            host.makeFolder(daemon.data(layout), "750");
            host.put(daemon.keyring(layout), keyring, "600");
            host.log().info("made " + daemon.name() + " in " + daemon.data(layout));
        }
        if (new Daemons(host).start(daemon)) {
            host.log().info("started " + daemon.name());
        }
    }

    static void pushBootstrap(Host host, String type, String key) {
        String file = host.layout().bootstrap(type);
        host.makeFolder(file.replaceFirst("/[^/]*$", ""), "750");
        if (host.put(file, key, "600")) {
            host.log().debug("wrote " + file);
        }
    }
}
