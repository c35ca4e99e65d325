package io.sepiola.cluster.daemon;

import io.sepiola.base.Malformed;
import io.sepiola.cluster.Refusal;
import io.sepiola.protocol.EntityAddr;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Reads Ceph's {@code rgw_frontends}, such as {@code beast endpoint=127.0.0.1:8000} or {@code beast
 * port=7480}: one front end with one address. Other words of it, such as {@code tcp_nodelay=1},
 * tune Ceph's own servers and mean nothing here.
 */
final class RgwFrontend {
    /** Ceph's port, and an address that nobody else reaches unless the operator says so. */
    private static final InetSocketAddress DEFAULT = new InetSocketAddress("127.0.0.1", 7480);

    private static final int HTTP = 80;

    private RgwFrontend() {}

    /**
     * Where to listen.
     *
     * @throws Refusal for what cannot be had: several addresses, TLS
     * @throws Malformed for what is no address
     */
    static InetSocketAddress address(Optional<String> frontends) {
        String text = frontends.orElse("").strip();
        if (text.isEmpty()) {
            return DEFAULT;
        }
        String[] words = text.split("\\s+");
        if (text.contains(",") || !words[0].equals("beast") && !words[0].equals("civetweb")) {
            throw new Refusal(
                    "rgw_frontends = '"
                            + text
                            + "' is not one front end; wanted such as 'beast"
                            + " endpoint=127.0.0.1:8000'");
        }
        InetSocketAddress found = null;
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String key = equals < 0 ? words[i] : words[i].substring(0, equals);
            String value = equals < 0 ? "" : words[i].substring(equals + 1);
            if (key.startsWith("ssl")) {
                throw new Refusal(
                        "rgw_frontends has '"
                                + key
                                + "', and there is no TLS here; put a proxy in front and take it"
                                + " out");
            }
            boolean endpoint = key.equals("endpoint");
            if (endpoint || key.equals("port")) {
                if (found != null) {
                    throw new Refusal(
                            "rgw_frontends names more than one address; start one gateway for"
                                    + " each");
                }
                found = endpoint ? endpoint(value) : new InetSocketAddress(port(value));
            }
        }
        return found == null ? DEFAULT : found;
    }

    private static InetSocketAddress endpoint(String value) {
        EntityAddr addr = DaemonSettings.address("rgw_frontends: endpoint", value);
        InetSocketAddress at = addr.socket();
        return at.getPort() == 0 ? new InetSocketAddress(at.getAddress(), HTTP) : at;
    }

    private static int port(String value) {
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new Malformed("rgw_frontends: port = '" + value + "' is not a port");
        }
        return Integer.parseInt(value);
    }
}
