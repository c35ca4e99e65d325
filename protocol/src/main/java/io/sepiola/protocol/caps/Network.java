package io.sepiola.protocol.caps;

import io.sepiola.protocol.EntityAddr;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From where a grant counts: {@code 10.0.0.0/8}, {@code fd00::/64}. What is no network, such as an
 * address without a length, holds nobody, as in Ceph. Immutable.
 */
final class Network {
    /** Holds everybody. */
    static final Network ANY = new Network(null, 0);

    private static final String OCTET = "(?:0|[1-9][0-9]{0,2})";
    private static final Pattern FOUR =
            Pattern.compile("(" + OCTET + "(?:\\." + OCTET + "){3})/([0-9]{1,9})");
    private static final Pattern SIX = Pattern.compile("([0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/([0-9]+)");
    private static final int ADDRESS_SIZE_MAX = 45;
    private static final int IPV4 = 2; // the family in the first byte of a sockaddr
    private static final int IPV6 = 10;

    private final byte @Nullable [] address; // null holds everybody
    private final int bits;

    private Network(byte @Nullable [] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    static Network parse(String cidr) {
        Matcher four = FOUR.matcher(cidr);
        Matcher six = SIX.matcher(cidr);
        try {
            if (four.matches()) {
                return of(Inet4Address.ofLiteral(four.group(1)).getAddress(), four.group(2));
            }
            if (six.matches() && six.group(1).length() <= ADDRESS_SIZE_MAX) {
                byte[] address = Inet6Address.ofLiteral(six.group(1)).getAddress();
                // Java takes a mapped IPv4 address for what it maps; Ceph does not.
                return address.length == 16 ? of(address, six.group(2)) : nobody();
            }
        } catch (IllegalArgumentException noAddress) {
            return nobody();
        }
        return nobody();
    }

    private static Network of(byte[] address, String bits) {
        int all = address.length * 8;
        return new Network(
                address, bits.length() > 3 ? all : Math.min(all, Integer.parseInt(bits)));
    }

    private static Network nobody() {
        return new Network(new byte[0], 0);
    }

    boolean contains(EntityAddr addr) {
        return address == null || contains(address, bytes(addr));
    }

    private boolean contains(byte[] network, byte[] actual) {
        if (network.length == 0 || network.length != actual.length) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xff00 >> bits % 8 & 0xff;
        return Arrays.equals(network, 0, whole, actual, 0, whole)
                && (mask == 0 || (network[whole] & mask) == (actual[whole] & mask));
    }

    private static byte[] bytes(EntityAddr addr) {
        int size = addr.sockaddr().size();
        if (size >= 8 && addr.sockaddr().at(0) == IPV4) {
            return addr.sockaddr().slice(4, 4).toArray();
        }
        if (size >= 24 && addr.sockaddr().at(0) == IPV6) {
            return addr.sockaddr().slice(8, 16).toArray();
        }
        return new byte[0];
    }
}
