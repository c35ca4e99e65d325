package io.sepiola.osd.pg;

import io.sepiola.osd.peering.Intervals;
import io.sepiola.osd.peering.MissingSet;
import io.sepiola.osd.peering.Peering;
import io.sepiola.osd.peering.Phase;
import io.sepiola.osd.peering.PriorSet;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.dump.GroupParts;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.ObjectCleanRegions;
import io.sepiola.protocol.osd.PgState;

import org.jspecify.annotations.Nullable;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code ceph pg PGID query} and {@code list_unfound} show of a group, in Ceph's JSON. Reads
 * the group; called on its shard.
 */
final class GroupQuery {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx").withZone(ZoneOffset.UTC);

    /** osd_command_max_records. */
    private static final int RECORDS_MAX = 256;

    private final Pg pg;
    private final Unfound unfound;
    private Utime phaseSince = Utime.ZERO;

    GroupQuery(Pg pg, Unfound unfound) {
        this.pg = pg;
        this.unfound = unfound;
    }

    void phaseChanged() {
        phaseSince = Utime.of(pg.host().shard().clock().now());
    }

    private static void osds(String name, Iterable<Integer> osds, JsonDump out) {
        out.array(name, () -> osds.forEach(osd -> out.put("", (long) osd)));
    }

    /** {@code query}. */
    String query() {
        JsonDump out = new JsonDump(true);
        Peering peering = pg.peering();
        out.object(() -> {
            out.put("snap_trimq", "[]").put("snap_trimq_len", 0);
            out.put("state", PgState.text(pg.state()));
            out.put("epoch", Integer.toUnsignedLong(pg.epoch()));
            osds("up", peering.members().up(), out);
            osds("acting", peering.members().acting(), out);
            if (peering.phase() instanceof Phase.Active active) {
                if (!active.choice().backfill().isEmpty()) {
                    texts("backfill_targets", active.choice().backfill(), out);
                }
                List<Integer> all = new ArrayList<>(active.choice().want());
                all.addAll(active.choice().backfill());
                texts("acting_recovery_backfill", all, out);
            }
            out.object("info", () -> GroupParts.info(pg.ledger().info(), out));
            out.array(
                    "peer_info",
                    () ->
                            peering.peerInfos()
                                    .forEach((osd, info) ->
                                            out.object(() -> {
                                                out.put("peer", Integer.toString(osd));
                                                GroupParts.info(info, out);
                                            })));
            out.array("recovery_state", () -> recoveryState(out));
            if (peering.isActive()) {
                out.object("scrubber", () -> scrubber(out));
            }
            out.object("agent_state", () -> {});
        });
        return out + "\n";
    }

    private void scrubber(JsonDump out) {
        boolean active = (pg.scrubbing().state() & PgState.SCRUBBING.bit()) != 0;
        int start = active ? pg.peering().lastReset() : 0;
        out.put("epoch_start", Integer.toUnsignedString(start)).put("active", active);
    }

    private static void texts(String name, Iterable<Integer> osds, JsonDump out) {
        out.array(name, () -> osds.forEach(osd -> out.put("", Integer.toString(osd))));
    }

    private void recoveryState(JsonDump out) {
        Phase phase = pg.peering().phase();
        out.object(() -> {
            out.put("name", name(phase)).put("enter_time", stamp());
            switch (phase) {
                case Phase.Active _ -> {
                    might(true, out);
                    out.object("recovery_progress", () -> progress(out));
                }
                case Phase.GetInfo p -> texts("requested_info_from", p.awaited(), out);
                case Phase.GetMissing p -> texts("peer_missing_requested", p.awaited(), out);
                case Phase.Down _ ->
                        out.put("comment", "not enough up instances of this PG to go active");
                case Phase.Incomplete _ ->
                        out.put("comment", "not enough complete instances of this PG");
                case Phase.WaitUpThru _ ->
                        out.put("comment", "waiting for osdmap to reflect a new up_thru");
                case Phase.Reset _, Phase.WaitActingChange _, Phase.GetLog _ -> {}
                case Phase.Stray _, Phase.ReplicaActive _ -> {}
            }
        });
        PriorSet prior = priorOrNull(phase);
        if (prior != null) {
            out.object(() -> {
                out.put("name", "Started/Primary/Peering").put("enter_time", stamp());
                out.array(
                        "past_intervals",
                        () ->
                                out.object(() ->
                                        GroupParts.intervals(
                                                Intervals.encode(pg.ledger().pastIntervals), out)));
                texts("probing_osds", prior.probe(), out);
                if (prior.blocked()) {
                    out.put("blocked", "peering is blocked due to down osds");
                }
                osds("down_osds_we_would_probe", prior.down(), out);
                out.array(
                        "peering_blocked_by",
                        () -> {
                            if (prior.blocked()) {
                                prior.blockers()
                                        .forEach(osd ->
                                                out.object(() -> blockedBy(osd, prior, out)));
                            }
                        });
            });
        }
        out.object(() -> out.put("name", "Started").put("enter_time", stamp()));
    }

    private void progress(JsonDump out) {
        Backfill backfill = pg.recovery().backfill();
        texts("backfill_targets", pg.peering().backfillTargets(), out);
        texts("waiting_on_backfill", backfill.awaited(), out);
        out.put("last_backfill_started", backfill.started().toString());
        out.object(
                "backfill_info",
                () -> {
                    out.put("begin", backfill.started().toString());
                    out.put("end", backfill.rangeEnd().toString());
                    out.array("objects", () -> {});
                });
        out.array("peer_backfill_info", () -> {});
        objects("backfills_in_flight", backfill.inFlight(), out);
        objects("recovering", pg.recovery().underWay(), out);
        out.object(
                "pg_backend",
                () -> {
                    out.array("pull_from_peer", () -> {});
                    out.array("pushing", () -> {});
                });
    }

    private static void objects(String name, Iterable<HObject> objects, JsonDump out) {
        out.array(name, () -> objects.forEach(object -> out.put("", object.toString())));
    }

    private void blockedBy(int osd, PriorSet prior, JsonDump out) {
        out.put("osd", osd);
        out.put(
                "current_lost_at",
                pg.map().exists(osd) ? Integer.toUnsignedLong(pg.map().info(osd).lostAt()) : 0);
        out.put(
                "comment",
                prior.forgetful().contains(osd)
                        ? "was made again since and remembers nothing; stopping it and marking it"
                                + " lost may let us proceed"
                        : "starting or marking this osd lost may let us proceed");
    }

    private static @Nullable PriorSet priorOrNull(Phase phase) {
        return switch (phase) {
            case Phase.GetInfo p -> p.prior();
            case Phase.Down p -> p.prior();
            case Phase.WaitActingChange p -> p.prior();
            case Phase.Incomplete p -> p.prior();
            case Phase.GetLog p -> p.prior();
            case Phase.GetMissing p -> p.prior();
            case Phase.WaitUpThru p -> p.prior();
            case Phase.Reset _, Phase.Active _, Phase.Stray _, Phase.ReplicaActive _ -> null;
        };
    }

    private static String name(Phase phase) {
        return switch (phase) {
            case Phase.Reset _ -> "Reset";
            case Phase.GetInfo _ -> "Started/Primary/Peering/GetInfo";
            case Phase.Down _ -> "Started/Primary/Peering/Down";
            case Phase.WaitActingChange _ -> "Started/Primary/WaitActingChange";
            case Phase.Incomplete _ -> "Started/Primary/Peering/Incomplete";
            case Phase.GetLog _ -> "Started/Primary/Peering/GetLog";
            case Phase.GetMissing _ -> "Started/Primary/Peering/GetMissing";
            case Phase.WaitUpThru _ -> "Started/Primary/Peering/WaitUpThru";
            case Phase.Active _ -> "Started/Primary/Active";
            case Phase.Stray _ -> "Started/Stray";
            case Phase.ReplicaActive _ -> "Started/ReplicaActive";
        };
    }

    private String stamp() {
        return STAMP.format(phaseSince.toInstant());
    }

    /** {@code list_unfound}, after {@code offset}. */
    String listUnfound(HObject offset) {
        SortedMap<HObject, MissingSet.Item> listed = new TreeMap<>();
        SortedMap<HObject, MissingSet.Item> missing = pg.ledger().missing.items();
        for (Map.Entry<HObject, MissingSet.Item> entry : missing.entrySet()) {
            if (entry.getKey().compareTo(offset) > 0
                    && pg.recovery().isUnfound(entry.getKey())
                    && listed.size() <= RECORDS_MAX) {
                listed.put(entry.getKey(), entry.getValue());
            }
        }
        boolean more = listed.size() > RECORDS_MAX;
        if (more) {
            listed.remove(listed.lastKey());
        }
        JsonDump out = new JsonDump(true);
        out.object(() -> {
            if (!offset.isMin()) {
                out.object("offset", () -> GroupParts.object(offset, out));
            }
            out.put("num_missing", needRecovery());
            out.put("num_unfound", pg.recovery().unfoundCount());
            out.array(
                    "objects",
                    () ->
                            listed.forEach((object, item) ->
                                    out.object(() -> {
                                        out.object("oid", () -> GroupParts.object(object, out));
                                        GroupParts.missing(
                                                new MissingItem(
                                                        item.need(),
                                                        item.have(),
                                                        0,
                                                        ObjectCleanRegions.DIRTY),
                                                out);
                                        out.array("locations", () -> {});
                                    })));
            boolean active = pg.peering().isPeered();
            out.put("state", active ? "Active" : lastOf(name(pg.peering().phase())));
            out.put("available_might_have_unfound", active);
            if (active) {
                might(false, out);
            }
            out.put("more", more);
        });
        return out + "\n";
    }

    /** How many objects some member lacks. */
    private int needRecovery() {
        Set<HObject> objects = new HashSet<>(pg.ledger().missing.items().keySet());
        for (int osd : pg.peering().replicas()) {
            MissingSet missing = pg.peering().peerMissing().get(osd);
            if (missing != null) {
                objects.addAll(missing.items().keySet());
            }
        }
        return objects.size();
    }

    private static String lastOf(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private void might(boolean withProbed, JsonDump out) {
        out.array(
                "might_have_unfound",
                () ->
                        unfound.sources()
                                .forEach((osd, status) -> {
                                    if (withProbed || !status.equals(Unfound.PROBED)) {
                                        out.object(() -> {
                                            out.put("osd", Integer.toString(osd));
                                            out.put("status", status);
                                        });
                                    }
                                }));
    }
}
