package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
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
import java.util.function.Consumer;

/**
 * Everything that the monitors agree on. Immutable; any thread may read one.
 *
 * <p>MonitorState := u8 3, MonMap OsdMaps AuthState MgrMap Settings keys:map(string, blob)
 * log:list(LogEntry) osds:map(u32, map(string, string)) mgrs:map(string, map(string, string))
 * creating:map(PgId, Creation) history:list(Settings.Step) mutes:list(Mute) Ciphers. Version 1 ends
 * before the history, version 2 before the ciphers.
 *
 * @param keys the configuration key store
 * @param log the newest entries of the cluster log, at most {@link #LOG_ENTRIES_MAX}
 * @param osdMetadata what OSDs said about themselves
 * @param mgrMetadata what managers said about themselves
 * @param creating placement groups that no OSD has made yet
 * @param mutes health checks that nobody wants to hear of, by code
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
        SortedMap<PgId, Creation> creating,
        SortedMap<String, Mute> mutes) {
    /** How many log entries are kept. */
    public static final int LOG_ENTRIES_MAX = 1000;

    private static final int VERSION = 3;
    private static final int VERSION_CIPHERS = 3;
    private static final int VERSION_MIN = 1; // without the history and mutes
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
                .map(creating, PgId.CODEC, Creation.CODEC)
                .list(settings.history(), Settings.Step.CODEC)
                .list(mutes.values(), Mute.CODEC);
        Ciphers.CODEC.encode(auth.ciphers(), out);
    }

    private static MonitorState decode(Decoder in) {
        int version = in.u8();
        if (version < VERSION_MIN || version > VERSION) {
            throw new Malformed(
                    "the monitor's snapshot was written by a later release (version "
                            + version
                            + ")");
        }
        MonitorState state =
                new MonitorState(
                        MonMap.CODEC.decode(in),
                        OsdMaps.CODEC.decode(in),
                        AuthState.CODEC.decode(in),
                        MgrMap.CODEC.decode(in),
                        Settings.CODEC.decode(in),
                        detached(in),
                        in.list(LogEntry.CODEC),
                        new TreeMap<>(in.map(Primitives.U32, TEXTS)),
                        new TreeMap<>(in.map(Primitives.STRING, TEXTS)),
                        new TreeMap<>(in.map(PgId.CODEC, Creation.CODEC)),
                        Collections.emptySortedMap());
        if (version == VERSION_MIN) {
            return state;
        }
        Settings settings = state.settings.withHistory(in.list(Settings.Step.CODEC));
        SortedMap<String, Mute> mutes = new TreeMap<>();
        in.list(Mute.CODEC).forEach(mute -> mutes.put(mute.code(), mute));
        Ciphers ciphers = version < VERSION_CIPHERS ? Ciphers.OLD : Ciphers.CODEC.decode(in);
        return state.but(parts -> {
            parts.settings = settings;
            parts.mutes = mutes;
            parts.auth = parts.auth.with(ciphers);
        });
    }

    private static SortedMap<String, Bytes> detached(Decoder in) {
        SortedMap<String, Bytes> keys = new TreeMap<>();
        in.map(Primitives.STRING, Primitives.BLOB)
                .forEach((key, value) -> keys.put(key, value.detach()));
        return keys;
    }

    /** The options in force for whoever runs on that host; an OSD is where its map has it. */
    public SortedMap<String, String> settingsOf(AuthName who, String host) {
        return settings.of(who, place(who, host));
    }

    /** Where that is, as far as any option asks. */
    public ConfigPlace place(AuthName who, String host) {
        return settings.isMasked()
                ? ConfigPlace.of(who, host, osdMaps.newest())
                : ConfigPlace.NOWHERE;
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
        return change instanceof Change.Restored restored
                ? RestoredState.unpack(restored.packed())
                : but(parts -> parts.apply(change));
    }

    /**
     * Where a cluster goes on that is restored from this state with those monitors. It may be older
     * than what daemons and clients have seen; they must not take new maps for old ones of the same
     * epoch.
     *
     * @param epochs by how much the epochs of maps jump
     * @param ids how many global ids may have been given out since
     */
    public MonitorState resumed(MonMap monitors, int epochs, long ids) {
        OsdMap newest = osdMaps.newest();
        return but(parts -> {
            parts.monMap = monitors;
            parts.osdMaps = OsdMaps.of(newest.edit().epoch(newest.epoch() + epochs).build());
            parts.mgrMap = mgrMap.later(epochs);
            parts.auth = auth.withGlobalIds(auth.globalIdEnd() + ids);
        });
    }

    private MonitorState but(Consumer<Parts> what) {
        Parts parts = new Parts(this);
        what.accept(parts);
        return parts.whole();
    }

    /** A state of which parts are replaced. */
    private static final class Parts {
        MonMap monMap;
        OsdMaps osdMaps;
        AuthState auth;
        MgrMap mgrMap;
        Settings settings;
        SortedMap<String, Bytes> keys;
        List<LogEntry> log;
        SortedMap<Integer, SortedMap<String, String>> osdMetadata;
        SortedMap<String, SortedMap<String, String>> mgrMetadata;
        SortedMap<PgId, Creation> creating;
        SortedMap<String, Mute> mutes;

        Parts(MonitorState state) {
            monMap = state.monMap;
            osdMaps = state.osdMaps;
            auth = state.auth;
            mgrMap = state.mgrMap;
            settings = state.settings;
            keys = state.keys;
            log = state.log;
            osdMetadata = state.osdMetadata;
            mgrMetadata = state.mgrMetadata;
            creating = state.creating;
            mutes = state.mutes;
        }

        MonitorState whole() {
            return new MonitorState(
                    monMap,
                    osdMaps,
                    auth,
                    mgrMap,
                    settings,
                    keys,
                    log,
                    osdMetadata,
                    mgrMetadata,
                    creating,
                    mutes);
        }

        void apply(Change change) {
            switch (change) {
                case Change.Restored _ -> throw Invariant.broken("it replaces all parts at once");
                case Change.OsdMapStep c -> step(c.incremental());
                case Change.OsdMapsTrimmed c -> osdMaps = osdMaps.from(c.first());
                case Change.MonMapReplaced c -> monMap = c.map();
                case Change.MgrMapReplaced c -> mgrMap = c.map();
                case Change.AuthSet c -> auth = auth.with(c.name(), c.auth());
                case Change.AuthRemoved c -> auth = auth.without(c.name());
                case Change.SecretsRotated c -> auth = auth.with(c.service(), c.secrets());
                case Change.CiphersSet c -> auth = auth.with(c.ciphers());
                case Change.GlobalIdsReserved c -> auth = auth.withGlobalIds(c.end());
                case Change.ConfigSet c ->
                        settings = settings.with(c.section(), c.option(), c.value());
                case Change.ConfigRemoved c -> settings = settings.without(c.section(), c.option());
                case Change.ConfigEdited c ->
                        settings = settings.edited(c.stamp(), c.why(), c.edits());
                case Change.KeySet c -> keys = Sorted.with(keys, c.key(), c.value());
                case Change.KeyRemoved c -> keys = Sorted.without(keys, c.key());
                case Change.Logged c -> logged(c.entries());
                case Change.OsdDescribed c ->
                        osdMetadata = Sorted.with(osdMetadata, c.osd(), c.metadata());
                case Change.MgrDescribed c ->
                        mgrMetadata = Sorted.with(mgrMetadata, c.name(), c.metadata());
                case Change.PgForced c ->
                        creating =
                                Sorted.with(creating, c.pg(), new Creation(c.epoch(), c.stamp()));
                case Change.PgsCreated c -> {
                    creating = new TreeMap<>(creating);
                    creating.keySet().removeAll(c.pgs());
                }
                case Change.HealthMuted c -> mutes = Sorted.with(mutes, c.mute().code(), c.mute());
                case Change.HealthUnmuted c -> mutes = Sorted.without(mutes, c.code());
            }
        }

        private void step(OsdMapIncremental incremental) {
            creating = new TreeMap<>(creating);
            creating.keySet().removeIf(pg -> incremental.oldPools().contains(pg.pool()));
            Creation begun = new Creation(incremental.epoch(), incremental.modified());
            incremental
                    .newPools()
                    .forEach((id, pool) -> {
                        if (osdMaps.newest().pool(id).isEmpty()) {
                            for (int seed = 0; seed < pool.pgNum(); seed++) {
                                creating.put(new PgId(id, seed), begun);
                            }
                        }
                    });
            osdMaps = osdMaps.with(incremental);
        }

        private void logged(List<LogEntry> entries) {
            List<LogEntry> all = new ArrayList<>(log);
            all.addAll(entries);
            int first = Math.max(0, all.size() - LOG_ENTRIES_MAX);
            log = List.copyOf(all.subList(first, all.size()));
        }
    }
}
