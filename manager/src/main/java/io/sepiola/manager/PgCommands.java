package io.sepiola.manager;

import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.osd.ObjectStatSum;
import io.sepiola.protocol.osd.OsdStat;
import io.sepiola.protocol.osd.PgCount;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;
import io.sepiola.protocol.osd.PoolStat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** The commands {@code pg ...}. Reads one map; has no state. */
final class PgCommands {
    private static final String OMAP_NOTE =
            "\n"
                    + "* NOTE: figures of omap are as old as the last deep scrub of each placement"
                    + " group.\n";
    private static final Duration STUCK_DEFAULT = Duration.ofSeconds(300);

    private final PgMap map;
    private final Rates.Delta delta;
    private final Instant now;

    PgCommands(PgMap map, Rates.Delta delta, Instant now) {
        this.map = map;
        this.delta = delta;
        this.now = now;
    }

    Answer stat(Command command) {
        SortedMap<Long, Integer> byState = byState();
        OsdStat osds = Digest.osdSum(map.osds().values());
        long used = used(osds);
        ObjectStatSum sum = Digest.sum(Digest.pools(map).values()).stats().sum();
        if (command.json()) {
            JsonOut out = command.out().object().put("pg_ready", true).object("pg_summary");
            out.array("num_pg_by_state");
            byState.forEach((state, count) ->
                    out.object().put("name", PgState.text(state)).put("num", count).end());
            out.end().put("num_pgs", map.groups().size()).put("num_bytes", sum.bytes());
            out.put("total_bytes", osds.store().total());
            out.put("total_avail_bytes", osds.store().available());
            out.put("total_used_bytes", used).put("total_used_raw_bytes", used);
            return Answer.shown(out.end().end().toString());
        }
        List<String> states = new ArrayList<>();
        byState.forEach((state, count) -> states.add(count + " " + PgState.text(state)));
        return Answer.shown(
                map.groups().size()
                        + " pgs: "
                        + String.join(", ", states)
                        + "; "
                        + TextUnits.bytes(sum.bytes())
                        + " data, "
                        + TextUnits.bytes(used)
                        + " used, "
                        + TextUnits.bytes(osds.store().available())
                        + " / "
                        + TextUnits.bytes(osds.store().total())
                        + " avail\n");
    }

    private static long used(OsdStat osds) {
        return osds.store().total() - osds.store().available() - osds.store().internallyReserved();
    }

    private SortedMap<Long, Integer> byState() {
        SortedMap<Long, Integer> byState = new TreeMap<>(java.util.Comparator.reverseOrder());
        map.groups().values().forEach(stat -> byState.merge(stat.state(), 1, Integer::sum));
        return byState;
    }

    Answer list(Command command) {
        OptionalLong pool = command.number("pool");
        BiPredicate<PgId, PgStat> wanted = (pg, stat) -> true;
        switch (command.prefix()) {
            case "pg ls-by-pool" -> {
                String name = command.required("poolstr");
                long id =
                        map.osdMap()
                                .poolId(name)
                                .orElseThrow(() ->
                                        new Refused(
                                                Refused.ENOENT,
                                                "pool " + name + " does not exist"));
                wanted = (pg, stat) -> pg.pool() == id;
            }
            case "pg ls-by-osd" -> {
                int osd = osd(command);
                wanted = (pg, stat) -> stat.up().contains(osd) || stat.acting().contains(osd);
            }
            case "pg ls-by-primary" -> {
                int osd = osd(command);
                wanted = (pg, stat) -> stat.actingPrimary() == osd;
            }
            default -> {}
        }
        if (pool.isPresent() && map.osdMap().pool(pool.getAsLong()).isEmpty()) {
            throw new Refused(Refused.ENOENT, "pool " + pool.getAsLong() + " does not exist");
        }
        BiPredicate<PgId, PgStat> kept = wanted;
        List<Long> states = states(command.strings("states"));
        SortedMap<PgId, PgStat> shown = new TreeMap<>();
        map.groups()
                .forEach((pg, stat) -> {
                    if (kept.test(pg, stat)
                            && (pool.isEmpty() || pool.getAsLong() == pg.pool())
                            && matches(stat, states)) {
                        shown.put(pg, stat);
                    }
                });
        if (command.json()) {
            JsonOut out = command.out().object().put("pg_ready", true).array("pg_stats");
            shown.forEach((pg, stat) -> PgJson.group(out, pg, stat));
            return Answer.shown(out.end().end().toString());
        }
        return Answer.shown(listed(shown) + OMAP_NOTE);
    }

    private int osd(Command command) {
        String text = command.required("osd");
        int osd =
                Command.osd(text)
                        .orElseThrow(
                                () -> Command.invalid("'" + text + "' is no OSD: give its number"));
        if (!map.osdMap().exists(osd)) {
            throw new Refused(Refused.ENOENT, "osd " + osd + " does not exist");
        }
        return osd;
    }

    /** Masks of which one must be wholly set; a word such as {@code active+clean} is one mask. */
    private static List<Long> states(List<String> words) {
        List<Long> masks = new ArrayList<>();
        for (String word : words) {
            long mask = 0;
            for (String part : word.split("\\+", -1)) {
                if (part.equals("all")) {
                    return List.of();
                }
                if (!part.equals("unknown")) {
                    mask |= state(part).bit();
                }
            }
            masks.add(mask);
        }
        return masks;
    }

    private static PgState state(String word) {
        for (PgState state : PgState.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw Command.invalid("'" + word + "' is not a valid pg state");
    }

    private static boolean matches(PgStat stat, List<Long> masks) {
        return masks.isEmpty()
                || masks.stream()
                        .anyMatch(mask ->
                                mask == 0 ? stat.state() == 0 : (stat.state() & mask) == mask);
    }

    private String listed(SortedMap<PgId, PgStat> shown) {
        Columns table =
                new Columns()
                        .left("PG")
                        .under(
                                "OBJECTS",
                                "DEGRADED",
                                "MISPLACED",
                                "UNFOUND",
                                "BYTES",
                                "OMAP_BYTES*")
                        .under("OMAP_KEYS*", "LOG", "STATE", "SINCE", "VERSION", "REPORTED")
                        .left("UP", "ACTING", "SCRUB_STAMP", "DEEP_SCRUB_STAMP");
        shown.forEach((pg, s) -> {
            ObjectStatSum sum = s.stats().sum();
            table.row(
                    pg,
                    sum.objects(),
                    sum.degraded(),
                    sum.misplaced(),
                    sum.unfound(),
                    sum.bytes(),
                    sum.omapBytes(),
                    sum.omapKeys(),
                    s.logSize(),
                    PgState.text(s.state()),
                    TextUnits.age(Duration.between(s.lastChange().toInstant(), now)),
                    s.version(),
                    reported(s),
                    TextUnits.osds(s.up()) + "p" + s.upPrimary(),
                    TextUnits.osds(s.acting()) + "p" + s.actingPrimary(),
                    TextUnits.stamp(s.lastScrubStamp()),
                    TextUnits.stamp(s.lastDeepScrubStamp()));
        });
        return table.toString();
    }

    /** {@code osd blocked-by}: for how many groups each OSD is waited for. */
    Answer blockedBy(Command command) {
        SortedMap<Integer, Integer> counts = new TreeMap<>();
        for (PgStat stat : map.groups().values()) {
            stat.blockedBy().forEach(osd -> counts.merge(osd, 1, Integer::sum));
        }
        if (command.json()) {
            JsonOut out = command.out().object().put("pg_ready", true);
            out.object("osd_blocked_by").array("osd_blocked_by_infos");
            counts.forEach(
                    (osd, count) -> out.object().put("osd", osd).put("num_blocked", count).end());
            return Answer.shown(out.end().end().end().toString());
        }
        Columns table = new Columns().under("osd", "num_blocked");
        counts.forEach((osd, count) -> table.row(osd, count));
        return Answer.shown(table.toString());
    }

    private static String reported(PgStat s) {
        return Integer.toUnsignedString(s.reportedEpoch()) + ":" + s.reportedSequence();
    }

    Answer dump(Command command) {
        List<String> what = command.strings("dumpcontents");
        boolean all = what.isEmpty() || what.contains("all");
        boolean json = command.json() || command.prefix().equals("pg dump_json");
        String output = json ? dumpJson(command, what, all) : dumpPlain(what, all);
        String text = "dumped " + (what.isEmpty() ? "all" : String.join(",", what));
        return new Answer(0, text, io.sepiola.base.Bytes.utf8(output));
    }

    private String dumpJson(Command command, List<String> what, boolean all) {
        JsonOut out = command.out().object().put("pg_ready", true);
        if (all) {
            out.object("pg_map");
            head(out);
            sums(out);
            out.object("pg_stats_delta");
            PgJson.pool(out, delta.all());
            out.put("stamp_delta", seconds(delta.span())).end();
            groups(out);
            pools(out);
            osds(out);
            stores(out);
            return out.end().end().toString();
        }
        if (what.contains("summary") || what.contains("sum")) {
            head(out);
            sums(out);
        }
        if (what.contains("delta")) {
            out.object("pg_stats_delta");
            PgJson.pool(out, delta.all());
            out.put("stamp_delta", seconds(delta.span())).end();
        }
        if (what.contains("pgs")) {
            groups(out);
        }
        if (what.contains("pgs_brief")) {
            out.array("pg_stats");
            map.groups().forEach((pg, stat) -> brief(out, pg, stat));
            out.end();
        }
        if (what.contains("pools")) {
            pools(out);
        }
        if (what.contains("osds")) {
            osds(out);
        }
        return out.end().toString();
    }

    private static String seconds(Utime span) {
        return span.seconds()
                + "."
                + String.format(java.util.Locale.ROOT, "%06d", span.nanos() / 1000);
    }

    private static void brief(JsonOut out, PgId pg, PgStat stat) {
        out.object()
                .put("pgid", pg.toString())
                .put("state", PgState.text(stat.state()))
                .array("up");
        stat.up().forEach(osd -> out.add((long) osd));
        out.end().array("acting");
        stat.acting().forEach(osd -> out.add((long) osd));
        out.end().put("up_primary", stat.upPrimary()).put("acting_primary", stat.actingPrimary());
        out.end();
    }

    private void head(JsonOut out) {
        out.put("version", map.version()).put("stamp", TextUnits.stamp(map.stamp()));
        out.put("last_osdmap_epoch", Integer.toUnsignedLong(map.osdMap().epoch()));
        out.put("last_pg_scan", 0);
    }

    private void sums(JsonOut out) {
        out.object("pg_stats_sum");
        PgJson.pool(out, Digest.sum(Digest.pools(map).values()));
        out.end().object("osd_stats_sum");
        PgJson.osd(out, Digest.osdSum(map.osds().values()));
        out.end();
    }

    private void groups(JsonOut out) {
        out.array("pg_stats");
        map.groups().forEach((pg, stat) -> PgJson.group(out, pg, stat));
        out.end();
    }

    private void pools(JsonOut out) {
        out.array("pool_stats");
        Digest.pools(map)
                .descendingMap()
                .forEach((id, stat) -> {
                    out.object().put("poolid", id);
                    out.put("num_pg", map.osdMap().pool(id).map(PgPool::pgNum).orElse(0));
                    PgJson.pool(out, stat);
                    out.end();
                });
        out.end();
    }

    private void osds(JsonOut out) {
        out.array("osd_stats");
        map.osds()
                .descendingMap()
                .forEach((osd, stat) -> {
                    out.object().put("osd", osd);
                    PgJson.osd(out, stat);
                    out.end();
                });
        out.end();
    }

    private void stores(JsonOut out) {
        out.array("pool_statfs");
        for (long pool : map.osdMap().pools().keySet()) {
            map.stores(pool)
                    .forEach((osd, store) -> {
                        out.object().put("poolid", pool).put("osd", osd);
                        PgJson.store(out, store);
                        out.end();
                    });
        }
        out.end();
    }

    Answer poolsJson(Command command) {
        JsonOut out = new JsonOut(command.pretty()).object().put("pg_ready", true);
        pools(out);
        return Answer.shown(out.end().toString());
    }

    private String dumpPlain(List<String> what, boolean all) {
        StringBuilder out = new StringBuilder();
        if (all) {
            out.append("version ").append(map.version()).append("\nstamp ");
            out.append(TextUnits.stamp(map.stamp())).append("\nlast_osdmap_epoch ");
            out.append(Integer.toUnsignedString(map.osdMap().epoch())).append("\nlast_pg_scan 0\n");
        }
        if (all || what.contains("pgs")) {
            out.append(groupTable());
        }
        if (what.contains("pgs_brief")) {
            out.append(briefTable());
        }
        if (all || what.contains("pools") || what.contains("summary") || what.contains("sum")) {
            out.append(all ? "\n" : "").append(poolTable());
        }
        if (all || what.contains("osds") || what.contains("summary")) {
            out.append(all ? "\n" : "").append(osdTable());
        }
        return out.append(OMAP_NOTE).toString();
    }

    private String groupTable() {
        Columns table =
                new Columns()
                        .left("PG_STAT")
                        .under("OBJECTS", "MISSING_ON_PRIMARY", "DEGRADED", "MISPLACED", "UNFOUND")
                        .under("BYTES", "OMAP_BYTES*", "OMAP_KEYS*", "LOG", "DISK_LOG", "STATE")
                        .under("STATE_STAMP", "VERSION", "REPORTED")
                        .left("UP")
                        .under("UP_PRIMARY")
                        .left("ACTING")
                        .under("ACTING_PRIMARY", "LAST_SCRUB", "SCRUB_STAMP", "LAST_DEEP_SCRUB")
                        .under("DEEP_SCRUB_STAMP", "SNAPTRIMQ_LEN");
        map.groups()
                .forEach((pg, s) -> {
                    ObjectStatSum sum = s.stats().sum();
                    table.row(
                            pg,
                            sum.objects(),
                            sum.missingOnPrimary(),
                            sum.degraded(),
                            sum.misplaced(),
                            sum.unfound(),
                            sum.bytes(),
                            sum.omapBytes(),
                            sum.omapKeys(),
                            s.logSize(),
                            s.logSizeOnDisk(),
                            PgState.text(s.state()),
                            TextUnits.stamp(s.lastChange()),
                            s.version(),
                            reported(s),
                            TextUnits.osds(s.up()),
                            s.upPrimary(),
                            TextUnits.osds(s.acting()),
                            s.actingPrimary(),
                            s.lastScrub(),
                            TextUnits.stamp(s.lastScrubStamp()),
                            s.lastDeepScrub(),
                            TextUnits.stamp(s.lastDeepScrubStamp()),
                            s.snapTrimQueue());
                });
        return table.toString();
    }

    private String briefTable() {
        Columns table =
                new Columns().left("PG_STAT", "STATE", "UP").under("UP_PRIMARY").left("ACTING");
        table.under("ACTING_PRIMARY");
        map.groups().forEach((pg, s) -> table.row(briefRow(pg, s)));
        return table.toString();
    }

    private static Object[] briefRow(PgId pg, PgStat s) {
        return new Object[] {
            pg,
            PgState.text(s.state()),
            TextUnits.osds(s.up()),
            s.upPrimary(),
            TextUnits.osds(s.acting()),
            s.actingPrimary()
        };
    }

    private String poolTable() {
        Columns table =
                new Columns()
                        .left("POOLID")
                        .under("OBJECTS", "MISSING_ON_PRIMARY", "DEGRADED", "MISPLACED", "UNFOUND")
                        .under("BYTES", "OMAP_BYTES*", "OMAP_KEYS*", "LOG", "DISK_LOG");
        Digest.pools(map).descendingMap().forEach((id, stat) -> table.row(poolRow(id, stat)));
        return table + "\n" + sumLine();
    }

    private String sumLine() {
        Columns table = new Columns().left("");
        table.under("", "", "", "", "", "", "", "", "", "");
        table.row(poolRow("sum", Digest.sum(Digest.pools(map).values())));
        String text = table.toString();
        return text.substring(text.indexOf('\n') + 1);
    }

    private static Object[] poolRow(Object name, PoolStat stat) {
        ObjectStatSum sum = stat.stats().sum();
        return new Object[] {
            name,
            sum.objects(),
            sum.missingOnPrimary(),
            sum.degraded(),
            sum.misplaced(),
            sum.unfound(),
            sum.bytes(),
            sum.omapBytes(),
            sum.omapKeys(),
            stat.logSize(),
            stat.logSizeOnDisk()
        };
    }

    private String osdTable() {
        Columns table =
                new Columns()
                        .left("OSD_STAT")
                        .under("USED", "AVAIL", "USED_RAW", "TOTAL", "HB_PEERS", "PG_SUM")
                        .under("PRIMARY_PG_SUM");
        SortedMap<Integer, PgCount> counts = Digest.byOsd(map);
        map.osds()
                .descendingMap()
                .forEach((osd, stat) -> {
                    PgCount count = counts.getOrDefault(osd, new PgCount(0, 0, 0));
                    table.row(
                            osd,
                            kib(stat.kibUsed()),
                            kib(stat.kibAvailable()),
                            kib(stat.kibUsed()),
                            kib(stat.kib()),
                            TextUnits.osds(stat.heartbeatPeers()),
                            count.acting(),
                            count.primary());
                });
        OsdStat sum = Digest.osdSum(map.osds().values());
        table.row(
                "sum",
                kib(sum.kibUsed()),
                kib(sum.kibAvailable()),
                kib(sum.kibUsed()),
                kib(sum.kib()));
        return table.toString();
    }

    private static String kib(long kib) {
        return TextUnits.bytes(kib * 1024);
    }

    Answer stuck(Command command) {
        List<String> what = command.strings("stuckops");
        List<String> kinds = what.isEmpty() ? List.of("unclean") : what;
        Instant cutoff =
                now.minus(
                        command.number("threshold").isPresent()
                                ? Duration.ofSeconds(command.number("threshold").getAsLong())
                                : STUCK_DEFAULT);
        SortedMap<PgId, PgStat> found = new TreeMap<>();
        map.groups()
                .forEach((pg, stat) -> {
                    if (kinds.stream().anyMatch(kind -> isStuck(kind, stat, cutoff))) {
                        found.put(pg, stat);
                    }
                });
        if (command.json()) {
            JsonOut out = command.out().object().put("pg_ready", true).array("stuck_pg_stats");
            found.forEach((pg, stat) -> brief(out, pg, stat));
            return new Answer(0, "ok", io.sepiola.base.Bytes.utf8(out.end().end().toString()));
        }
        Columns table =
                new Columns().left("PG_STAT", "STATE", "UP").under("UP_PRIMARY").left("ACTING");
        table.under("ACTING_PRIMARY");
        found.forEach((pg, stat) -> table.row(briefRow(pg, stat)));
        String output = found.isEmpty() ? "" : table.toString();
        return new Answer(0, "ok", io.sepiola.base.Bytes.utf8(output));
    }

    private static boolean isStuck(String kind, PgStat stat, Instant cutoff) {
        long state = stat.state();
        return switch (kind) {
            case "inactive" ->
                    !PgState.ACTIVE.isIn(state) && !stat.lastActive().toInstant().isAfter(cutoff);
            case "unclean" ->
                    !PgState.CLEAN.isIn(state) && !stat.lastClean().toInstant().isAfter(cutoff);
            case "stale" ->
                    PgState.STALE.isIn(state) && !stat.lastUnstale().toInstant().isAfter(cutoff);
            case "undersized" ->
                    PgState.UNDERSIZED.isIn(state)
                            && !stat.lastFullSized().toInstant().isAfter(cutoff);
            default ->
                    PgState.DEGRADED.isIn(state)
                            && !stat.lastUndegraded().toInstant().isAfter(cutoff);
        };
    }
}
