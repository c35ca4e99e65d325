package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.message.LogEntry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Everything that the monitors agree on. Immutable; any thread may read one.
 *
 * <p>MonitorState := u8 1, MonMap OsdMaps AuthState MgrMap Settings keys:map(string, blob)
 * log:list(LogEntry) osds:map(u32, map(string, string)) mgrs:map(string, map(string, string))
 * creating:map(PgId, Creation).
 *
 * @param keys the configuration key store
 * @param log the newest entries of the cluster log, at most {@link #LOG_ENTRIES_MAX}
 * @param osdMetadata what OSDs said about themselves
 * @param mgrMetadata what managers said about themselves
 * @param creating placement groups that no OSD has made yet
 */
public record MonitorState(
        MonMap monMap,
        OsdMaps osdMaps,
        AuthState auth,
        MgrMap mgrMap,
        Settings settings,
        SortedMap<String, Bytes> keys,
        List<LogEntry> log,
        SortedMap<Integer, SortedMap<String, String>> osdMetadata,
        SortedMap<String, SortedMap<String, String>> mgrMetadata,
        SortedMap<PgId, Creation> creating) {
    /** How many log entries are kept. */
    public static final int LOG_ENTRIES_MAX = 1000;

    private static final int VERSION = 1;
    private static final Codec<SortedMap<String, String>> TEXTS =
            Primitives.of(
                    (out, map) -> out.map(map, Primitives.STRING, Primitives.STRING),
                    in -> new TreeMap<>(in.map(Primitives.STRING, Primitives.STRING)));

    /** As in the class comment. */
    public static final Codec<MonitorState> CODEC =
            Primitives.of((out, state) -> state.encode(out), MonitorState::decode);

    /**
     * When a placement group began to be made.
     *
     * <p>Creation := epoch:u32 stamp:Utime.
     */
    public record Creation(int epoch, Utime stamp) {
        static final Codec<Creation> CODEC =
                Primitives.of(
                        (out, creation) ->
                                Utime.CODEC.encode(creation.stamp, out.u32(creation.epoch)),
                        in -> new Creation(in.u32(), Utime.CODEC.decode(in)));
    }

    /** Before a cluster's first change. */
    public static MonitorState blank(UUID fsid) {
        return new MonitorState(
                MonMap.of(fsid, 0, Utime.ZERO, List.of()),
                OsdMaps.of(OsdMap.blank(fsid)),
                AuthState.EMPTY,
                MgrMap.EMPTY,
                Settings.EMPTY,
                Collections.emptySortedMap(),
                List.of(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                Collections.emptySortedMap());
    }

    private void encode(Encoder out) {
        out.u8(VERSION);
        MonMap.CODEC.encode(monMap, out);
        OsdMaps.CODEC.encode(osdMaps, out);
        AuthState.CODEC.encode(auth, out);
        MgrMap.CODEC.encode(mgrMap, out);
        Settings.CODEC.encode(settings, out);
        out.map(keys, Primitives.STRING, Primitives.BLOB)
                .list(log, LogEntry.CODEC)
                .map(osdMetadata, Primitives.U32, TEXTS)
                .map(mgrMetadata, Primitives.STRING, TEXTS)
                .map(creating, PgId.CODEC, Creation.CODEC);
    }

    private static MonitorState decode(Decoder in) {
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed(
                    "the monitor's snapshot was written by a later release (version "
                            + version
                            + ")");
        }
        return new MonitorState(
                MonMap.CODEC.decode(in),
                OsdMaps.CODEC.decode(in),
                AuthState.CODEC.decode(in),
                MgrMap.CODEC.decode(in),
                Settings.CODEC.decode(in),
                detached(in),
                in.list(LogEntry.CODEC),
                new TreeMap<>(in.map(Primitives.U32, TEXTS)),
                new TreeMap<>(in.map(Primitives.STRING, TEXTS)),
                new TreeMap<>(in.map(PgId.CODEC, Creation.CODEC)));
    }

    private static SortedMap<String, Bytes> detached(Decoder in) {
        SortedMap<String, Bytes> keys = new TreeMap<>();
        in.map(Primitives.STRING, Primitives.BLOB)
                .forEach((key, value) -> keys.put(key, value.detach()));
        return keys;
    }

    /** The state after {@code changes}, in their order. */
    public MonitorState apply(List<Change> changes) {
        MonitorState state = this;
        for (Change change : changes) {
            state = state.apply(change);
        }
        return state;
    }

    /** The state after {@code change}. */
    public MonitorState apply(Change change) {
        return switch (change) {
            case Change.OsdMapStep c -> withOsdMap(c.incremental());
            case Change.OsdMapsTrimmed c -> with(osdMaps.from(c.first()));
            case Change.MonMapReplaced c -> with(c.map());
            case Change.MgrMapReplaced c -> with(c.map());
            case Change.AuthSet c -> with(auth.with(c.name(), c.auth()));
            case Change.AuthRemoved c -> with(auth.without(c.name()));
            case Change.SecretsRotated c -> with(auth.with(c.service(), c.secrets()));
            case Change.GlobalIdsReserved c -> with(auth.withGlobalIds(c.end()));
            case Change.ConfigSet c -> with(settings.with(c.section(), c.option(), c.value()));
            case Change.ConfigRemoved c -> with(settings.without(c.section(), c.option()));
            case Change.KeySet c -> withKeys(Sorted.with(keys, c.key(), c.value()));
            case Change.KeyRemoved c -> withKeys(Sorted.without(keys, c.key()));
            case Change.Logged c -> withLog(c.entries());
            case Change.OsdDescribed c ->
                    withOsdMetadata(Sorted.with(osdMetadata, c.osd(), c.metadata()));
            case Change.MgrDescribed c ->
                    withMgrMetadata(Sorted.with(mgrMetadata, c.name(), c.metadata()));
            case Change.PgForced c ->
                    withCreating(Sorted.with(creating, c.pg(), new Creation(c.epoch(), c.stamp())));
            case Change.PgsCreated c -> {
                SortedMap<PgId, Creation> rest = new TreeMap<>(creating);
                rest.keySet().removeAll(c.pgs());
                yield withCreating(rest);
            }
        };
    }

    private MonitorState withOsdMap(OsdMapIncremental incremental) {
        SortedMap<PgId, Creation> next = new TreeMap<>(creating);
        next.keySet().removeIf(pg -> incremental.oldPools().contains(pg.pool()));
        Creation begun = new Creation(incremental.epoch(), incremental.modified());
        incremental
                .newPools()
                .forEach((id, pool) -> {
                    if (osdMaps.newest().pool(id).isEmpty()) {
                        for (int seed = 0; seed < pool.pgNum(); seed++) {
                            next.put(new PgId(id, seed), begun);
                        }
                    }
                });
        return new MonitorState(
                monMap,
                osdMaps.with(incremental),
                auth,
                mgrMap,
                settings,
                keys,
                log,
                osdMetadata,
                mgrMetadata,
                next);
    }

    private MonitorState with(MonMap map) {
        return new MonitorState(
                map,
                osdMaps,
                auth,
                mgrMap,
                settings,
                keys,
                log,
                osdMetadata,
                mgrMetadata,
                creating);
    }

    private MonitorState with(OsdMaps maps) {
        return new MonitorState(
                monMap,
                maps,
                auth,
                mgrMap,
                settings,
                keys,
                log,
                osdMetadata,
                mgrMetadata,
                creating);
    }

    private MonitorState with(MgrMap map) {
        return new MonitorState(
                monMap,
                osdMaps,
                auth,
                map,
                settings,
                keys,
                log,
                osdMetadata,
                mgrMetadata,
                creating);
    }

    private MonitorState with(AuthState next) {
        return new MonitorState(
                monMap,
                osdMaps,
                next,
                mgrMap,
                settings,
                keys,
                log,
                osdMetadata,
                mgrMetadata,
                creating);
    }

    private MonitorState with(Settings next) {
        return new MonitorState(
                monMap, osdMaps, auth, mgrMap, next, keys, log, osdMetadata, mgrMetadata, creating);
    }

    private MonitorState withKeys(SortedMap<String, Bytes> next) {
        return new MonitorState(
                monMap,
                osdMaps,
                auth,
                mgrMap,
                settings,
                next,
                log,
                osdMetadata,
                mgrMetadata,
                creating);
    }

    private MonitorState withOsdMetadata(SortedMap<Integer, SortedMap<String, String>> next) {
        return new MonitorState(
                monMap, osdMaps, auth, mgrMap, settings, keys, log, next, mgrMetadata, creating);
    }

    private MonitorState withMgrMetadata(SortedMap<String, SortedMap<String, String>> next) {
        return new MonitorState(
                monMap, osdMaps, auth, mgrMap, settings, keys, log, osdMetadata, next, creating);
    }

    private MonitorState withCreating(SortedMap<PgId, Creation> next) {
        return new MonitorState(
                monMap, osdMaps, auth, mgrMap, settings, keys, log, osdMetadata, mgrMetadata, next);
    }

    private MonitorState withLog(List<LogEntry> entries) {
        List<LogEntry> all = new ArrayList<>(log);
        all.addAll(entries);
        List<LogEntry> next =
                List.copyOf(all.subList(Math.max(0, all.size() - LOG_ENTRIES_MAX), all.size()));
        return new MonitorState(
                monMap,
                osdMaps,
                auth,
                mgrMap,
                settings,
                keys,
                next,
                osdMetadata,
                mgrMetadata,
                creating);
    }
}
