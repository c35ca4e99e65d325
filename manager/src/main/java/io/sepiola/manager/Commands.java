package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.manager.Command.Answer;
import io.sepiola.manager.Command.Refused;
import io.sepiola.protocol.caps.MgrCaps;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Answers commands from the map as it is. Never throws for what a client sent. */
final class Commands {
    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final int EIO = 5;

    /** For whoever may not ask. */
    static final Refused DENIED =
            new Refused(
                    Refused.EACCES,
                    "access denied: does your client key have mgr caps? See"
                            + " http://docs.ceph.com/en/latest/mgr/administrator/"
                            + "#client-authentication");

    private Commands() {}

    /**
     * What an answer is made of.
     *
     * @param map null before the first OSD map
     * @param config what is set of options, by name
     * @param osds to whom something can be told
     * @param counters what OSDs count
     * @param shows what daemons run with
     * @param modules serve commands of their own
     */
    record Facts(
            @Nullable PgMap map,
            Rates.Delta delta,
            Instant now,
            SortedMap<String, String> config,
            OsdSessions osds,
            DaemonCounters<Integer> counters,
            ConfigShow shows,
            Modules modules) {}

    static Answer run(List<String> words, Bytes input, MgrCaps caps, Facts facts) {
        try {
            Command command = Command.parse(words);
            CommandTable.Row row =
                    CommandTable.STANDARD.row(command).orElseThrow(() -> unknown(command, caps));
            if (!row.isAllowed(caps, command)) {
                throw DENIED;
            }
            row.parameters().forEach(parameter -> parameter.check(command));
            return command.shown(answer(command, input, facts), "");
        } catch (Refused refused) {
            return refused.answer();
        } catch (RuntimeException ours) {
            // A command only reads: our mistake in one must not take the others' answers away.
            LOG.error("the command {} failed", words, ours);
            return Answer.refused(EIO, "the manager could not answer; its log says why");
        }
    }

    /** Who may ask nothing at all is not even told that there is no such command. */
    private static Refused unknown(Command command, MgrCaps caps) {
        return caps.allows("py", "", command.prefix(), Map.of(), "")
                ? Command.invalid("No handler found for '" + command.prefix() + "'")
                : DENIED;
    }

    private static Answer answer(Command command, Bytes input, Facts facts) {
        switch (command.prefix()) {
            case "get_command_descriptions" -> {
                return Answer.shown(CommandTable.STANDARD.descriptions());
            }
            case "version" -> {
                return Answer.shown(
                        command.out()
                                .object()
                                .put("version", "16.2.15")
                                .put("release", "pacific")
                                .put("release_type", "stable")
                                .end()
                                .toString());
            }
            case "config show" -> {
                return facts.shows().run(command, false);
            }
            case "config show-with-defaults" -> {
                return facts.shows().run(command, true);
            }
            default -> {}
        }
        PgMap map = facts.map();
        if (map == null) {
            throw new Refused(Refused.EAGAIN, "the manager has no map of the OSDs yet; try again");
        }
        Optional<Answer> ofModule = facts.modules().run(command, input, map, facts.now());
        return ofModule.orElseGet(() -> answer(command, map, facts));
    }

    private static Answer answer(Command command, PgMap map, Facts facts) {
        PgCommands pgs = new PgCommands(map, facts.delta(), facts.now());
        ScrubCommands scrubs = new ScrubCommands(map, facts.osds());
        OsdCommands osds = new OsdCommands(map, facts.delta());
        return switch (command.prefix()) {
            case "pg stat" -> pgs.stat(command);
            case "pg dump", "pg dump_json" -> pgs.dump(command);
            case "pg dump_pools_json" -> pgs.poolsJson(command);
            case "pg ls", "pg ls-by-pool", "pg ls-by-osd", "pg ls-by-primary" -> pgs.list(command);
            case "pg dump_stuck" -> pgs.stuck(command);
            case "pg scrub", "pg deep-scrub", "pg repair" -> scrubs.group(command);
            case "osd scrub", "osd deep-scrub", "osd repair" -> scrubs.osd(command);
            case "osd pool scrub", "osd pool deep-scrub", "osd pool repair" ->
                    scrubs.pools(command);
            case "pg force-recovery",
                    "pg force-backfill",
                    "pg cancel-force-recovery",
                    "pg cancel-force-backfill",
                    "osd pool force-recovery",
                    "osd pool force-backfill",
                    "osd pool cancel-force-recovery",
                    "osd pool cancel-force-backfill" ->
                    new ForceCommands(map, facts.osds()).run(command);
            case "osd blocked-by" -> pgs.blockedBy(command);
            case "osd perf" -> osds.perf(command);
            case "osd df" -> osds.df(command);
            case "osd reweight-by-utilization",
                    "osd reweight-by-pg",
                    "osd test-reweight-by-utilization",
                    "osd test-reweight-by-pg" ->
                    new Reweighting(map, facts.config()).run(command);
            case "osd status" -> new OsdStatus(map, facts.counters()).run(command);
            case "osd pool stats" -> osds.poolStats(command);
            case "osd ok-to-stop" -> new OsdSafety(map).okToStop(command);
            case "osd safe-to-destroy" -> new OsdSafety(map).safeToDestroy(command);
            case "osd destroy", "osd purge" -> new OsdSafety(map).giveUp(command);
            default -> throw Command.invalid("'" + command.prefix() + "' is not served yet");
        };
    }
}
