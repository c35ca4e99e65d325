package io.sepiola.cluster.maptool;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.dump.MonMapDump;
import io.sepiola.protocol.dump.Texts;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/** What monmaptool was asked for. Filled by {@link #parse}, then only read. */
final class MonmaptoolOptions {
    private static final String ME = "monmaptool";
    private static final EntityAddr NOWHERE =
            new EntityAddr(EntityAddr.NONE, 0, Bytes.zeros(28)); // what it writes for "-"
    private static final Pattern DOTTED =
            Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /** What to do with features. */
    enum Kind {
        LIST,
        LIST_PARSEABLE,
        SET,
        UNSET
    }

    /**
     * One thing to do with features.
     *
     * @param narrowed whether it was told which kind of them, optional or persistent
     */
    record Feature(Kind kind, long bits, boolean optional, boolean narrowed) {}

    /** A monitor's addresses; when they are no vector, the messengers are still to be chosen. */
    record Given(EntityAddrVec addrs, boolean isVector) {}

    String file = "";
    boolean print = false;
    boolean create = false;
    boolean clobber = false;
    boolean generate = false;
    boolean allFeatures = false;
    @Nullable UUID fsid;
    int minRelease = 0;
    final NavigableMap<String, Given> added = new TreeMap<>();
    final List<String> removed = new ArrayList<>();
    final List<Feature> features = new ArrayList<>();
    final NavigableMap<String, EntityAddrVec> monHosts = new TreeMap<>();

    static MonmaptoolOptions parse(List<String> arguments, PrintStream err) {
        MonmaptoolOptions options = new MonmaptoolOptions();
        ToolWords words = new ToolWords(arguments);
        while (words.hasMore()) {
            if (!options.taken(words, err) && !options.feature(words)) {
                words.file();
            }
        }
        if (words.files().isEmpty()) {
            throw ToolFailure.usage(ME + ": must specify monmap filename\n");
        }
        if (words.files().size() > 1) {
            throw ToolFailure.usage(ME + ": too many arguments\n");
        }
        options.file = words.files().getFirst();
        return options;
    }

    boolean showsFeatures() {
        return features.stream()
                .anyMatch(it -> it.kind == Kind.LIST || it.kind == Kind.LIST_PARSEABLE);
    }

    private boolean taken(ToolWords words, PrintStream err) {
        if (words.flag("-p", "--print")) {
            print = true;
        } else if (words.flag("--create")) {
            create = true;
        } else if (words.flag("--clobber")) {
            clobber = true;
        } else if (words.flag("--generate")) {
            generate = true;
        } else if (words.flag("--enable-all-features")) {
            allFeatures = true;
        } else if (words.flag("--set-initial-members")) {
            // There is no configuration here that could name any.
            return true;
        } else if (words.option("-m", "--mon-host")) {
            hosts(words.value("--mon-host"));
        } else if (words.option("--fsid")) {
            fsid(words.value("--fsid"), err);
        } else if (words.flag("--add")) {
            add(words, false);
        } else if (words.flag("--addv")) {
            add(words, true);
        } else if (words.option("--rm")) {
            removed.add(words.value("--rm"));
        } else if (words.option("--set-min-mon-release")) {
            minRelease = release(words.value("--set-min-mon-release"));
        } else {
            return false;
        }
        return true;
    }

    private void fsid(String text, PrintStream err) {
        try {
            fsid = UUID.fromString(text);
        } catch (IllegalArgumentException bad) {
            err.print("parse error setting 'fsid' to '" + text + "'\n\n");
        }
    }

    private static int release(String name) {
        for (int number = 1; number <= 16; number++) {
            if (Texts.release(number).equals(name)) {
                return number;
            }
        }
        return 0;
    }

    private boolean feature(ToolWords words) {
        if (words.flag("--feature-list")) {
            String format = words.peekOrNull();
            boolean named = "plain".equals(format) || "parseable".equals(format);
            if (named) {
                words.nextOrNull();
            }
            features.add(
                    new Feature(
                            "parseable".equals(format) ? Kind.LIST_PARSEABLE : Kind.LIST,
                            0,
                            false,
                            false));
        } else if (words.option("--feature-set")) {
            features.add(new Feature(Kind.SET, bits(words.value("--feature-set")), false, false));
        } else if (words.option("--feature-unset")) {
            features.add(
                    new Feature(Kind.UNSET, bits(words.value("--feature-unset")), false, false));
        } else if (words.flag("--optional")) {
            last(true);
        } else if (words.flag("--persistent")) {
            last(false);
        } else {
            return false;
        }
        return true;
    }

    private void last(boolean optional) {
        if (features.isEmpty()) {
            throw ToolFailure.usage("");
        }
        Feature last = features.removeLast();
        features.add(new Feature(last.kind, last.bits, optional, true));
    }

    private static long bits(String text) {
        long named = MonMapDump.feature(text);
        if (named != 0) {
            return named;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException bad) {
            throw ToolFailure.usage(
                    "unknown features name '"
                            + text
                            + "' or unable to parse value: Expected option value to be integer,"
                            + " got '"
                            + text
                            + "'\n");
        }
    }

    private void add(ToolWords words, boolean vector) {
        String name = words.nextOrNull();
        String text = words.nextOrNull();
        if (name == null || text == null) {
            throw ToolFailure.usage("");
        }
        Given given = vector ? vectorOrNull(text) : oneOrNull(text);
        if (given == null) {
            throw new ToolFailure(255, ME + ": invalid ip:port '" + text + "'\n");
        }
        added.put(name, given);
    }

    /** One address, or several in brackets; what follows them is passed over. */
    private static @Nullable Given vectorOrNull(String text) {
        EntityAddr one = labelledOrNull(text.split(",", 2)[0]);
        if (one != null) {
            return new Given(EntityAddrVec.of(one), true);
        }
        int end = text.lastIndexOf(']');
        if (!text.startsWith("[") || end < 0) {
            return null;
        }
        List<EntityAddr> addrs = new ArrayList<>();
        for (String part : text.substring(1, end).split(",")) {
            EntityAddr addr = labelledOrNull(part);
            if (addr == null) {
                return null;
            }
            addrs.add(addr);
        }
        return new Given(new EntityAddrVec(addrs), true);
    }

    private static @Nullable Given oneOrNull(String text) {
        EntityAddr addr = labelledOrNull(text);
        if (addr == null || addr.kind() == EntityAddr.NONE) {
            return null;
        }
        int port = addr.socket().getPort();
        return new Given(
                EntityAddrVec.of(port == 6789 ? at(addr, EntityAddr.LEGACY, port) : addr), false);
    }

    /** The same place with another messenger and port. */
    static EntityAddr at(EntityAddr addr, int kind, int port) {
        return EntityAddr.of(
                kind, new InetSocketAddress(addr.socket().getAddress(), port), addr.nonce());
    }

    private static @Nullable EntityAddr labelledOrNull(String text) {
        if (text.equals("-")) {
            return NOWHERE;
        }
        if (text.startsWith("v1:")) {
            return parseOrNull(text.substring(3), EntityAddr.LEGACY);
        }
        if (text.startsWith("v2:")) {
            return parseOrNull(text.substring(3), EntityAddr.MSGR2);
        }
        if (text.startsWith("any:")) {
            return parseOrNull(text.substring(4), EntityAddr.ANY);
        }
        return parseOrNull(text, EntityAddr.MSGR2);
    }

    /** {@code 1.2.3.4:567/0}, {@code [::1]:567}; numbers only, nothing is looked up. */
    private static @Nullable EntityAddr parseOrNull(String text, int kind) {
        int slash = text.indexOf('/');
        String place = slash < 0 ? text : text.substring(0, slash);
        int close = place.indexOf(']');
        int colon = close >= 0 ? place.indexOf(':', close) : place.indexOf(':');
        if (close < 0 && colon != place.lastIndexOf(':')) {
            colon = -1; // fd00::2
        }
        String host = colon < 0 ? place : place.substring(0, colon);
        boolean brackets = host.startsWith("[") && host.endsWith("]");
        String literal = brackets ? host.substring(1, host.length() - 1) : host;
        boolean six = literal.contains(":");
        if (six ? brackets != (close >= 0) : brackets || !DOTTED.matcher(literal).matches()) {
            return null;
        }
        try {
            int port = colon < 0 ? 0 : Integer.parseInt(place.substring(colon + 1));
            int nonce = slash < 0 ? 0 : Integer.parseUnsignedInt(text.substring(slash + 1));
            InetAddress ip = InetAddress.ofLiteral(literal);
            return port < 0 || port > 65535
                    ? null
                    : EntityAddr.of(kind, new InetSocketAddress(ip, port), nonce);
        } catch (IllegalArgumentException bad) {
            return null;
        }
    }

    private void hosts(String text) {
        char name = 'a';
        for (String host : text.split("[, ;](?![^\\[]*\\])")) {
            Given given = host.startsWith("[v") ? vectorOrNull(host) : oneOrNull(host);
            if (given == null) {
                throw new ToolFailure(1, "unable to parse addrs in '" + text + "'\n");
            }
            EntityAddr first = given.addrs().addrs().getFirst();
            EntityAddrVec addrs =
                    given.isVector() || first.socket().getPort() != 0
                            ? given.addrs()
                            : new EntityAddrVec(
                                    List.of(
                                            at(first, EntityAddr.MSGR2, 3300),
                                            at(first, EntityAddr.LEGACY, 6789)));
            monHosts.put("noname-" + name++, addrs);
        }
    }
}
