package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;

/** Whether a cluster's ports can be had. */
final class Ports {
    private Ports() {}

    static void checkFree(ClusterSpec spec) {
        check(spec.address(), spec.monitorPort(), "the monitor");
        check(spec.address(), spec.s3Port(), "the S3 endpoint");
        check(spec.address(), spec.dashboardPort(), "the dashboard");
        check(spec.address(), spec.metricsPort(), "the metrics");
    }

    /**
     * The first of four ports in a row that are free now, for a cluster that lives for a moment.
     */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            int port = socket.getLocalPort();
            return port > 64000 ? port - 1000 : port;
        }
    }

    /** States that an address is one of this machine's, and one that clients can dial. */
    static void checkAddress(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            if (parsed.isAnyLocalAddress()) {
                throw new Refusal(
                        "--address "
                                + address
                                + " is none that clients can dial; name one address of this"
                                + " machine");
            }
            if (NetworkInterface.getByInetAddress(parsed) == null) {
                throw new Refusal(
                        "--address "
                                + address
                                + " is not this machine's; 'ip address' lists those that are");
            }
        } catch (IllegalArgumentException | SocketException noAddress) {
            throw new Refusal(
                    "--address " + address + " is no IP address; wanted is 127.0.0.1, say");
        }
    }

    private static void check(String address, int port, String user) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException taken) {
            throw new Refusal(
                    "port "
                            + port
                            + " on "
                            + address
                            + ", wanted for "
                            + user
                            + ", cannot be had ("
                            + taken.getMessage()
                            + "); stop what listens there, or choose others with --ports BASE");
        }
    }
}
