package io.sepiola.cluster.deploy;

/**
 * Where everything is on a host.
 *
 * @param root goes before every path; empty for the machine's own
 */
record HostLayout(String root) {
    HostLayout {
        while (root.endsWith("/")) {
            root = root.substring(0, root.length() - 1);
        }
        if (!root.isEmpty() && !root.startsWith("/")) {
            throw new DeployFailure("root = " + root + " is no absolute path");
        }
    }

    /** A path as the operator names it. */
    String at(String path) {
        return root + path;
    }

    /** Whether the host's own service manager can run what is here. */
    boolean isWholeMachine() {
        return root.isEmpty();
    }

    String etc() {
        return at("/etc/ceph");
    }

    String conf() {
        return etc() + "/ceph.conf";
    }

    /** A client's keyring: {@code client.admin}. */
    String keyring(String entity) {
        return etc() + "/ceph." + entity + ".keyring";
    }

    /** The key with which daemons of a type are made: {@code osd}. */
    String bootstrap(String type) {
        return lib() + "/bootstrap-" + type + "/ceph.keyring";
    }

    String lib() {
        return at("/var/lib/ceph");
    }

    String log() {
        return at("/var/log/ceph");
    }

    String run() {
        return at("/run/ceph");
    }

    /** The program's folder. */
    String program() {
        return at("/opt/sepiola");
    }

    String launcher() {
        return program() + "/sepiola";
    }

    /** The program for a shell's PATH. */
    String command() {
        return at("/usr/local/bin/sepiola");
    }

    String units() {
        return at("/etc/systemd/system");
    }
}
