package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The managers of a cluster.
 *
 * <p>MgrMap := S(12/6){epoch:u32 active:EntityAddrVec gid:u64 available:u8 name:string
 * standbys:map(u64, Standby) modules:set(string) services:map(string, string)
 * available:vector(ModuleInfo) change:utime always-on:map(u32, set(string)) features:u64
 * last-failure:u32 clients:vector(EntityAddrVec) client-names:vector(string)}.
 *
 * @param activeGid the active manager's global id; 0 none
 * @param available whether it serves commands
 * @param standbys by global id
 * @param services what modules serve, name to URI
 * @param alwaysOnModules by release number
 * @param lastFailureOsdEpoch the OSD map that blocklisted the previous active
 * @param clients addresses of the active's own RADOS clients, to be blocklisted at fail-over
 */
public record MgrMap(
        int epoch,
        EntityAddrVec activeAddrs,
        long activeGid,
        boolean available,
        String activeName,
        NavigableMap<Long, Standby> standbys,
        NavigableSet<String> modules,
        NavigableMap<String, String> services,
        List<ModuleInfo> availableModules,
        Utime activeChange,
        NavigableMap<Integer, NavigableSet<String>> alwaysOnModules,
        long activeFeatures,
        int lastFailureOsdEpoch,
        List<EntityAddrVec> clients,
        List<String> clientNames) {
    /** Nobody is manager. */
    public static final MgrMap EMPTY =
            new MgrMap(
                    0,
                    EntityAddrVec.EMPTY,
                    0,
                    false,
                    "",
                    new TreeMap<>(),
                    new TreeSet<>(),
                    new TreeMap<>(),
                    List.of(),
                    Utime.ZERO,
                    new TreeMap<>(),
                    0,
                    0,
                    List.of(),
                    List.of());

    private static final Codec<NavigableSet<String>> NAMES = MapCodecs.sortedSet(Primitives.STRING);

    /** As in the class comment. */
    public static final Codec<MgrMap> CODEC =
            Primitives.of(
                    (out, map) -> out.struct(12, 6, body -> map.encodeBody(body)),
                    in -> in.struct(12, MgrMap::decodeBody));

    private void encodeBody(Encoder out) {
        out.u32(epoch);
        EntityAddrVec.CODEC.encode(activeAddrs, out);
        out.u64(activeGid).bool(available).string(activeName);
        out.map(standbys, Primitives.U64, Standby.CODEC);
        NAMES.encode(modules, out);
        MapCodecs.TEXTS.encode(services, out);
        out.list(availableModules, ModuleInfo.CODEC);
        Utime.CODEC.encode(activeChange, out);
        out.map(alwaysOnModules, Primitives.U32, NAMES);
        out.u64(activeFeatures).u32(lastFailureOsdEpoch);
        out.list(clients, EntityAddrVec.CODEC).list(clientNames, Primitives.STRING);
    }

    private static MgrMap decodeBody(int version, Decoder in) {
        return new MgrMap(
                in.u32(),
                EntityAddrVec.CODEC.decode(in),
                in.u64(),
                in.bool(),
                in.string(),
                MapCodecs.sortedMap(Primitives.U64, Standby.CODEC).decode(in),
                NAMES.decode(in),
                MapCodecs.TEXTS.decode(in),
                in.list(ModuleInfo.CODEC),
                Utime.CODEC.decode(in),
                version >= 7
                        ? MapCodecs.sortedMap(Primitives.U32, NAMES).decode(in)
                        : new TreeMap<>(),
                version >= 8 ? in.u64() : 0,
                version >= 9 ? in.u32() : 0,
                version >= 10 ? in.list(EntityAddrVec.CODEC) : List.of(),
                version >= 12 ? in.list(Primitives.STRING) : List.of());
    }

    /** The same, so many epochs later. */
    public MgrMap later(int epochs) {
        return new MgrMap(
                epoch + epochs,
                activeAddrs,
                activeGid,
                available,
                activeName,
                standbys,
                modules,
                services,
                availableModules,
                activeChange,
                alwaysOnModules,
                activeFeatures,
                lastFailureOsdEpoch,
                clients,
                clientNames);
    }

    /** The same with another active manager, one epoch later. */
    public MgrMap withActive(
            long gid,
            String name,
            EntityAddrVec addrs,
            boolean isAvailable,
            long features,
            Utime now) {
        return new MgrMap(
                epoch + 1,
                addrs,
                gid,
                isAvailable,
                name,
                standbys,
                modules,
                services,
                availableModules,
                now,
                alwaysOnModules,
                features,
                lastFailureOsdEpoch,
                clients,
                clientNames);
    }

    /** The same with other services (name to URI), one epoch later. */
    public MgrMap withServices(NavigableMap<String, String> newServices) {
        return new MgrMap(
                epoch + 1,
                activeAddrs,
                activeGid,
                available,
                activeName,
                standbys,
                modules,
                newServices,
                availableModules,
                activeChange,
                alwaysOnModules,
                activeFeatures,
                lastFailureOsdEpoch,
                clients,
                clientNames);
    }

    /** The same with other standbys, one epoch later. */
    public MgrMap withStandbys(NavigableMap<Long, Standby> newStandbys) {
        return new MgrMap(
                epoch + 1,
                activeAddrs,
                activeGid,
                available,
                activeName,
                newStandbys,
                modules,
                services,
                availableModules,
                activeChange,
                alwaysOnModules,
                activeFeatures,
                lastFailureOsdEpoch,
                clients,
                clientNames);
    }

    /**
     * A manager that waits.
     *
     * <p>Standby := S(4/1){gid:u64 name:string modules:set(string) available:vector(ModuleInfo)
     * features:u64}.
     */
    public record Standby(
            long gid,
            String name,
            NavigableSet<String> modules,
            List<ModuleInfo> availableModules,
            long features) {
        /** As in the class comment. */
        public static final Codec<Standby> CODEC =
                Primitives.of(
                        (out, standby) ->
                                out.struct(
                                        4,
                                        1,
                                        body -> {
                                            body.u64(standby.gid).string(standby.name);
                                            NAMES.encode(standby.modules, body);
                                            body.list(standby.availableModules, ModuleInfo.CODEC);
                                            body.u64(standby.features);
                                        }),
                        in ->
                                in.struct(
                                        4,
                                        (v, body) ->
                                                new Standby(
                                                        body.u64(),
                                                        body.string(),
                                                        v >= 2
                                                                ? NAMES.decode(body)
                                                                : new TreeSet<>(),
                                                        v >= 3
                                                                ? body.list(ModuleInfo.CODEC)
                                                                : List.of(),
                                                        v >= 4 ? body.u64() : 0)));
    }

    /**
     * A module that a manager could load.
     *
     * <p>ModuleInfo := S(2/1){name:string can-run:u8 error:string options:map(string,
     * ModuleOption)}.
     */
    public record ModuleInfo(
            String name, boolean canRun, String error, NavigableMap<String, ModuleOption> options) {
        /** As in the class comment. */
        public static final Codec<ModuleInfo> CODEC =
                Primitives.of(
                        (out, info) ->
                                out.struct(
                                        2,
                                        1,
                                        body ->
                                                body.string(info.name)
                                                        .bool(info.canRun)
                                                        .string(info.error)
                                                        .map(
                                                                info.options,
                                                                Primitives.STRING,
                                                                ModuleOption.CODEC)),
                        in ->
                                in.struct(
                                        2,
                                        (v, body) ->
                                                new ModuleInfo(
                                                        body.string(),
                                                        body.bool(),
                                                        body.string(),
                                                        v >= 2
                                                                ? MapCodecs.sortedMap(
                                                                                Primitives.STRING,
                                                                                ModuleOption.CODEC)
                                                                        .decode(body)
                                                                : new TreeMap<>())));
    }

    /**
     * An option of a module.
     *
     * <p>ModuleOption := S(1/1){name:string type:u8 level:u8 flags:u32 default:string min:string
     * max:string choices:set(string) description:string long-description:string tags:set(string)
     * see-also:set(string)}.
     */
    public record ModuleOption(
            String name,
            int type,
            int level,
            int flags,
            String defaultValue,
            String min,
            String max,
            NavigableSet<String> choices,
            String description,
            String longDescription,
            NavigableSet<String> tags,
            NavigableSet<String> seeAlso) {
        /** As in the class comment. */
        public static final Codec<ModuleOption> CODEC =
                Primitives.of(
                        (out, option) -> out.struct(1, 1, body -> option.encodeBody(body)),
                        in ->
                                in.struct(
                                        1,
                                        (v, body) ->
                                                new ModuleOption(
                                                        body.string(),
                                                        body.u8(),
                                                        body.u8(),
                                                        body.u32(),
                                                        body.string(),
                                                        body.string(),
                                                        body.string(),
                                                        NAMES.decode(body),
                                                        body.string(),
                                                        body.string(),
                                                        NAMES.decode(body),
                                                        NAMES.decode(body))));

        private void encodeBody(Encoder out) {
            out.string(name).u8(type).u8(level).u32(flags);
            out.string(defaultValue).string(min).string(max);
            NAMES.encode(choices, out);
            out.string(description).string(longDescription);
            NAMES.encode(tags, out);
            NAMES.encode(seeAlso, out);
        }
    }
}
