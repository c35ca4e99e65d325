package io.sepiola.cluster.local;

import io.sepiola.cluster.Refusal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Whether a cluster's ports can be had. */
final class Ports {
    private Ports() {}

    static void checkFree(ClusterSpec spec) {
        check(spec.address(), spec.monitorPort(), "the monitor");
        check(spec.address(), spec.s3Port(), "the S3 endpoint");
        check(spec.address(), spec.dashboardPort(), "the dashboard");
    }

    /**
     * The first of three ports in a row that are free now, for a cluster that lives for a moment.
     */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            int port = socket.getLocalPort();
            return port > 64000 ? port - 1000 : port;
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
