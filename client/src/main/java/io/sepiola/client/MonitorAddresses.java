package io.sepiola.client;

import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code mon_host}: monitors separated by commas, blanks or semicolons, each a host, a
 * host:port, {@code v2:host:port/nonce}, or several such addresses of one monitor in brackets. An
 * IPv6 host stands in brackets of its own. Only messenger v2 addresses are kept, because nothing
 * here speaks v1; a host without a version has the v2 port 3300 unless it says another.
 */
public final class MonitorAddresses {
    /** Where monitors listen for messenger v2. */
    public static final int PORT = 3300;

    private static final int LEGACY_PORT = 6789;

    private MonitorAddresses() {}

    /**
     * The monitors named by {@code text}.
     *
     * @throws Malformed when the text is no such list, or names a host that cannot be found
     */
    public static List<EntityAddrVec> parse(String text) {
        List<EntityAddrVec> monitors = new ArrayList<>();
        for (String part : split(text)) {
            boolean several = part.startsWith("[") && part.endsWith("]") && isVector(part);
            String inner = several ? part.substring(1, part.length() - 1) : part;
            List<EntityAddr> addrs = new ArrayList<>();
            for (String one : several ? split(inner) : List.of(inner)) {
                addrs.addAll(address(one));
            }
            addrs.removeIf(addr -> addr.kind() != EntityAddr.MSGR2);
            if (!addrs.isEmpty()) {
                monitors.add(new EntityAddrVec(addrs));
            }
        }
        return List.copyOf(monitors);
    }

    /** Brackets hold a list of addresses, not one IPv6 host, when an address begins inside. */
    private static boolean isVector(String part) {
        return part.startsWith("[v1:") || part.startsWith("[v2:") || part.startsWith("[any:");
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            boolean separates = c == ',' || c == ';' || Character.isWhitespace(c);
            if (separates && depth == 0) {
                if (!part.isEmpty()) {
                    parts.add(part.toString());
                }
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        if (!part.isEmpty()) {
            parts.add(part.toString());
        }
        return parts;
    }

    private static List<EntityAddr> address(String text) {
        int kind = EntityAddr.ANY;
        String rest = text;
        if (rest.startsWith("v2:")) {
            kind = EntityAddr.MSGR2;
            rest = rest.substring(3);
        } else if (rest.startsWith("v1:")) {
            kind = EntityAddr.LEGACY;
            rest = rest.substring(3);
        } else if (rest.startsWith("any:")) {
            rest = rest.substring(4);
        }
        int slash = rest.indexOf('/');
        int nonce = slash < 0 ? 0 : unsigned(rest.substring(slash + 1), text);
        String hostAndPort = slash < 0 ? rest : rest.substring(0, slash);
        int close = hostAndPort.lastIndexOf(']');
        int colon = hostAndPort.lastIndexOf(':');
        boolean bareSix = close < 0 && colon != hostAndPort.indexOf(':');
        boolean hasPort = colon > close && colon >= 0 && !bareSix;
        String host = hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
        int port = hasPort ? unsigned(hostAndPort.substring(colon + 1), text) : 0;
        if (port < 0 || port > 65_535) {
            throw malformed(text, "its port is out of range");
        }
        if (kind == EntityAddr.ANY) {
            kind = port == LEGACY_PORT ? EntityAddr.LEGACY : EntityAddr.MSGR2;
        }
        int wanted = port != 0 ? port : kind == EntityAddr.LEGACY ? LEGACY_PORT : PORT;
        return resolve(host, wanted, kind, nonce, text);
    }

    private static List<EntityAddr> resolve(
            String host, int port, int kind, int nonce, String text) {
        String bare =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        if (bare.isEmpty()) {
            throw malformed(text, "it has no host");
        }
        try {
            List<EntityAddr> addrs = new ArrayList<>();
            for (InetAddress ip : InetAddress.getAllByName(bare)) {
                addrs.add(EntityAddr.of(kind, new InetSocketAddress(ip, port), nonce));
            }
            return addrs.subList(0, 1);
        } catch (UnknownHostException unknown) {
            throw new Malformed(
                    "the monitor's host '" + bare + "' cannot be found; check mon_host", unknown);
        }
    }

    private static int unsigned(String digits, String text) {
        try {
            return Integer.parseUnsignedInt(digits);
        } catch (NumberFormatException notNumber) {
            throw malformed(text, "'" + digits + "' is not a number");
        }
    }

    private static Malformed malformed(String text, String why) {
        return new Malformed("'" + text + "' is not an address such as v2:10.0.0.1:3300: " + why);
    }
}
