package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The monitors of a cluster.
 *
 * <p>MonMap := S(9/6){fsid epoch:u32 changed:utime created:utime S(1/1){persistent:u64}
 * S(1/1){optional:u64} monitors:map(string, MonInfo) ranks:vector(string) release:u8
 * removed:set(u32) strategy:u8 disallowed:set(string) stretch:u8 tiebreaker:string
 * down:set(string)}.
 *
 * @param monitors by name
 * @param ranks names in the order of rank
 * @param minMonRelease 16 is pacific
 * @param strategy of elections: 1 classic
 * @param stretchMarkedDown monitors that stretch mode has set aside
 */
public record MonMap(
        UUID fsid,
        int epoch,
        Utime changed,
        Utime created,
        long persistentFeatures,
        long optionalFeatures,
        NavigableMap<String, MonInfo> monitors,
        List<String> ranks,
        int minMonRelease,
        NavigableSet<Integer> removedRanks,
        int strategy,
        NavigableSet<String> disallowedLeaders,
        boolean stretchMode,
        String tiebreaker,
        NavigableSet<String> stretchMarkedDown) {
    /** All persistent features of pacific. */
    public static final long FEATURES_PACIFIC = 255;

    /** The release number of pacific. */
    public static final int RELEASE_PACIFIC = 16;

    /** As in the class comment. */
    public static final Codec<MonMap> CODEC =
            Primitives.of(
                    (out, map) -> out.struct(9, 6, body -> map.encodeBody(body)),
                    in -> in.struct(9, MonMap::decodeBody));

    /**
     * A new cluster's map, of epoch {@code epoch}; ranks go by name order of {@code monitors}'
     * addresses, as given.
     */
    public static MonMap of(UUID fsid, int epoch, Utime now, List<MonInfo> monitorsByRank) {
        NavigableMap<String, MonInfo> monitors = new TreeMap<>();
        monitorsByRank.forEach(info -> monitors.put(info.name(), info));
        return new MonMap(
                fsid,
                epoch,
                now,
                now,
                FEATURES_PACIFIC,
                0,
                monitors,
                monitorsByRank.stream().map(MonInfo::name).toList(),
                RELEASE_PACIFIC,
                new TreeSet<>(),
                1,
                new TreeSet<>(),
                false,
                "",
                new TreeSet<>());
    }

    private void encodeBody(Encoder out) {
        MapCodecs.UUID16.encode(fsid, out);
        out.u32(epoch);
        Utime.CODEC.encode(changed, out);
        Utime.CODEC.encode(created, out);
        out.struct(1, 1, features -> features.u64(persistentFeatures));
        out.struct(1, 1, features -> features.u64(optionalFeatures));
        out.map(monitors, Primitives.STRING, MonInfo.CODEC);
        out.list(ranks, Primitives.STRING);
        out.u8(minMonRelease);
        out.list(removedRanks, Primitives.U32);
        out.u8(strategy);
        out.list(disallowedLeaders, Primitives.STRING);
        out.bool(stretchMode);
        out.string(tiebreaker);
        out.list(stretchMarkedDown, Primitives.STRING);
    }

    private static MonMap decodeBody(int version, Decoder in) {
        return new MonMap(
                MapCodecs.UUID16.decode(in),
                in.u32(),
                Utime.CODEC.decode(in),
                Utime.CODEC.decode(in),
                in.struct(1, (v, body) -> body.u64()),
                in.struct(1, (v, body) -> body.u64()),
                MapCodecs.sortedMap(Primitives.STRING, MonInfo.CODEC).decode(in),
                in.list(Primitives.STRING),
                version >= 7 ? in.u8() : 0,
                version >= 8 ? MapCodecs.sortedSet(Primitives.U32).decode(in) : new TreeSet<>(),
                version >= 9 ? in.u8() : 1,
                version >= 9 ? MapCodecs.sortedSet(Primitives.STRING).decode(in) : new TreeSet<>(),
                version >= 9 && in.bool(),
                version >= 9 ? in.string() : "",
                version >= 9 ? MapCodecs.sortedSet(Primitives.STRING).decode(in) : new TreeSet<>());
    }

    /** The monitor of that rank. */
    public Optional<MonInfo> byRank(int rank) {
        return rank >= 0 && rank < ranks.size()
                ? Optional.ofNullable(monitors.get(ranks.get(rank)))
                : Optional.empty();
    }

    /** The rank of the monitor of that name, or -1. */
    public int rank(String name) {
        return ranks.indexOf(name);
    }

    /** How many monitors. */
    public int size() {
        return ranks.size();
    }

    /** The next epoch's map, with one more monitor, which gets the last rank. */
    public MonMap with(MonInfo more, Utime now) {
        NavigableMap<String, MonInfo> after = new TreeMap<>(monitors);
        after.put(more.name(), more);
        List<String> names = new ArrayList<>(ranks);
        names.remove(more.name());
        names.add(more.name());
        return next(now, after, names, new TreeSet<>());
    }

    /** The next epoch's map without that monitor; those behind it move up by a rank. */
    public MonMap without(String name, Utime now) {
        NavigableMap<String, MonInfo> after = new TreeMap<>(monitors);
        after.remove(name);
        List<String> names = new ArrayList<>(ranks);
        names.remove(name);
        return next(now, after, names, new TreeSet<>(List.of(rank(name))));
    }

    private MonMap next(
            Utime now,
            NavigableMap<String, MonInfo> after,
            List<String> names,
            NavigableSet<Integer> removed) {
        NavigableSet<String> disallowed = new TreeSet<>(disallowedLeaders);
        disallowed.retainAll(names);
        NavigableSet<String> down = new TreeSet<>(stretchMarkedDown);
        down.retainAll(names);
        return new MonMap(
                fsid,
                epoch + 1,
                now,
                created,
                persistentFeatures,
                optionalFeatures,
                after,
                names,
                minMonRelease,
                removed,
                strategy,
                disallowed,
                stretchMode,
                tiebreaker,
                down);
    }

    /** The monitor at that address, by messenger v2. */
    public Optional<MonInfo> at(EntityAddrVec addrs) {
        return monitors.values().stream()
                .filter(info ->
                        info.addrs().msgr2().isPresent()
                                && info.addrs().msgr2().equals(addrs.msgr2()))
                .findFirst();
    }

    /** More than half of the monitors. */
    public int quorumSize() {
        return ranks.size() / 2 + 1;
    }

    /**
     * One monitor.
     *
     * <p>MonInfo := S(5/1){name:string addrs:EntityAddrVec priority:u16 weight:u16
     * location:map(string, string)}.
     *
     * @param priority clients prefer the lowest
     * @param weight among those of equal priority
     * @param location where it stands, for stretch mode
     */
    public record MonInfo(
            String name,
            EntityAddrVec addrs,
            int priority,
            int weight,
            NavigableMap<String, String> location) {
        /** As in the class comment. */
        public static final Codec<MonInfo> CODEC =
                Primitives.of(
                        (out, info) ->
                                out.struct(
                                        5,
                                        1,
                                        body -> {
                                            body.string(info.name);
                                            EntityAddrVec.CODEC.encode(info.addrs, body);
                                            body.u16(info.priority).u16(info.weight);
                                            MapCodecs.TEXTS.encode(info.location, body);
                                        }),
                        in -> in.struct(5, MonInfo::decodeBody));

        /** With neither priority, weight nor location. */
        public MonInfo(String name, EntityAddrVec addrs) {
            this(name, addrs, 0, 0, new TreeMap<>());
        }

        private static MonInfo decodeBody(int version, Decoder in) {
            return new MonInfo(
                    in.string(),
                    EntityAddrVec.CODEC.decode(in),
                    version >= 2 ? in.u16() : 0,
                    version >= 4 ? in.u16() : 0,
                    version >= 5 ? MapCodecs.TEXTS.decode(in) : new TreeMap<>());
        }
    }
}
