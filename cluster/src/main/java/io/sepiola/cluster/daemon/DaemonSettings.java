package io.sepiola.cluster.daemon;

import io.sepiola.base.Malformed;
import io.sepiola.client.CephConf;
import io.sepiola.client.CommonArguments;
import io.sepiola.client.Keyring;
import io.sepiola.cluster.Refusal;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.auth.CryptoKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the configuration file, the environment and the command line say to one daemon, under Ceph's
 * names and with Ceph's defaults where nothing else is said.
 */
record DaemonSettings(CephConf conf) {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonSettings.class);
    private static final int MONITOR_PORT = 3300;
    private static final Path LOG_FOLDER = Path.of("/var/log/ceph");

    /**
     * Reads them.
     *
     * @param data the setting of the daemon's directory and its value, where the command line names
     *     it
     * @throws io.sepiola.client.RadosException when there is no configuration
     * @throws Malformed when it cannot be understood
     */
    static DaemonSettings of(
            DaemonOptions options,
            EntityType type,
            Map<String, @Nullable String> data,
            Map<String, String> environment) {
        CommonArguments common =
                CommonArguments.parse(type, "", options.commonWords(), environment);
        if (!common.rest().isEmpty()) {
            throw new Refusal(
                    "CEPH_ARGS holds '"
                            + common.rest().getFirst()
                            + "', which daemons do not know; unset it or take that out");
        }
        AuthName name = common.name();
        if (name.type() != type) {
            throw new Refusal(
                    name + " is not a name of this daemon; wanted " + type.label() + ".ID");
        }
        if (name.id().isEmpty()) {
            throw new Refusal("the daemon's id is missing; give it with -i ID");
        }
        CephConf conf = common.configuration(environment);
        for (Map.Entry<String, String> setting : options.settings().entrySet()) {
            conf = conf.with(setting.getKey(), setting.getValue());
        }
        for (Map.Entry<String, @Nullable String> setting : data.entrySet()) {
            String value = setting.getValue();
            conf = value == null ? conf : conf.with(setting.getKey(), value);
        }
        return new DaemonSettings(conf);
    }

    AuthName name() {
        return conf.name();
    }

    /** The daemon's directory. */
    Path data() {
        String text =
                switch (name().type()) {
                    case MON -> conf.get("mon_data", "/var/lib/ceph/mon/$cluster-$id");
                    case OSD -> conf.get("osd_data", "/var/lib/ceph/osd/$cluster-$id");
                    case MGR -> conf.get("mgr_data", "/var/lib/ceph/mgr/$cluster-$id");
                    case CLIENT -> conf.get("rgw_data", "/var/lib/ceph/radosgw/$cluster-$id");
                    case NONE, MDS, AUTH ->
                            throw new IllegalStateException(name() + " has no directory");
                };
        return Path.of(text);
    }

    /** The files of keys, as the setting has them; by default the one in the data directory. */
    String keyring() {
        return conf.get("keyring", data().resolve("keyring").toString());
    }

    /**
     * The daemon's key.
     *
     * @throws io.sepiola.client.RadosException when there is none, naming where it was looked for
     */
    CryptoKey key() {
        return Keyring.find(conf.with("keyring", keyring())).cryptoKey(name());
    }

    /** The cluster's id, if one is set. */
    Optional<UUID> fsidIfSet() {
        Optional<String> text = conf.get("fsid").filter(value -> !value.isBlank());
        try {
            return text.map(UUID::fromString);
        } catch (IllegalArgumentException bad) {
            throw new Malformed("fsid = '" + text.orElse("") + "' is not a UUID", bad);
        }
    }

    /** The cluster's id. */
    UUID fsid() {
        return fsidIfSet()
                .orElseThrow(() ->
                        new Refusal(
                                "the cluster's id is not known; set 'fsid' in the configuration"
                                        + " file or give --fsid UUID (uuidgen makes one)"));
    }

    List<EntityAddrVec> monitors() {
        return conf.monitors();
    }

    /** Where clients reach the daemon; port 0 for any. */
    EntityAddr publicAddress() {
        return conf.get("public_addr")
                .filter(text -> !text.isBlank())
                .map(text -> address("public_addr", text))
                .or(() -> within("public_network"))
                .orElseGet(this::towardsMonitors);
    }

    /** Where a monitor is to be that no map has yet: public_addr, or Ceph's older mon_addr. */
    Optional<EntityAddr> monitorAddress() {
        for (String setting : List.of("public_addr", "mon_addr")) {
            Optional<String> text = conf.get(setting).filter(value -> !value.isBlank());
            if (text.isPresent()) {
                return Optional.of(monitorAddress(setting, text.get()));
            }
        }
        return Optional.empty();
    }

    /** A monitor's address; without a port it is at Ceph's. */
    static EntityAddr monitorAddress(String setting, String text) {
        InetSocketAddress at = address(setting, text).socket();
        int port = at.getPort() == 0 ? MONITOR_PORT : at.getPort();
        return EntityAddr.msgr2(new InetSocketAddress(at.getAddress(), port), 0);
    }

    /** Where OSDs reach it; port 0 for any. */
    EntityAddr clusterAddress() {
        return conf.get("cluster_addr")
                .filter(text -> !text.isBlank())
                .map(text -> address("cluster_addr", text))
                .or(() -> within("cluster_network"))
                .orElseGet(this::publicAddress);
    }

    /** This host's address in the networks of that setting, if there is such a setting. */
    private Optional<EntityAddr> within(String setting) {
        return conf.get(setting)
                .filter(text -> !text.isBlank())
                .map(text -> {
                    InetAddress own =
                            Subnets.parse(setting, text)
                                    .choose(Subnets.ownAddresses())
                                    .orElseThrow(() ->
                                            new Refusal(
                                                    "this host has no address in "
                                                            + setting
                                                            + " = "
                                                            + text
                                                            + "; correct it, or set "
                                                            + setting.replace("network", "addr")));
                    return EntityAddr.msgr2(new InetSocketAddress(own, 0), 0);
                });
    }

    /** The address of this host from which the first monitor is reached. */
    private EntityAddr towardsMonitors() {
        InetSocketAddress monitor =
                monitors().getFirst().msgr2().map(EntityAddr::socket).orElseThrow();
        try (DatagramChannel probe = DatagramChannel.open()) {
            probe.connect(monitor); // sends nothing, but chooses the route
            InetSocketAddress local = (InetSocketAddress) probe.getLocalAddress();
            return EntityAddr.msgr2(new InetSocketAddress(local.getAddress(), 0), 0);
        } catch (IOException unreachable) {
            throw new Refusal(
                    "there is no way to the monitor at "
                            + monitor
                            + " ("
                            + unreachable.getMessage()
                            + "); set public_addr, or check the network and mon_host");
        }
    }

    /** Reads {@code IP}, {@code IP:PORT} or {@code v2:IP:PORT/0}; IPv6 stands in brackets. */
    static EntityAddr address(String setting, String text) {
        String rest = text.strip();
        rest = rest.startsWith("v2:") ? rest.substring(3) : rest;
        rest = rest.replaceFirst("/[0-9]+$", ""); // a nonce is the daemon's own to choose
        int colon = rest.lastIndexOf(':');
        boolean port =
                colon > rest.lastIndexOf(']') && rest.indexOf(':') == colon
                        || colon > 0 && rest.charAt(colon - 1) == ']';
        String host = port ? rest.substring(0, colon) : rest;
        try {
            if (host.indexOf(':') < 0 && !host.matches("[0-9]+([.][0-9]+){3}")) {
                throw new IllegalArgumentException("neither IPv6 nor four numbers");
            }
            int number = port ? Integer.parseInt(rest.substring(colon + 1)) : 0;
            return EntityAddr.msgr2(
                    new InetSocketAddress(InetAddress.ofLiteral(unbracketed(host)), number), 0);
        } catch (IllegalArgumentException bad) {
            throw new Malformed(
                    setting + " = '" + text + "' is not an address such as 10.0.0.1", bad);
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /**
     * Where the daemon's owner tells it something: as configured, else where Ceph has it, else,
     * where that folder cannot be had, beside the daemon's data. Nothing when it is set to nothing.
     */
    Optional<Path> adminSocket() {
        Optional<String> set = conf.get("admin_socket");
        if (set.isPresent()) {
            return set.filter(text -> !text.isBlank()).map(Path::of);
        }
        String name = conf.expand("$cluster-$name.asok");
        Path folder = Path.of(conf.get("run_dir", "/var/run/ceph"));
        try {
            Files.createDirectories(folder);
        } catch (IOException unmakeable) {
            LOG.debug("no folder {}", folder, unmakeable);
        }
        if (Files.isWritable(folder)) {
            return Optional.of(folder.resolve(name));
        }
        Path beside = data().resolve(name);
        LOG.warn("{} cannot be written; the admin socket is {}", folder, beside);
        return Optional.of(beside);
    }

    Optional<Path> pidFile() {
        return conf.get("pid_file").filter(text -> !text.isBlank()).map(Path::of);
    }

    /** Where to log; standard error when neither a file is set nor Ceph's folder is there. */
    Optional<Path> logFile() {
        Optional<String> text = conf.get("log_file");
        if (text.isPresent()) {
            return text.filter(value -> !value.isBlank()).map(Path::of);
        }
        return Files.isWritable(LOG_FOLDER)
                ? Optional.of(LOG_FOLDER.resolve(conf.expand("$cluster-$name.log")))
                : Optional.empty();
    }

    /** Ports for listeners that want any: Ceph's ms_bind_port_min and ms_bind_port_max. */
    PortRange ports() {
        long min = conf.number("ms_bind_port_min", 6800);
        long max = conf.number("ms_bind_port_max", 7300);
        if (min < 1 || max > 65_535 || min > max) {
            throw new Refusal(
                    "ms_bind_port_min = "
                            + min
                            + " and ms_bind_port_max = "
                            + max
                            + " are no range of ports; wanted 1 to 65535");
        }
        return new PortRange((int) min, (int) max);
    }
}
