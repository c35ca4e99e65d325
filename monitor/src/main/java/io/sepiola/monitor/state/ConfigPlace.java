package io.sepiola.monitor.state;

import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.map.OsdMap;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a daemon or client is, as the masks of options see it: an OSD where the CRUSH map has it,
 * anyone else where the CRUSH map has its host.
 *
 * @param location buckets by the name of their type
 * @param deviceClass of an OSD; else empty
 * @param types the types of buckets with their numbers: the smaller, the more precise
 */
public record ConfigPlace(
        SortedMap<String, String> location, String deviceClass, Map<String, Integer> types) {
    /** Of whom nothing is known. */
    public static final ConfigPlace NOWHERE =
            new ConfigPlace(Collections.emptySortedMap(), "", Map.of());

    /**
     * Finds it.
     *
     * @param host of whoever is no OSD; empty when it is not known
     */
    public static ConfigPlace of(AuthName who, String host, OsdMap map) {
        CrushMap crush = map.crush();
        SortedMap<String, Integer> types = new TreeMap<>();
        crush.typeNames().forEach((number, name) -> types.put(name, number));
        SortedMap<String, String> location = new TreeMap<>();
        if (!host.isEmpty()) {
            crush.itemId(host).ifPresent(item -> above(crush, item, location));
            location.put("host", host);
        }
        String device = "";
        if (who.type() == EntityType.OSD && who.id().matches("[0-9]{1,9}")) {
            int osd = Integer.parseInt(who.id());
            above(crush, osd, location);
            device = crush.classOf(osd).orElse("");
        }
        return new ConfigPlace(location, device, types);
    }

    private static void above(CrushMap crush, int item, SortedMap<String, String> location) {
        var bucket = crush.parent(item);
        while (bucket.isPresent()) {
            int id = bucket.get().id();
            location.put(crush.typeName(bucket.get().type()), crush.itemName(id));
            bucket = crush.parent(id);
        }
    }

    /** How precise a mask is, 0 the most; a class of devices is less than any bucket. */
    int precision(ConfigTarget target) {
        Integer type = types.get(target.locationType());
        if (type != null) {
            return type;
        }
        return target.deviceClass().isEmpty() ? types.size() + 1 : types.size();
    }
}
