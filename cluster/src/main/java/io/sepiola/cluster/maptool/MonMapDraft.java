package io.sepiola.cluster.maptool;

import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MonMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** A monitor map while a tool changes it. Owned by one caller. */
final class MonMapDraft {
    private static final long NAUTILUS = 16;

    UUID fsid = new UUID(0, 0);
    int epoch = 0;
    Utime changed = Utime.ZERO;
    Utime created = Utime.ZERO;
    long persistentFeatures = 0;
    long optionalFeatures = 0;
    int minRelease = 0;
    private final NavigableMap<String, MonMap.MonInfo> monitors = new TreeMap<>();
    private final List<String> ranks = new ArrayList<>();
    private NavigableSet<Integer> removedRanks = new TreeSet<>();
    private int strategy = 1;
    private NavigableSet<String> disallowedLeaders = new TreeSet<>();
    private boolean stretchMode = false;
    private String tiebreaker = "";
    private NavigableSet<String> stretchMarkedDown = new TreeSet<>();

    MonMapDraft() {}

    MonMapDraft(MonMap from) {
        fsid = from.fsid();
        epoch = from.epoch();
        changed = from.changed();
        created = from.created();
        persistentFeatures = from.persistentFeatures();
        optionalFeatures = from.optionalFeatures();
        minRelease = from.minMonRelease();
        monitors.putAll(from.monitors());
        ranks.addAll(from.ranks());
        removedRanks = from.removedRanks();
        strategy = from.strategy();
        disallowedLeaders = from.disallowedLeaders();
        stretchMode = from.stretchMode();
        tiebreaker = from.tiebreaker();
        stretchMarkedDown = from.stretchMarkedDown();
    }

    MonMap build() {
        return new MonMap(
                fsid,
                epoch,
                changed,
                created,
                persistentFeatures,
                optionalFeatures,
                new TreeMap<>(monitors),
                List.copyOf(ranks),
                minRelease,
                removedRanks,
                strategy,
                disallowedLeaders,
                stretchMode,
                tiebreaker,
                stretchMarkedDown);
    }

    int size() {
        return monitors.size();
    }

    boolean speaksMsgr2() {
        return ((persistentFeatures | optionalFeatures) & NAUTILUS) != 0;
    }

    boolean contains(String name) {
        return monitors.containsKey(name);
    }

    boolean contains(EntityAddrVec addrs) {
        return monitors.values().stream()
                .flatMap(info -> info.addrs().addrs().stream())
                .anyMatch(addrs.addrs()::contains);
    }

    void add(String name, EntityAddrVec addrs) {
        monitors.put(name, new MonMap.MonInfo(name, addrs));
        if (speaksMsgr2()) {
            ranks.add(name);
        } else {
            rankByAddress();
        }
    }

    void remove(String name) {
        removedRanks = new TreeSet<>(removedRanks);
        removedRanks.add(ranks.indexOf(name));
        disallowedLeaders = new TreeSet<>(disallowedLeaders);
        disallowedLeaders.remove(name);
        monitors.remove(name);
        if (speaksMsgr2()) {
            ranks.remove(name);
        } else {
            rankByAddress();
        }
    }

    /** Before nautilus the ranks followed the addresses. */
    private void rankByAddress() {
        ranks.clear();
        monitors.values().stream()
                .sorted(
                        Comparator.comparing(MonMapDraft::legacyOrFirst)
                                .thenComparing(MonMap.MonInfo::name))
                .forEach(info -> ranks.add(info.name()));
    }

    private static EntityAddr legacyOrFirst(MonMap.MonInfo info) {
        List<EntityAddr> addrs = info.addrs().addrs();
        return addrs.stream()
                .filter(addr -> addr.kind() == EntityAddr.LEGACY)
                .findFirst()
                .orElse(addrs.isEmpty() ? EntityAddr.BLANK : addrs.getFirst());
    }

    void feature(boolean optional, long bits, boolean set) {
        long before = optional ? optionalFeatures : persistentFeatures;
        long after = set ? before | bits : before & ~bits;
        if (optional) {
            optionalFeatures = after;
        } else {
            persistentFeatures = after;
        }
    }
}
