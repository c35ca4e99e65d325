package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushMap;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whether OSDs may stop or go without harm, by what is known of the placement groups; and giving
 * them up, which the monitors do once it is safe or forced. Reads one map; has no state.
 */
final class OsdSafety {
    private final PgMap map;

    OsdSafety(PgMap map) {
        this.map = map;
    }

    private SortedSet<Integer> osds(Command command) {
        SortedSet<Integer> osds = new TreeSet<>();
        for (String word : command.strings("ids")) {
            for (String one : word.split(",", -1)) {
                if (one.equals("all") || one.equals("any") || one.equals("*")) {
                    map.osds().keySet().forEach(osds::add);
                    continue;
                }
                OptionalInt osd = Command.osd(one.strip());
                if (osd.isEmpty()) {
                    throw Command.invalid("'" + one + "' is no OSD: give its number or osd.NUMBER");
                }
                osds.add(osd.getAsInt());
            }
        }
        if (osds.isEmpty()) {
            throw Command.invalid("must specify one or more OSDs");
        }
        return osds;
    }

    Answer okToStop(Command command) {
        SortedSet<Integer> osds = osds(command);
        List<PgId> inactive = new ArrayList<>();
        List<PgId> degraded = new ArrayList<>();
        long unknown = 0;
        for (Map.Entry<PgId, PgStat> entry : map.groups().entrySet()) {
            PgStat stat = entry.getValue();
            PgPool pool = map.osdMap().pools().get(entry.getKey().pool());
            if (stat.state() == 0) {
                unknown++;
            }
            long staying =
                    stat.acting().stream()
                            .filter(osd -> osd != CrushMap.ITEM_NONE && !osds.contains(osd))
                            .count();
            if (pool == null || staying == stat.acting().size()) {
                continue;
            }
            boolean serves = PgState.ACTIVE.isIn(stat.state()) && staying >= pool.minSize();
            (serves ? degraded : inactive).add(entry.getKey());
        }
        if (unknown > 0) {
            throw new Refused(
                    Refused.EAGAIN,
                    unknown + " pgs have unknown state; cannot draw any conclusions");
        }
        boolean ok = inactive.isEmpty();
        JsonOut out = new JsonOut(command.pretty()).object();
        out.put("ok_to_stop", ok).array("osds");
        osds.forEach(osd -> out.add((long) osd));
        out.end().put("num_ok_pgs", degraded.size()).put("num_not_ok_pgs", inactive.size());
        names(out, "bad_become_inactive", inactive);
        names(out, "ok_become_degraded", degraded);
        Bytes output = Bytes.utf8(out.end() + "\n");
        String text =
                ok
                        ? ""
                        : "unsafe to stop osd(s) at this time ("
                                + inactive.size()
                                + " PGs are or would become offline)";
        return new Answer(ok ? 0 : -Refused.EBUSY, text, output);
    }

    private static void names(JsonOut out, String name, List<PgId> groups) {
        if (!groups.isEmpty()) {
            out.array(name);
            groups.forEach(pg -> out.add(pg.toString()));
            out.end();
        }
    }

    /** What is known of OSDs that are to go. */
    private final class Verdict {
        final List<Integer> safe = new ArrayList<>();
        final List<Integer> active = new ArrayList<>(); // placement groups are mapped to them
        final List<Integer> silent = new ArrayList<>(); // they never said what they hold
        final List<Integer> storing = new ArrayList<>(); // they hold what may be needed
        long groupCount; // that are mapped to the active ones

        Verdict(SortedSet<Integer> osds) {
            if (map.groups().values().stream().anyMatch(stat -> stat.state() == 0)) {
                throw new Refused(
                        Refused.EAGAIN,
                        "some pgs have unknown state; cannot draw any conclusions about safety");
            }
            boolean clean = map.groups().values().stream().allMatch(stat -> isClean(stat.state()));
            osds.forEach(osd -> judge(osd, clean));
        }

        private static boolean isClean(long state) {
            return PgState.ACTIVE.isIn(state)
                    && PgState.CLEAN.isIn(state)
                    && !PgState.STALE.isIn(state);
        }

        private void judge(int osd, boolean clean) {
            long groups =
                    map.groups().values().stream()
                            .filter(stat -> stat.up().contains(osd) || stat.acting().contains(osd))
                            .count();
            OsdStat told = map.osds().get(osd);
            if (!map.osdMap().exists(osd)) {
                safe.add(osd);
            } else if (groups > 0) {
                active.add(osd);
                groupCount += groups;
            } else if (clean) {
                safe.add(osd);
            } else if (told == null) {
                silent.add(osd);
            } else {
                (told.pgCount() > 0 ? storing : safe).add(osd);
            }
        }

        int errno() {
            if (!active.isEmpty()) {
                return Refused.EBUSY;
            }
            if (!silent.isEmpty()) {
                return Refused.EAGAIN;
            }
            return storing.isEmpty() ? 0 : Refused.EBUSY;
        }

        String text() {
            StringBuilder text = new StringBuilder();
            if (!active.isEmpty()) {
                text.append("OSD(s) ").append(join(active)).append(" have ").append(groupCount);
                text.append(" pgs currently mapped to them. ");
            }
            if (!silent.isEmpty()) {
                text.append("OSD(s) ").append(join(silent)).append(" have no reported stats, and");
                text.append(" not all PGs are active+clean; we cannot draw any conclusions. ");
            }
            if (!storing.isEmpty()) {
                text.append("OSD(s) ").append(join(storing)).append(" last reported they still");
                text.append(" store some PG data, and not all PGs are active+clean; we cannot be");
                text.append(" sure they aren't still needed. ");
            }
            if (text.isEmpty()) {
                text.append("OSD(s) ").append(join(safe)).append(" are safe to destroy without");
                text.append(" reducing data durability.");
            }
            return text.toString();
        }
    }

    Answer safeToDestroy(Command command) {
        Verdict verdict = new Verdict(osds(command));
        JsonOut out = new JsonOut(command.pretty()).object();
        numbers(out, "safe_to_destroy", verdict.safe);
        numbers(out, "active", verdict.active);
        numbers(out, "missing_stats", verdict.silent);
        numbers(out, "stored_pgs", verdict.storing);
        Bytes output = command.json() ? Bytes.utf8(out.end().toString()) : Bytes.EMPTY;
        return new Answer(-verdict.errno(), verdict.text(), output);
    }

    /** {@code osd destroy} and {@code osd purge}: refused where not safe, else for the monitors. */
    Answer giveUp(Command command) {
        String word = command.required("id");
        OptionalInt osd = Command.osd(word);
        if (osd.isEmpty()) {
            throw Command.invalid("'" + word + "' is no OSD: give its number or osd.NUMBER");
        }
        if (!command.flag("force") && !command.flag("yes_i_really_mean_it")) {
            Verdict verdict = new Verdict(new TreeSet<>(List.of(osd.getAsInt())));
            if (verdict.errno() != 0) {
                throw new Refused(
                        verdict.errno(),
                        verdict.text()
                                + "\nYou can proceed by passing --force, but be warned that this"
                                + " will likely mean real, permanent data loss.");
            }
        }
        String question =
                new JsonOut(false)
                        .object()
                        .put("prefix", command.prefix() + "-actual")
                        .put("id", osd.getAsInt())
                        .put("yes_i_really_mean_it", true)
                        .end()
                        .toString();
        return Answer.asking(question);
    }

    private static void numbers(JsonOut out, String name, List<Integer> osds) {
        out.array(name);
        osds.forEach(osd -> out.add((long) osd));
        out.end();
    }

    private static String join(Iterable<Integer> osds) {
        List<String> all = new ArrayList<>();
        osds.forEach(osd -> all.add(osd.toString()));
        return String.join(",", all);
    }
}
