package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.state.Change;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which monitors there are. The log's members follow the map. */
public final class MonMemberCommands {
    private static final Pattern ADDR =
            Pattern.compile("(v1:|v2:)?([0-9.]+|\\[[0-9a-fA-F:.]+])(?::([0-9]{1,5}))?(?:/0)?");
    private static final Pattern NAME = Pattern.compile("[!-~]{1,100}");

    /** As many as anybody ever ran; each one more makes every change slower. */
    private static final int MONITORS_MAX = 31;

    private static final int PORT = 3300;
    private static final int LEGACY_PORT = 6789;

    private MonMemberCommands() {}

    static List<Row> rows() {
        String name = "name:CephString";
        return List.of(
                Row.of(
                        "mon add",
                        name + " addr:CephIPAddr location:CephString:opt:N",
                        "mon",
                        "rw",
                        0,
                        "lets a monitor in that is at that address",
                        MonMemberCommands::add),
                Row.of(
                        "mon rm",
                        name,
                        "mon",
                        "rw",
                        0,
                        "takes a monitor out; it stops",
                        MonMemberCommands::remove),
                Row.of(
                        "mon remove",
                        name,
                        "mon",
                        "rw",
                        4,
                        "takes a monitor out; it stops",
                        MonMemberCommands::remove));
    }

    private static Reply add(Call call) {
        MonMap map = call.state().monMap();
        String name = call.arguments().text("name");
        EntityAddrVec addrs = addrs(call.arguments().text("addr"));
        NavigableMap<String, String> location = location(call.arguments().texts("location"));
        MonMap.MonInfo same = map.monitors().get(name);
        Optional<MonMap.MonInfo> there = map.at(addrs);
        if (same != null && same.addrs().msgr2().equals(addrs.msgr2())) {
            return Reply.said("mon." + name + " at " + same.addrs() + " already exists");
        }
        if (same != null) {
            throw exists("mon." + name + " already exists at address " + same.addrs());
        }
        if (there.isPresent()) {
            throw exists("mon." + there.get().name() + " already exists at address " + addrs);
        }
        check(call.facts(), map, name);
        propose(call, map.with(new MonMap.MonInfo(name, addrs, 0, 0, location), now(call)));
        return Reply.said("adding mon." + name + " at " + addrs);
    }

    private static Refused exists(String sentence) {
        return new Refused(Errno.EEXIST, sentence);
    }

    /**
     * Whether that monitor may come to those of the map.
     *
     * @throws Refused when not
     */
    public static void check(Facts facts, MonMap map, String name) {
        if (!NAME.matcher(name).matches()) {
            throw Refused.invalid("'" + name + "' is no name of a monitor");
        }
        Optional<String> whyAlone = facts.whyAlone();
        if (whyAlone.isPresent()) {
            throw new Refused(
                    Errno.EOPNOTSUPP,
                    "mon."
                            + facts.name()
                            + " stands alone, and "
                            + whyAlone.get()
                            + ": stop it, take a copy ('sepiola mon backup'), and make several of"
                            + " it ('sepiola mon restore' with a map of them all)");
        }
        if (map.size() >= MONITORS_MAX) {
            throw Refused.invalid("there are " + map.size() + " monitors; more are of no use");
        }
    }

    private static EntityAddrVec addrs(String text) {
        Matcher found = ADDR.matcher(text);
        if (!found.matches()) {
            throw unreadable(text);
        }
        if ("v1:".equals(found.group(1))) {
            throw Refused.invalid("addr " + text + " is of messenger v1, which nobody speaks here");
        }
        int given = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
        int port = given == 0 || given == LEGACY_PORT ? PORT : given;
        try {
            String ip = found.group(2).replaceAll("[\\[\\]]", "");
            return EntityAddrVec.of(
                    EntityAddr.msgr2(new InetSocketAddress(InetAddress.ofLiteral(ip), port), 0));
        } catch (IllegalArgumentException | Malformed notOne) {
            throw unreadable(text);
        }
    }

    private static Refused unreadable(String text) {
        return Refused.invalid("addr " + PoolShowCommands.shortened(text) + "does not parse");
    }

    private static NavigableMap<String, String> location(List<String> words) {
        NavigableMap<String, String> location = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0 && equals < word.length() - 1) {
                location.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        if (location.isEmpty() && !words.isEmpty()) {
            throw Refused.invalid(
                    "We could not parse your input location to anything real; ["
                            + String.join(",", words)
                            + "] turned into an empty map!");
        }
        return location;
    }

    private static Reply remove(Call call) {
        MonMap map = call.state().monMap();
        String name = call.arguments().text("name");
        if (map.rank(name) < 0) {
            return Reply.said("mon." + name + " does not exist or has already been removed");
        }
        if (map.size() == 1) {
            throw Refused.invalid("error: refusing removal of last monitor " + name);
        }
        propose(call, map.without(name, now(call)));
        return Reply.said(""); // Ceph says nothing either
    }

    private static Utime now(Call call) {
        return Utime.of(call.facts().now());
    }

    private static void propose(Call call, MonMap map) {
        call.draft().propose(new Change.MonMapReplaced(map));
    }
}
