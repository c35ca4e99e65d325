package io.sepiola.cluster.daemon;

import io.sepiola.base.Malformed;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Networks as {@code public_network} and {@code cluster_network} have them: {@code 10.0.1.0/24},
 * several separated by commas or blanks. Bits behind the prefix say nothing.
 */
public record Subnets(List<Subnet> all) {
    /** One network; {@code bits} of the address are its prefix. */
    record Subnet(byte[] base, int bits) {
        boolean has(InetAddress address) {
            byte[] other = address.getAddress();
            if (other.length != base.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += Byte.SIZE) {
                int mask = 0xff << Math.max(0, Byte.SIZE - (bits - bit)) & 0xff;
                int at = bit / Byte.SIZE;
                if ((base[at] & mask) != (other[at] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads them.
     *
     * @param setting what they are called, for the message
     * @throws Malformed when it is no list of networks
     */
    public static Subnets parse(String setting, String text) {
        List<Subnet> all = new ArrayList<>();
        for (String part : text.strip().split("[,;\\s]+")) {
            try {
                int slash = part.indexOf('/');
                byte[] base = InetAddress.ofLiteral(part.substring(0, slash)).getAddress();
                int bits = Integer.parseInt(part.substring(slash + 1));
                if (bits < 0 || bits > base.length * Byte.SIZE) {
                    throw new IllegalArgumentException("its prefix is longer than an address");
                }
                all.add(new Subnet(base, bits));
            } catch (IllegalArgumentException | IndexOutOfBoundsException bad) {
                throw new Malformed(
                        setting + " = '" + text + "' is no network such as 10.0.1.0/24", bad);
            }
        }
        return new Subnets(List.copyOf(all));
    }

    /** The first of these addresses that is in the first network that has any. */
    public Optional<InetAddress> choose(Collection<InetAddress> addresses) {
        return all.stream().flatMap(subnet -> addresses.stream().filter(subnet::has)).findFirst();
    }

    /** What addresses this host has, in the order of its devices. */
    static List<InetAddress> ownAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException unknown) {
            return List.of();
        }
    }
}
