package io.sepiola.monitor.state;

import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.MgrMap;

import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which manager follows when one is gone. Pure; every change is one epoch. */
public final class ManagerSuccession {
    private ManagerSuccession() {}

    /**
     * The map after its active manager is gone: the one that has stood by for longest is the active
     * one, whose addresses come with its next beacon; or nobody is.
     */
    public static MgrMap withoutActive(MgrMap map, Instant now) {
        if (map.standbys().isEmpty()) {
            return map.activeGid() == 0
                    ? map
                    : map.withActive(0, "", EntityAddrVec.EMPTY, false, 0, Utime.of(now));
        }
        NavigableMap<Long, MgrMap.Standby> rest = new TreeMap<>(map.standbys());
        MgrMap.Standby first = rest.firstEntry().getValue();
        rest.remove(first.gid());
        return new MgrMap(
                map.epoch() + 1,
                EntityAddrVec.EMPTY,
                first.gid(),
                false,
                first.name(),
                rest,
                map.modules(),
                new TreeMap<>(), // of the one that is gone
                map.availableModules(),
                Utime.of(now),
                map.alwaysOnModules(),
                first.features(),
                map.lastFailureOsdEpoch(),
                map.clients(),
                map.clientNames());
    }

    /** The map without one that stands by. */
    public static MgrMap withoutStandby(MgrMap map, long gid) {
        NavigableMap<Long, MgrMap.Standby> rest = new TreeMap<>(map.standbys());
        rest.remove(gid);
        return map.withStandbys(rest);
    }
}
