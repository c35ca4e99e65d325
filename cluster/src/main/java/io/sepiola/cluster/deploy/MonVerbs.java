package io.sepiola.cluster.deploy;

import io.sepiola.protocol.AuthName;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code mon}: the monitors' verbs. */
final class MonVerbs {
    private MonVerbs() {}

    @Command(
            name = "create-initial",
            description =
                    "Make and start the monitors of mon_initial_members, wait until they"
                            + " agree, and gather the keys.",
            mixinStandardHelpOptions = true)
    record CreateInitial(DeployOptions options) implements Callable<Integer> {
        @Override
        public Integer call() {
            return options.run(deployment -> {
                List<String> hosts = deployment.files().initialMembers();
                Monitors monitors = new Monitors(deployment);
                deployment.each("create the monitors", hosts, monitors::create);
                try (Host first = deployment.connect(hosts.getFirst())) {
                    monitors.awaitQuorum(first, hosts);
                    deployment
                            .speaker("mon")
                            .info("all initial monitors are running and have formed quorum");
                    new GatheredKeys(deployment).gather(first);
                }
            });
        }
    }

    @Command(
            name = "create",
            description = "Make and start monitors that mon_initial_members names.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST")
        private List<String> hosts = List.of();

        Create(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.each(
                            "create the monitors", hosts, new Monitors(deployment)::create));
        }
    }

    @Command(
            name = "add",
            description = "Bring one more monitor into a running cluster.",
            mixinStandardHelpOptions = true)
    static final class Add implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(paramLabel = "HOST")
        private String host = "";

        @Option(
                names = "--address",
                paramLabel = "IP",
                description = "Where the monitor is to be (default: as the host's name resolves).")
        private @Nullable String address;

        Add(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.each(
                            "add the monitor",
                            List.of(host),
                            on -> new Monitors(deployment).add(on, address(deployment))));
        }

        /** As it is told, as ceph.conf has it for this monitor, or as the host's name resolves. */
        private String address(Deployment deployment) {
            if (address != null) {
                return address;
            }
            String configured =
                    deployment
                            .files()
                            .conf()
                            .as(AuthName.parse("mon." + Monitors.name(host)))
                            .get("public_addr", "");
            if (!configured.isEmpty()) {
                return configured;
            }
            try {
                InetAddress found = InetAddress.getByName(host);
                if (!found.isLoopbackAddress()) {
                    return found.getHostAddress();
                }
            } catch (UnknownHostException unknown) {
                // Said below.
            }
            throw new DeployFailure(
                    "no address is known for " + host + "; give one with --address IP");
        }
    }

    @Command(
            name = "destroy",
            description = "Take monitors out of the cluster; their stores are put aside.",
            mixinStandardHelpOptions = true)
    static final class Destroy implements Callable<Integer> {
        private final DeployOptions options;

        @Parameters(arity = "1..*", paramLabel = "HOST")
        private List<String> hosts = List.of();

        Destroy(DeployOptions options) {
            this.options = options;
        }

        @Override
        public Integer call() {
            return options.run(deployment ->
                    deployment.each(
                            "destroy the monitors", hosts, new Monitors(deployment)::destroy));
        }
    }
}
