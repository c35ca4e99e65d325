package io.sepiola.cluster.storetool;

import io.sepiola.base.Malformed;
import io.sepiola.cluster.pgexport.ExportReader;
import io.sepiola.cluster.pgexport.Section;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.map.ObjectLocator;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.PgLog;
import io.sepiola.protocol.osd.PgLogEntry;
import io.sepiola.protocol.osd.PgMissing;
import io.sepiola.protocol.osd.Transaction;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes an exported group in. Until its last transaction the group carries the mark of what shall
 * be removed, so whatever ends this early leaves nothing that an OSD would serve. What comes in is
 * as old as it says: its log, its interval and its map's epoch are those of the export, from which
 * the OSD goes on, so newer members win over it as over any that was away.
 */
final class GroupImport {
    /** Features of stores that Ceph 16 knows, by number. */
    private static final int KNOWN_FEATURES_END = 18;

    private static final int BATCH_SIZE_MAX = 8 << 20;
    private static final int POOL_GONE = 10;
    private static final int FEATURES_UNKNOWN = 11;
    private static final int SPLIT_IN_THE_WAY = 12;

    private final ToolStore store;
    private final ToolStreams streams;
    private final boolean force;
    private final OsdSuperblock superblock;
    private final List<Transaction.Op> batch = new ArrayList<>();
    private long batchSize;

    private GroupImport(ToolStore store, ToolStreams streams, boolean force) {
        this.store = store;
        this.streams = streams;
        this.force = force;
        this.superblock = store.osd().superblock();
    }

    /** Reads the file and writes the group. */
    static void run(
            ToolStore store,
            ToolStreams streams,
            Optional<String> pgid,
            boolean force,
            InputStream in)
            throws IOException {
        for (SpgId unfinished : store.osd().unfinished()) {
            streams.out().println("finish_remove_pgs removing " + unfinished);
            store.remove(unfinished);
        }
        GroupImport into = new GroupImport(store, streams, force);
        Optional<SpgId> begun = Optional.empty();
        boolean whole = false;
        try {
            ExportReader reader = new ExportReader(in);
            SpgId pg = into.begin(reader.next(), pgid);
            Section.Metadata metadata = into.metadata(reader.next(), pg);
            begun = Optional.of(pg);
            store.commit(StoppedOsd.begin(pg));
            into.objects(reader, pg, OsdMap.CODEC.fromBytes(metadata.osdMap()), metadata);
            whole = true;
        } catch (Malformed damaged) {
            streams.err().println(damaged.getMessage());
            throw new ToolRefusal("Corrupt input for import");
        } finally {
            if (!whole) {
                begun.ifPresent(store::remove);
            }
        }
        streams.out().println("Import successful");
    }

    private SpgId begin(Section first, Optional<String> pgid) {
        if (!(first instanceof Section.Begin begin)) {
            throw new Malformed("Invalid first section type");
        }
        SpgId pg = begin.pg();
        if (pgid.isPresent() && !ObjectTarget.group(pgid.get()).equals(pg)) {
            throw new ToolRefusal(
                    "specified pgid " + pgid.get() + " does not match actual pgid " + pg);
        }
        if (pg.shard() != SpgId.NO_SHARD) {
            throw new ToolRefusal(
                    pg + " is of an erasure-coded pool, which is not served here yet");
        }
        if (!begin.superblock().clusterFsid().equals(superblock.clusterFsid())) {
            String foreign =
                    "Export came from different cluster with fsid "
                            + begin.superblock().clusterFsid();
            if (!force) {
                throw new ToolRefusal(foreign);
            }
            streams.err().println(foreign + "\nIgnoring this problem due to --force");
        }
        TreeMap<Long, String> unknown =
                new TreeMap<>(begin.superblock().features().incompatible().names());
        unknown.keySet().removeIf(number -> number > 0 && number < KNOWN_FEATURES_END);
        if (!unknown.isEmpty()) {
            String text = "Export has incompatible features set " + unknown;
            if (!force) {
                throw new ToolRefusal(FEATURES_UNKNOWN, text);
            }
            streams.err().println(text);
        }
        OsdMap current = current();
        if (current.pool(pg.pg().pool()).isEmpty()) {
            throw new ToolRefusal(POOL_GONE, "Pool " + pg.pg().pool() + " no longer exists");
        }
        if (store.osd().isThere(pg)) {
            throw new ToolRefusal("pgid " + pg + " already exists");
        }
        streams.out().println("Importing pgid " + pg);
        return pg;
    }

    private OsdMap current() {
        return store.osd()
                .map(superblock.currentEpoch())
                .map(OsdMap.CODEC::fromBytes)
                .orElseThrow(() ->
                        new ToolRefusal(
                                "Can't find latest local OSDMap "
                                        + superblock.currentEpoch()
                                        + "; start the OSD once, so that it gets one"));
    }

    private Section.Metadata metadata(Section second, SpgId pg) {
        if (!(second instanceof Section.Metadata metadata)) {
            throw new Malformed("Missing metadata section");
        }
        if (!metadata.info().pg().equals(pg)) {
            throw new ToolRefusal(
                    "specified pgid "
                            + pg
                            + " does not match import file pgid "
                            + metadata.info().pg());
        }
        OsdMap map = OsdMap.CODEC.fromBytes(metadata.osdMap());
        int epoch = metadata.mapEpoch();
        if (map.epoch() != epoch) {
            throw new Malformed("FATAL: Invalid OSDMap epoch in export data");
        }
        if (epoch > superblock.currentEpoch()) {
            throw new ToolRefusal(
                    "ERROR: Export PG's map_epoch %d > OSD's epoch %d\n"
                                    .formatted(epoch, superblock.currentEpoch())
                            + "The OSD you are using is older than the exported PG\n"
                            + "Either use another OSD or let this one join the cluster first");
        }
        if (epoch < superblock.oldestMap()) {
            String old =
                    "PG export's map "
                            + epoch
                            + " is older than OSD's oldest_map "
                            + superblock.oldestMap();
            if (!force) {
                throw new ToolRefusal(
                        old + "\n pass --force to proceed anyway (with incomplete PastIntervals)");
            }
            streams.err().println(old);
        }
        checkSplit(map, pg);
        return metadata;
    }

    /** Objects of ours may not be in a group that has been made of this one meanwhile. */
    private void checkSplit(OsdMap exported, SpgId pg) {
        int then = exported.pool(pg.pg().pool()).map(pool -> pool.pgNum()).orElse(0);
        for (SpgId other : store.groups()) {
            boolean child =
                    then > 0
                            && other.pg().pool() == pg.pg().pool()
                            && Integer.compareUnsigned(other.pg().seed(), then) >= 0
                            && exported.actualPg(other.pg()).equals(pg.pg());
            if (child) {
                throw new ToolRefusal(
                        SPLIT_IN_THE_WAY, "pgid " + pg + " splits to " + other + " which exists");
            }
        }
    }

    private void objects(ExportReader reader, SpgId pg, OsdMap map, Section.Metadata metadata)
            throws IOException {
        boolean skipped = false;
        for (Section next = reader.next(); !(next instanceof Section.End); next = reader.next()) {
            if (!(next instanceof Section.ObjectBegin object)) {
                throw new Malformed("a section of an object, and no object has begun");
            }
            skipped |= !object(reader, pg, map, object.object());
        }
        flush();
        if (skipped) {
            streams.err().println("objects of other groups were skipped; scrub when it is active");
        }
        PgLog log = metadata.log();
        List<PgLogEntry> entries = new ArrayList<>(log.entries());
        entries.removeIf(entry -> !belongs(map, pg, entry.object()));
        PgMissing missing =
                new PgMissing(
                        new TreeMap<>(metadata.missing().items()),
                        metadata.missing().mayIncludeDeletes());
        missing.items().keySet().removeIf(object -> !belongs(map, pg, object));
        PgLog kept =
                new PgLog(
                        log.head(),
                        log.tail(),
                        entries,
                        log.canRollBackTo(),
                        log.undoTrimmedTo(),
                        log.dups());
        streams.out()
                .println(
                        "write_pg epoch "
                                + metadata.mapEpoch()
                                + " info "
                                + GroupVerbs.text(metadata.info()));
        store.commit(
                StoppedOsd.finish(
                        new StoppedOsd.Group(
                                metadata.info(),
                                kept,
                                missing,
                                metadata.pastIntervals(),
                                metadata.mapEpoch())));
    }

    private static boolean belongs(OsdMap map, SpgId pg, HObject object) {
        ObjectLocator locator =
                new ObjectLocator(object.pool(), object.key(), object.namespace(), -1);
        return object.pool() == pg.pg().pool()
                && map.pool(object.pool()).isPresent()
                && map.actualPg(map.rawPg(locator, object.name())).equals(pg.pg());
    }

    /** Whether it was taken in. */
    private boolean object(ExportReader reader, SpgId pg, OsdMap map, GhObject object)
            throws IOException {
        HObject name = object.object();
        if (name.pool() < 0 || name.name().isEmpty()) {
            throw new Malformed(
                    "ERROR: Export contains temporary object '" + ObjectTarget.text(object) + "'");
        }
        boolean ours = belongs(map, pg, name);
        if (!ours) {
            streams.err()
                    .println(
                            "Skipping object '"
                                    + ObjectTarget.text(object)
                                    + "' which belongs in another pg");
        } else if (!name.isHead() || object.shard() != SpgId.NO_SHARD) {
            throw new ToolRefusal(
                    ObjectTarget.text(object)
                            + " is a clone or a shard; snapshots and erasure-coded pools are not"
                            + " served here yet");
        } else {
            streams.out().println("Write " + ObjectTarget.text(object));
        }
        CollectionId collection = new CollectionId.Pg(pg);
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.Touch(collection, object));
        for (Section next = reader.next(); !(next instanceof Section.ObjectEnd); ) {
            ops.add(op(next, collection, object));
            if (ours) {
                add(ops, next);
            }
            ops.clear();
            next = reader.next();
        }
        if (ours && !ops.isEmpty()) {
            add(ops, new Section.ObjectEnd());
        }
        return ours;
    }

    private static Transaction.Op op(Section section, CollectionId at, GhObject object) {
        return switch (section) {
            case Section.Data(var offset, var data) ->
                    new Transaction.Write(at, object, offset, data, 0);
            case Section.Attrs(var attrs) -> new Transaction.SetAttrs(at, object, attrs);
            case Section.OmapHeader(var header) ->
                    new Transaction.OmapSetHeader(at, object, header);
            case Section.Omap(var entries) -> new Transaction.OmapSet(at, object, entries);
            case Section.Begin _,
                    Section.Metadata _,
                    Section.ObjectBegin _,
                    Section.ObjectEnd _,
                    Section.End _ ->
                    throw new Malformed("an object that does not end");
        };
    }

    private void add(List<Transaction.Op> ops, Section section) {
        batch.addAll(ops);
        batchSize += section instanceof Section.Data data ? data.data().size() : 4096;
        if (batchSize >= BATCH_SIZE_MAX) {
            flush();
        }
    }

    private void flush() {
        if (!batch.isEmpty()) {
            store.commit(List.copyOf(batch));
            batch.clear();
            batchSize = 0;
        }
    }
}
