package io.sepiola.protocol.dump;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.SnapInterval;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Numbers, times, addresses and words as Ceph prints them. */
public final class Texts {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int TEN_YEARS = 10 * 365 * 24 * 3600; // shorter times are spans
    private static final String[] RELEASES = {
        "unknown", "argonaut", "bobtail", "cuttlefish", "dumpling", "emperor", "firefly", "giant",
        "hammer", "infernalis", "jewel", "kraken", "luminous", "mimic", "nautilus", "octopus",
        "pacific"
    };
    private static final String[] STATES = {
        "exists",
        "up",
        "autoout",
        "new",
        "full",
        "nearfull",
        "backfillfull",
        "destroyed",
        "noup",
        "nodown",
        "noin",
        "noout",
        "stop"
    };

    private Texts() {}

    /** As C's %g with that many significant digits; a stream prints 6. */
    public static String general(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        if (value == (int) value && Math.abs(value) < 100_000) {
            return Integer.toString((int) value);
        }
        BigDecimal rounded =
                new BigDecimal(value)
                        .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return mantissa
                + String.format(
                        Locale.ROOT, "e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** A fraction of 0x10000 as a stream prints it. */
    public static String fraction(int sixteenths) {
        return general((float) Integer.toUnsignedLong(sixteenths) / 0x10000, 6);
    }

    /** {@code 2026-11-20T22:43:56.293551+0000}; a short span is {@code 4.000000}. */
    public static String stamp(Utime time) {
        return stamp(time, "+0000");
    }

    /** {@code 2026-11-20T22:43:56.293551Z}. */
    public static String stampZulu(Utime time) {
        return stamp(time, "Z");
    }

    private static String stamp(Utime time, String zone) {
        if (Integer.compareUnsigned(time.seconds(), TEN_YEARS) < 0) {
            return String.format(
                    Locale.ROOT,
                    "%d.%06d",
                    time.seconds(),
                    Integer.toUnsignedLong(time.nanos()) / 1000);
        }
        return STAMP.format(time.toInstant()) + zone;
    }

    /** The name of a release's number. */
    public static String release(int number) {
        return number >= 0 && number < RELEASES.length ? RELEASES[number] : "unknown";
    }

    /** The words of an OSD's state, in the order of the alphabet. */
    public static Collection<String> states(int state) {
        Collection<String> words = new TreeSet<>();
        for (int bit = 0; bit < STATES.length; bit++) {
            if ((state & 1 << bit) != 0) {
                words.add(STATES[bit]);
            }
        }
        return words;
    }

    /** {@code [1,2,3]}; a gap is 2147483647, as Ceph prints it. */
    public static String list(List<Integer> osds) {
        return osds.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }

    /** As above. */
    public static String list(int[] osds) {
        return list(Arrays.stream(osds).boxed().toList());
    }

    /** {@code [1~2,a~1]}, start and length in hexadecimal. */
    public static String runs(List<SnapInterval> runs) {
        return runs.stream()
                .map(run -> Long.toHexString(run.start()) + "~" + Long.toHexString(run.length()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** {@code v1:127.0.0.1:6789/0}; any messenger goes without a label, nobody is {@code -}. */
    public static String addr(EntityAddr addr) {
        return switch (addr.kind()) {
            case EntityAddr.NONE -> "-";
            case EntityAddr.ANY -> legacy(addr);
            default -> kind(addr) + ":" + legacy(addr);
        };
    }

    /** One address bare, several in brackets, none not at all. */
    public static String addrs(EntityAddrVec addrs) {
        if (addrs.addrs().isEmpty()) {
            return "";
        }
        return addrs.addrs().size() == 1
                ? addr(addrs.addrs().getFirst())
                : addrs.addrs().stream()
                        .map(Texts::addr)
                        .collect(Collectors.joining(",", "[", "]"));
    }

    /** {@code v1}, {@code v2}, {@code any} or {@code none}. */
    static String kind(EntityAddr addr) {
        return switch (addr.kind()) {
            case EntityAddr.NONE -> "none";
            case EntityAddr.LEGACY -> "v1";
            case EntityAddr.MSGR2 -> "v2";
            case EntityAddr.ANY -> "any";
            default -> "???";
        };
    }

    /** {@code 127.0.0.1:6789}. */
    static String place(EntityAddr addr) {
        int family = addr.sockaddr().size() >= 2 ? addr.sockaddr().at(0) & 0xff : 0;
        if (family != 2 && family != 10 || addr.sockaddr().size() < (family == 2 ? 8 : 24)) {
            return "(unrecognized address family " + family + ")";
        }
        var socket = addr.socket();
        String ip = socket.getAddress().getHostAddress();
        return (ip.contains(":") ? "[" + shortened(addr) + "]" : ip) + ":" + socket.getPort();
    }

    /** An IPv6 address with its longest run of zeros left out (RFC 5952). */
    private static String shortened(EntityAddr addr) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] =
                    (addr.sockaddr().at(8 + 2 * i) & 0xff) << 8
                            | addr.sockaddr().at(9 + 2 * i) & 0xff;
        }
        int bestStart = -1;
        int bestSize = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > bestSize) {
                bestStart = i;
                bestSize = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                text.append("::");
                i += bestSize - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** {@code 127.0.0.1:6789/0}. */
    public static String legacy(EntityAddr addr) {
        return place(addr) + "/" + Integer.toUnsignedString(addr.nonce());
    }

    /** The address for messenger v1, else the first one, without its label. */
    public static String legacy(EntityAddrVec addrs) {
        return legacy(legacyOrFirst(addrs));
    }

    static EntityAddr legacyOrFirst(EntityAddrVec addrs) {
        return addrs.addrs().stream()
                .filter(addr -> addr.kind() == EntityAddr.LEGACY)
                .findFirst()
                .orElse(addrs.addrs().isEmpty() ? EntityAddr.BLANK : addrs.addrs().getFirst());
    }
}
