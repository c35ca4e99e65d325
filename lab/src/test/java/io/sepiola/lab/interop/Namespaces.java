package io.sepiola.lab.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.List;

/**
 * Machines of the lab: network namespaces that hang on two switches, a public and a cluster
 * network, in a namespace of their own. Nothing of the machine's own network is touched. Links are
 * cut by nftables within the namespaces: packets vanish, nobody is told.
 */
final class Namespaces implements AutoCloseable {
    /** The networks; each is a /24 that exists in these namespaces only. */
    enum Network {
        /** Where clients and monitors are. */
        PUBLIC("10.71.1.", "pub"),
        /** Among OSDs alone. */
        CLUSTER("10.71.2.", "clu");

        private final String prefix;
        private final String device;

        Network(String prefix, String device) {
            this.prefix = prefix;
            this.device = device;
        }

        /** The address of a machine; the hub, where the switches are, is machine -1. */
        String address(int machine) {
            return prefix + (machine + 10);
        }
    }

    private static final int HUB = -1;

    private final String name = "sepiola-" + ProcessHandle.current().pid();
    private final List<String> made = new ArrayList<>();

    /** Makes the hub and as many machines. */
    Namespaces(int machines) {
        make(HUB);
        for (Network network : Network.values()) {
            ip(HUB, "link", "add", network.device, "type", "bridge");
            ip(HUB, "addr", "add", network.address(HUB) + "/24", "dev", network.device);
            ip(HUB, "link", "set", network.device, "up");
        }
        for (int machine = 0; machine < machines; machine++) {
            make(machine);
            for (Network network : Network.values()) {
                plug(machine, network);
            }
        }
    }

    /** Skips the test by name where this machine makes no network namespaces. */
    static void need() {
        Program.need("ip", "nft", "unshare", "hostname");
        String probe = "sepiola-probe-" + ProcessHandle.current().pid();
        boolean possible = Program.of("ip", "netns", "add", probe).run().code() == 0;
        if (possible) {
            possible =
                    Program.of("ip", "netns", "exec", probe, "nft", "add", "table", "inet", "probe")
                                    .run()
                                    .code()
                            == 0;
            Program.of("ip", "netns", "del", probe).run().ok();
        }
        if (!possible) {
            String message =
                    "SKIPPED: no network is cut, since this machine makes no network namespaces; it"
                            + " needs root and nftables in the kernel";
            System.err.println(message);
            abort(message);
        }
    }

    private String namespace(int machine) {
        return machine == HUB ? name + "-hub" : name + "-" + machine;
    }

    private void make(int machine) {
        Program.of("ip", "netns", "add", namespace(machine)).run().ok();
        made.add(namespace(machine));
        ip(machine, "link", "set", "lo", "up");
    }

    private void plug(int machine, Network network) {
        String socket = network.device + machine;
        ip(
                HUB,
                "link",
                "add",
                socket,
                "type",
                "veth",
                "peer",
                "name",
                network.device,
                "netns",
                namespace(machine));
        ip(HUB, "link", "set", socket, "master", network.device, "up");
        ip(machine, "addr", "add", network.address(machine) + "/24", "dev", network.device);
        ip(machine, "link", "set", network.device, "up");
    }

    private void ip(int machine, String... words) {
        List<Object> all = new ArrayList<>(List.of("-n", namespace(machine)));
        all.addAll(List.of(words));
        Program.of("ip", all.toArray()).run().ok();
    }

    /** What runs a program in the hub. */
    List<String> inHub() {
        return List.of("ip", "netns", "exec", namespace(HUB));
    }

    /** What runs a program on a machine, which has a name of its own. */
    List<String> on(int machine) {
        return List.of(
                "ip",
                "netns",
                "exec",
                namespace(machine),
                "unshare",
                "--uts",
                "sh",
                "-c",
                "hostname box" + machine + " && exec \"$@\"",
                "sh");
    }

    /** What a machine sends to those vanishes. */
    void muteTowards(int machine, Network network, List<String> addresses) {
        cut(
                machine,
                "output",
                "oifname " + network.device + " ip daddr { " + list(addresses) + " } drop");
    }

    /** What comes to a machine from those vanishes. */
    void deafenTo(int machine, Network network, List<String> addresses) {
        cut(
                machine,
                "input",
                "iifname " + network.device + " ip saddr { " + list(addresses) + " } drop");
    }

    /** Nothing comes and nothing goes on one network of a machine. */
    void unplug(int machine, Network network) {
        cut(machine, "input", "iifname " + network.device + " drop");
        cut(machine, "output", "oifname " + network.device + " drop");
    }

    private static String list(List<String> addresses) {
        return String.join(", ", addresses);
    }

    private void cut(int machine, String hook, String rule) {
        String chain = "inet cut " + hook;
        nft(
                machine,
                "add table inet cut; add chain "
                        + chain
                        + " { type filter hook "
                        + hook
                        + " priority 0; }; add rule "
                        + chain
                        + " "
                        + rule);
    }

    /** All links of a machine work again. */
    void mend(int machine) {
        nft(machine, "delete table inet cut");
    }

    private void nft(int machine, String commands) {
        Program.of("ip", "netns", "exec", namespace(machine), "nft", commands).run().ok();
    }

    @Override
    public void close() {
        for (String namespace : made.reversed()) {
            Program.of("ip", "netns", "del", namespace).run();
        }
    }
}
