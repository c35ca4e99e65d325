package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MOSDForceRecovery;
import io.sepiola.protocol.osd.PgStat;
import io.sepiola.protocol.osd.PgState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The commands that have placement groups recovered or backfilled before others, and those that
 * take it back: of groups ({@code pg force-recovery PGID...}) and of pools.
 */
final class ForceCommands {
    private static final long RECOVERS =
            PgState.DEGRADED.bit() | PgState.RECOVERY_WAIT.bit() | PgState.RECOVERING.bit();
    private static final long BACKFILLS =
            PgState.DEGRADED.bit() | PgState.BACKFILL_WAIT.bit() | PgState.BACKFILLING.bit();

    private final PgMap map;
    private final OsdSessions osds;
    private final StringBuilder said = new StringBuilder();
    private int result;

    ForceCommands(PgMap map, OsdSessions osds) {
        this.map = map;
        this.osds = osds;
    }

    Answer run(Command command) {
        String order = command.prefix().substring(command.prefix().lastIndexOf(' ') + 1);
        SortedSet<PgId> wanted =
                command.prefix().startsWith("pg ") ? groups(command) : ofPools(map, command);
        SortedMap<Integer, List<PgId>> byPrimary = new TreeMap<>();
        for (PgId pg : wanted) {
            PgStat stat = map.groups().get(pg);
            if (stat == null) {
                fail(Refused.ENOENT, "pg " + pg + " does not exist; ");
            } else if (isNeeded(order, pg, stat.state())) {
                int primary = map.osdMap().map(pg).actingPrimary();
                byPrimary.computeIfAbsent(primary, none -> new ArrayList<>()).add(pg);
            }
        }
        byPrimary.forEach((osd, groups) -> tell(osd, groups, order));
        return new Answer(-result, said.toString(), Bytes.EMPTY);
    }

    private void fail(int errno, String text) {
        result = errno;
        said.append(text);
    }

    private SortedSet<PgId> groups(Command command) {
        SortedSet<PgId> groups = new TreeSet<>();
        for (String text : command.strings("pgid")) {
            Optional<PgId> pg = ScrubCommands.parse(text);
            pg.ifPresent(groups::add);
            if (pg.isEmpty()) {
                fail(22, "invalid pgid '" + text + "'; ");
            }
        }
        return groups;
    }

    /** The groups of the pools that a command names. */
    static SortedSet<PgId> ofPools(PgMap map, Command command) {
        SortedSet<PgId> groups = new TreeSet<>();
        for (String name : command.strings("who")) {
            OptionalLong pool = map.osdMap().poolId(name);
            if (pool.isEmpty()) {
                throw new Refused(Refused.ENOENT, "unrecognized pool '" + name + "'");
            }
            map.groups().keySet().stream()
                    .filter(pg -> pg.pool() == pool.getAsLong())
                    .forEach(groups::add);
        }
        return groups;
    }

    /** Whether that would change anything; says why not. */
    private boolean isNeeded(String order, PgId pg, long state) {
        return switch (order) {
            case "force-recovery" ->
                    mayForce(
                            pg,
                            (state & RECOVERS) != 0,
                            PgState.FORCED_RECOVERY.isIn(state),
                            "recovery",
                            "recovery");
            case "force-backfill" ->
                    mayForce(
                            pg,
                            (state & BACKFILLS) != 0,
                            PgState.FORCED_BACKFILL.isIn(state),
                            "backfill",
                            "backfilling");
            case "cancel-force-recovery" ->
                    mayCancel(pg, PgState.FORCED_RECOVERY.isIn(state), "recovery");
            default -> mayCancel(pg, PgState.FORCED_BACKFILL.isIn(state), "backfill");
        };
    }

    private boolean mayForce(PgId pg, boolean requires, boolean forced, String what, String doing) {
        if (!requires) {
            said.append("pg " + pg + " doesn't require " + doing + "; "); // it may just be done
        } else if (forced) {
            fail(22, "pg " + pg + " " + what + " already forced; ");
        }
        return requires && !forced;
    }

    private boolean mayCancel(PgId pg, boolean forced, String what) {
        if (!forced) {
            said.append("pg " + pg + " " + what + " not forced; ");
        }
        return forced;
    }

    private void tell(int osd, List<PgId> groups, String order) {
        int options =
                (order.endsWith("recovery")
                                ? MOSDForceRecovery.RECOVERY
                                : MOSDForceRecovery.BACKFILL)
                        | (order.startsWith("cancel") ? MOSDForceRecovery.CANCEL : 0);
        String names = groups.stream().map(PgId::toString).collect(Collectors.joining(","));
        MOSDForceRecovery message =
                new MOSDForceRecovery(
                        map.osdMap().fsid(),
                        groups.stream().map(SpgId::replicated).toList(),
                        options);
        if (osd < 0) {
            fail(Refused.EAGAIN, "pg(s) " + names + " have no primary osd; ");
        } else if (osds.tell(osd, message)) {
            said.append("instructing pg(s) [" + names + "] on osd." + osd + " to " + order + "; ");
        } else {
            fail(
                    Refused.EAGAIN,
                    "pg(s) " + names + ": primary osd." + osd + " is not currently connected; ");
        }
    }
}
