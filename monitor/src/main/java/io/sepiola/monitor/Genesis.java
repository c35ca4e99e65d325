package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.crush.CrushEditor;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Ciphers;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.auth.CryptoKey;
import io.sepiola.protocol.auth.EntityAuth;
import io.sepiola.protocol.auth.KeyType;
import io.sepiola.protocol.map.MgrMap;
import io.sepiola.protocol.map.MonMap;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What a new cluster begins with (Ceph's mkfs of a monitor).
 *
 * @param monitors by rank
 * @param entities keys and caps; {@link #keys} makes the usual ones
 * @param settings options, by section and name
 * @param failureDomain the type of bucket over which copies are spread: host, or osd
 * @param restored the state of another log, packed, which then is all there is to it
 */
public record Genesis(
        UUID fsid,
        List<MonMap.MonInfo> monitors,
        SortedMap<AuthName, EntityAuth> entities,
        SortedMap<String, SortedMap<String, String>> settings,
        String failureDomain,
        Optional<Bytes> restored) {
    private static final Map<String, Map<String, String>> CAPS =
            Map.of(
                    "mon.", Map.of("mon", "allow *"),
                    "client.admin",
                            Map.of(
                                    "mon", "allow *", "osd", "allow *", "mds", "allow *", "mgr",
                                    "allow *"),
                    "client.bootstrap-osd", Map.of("mon", "allow profile bootstrap-osd"),
                    "client.bootstrap-mgr", Map.of("mon", "allow profile bootstrap-mgr"),
                    "client.bootstrap-mds", Map.of("mon", "allow profile bootstrap-mds"),
                    "client.bootstrap-rgw", Map.of("mon", "allow profile bootstrap-rgw"),
                    "client.bootstrap-rbd", Map.of("mon", "allow profile bootstrap-rbd"));

    /** Copies the collections. */
    public Genesis {
        monitors = List.copyOf(monitors);
        entities = Collections.unmodifiableSortedMap(new TreeMap<>(entities));
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** A new cluster. */
    public Genesis(
            UUID fsid,
            List<MonMap.MonInfo> monitors,
            SortedMap<AuthName, EntityAuth> entities,
            SortedMap<String, SortedMap<String, String>> settings,
            String failureDomain) {
        this(fsid, monitors, entities, settings, failureDomain, Optional.empty());
    }

    /** One monitor, the usual keys, no settings. */
    public static Genesis of(
            UUID fsid, String monitor, EntityAddr addr, RandomGenerator random, Instant now) {
        return new Genesis(
                fsid,
                List.of(new MonMap.MonInfo(monitor, EntityAddrVec.of(addr))),
                keys(random, now),
                new TreeMap<>(),
                "osd");
    }

    /** Keys of {@code mon.}, {@code client.admin} and those that bootstrap daemons. */
    public static SortedMap<AuthName, EntityAuth> keys(RandomGenerator random, Instant now) {
        SortedMap<AuthName, EntityAuth> keys = new TreeMap<>();
        new TreeMap<>(CAPS)
                .forEach((name, caps) ->
                        keys.put(
                                AuthName.parse(name),
                                new EntityAuth(
                                        CryptoKey.generate(KeyType.AES, random, now),
                                        new TreeMap<>(caps))));
        return keys;
    }

    /** The key and caps of a daemon or client made beside the usual ones. */
    public static EntityAuth entity(RandomGenerator random, Instant now, Map<String, String> caps) {
        return new EntityAuth(CryptoKey.generate(KeyType.AES, random, now), new TreeMap<>(caps));
    }

    /** The same with one more entity. */
    public Genesis with(AuthName name, EntityAuth auth) {
        SortedMap<AuthName, EntityAuth> more = new TreeMap<>(entities);
        more.put(name, auth);
        return new Genesis(fsid, monitors, more, settings, failureDomain, restored);
    }

    /** The same with one more setting. */
    public Genesis with(String section, String option, String value) {
        SortedMap<String, SortedMap<String, String>> more = new TreeMap<>(settings);
        SortedMap<String, String> options =
                new TreeMap<>(more.getOrDefault(section, Collections.emptySortedMap()));
        options.put(option, value);
        more.put(section, options);
        return new Genesis(fsid, monitors, entities, more, failureDomain, restored);
    }

    /** The first record of the log. */
    List<Change> changes(Instant now) {
        if (restored.isPresent()) {
            return List.of(new Change.Restored(restored.get()));
        }
        Utime stamp = Utime.of(now);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.MonMapReplaced(MonMap.of(fsid, 1, stamp, monitors)));
        OsdMap first = OsdMap.initial(fsid, stamp, CrushEditor.initial(failureDomain));
        changes.add(new Change.OsdMapStep(OsdMapIncremental.whole(first)));
        changes.add(
                new Change.MgrMapReplaced(
                        MgrMap.EMPTY.withActive(0, "", EntityAddrVec.EMPTY, false, 0, Utime.ZERO)));
        changes.add(new Change.CiphersSet(Ciphers.NEW));
        entities.forEach((name, auth) -> changes.add(new Change.AuthSet(name, auth)));
        settings.forEach((section, options) ->
                options.forEach((option, value) ->
                        changes.add(new Change.ConfigSet(section, option, value))));
        return changes;
    }
}
