package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MOSDScrub2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The commands that have placement groups scrubbed or repaired. */
final class ScrubCommands {
    private final PgMap map;
    private final OsdSessions osds;

    ScrubCommands(PgMap map, OsdSessions osds) {
        this.map = map;
        this.osds = osds;
    }

    /** {@code pg scrub|deep-scrub|repair PGID}. */
    Answer group(Command command) {
        String action = command.prefix().substring("pg ".length());
        String text = command.required("pgid");
        PgId pg = parse(text).orElseThrow(() -> Command.invalid("invalid pgid '" + text + "'"));
        if (!map.groups().containsKey(pg)) {
            throw new Refused(Refused.ENOENT, "pg " + pg + " does not exist");
        }
        int primary = map.osdMap().map(pg).actingPrimary();
        if (primary < 0) {
            throw new Refused(Refused.EAGAIN, "pg " + pg + " has no primary osd");
        }
        if (!osds.tell(primary, message(List.of(pg), action))) {
            throw new Refused(
                    Refused.EAGAIN,
                    "pg " + pg + " primary osd." + primary + " is not currently connected");
        }
        return new Answer(
                0, "instructing pg " + pg + " on osd." + primary + " to " + action, Bytes.EMPTY);
    }

    /** A group's id, if it is one. */
    static Optional<PgId> parse(String text) {
        if (!text.matches("[0-9]{1,18}\\.[0-9a-f]{1,8}")) {
            return Optional.empty();
        }
        int dot = text.indexOf('.');
        return Optional.of(
                new PgId(
                        Long.parseLong(text.substring(0, dot)),
                        Integer.parseUnsignedInt(text.substring(dot + 1), 16)));
    }

    private MOSDScrub2 message(List<PgId> groups, String action) {
        return new MOSDScrub2(
                map.osdMap().fsid(),
                map.osdMap().epoch(),
                groups.stream().map(SpgId::replicated).toList(),
                action.equals("repair"),
                action.equals("deep-scrub"));
    }

    /** {@code osd pool scrub|deep-scrub|repair POOL...}: all of their groups. */
    Answer pools(Command command) {
        String action = command.prefix().substring("osd pool ".length());
        SortedMap<Integer, List<PgId>> byPrimary = new TreeMap<>();
        for (PgId pg : ForceCommands.ofPools(map, command)) {
            int primary = map.osdMap().map(pg).actingPrimary();
            byPrimary.computeIfAbsent(primary, none -> new ArrayList<>()).add(pg);
        }
        List<String> failed = new ArrayList<>();
        byPrimary.forEach((osd, groups) -> {
            if (osd < 0 || !osds.tell(osd, message(groups, action))) {
                String names = groups.stream().map(PgId::toString).collect(Collectors.joining(","));
                failed.add(
                        osd < 0
                                ? "pg(s) " + names + " have no primary osd"
                                : "pg(s) " + names + ": primary osd." + osd + " is not connected");
            }
        });
        return new Answer(
                failed.isEmpty() ? 0 : -Refused.EAGAIN, String.join("; ", failed), Bytes.EMPTY);
    }

    /** {@code osd scrub|deep-scrub|repair OSD}: the groups that it leads; of all OSDs for *. */
    Answer osd(Command command) {
        String action = command.prefix().substring("osd ".length());
        String who = command.required("who");
        SortedSet<Integer> wanted = new TreeSet<>();
        if (who.equals("*") || who.equals("all") || who.equals("any")) {
            for (int osd = 0; osd < map.osdMap().osdMax(); osd++) {
                if (map.osdMap().isUp(osd)) {
                    wanted.add(osd);
                }
            }
        } else {
            OptionalInt osd = Command.osd(who);
            if (osd.isEmpty()) {
                throw Command.invalid("invalid osd '" + who + "'");
            }
            if (!map.osdMap().exists(osd.getAsInt()) || !map.osdMap().isUp(osd.getAsInt())) {
                throw new Refused(Refused.EAGAIN, "osd." + osd.getAsInt() + " is not up");
            }
            wanted.add(osd.getAsInt());
        }
        SortedSet<Integer> told = new TreeSet<>();
        for (int osd : wanted) {
            if (osds.tell(osd, message(ledBy(osd), action))) {
                told.add(osd);
            }
        }
        wanted.removeAll(told);
        String failed = wanted.isEmpty() ? "" : "; osd(s) " + list(wanted) + " were not connected";
        return new Answer(
                told.isEmpty() ? -Refused.EAGAIN : 0,
                "instructed osd(s) " + list(told) + " to " + action + failed,
                Bytes.EMPTY);
    }

    private static String list(SortedSet<Integer> osds) {
        return osds.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private List<PgId> ledBy(int osd) {
        List<PgId> led = new ArrayList<>();
        for (PgId pg : map.groups().keySet()) {
            if (map.osdMap().map(pg).actingPrimary() == osd) {
                led.add(pg);
            }
        }
        return led;
    }
}
