package io.sepiola.monitor.operation;

import io.sepiola.monitor.command.CommandLine;
import io.sepiola.monitor.command.Refused;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.dump.Texts;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MAuth;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MGetPoolStats;
import io.sepiola.protocol.message.MLog;
import io.sepiola.protocol.message.MMgrBeacon;
import io.sepiola.protocol.message.MMonCommand;
import io.sepiola.protocol.message.MMonGetMap;
import io.sepiola.protocol.message.MMonGetVersion;
import io.sepiola.protocol.message.MMonMgrReport;
import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.MOSDAlive;
import io.sepiola.protocol.message.MOSDBeacon;
import io.sepiola.protocol.message.MOSDBoot;
import io.sepiola.protocol.message.MOSDFailure;
import io.sepiola.protocol.message.MOSDFull;
import io.sepiola.protocol.message.MOSDMarkMeDown;
import io.sepiola.protocol.message.MOSDPGCreated;
import io.sepiola.protocol.message.MOSDPGReadyToMerge;
import io.sepiola.protocol.message.MOSDPGTemp;
import io.sepiola.protocol.message.MPing;
import io.sepiola.protocol.message.MPoolOp;
import io.sepiola.protocol.message.MStatfs;
import io.sepiola.protocol.message.Subscription;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is said of a request in one line, as Ceph's monitors do. Secrets are left out: the values of
 * options and of keys.
 */
final class Description {
    private static final int LENGTH_MAX = 4096;

    private Description() {}

    static String of(Message message) {
        String text = text(message);
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
    }

    private static String text(Message message) {
        return switch (message) {
            case MMonGetMap _ -> "mon_getmap magic: 0";
            case MPing _ -> "ping magic: 0";
            case MMonSubscribe m -> "mon_subscribe({" + wishes(m.what()) + "})";
            case MMonGetVersion m ->
                    "mon_get_version(what=" + m.what() + " handle=" + m.handle() + ")";
            case MAuth m -> {
                int size = m.payload().size();
                yield "auth(proto %d %d bytes epoch %d)"
                        .formatted(m.protocol(), size, m.monMapEpoch());
            }
            case MMonCommand m -> "mon_command(" + command(m) + " v " + m.version() + ")";
            case MCommand m -> "command(tid " + m.tid() + ": " + joined(" ", m.command()) + ")";
            case MStatfs m ->
                    "statfs(%d pool %d v%d)".formatted(m.tid(), m.pool().orElse(-1L), m.version());
            case MGetPoolStats m ->
                    "getpoolstats(%d [%s] v%d)"
                            .formatted(m.tid(), joined(",", m.pools()), m.version());
            case MPoolOp m -> poolOp(m);
            case MLog m -> log(m);
            case MMgrBeacon m ->
                    "mgrbeacon mgr.%s(%s,%d, %s, %d)"
                            .formatted(
                                    m.name(),
                                    m.fsid(),
                                    m.gid(),
                                    Texts.addrs(m.addrs()),
                                    flag(m.available()));
            case MMonMgrReport m ->
                    "monmgrreport(gid %d, %d checks, %d progress events)"
                            .formatted(m.gid(), m.checks().checks().size(), m.progress().size());
            default -> ofOsd(message);
        };
    }

    private static String ofOsd(Message message) {
        return switch (message) {
            case MOSDBoot m ->
                    "osd_boot(osd.%d booted %d features %s v%d)"
                            .formatted(
                                    m.superblock().osd(),
                                    m.bootEpoch(),
                                    Long.toUnsignedString(m.features()),
                                    m.version());
            case MOSDFailure m ->
                    "osd_failure(%s %s osd.%d %s for %dsec e%d v%d)"
                            .formatted(
                                    (m.flags() & MOSDFailure.FAILED) != 0 ? "failed" : "recovered",
                                    (m.flags() & MOSDFailure.IMMEDIATE) != 0
                                            ? "immediate"
                                            : "timeout",
                                    m.osd(),
                                    Texts.addrs(m.addrs()),
                                    m.failedForSeconds(),
                                    m.epoch(),
                                    m.version());
            case MOSDMarkMeDown m ->
                    "MOSDMarkMeDown(request_ack=%d, down_and_dead=%d, osd.%d, %s, fsid=%s)"
                            .formatted(
                                    flag(m.wantAnswer()),
                                    flag(m.downAndDead()),
                                    m.osd(),
                                    Texts.addrs(m.addrs()),
                                    m.fsid());
            case MOSDAlive m -> "osd_alive(want up_thru " + m.want() + " have " + m.version() + ")";
            case MOSDFull m ->
                    "osd_full(e%d %s v%d)"
                            .formatted(
                                    m.epoch(), joined(",", Texts.states(m.state())), m.version());
            case MOSDPGTemp m ->
                    "osd_pgtemp(e%d {%s} v%d)"
                            .formatted(m.epoch(), acting(new TreeMap<>(m.acting())), m.version());
            case MOSDBeacon m ->
                    "osd_beacon(pgs [%s] lec %d last_purged_snaps_scrub %s"
                                    .formatted(
                                            joined(",", m.pgs()),
                                            m.minLastEpochClean(),
                                            Texts.stamp(m.lastPurgedSnapsScrub()))
                            + " osd_beacon_report_interval %d v%d)"
                                    .formatted(m.intervalSeconds(), m.version());
            case MOSDPGCreated m -> "osd_pg_created(" + m.pg() + ")";
            case MOSDPGReadyToMerge m ->
                    "osd_pg_ready_to_merge(%s sv %s tv %s les/c %d/%d %s v%d)"
                            .formatted(
                                    m.source(),
                                    m.sourceVersion(),
                                    m.targetVersion(),
                                    m.lastEpochStarted(),
                                    m.lastEpochClean(),
                                    m.ready() ? "ready" : "NOT READY",
                                    m.version());
            default -> message.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }

    private static int flag(boolean is) {
        return is ? 1 : 0;
    }

    private static String joined(String between, Collection<?> all) {
        return all.stream().map(String::valueOf).collect(Collectors.joining(between));
    }

    private static String wishes(Map<String, Subscription> what) {
        return new TreeMap<>(what)
                .entrySet().stream()
                        .map(wish ->
                                wish.getKey()
                                        + "="
                                        + wish.getValue().first()
                                        + ((wish.getValue().flags() & Subscription.ONCE) != 0
                                                ? ""
                                                : "+"))
                        .collect(Collectors.joining(","));
    }

    private static String acting(Map<?, List<Integer>> groups) {
        return groups.entrySet().stream()
                .map(group -> group.getKey() + "=" + Texts.list(group.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String log(MLog m) {
        if (m.entries().isEmpty()) {
            return "log(0 entries)";
        }
        LogEntry first = m.entries().getFirst();
        return "log(%d entries from seq %d at %s)"
                .formatted(m.entries().size(), first.sequence(), Texts.stamp(first.stamp()));
    }

    private static String poolOp(MPoolOp m) {
        String what =
                switch (m.op()) {
                    case MPoolOp.CREATE -> "create";
                    case MPoolOp.DELETE -> "delete";
                    case MPoolOp.CREATE_SNAP -> "create snap";
                    case MPoolOp.DELETE_SNAP -> "delete snap";
                    case MPoolOp.CREATE_SELF_MANAGED_SNAP -> "create unmanaged snap";
                    case MPoolOp.DELETE_SELF_MANAGED_SNAP -> "delete unmanaged snap";
                    default -> String.valueOf(m.op());
                };
        return "pool_op(%s pool %d tid %d name %s v%d)"
                .formatted(what, m.pool(), m.tid(), m.name(), m.version());
    }

    private static String command(MMonCommand m) {
        CommandLine line;
        try {
            line = CommandLine.parse(m.command());
        } catch (Refused noCommand) {
            return joined(" ", m.command());
        }
        String kept =
                switch (line.prefix()) {
                    case "config set" -> "name";
                    case "config-key set", "config-key put" -> "key";
                    default -> "";
                };
        return kept.isEmpty()
                ? joined(" ", m.command())
                : "[{prefix=%s, %s=%s}]"
                        .formatted(line.prefix(), kept, line.texts().getOrDefault(kept, ""));
    }

    /** Ceph's name for the part of the monitor that is changed by a request. */
    static String service(Message message) {
        return switch (message) {
            case MLog _ -> "logm";
            case MMgrBeacon _ -> "mgr";
            case MMonMgrReport _ -> "mgrstat";
            case MMonCommand m -> service(m);
            default -> "osdmap";
        };
    }

    private static String service(MMonCommand m) {
        String prefix;
        try {
            prefix = CommandLine.parse(m.command()).prefix();
        } catch (Refused noCommand) {
            return "mon";
        }
        return switch (prefix.split(" ", 2)[0]) {
            case "auth" -> "auth";
            case "config" -> "config";
            case "config-key" -> "kv";
            case "log" -> "logm";
            case "mgr" -> "mgr";
            case "mon", "quorum" -> "monmap";
            case "fs", "mds" -> "mdsmap";
            case "health" -> "health";
            default -> "osdmap";
        };
    }
}
