package io.sepiola.cluster.deploy;

import io.sepiola.cluster.deploy.DeployLog.Speaker;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a verb works with.
 *
 * @param log where it says what it does
 * @param files the working directory
 * @param habits of the operator
 * @param door to the hosts
 * @param overwriteConf whether a host's other ceph.conf gives way
 */
record Deployment(
        DeployLog log,
        ClusterFiles files,
        DeployConf habits,
        Link.Door door,
        boolean overwriteConf) {
    private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";

    /**
     * A host, and what stands behind a colon.
     *
     * @param rest empty without one
     */
    record Target(String host, String rest) {
        /** Reads {@code HOST} or {@code HOST:REST}. */
        static Target parse(String text) {
            int colon = text.indexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            if (!host.matches(NAME)) {
                throw new DeployFailure(
                        "'" + text + "' begins with no host's name; wanted such as box0");
            }
            return new Target(host, colon < 0 ? "" : text.substring(colon + 1));
        }
    }

    /** Speaks for a part of the program. */
    Speaker speaker(String part) {
        return log.speaker("ceph_deploy." + part);
    }

    /** Connects to a host. */
    Host connect(String name) {
        return Host.over(door.open(name), name, habits.layout(name), log.speaker(name));
    }

    /** Does something on each host; a host that fails does not keep the others from it. */
    void each(String what, List<String> hosts, Consumer<Host> work) {
        eachTarget(what, hosts, (host, target) -> work.accept(host));
    }

    /** The same for {@code HOST:REST}. */
    void eachTarget(String what, List<String> targets, BiConsumer<Host, Target> work) {
        List<Target> all = targets.stream().map(Target::parse).toList();
        List<String> failed = new ArrayList<>();
        for (Target target : all) {
            try (Host host = connect(target.host())) {
                work.accept(host, target);
            } catch (DeployFailure failure) {
                log.speaker(target.host()).error(String.valueOf(failure.getMessage()));
                failed.add(target.host());
            }
        }
        if (!failed.isEmpty()) {
            throw new DeployFailure("failed to " + what + " on: " + String.join(", ", failed));
        }
    }

    /** Gives a host the cluster's configuration. */
    void pushConf(Host host) {
        String path = host.layout().conf();
        String text = files.confText();
        host.makeFolder(host.layout().etc(), "755");
        String there = host.read(path).orElse(text);
        if (!there.equals(text) && !overwriteConf) {
            throw new DeployFailure(
                    path
                            + " on "
                            + host.name()
                            + " says something else than "
                            + files.confFile()
                            + "; give --overwrite-conf to write over it, or fetch it with"
                            + " 'ceph-deploy config pull "
                            + host.name()
                            + "'");
        }
        if (host.put(path, text, "644")) {
            host.log().debug("wrote the cluster's configuration to " + path);
        } else {
            host.log().debug(path + " is the cluster's configuration already");
        }
    }

    /** That the program is on the host. */
    void needProgram(Host host) {
        if (!host.exists(host.layout().launcher())) {
            throw new DeployFailure(
                    "Sepiola is not installed on "
                            + host.name()
                            + "; 'ceph-deploy install "
                            + host.name()
                            + "' does that");
        }
    }
}
