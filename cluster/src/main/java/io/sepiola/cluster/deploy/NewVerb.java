package io.sepiola.cluster.deploy;

import io.sepiola.base.Clock;
import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.daemon.Subnets;
import io.sepiola.cluster.deploy.DeployLog.Speaker;
import io.sepiola.cluster.deploy.Deployment.Target;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.KeyType;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code new}: begins a cluster with a ceph.conf and the key that its monitors share. */
@Command(
        name = "new",
        description = "Start a cluster: write its ceph.conf and ceph.mon.keyring here.",
        mixinStandardHelpOptions = true)
final class NewVerb implements Callable<Integer> {
    private static final String ADDRESSES =
            "ip -o addr show scope global 2>/dev/null | awk '{ print $4 }' || true;"
                    + " hostname -I 2>/dev/null | tr ' ' '\\n'";

    private final DeployOptions options;

    @Parameters(
            arity = "1..*",
            paramLabel = "HOST[:ADDR]",
            description =
                    "The first monitors' hosts, with their addresses where they are to be"
                            + " chosen.")
    private List<String> monitors = List.of();

    @Option(names = "--public-network", paramLabel = "CIDR", description = "Where clients are.")
    private @Nullable String publicNetwork;

    @Option(
            names = "--cluster-network",
            paramLabel = "CIDR",
            description = "Where OSDs talk among themselves.")
    private @Nullable String clusterNetwork;

    @Option(names = "--fsid", paramLabel = "UUID", description = "The cluster's id.")
    private @Nullable UUID fsid;

    @Option(
            names = "--no-ssh-copykey",
            description = "Without effect: keys are never copied, ssh-copy-id does that.")
    private boolean noCopy;

    NewVerb(DeployOptions options) {
        this.options = options;
    }

    @Override
    public Integer call() {
        return options.run(this::begin);
    }

    private void begin(Deployment deployment) {
        Speaker log = deployment.speaker("new");
        Map<String, String> settings = new LinkedHashMap<>();
        network("public_network", publicNetwork, settings);
        network("cluster_network", clusterNetwork, settings);
        List<Target> targets = monitors.stream().map(Target::parse).toList();
        String members =
                targets.stream().map(NewVerb::monitorName).collect(Collectors.joining(", "));
        Optional<CephConf> there =
                ClusterFiles.read(deployment.files().confFile())
                        .map(text -> deployment.files().conf());
        if (there.isPresent() && !deployment.overwriteConf()) {
            checkSame(deployment, there.get(), members, settings);
            log.info(deployment.files().confFile() + " is there already");
        } else {
            settings.put("mon_initial_members", members);
            settings.put("mon_host", addresses(deployment, targets, log));
            settings.put("auth_cluster_required", "cephx");
            settings.put("auth_service_required", "cephx");
            settings.put("auth_client_required", "cephx");
            write(deployment, settings, log);
        }
        makeKey(deployment, log);
    }

    private static void network(
            String setting, @Nullable String cidrOrNull, Map<String, String> settings) {
        if (cidrOrNull != null) {
            try {
                Subnets.parse(setting, cidrOrNull);
            } catch (Malformed bad) {
                throw new DeployFailure(String.valueOf(bad.getMessage()), bad);
            }
            settings.put(setting, cidrOrNull);
        }
    }

    /** A monitor is called as its host is, without the domain. */
    private static String monitorName(Target target) {
        return target.host().replaceFirst("\\..*", "");
    }

    private void checkSame(
            Deployment deployment, CephConf conf, String members, Map<String, String> settings) {
        Map<String, String> wanted = new LinkedHashMap<>(settings);
        wanted.put("mon_initial_members", members);
        if (fsid != null) {
            wanted.put("fsid", fsid.toString());
        }
        wanted.forEach((key, value) -> {
            String is = conf.get(key, "");
            if (!is.equals(value)) {
                throw new DeployFailure(
                        deployment.files().confFile()
                                + " is there already and says "
                                + key
                                + " = "
                                + is
                                + ", not "
                                + value
                                + "; begin another cluster in another directory, or give"
                                + " --overwrite-conf to begin anew");
            }
        });
    }

    private String addresses(Deployment deployment, List<Target> targets, Speaker log) {
        return targets.stream()
                .map(target -> {
                    InetAddress address = address(deployment, target);
                    log.debug("Monitor " + monitorName(target) + " at " + address.getHostAddress());
                    return address.getAddress().length == 4
                            ? address.getHostAddress()
                            : "[" + address.getHostAddress() + "]";
                })
                .collect(Collectors.joining(","));
    }

    private InetAddress address(Deployment deployment, Target target) {
        if (!target.rest().isEmpty()) {
            return literal(target.rest())
                    .orElseThrow(() ->
                            new DeployFailure(
                                    "'"
                                            + target.rest()
                                            + "' is no address; wanted such as "
                                            + target.host()
                                            + ":10.0.0.1"));
        }
        try (Host host = deployment.connect(target.host())) {
            List<InetAddress> all =
                    Arrays.stream(host.must(ADDRESSES, "").split("\\s+"))
                            .map(text -> literal(text.replaceFirst("/.*", "")))
                            .flatMap(Optional::stream)
                            .filter(address -> !address.isLoopbackAddress())
                            .filter(address -> !address.isLinkLocalAddress())
                            .distinct()
                            .toList();
            return choose(target.host(), all);
        }
    }

    private InetAddress choose(String host, List<InetAddress> all) {
        Optional<InetAddress> found =
                publicNetwork == null
                        ? all.stream().findFirst()
                        : Subnets.parse("public_network", publicNetwork).choose(all);
        return found.orElseThrow(() ->
                new DeployFailure(
                        host
                                + " has the addresses "
                                + all.stream()
                                        .map(InetAddress::getHostAddress)
                                        .collect(Collectors.joining(", "))
                                + (publicNetwork == null
                                        ? ", which others cannot reach"
                                        : ", none of them in the public network " + publicNetwork)
                                + "; name one with "
                                + host
                                + ":ADDRESS"));
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private void write(Deployment deployment, Map<String, String> settings, Speaker log) {
        StringBuilder text = new StringBuilder("[global]\n");
        text.append("fsid = ").append(fsid == null ? UUID.randomUUID() : fsid).append('\n');
        settings.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        ClusterFiles.write(deployment.files().confFile(), text.append('\n').toString(), false);
        log.info("wrote " + deployment.files().confFile());
    }

    private static void makeKey(Deployment deployment, Speaker log) {
        var file = deployment.files().keyringFile("mon");
        if (ClusterFiles.read(file).isPresent()) {
            log.info(file + " is there already");
            return;
        }
        String key =
                CryptoKey.generate(KeyType.AES, new SecureRandom(), Clock.system().now())
                        .toBase64();
        Keyring keyring =
                Keyring.of(
                        Map.of(
                                AuthName.parse("mon."),
                                new Keyring.Entry(key, new TreeMap<>(Map.of("mon", "allow *")))));
        ClusterFiles.write(file, keyring.toText(), true);
        log.info("wrote " + file + ", with a key by chance");
    }
}
