package io.sepiola.cluster.storetool;

import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgHistory;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgLogDup;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgMissing;

import java.util.List;

/** What is asked about one group, and done to its account of itself. */
final class GroupVerbs {
    /** What an OSD keeps of a log when nothing else is set (osd_max_pg_log_entries). */
    private static final int LOG_ENTRIES_MAX = 10_000;

    /** What it remembers of requests beyond (osd_pg_log_dups_tracked). */
    private static final int DUPS_MAX = 3_000;

    private final ToolStore store;
    private final ToolStreams streams;
    private final SpgId pg;

    GroupVerbs(ToolStore store, ToolStreams streams, SpgId pg) {
        this.store = store;
        this.streams = streams;
        this.pg = pg;
    }

    /** The group's account, or a refusal. */
    StoppedOsd.Group group() {
        return store.osd()
                .group(pg)
                .orElseThrow(() -> new ToolRefusal("PG '" + pg + "' not found"));
    }

    void info(boolean pretty) {
        streams.out().println(Dump.json(pretty, "pg_info_t", PgInfo.CODEC.toBytes(group().info())));
    }

    void log(boolean pretty) {
        StoppedOsd.Group group = group();
        JsonDump json = new JsonDump(pretty);
        json.object(() -> {
            json.object("pg_log_t", () -> Dump.fields("pg_log_t", PgLog.CODEC, group.log(), json));
            json.object(
                    "pg_missing_t",
                    () -> Dump.fields("pg_missing_t", PgMissing.CODEC, group.missing(), json));
        });
        streams.out().print(json);
    }

    void remove(boolean force) {
        if (!force && !store.isDryRun()) {
            throw new ToolRefusal("Please use export-remove or you must use --force option");
        }
        if (!store.osd().isThere(pg)) {
            throw new ToolRefusal("PG '" + pg + "' not found");
        }
        streams.out().println(" marking collection for removal");
        store.remove(pg);
        streams.out().println("Remove successful");
    }

    /** The group's last word, whatever others know: it counts as whole in the current epoch. */
    void markComplete() {
        StoppedOsd.Group group = group();
        PgInfo info = group.info();
        int epoch = store.osd().superblock().currentEpoch();
        streams.out().println("Marking complete ");
        EVersion last = new EVersion(epoch, info.lastUpdate().version() + 1);
        PgInfo complete =
                new PgInfo(
                        info.pg(),
                        last,
                        group.missing().items().isEmpty() ? last : info.lastComplete(),
                        info.logTail(),
                        HObject.MAX,
                        info.stats(),
                        started(info.history(), epoch),
                        info.purgedSnaps(),
                        epoch,
                        info.lastUserVersion(),
                        info.hitSets(),
                        info.lastIntervalStarted());
        store.commit(StoppedOsd.finish(group.with(complete, PastIntervals.NONE)));
        streams.out().println("Marking complete succeeded");
    }

    private static PgHistory started(PgHistory old, int epoch) {
        return new PgHistory(
                old.epochCreated(),
                epoch,
                epoch,
                old.lastEpochSplit(),
                old.sameIntervalSince(),
                old.sameUpSince(),
                old.samePrimarySince(),
                old.lastScrub(),
                old.lastScrubStamp(),
                old.lastDeepScrub(),
                old.lastDeepScrubStamp(),
                old.lastCleanScrubStamp(),
                old.lastEpochMarkedFull(),
                old.lastIntervalStarted(),
                old.lastIntervalClean(),
                old.epochPoolCreated(),
                old.priorReadableUntil());
    }

    void trimLog() {
        StoppedOsd.Group group = group();
        PgLog log = group.log();
        streams.err()
                .println("Log bounds are: (" + log.tail() + "," + group.info().lastUpdate() + "]");
        List<PgLogEntry> entries = log.entries();
        if (entries.size() <= LOG_ENTRIES_MAX) {
            streams.err().println("Log not larger than osd_max_pg_log_entries " + LOG_ENTRIES_MAX);
        } else {
            int cut = entries.size() - LOG_ENTRIES_MAX;
            EVersion tail = entries.get(cut - 1).version();
            write(group, tail, entries.subList(cut, entries.size()), log.dups());
        }
        streams.out().println("Finished trimming pg log");
    }

    void trimDups() {
        StoppedOsd.Group group = group();
        List<PgLogDup> dups = group.log().dups();
        if (dups.size() > DUPS_MAX) {
            write(
                    group,
                    group.log().tail(),
                    group.log().entries(),
                    dups.subList(dups.size() - DUPS_MAX, dups.size()));
        }
        streams.out().println("Finished trimming pg log dups");
    }

    private void write(
            StoppedOsd.Group group, EVersion tail, List<PgLogEntry> entries, List<PgLogDup> dups) {
        PgInfo info = group.info();
        PgInfo trimmed =
                new PgInfo(
                        info.pg(),
                        info.lastUpdate(),
                        info.lastComplete(),
                        tail,
                        info.lastBackfill(),
                        info.stats(),
                        info.history(),
                        info.purgedSnaps(),
                        info.lastEpochStarted(),
                        info.lastUserVersion(),
                        info.hitSets(),
                        info.lastIntervalStarted());
        PgLog log = group.log();
        PgLog shorter =
                new PgLog(
                        log.head(), tail, entries, log.canRollBackTo(), log.undoTrimmedTo(), dups);
        store.commit(
                StoppedOsd.finish(
                        new StoppedOsd.Group(
                                trimmed,
                                shorter,
                                group.missing(),
                                group.pastIntervals(),
                                group.epoch())));
    }

    /** As Ceph's daemons write it into their logs. */
    static String text(PgInfo info) {
        PgHistory history = info.history();
        StringBuilder text = new StringBuilder(info.pg() + "(");
        if (history.epochCreated() == 0) {
            text.append(" DNE");
        }
        if (info.lastUpdate().version() == 0) {
            text.append(" empty");
        } else {
            text.append(" v ").append(info.lastUpdate());
            if (!info.lastComplete().equals(info.lastUpdate())) {
                text.append(" lc ").append(info.lastComplete());
            }
            text.append(" (").append(info.logTail()).append(',').append(info.lastUpdate());
            text.append(']');
        }
        if (!info.lastBackfill().isMax()) {
            text.append(" lb ").append(info.lastBackfill());
        }
        return text.append(
                        " local-lis/les=%d/%d n=%d ec=%d/%d lis/c=%d/%d les/c/f=%d/%d/%d sis=%d)"
                                .formatted(
                                        info.lastIntervalStarted(),
                                        info.lastEpochStarted(),
                                        info.stats().stats().sum().objects(),
                                        history.epochCreated(),
                                        history.epochPoolCreated(),
                                        history.lastIntervalStarted(),
                                        history.lastIntervalClean(),
                                        history.lastEpochStarted(),
                                        history.lastEpochClean(),
                                        history.lastEpochMarkedFull(),
                                        history.sameIntervalSince()))
                .toString();
    }
}
