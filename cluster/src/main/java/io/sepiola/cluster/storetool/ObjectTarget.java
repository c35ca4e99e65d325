package io.sepiola.cluster.storetool;

import io.sepiola.base.Malformed;
import io.sepiola.cluster.cli.JsonText;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An object that a command line names: by its name, or by a line of {@code --op list}. */
record ObjectTarget(CollectionId collection, GhObject object) {
    private static final String META = "meta";

    /** As Ceph prints it. */
    static String text(GhObject object) {
        String generation =
                object.generation() == GhObject.NO_GENERATION
                        ? ""
                        : Long.toHexString(object.generation());
        return "#" + object.object() + "#" + generation;
    }

    /** Writes its name as {@code --op list} does. */
    static void put(GhObject object, JsonDump json) {
        HObject at = object.object();
        json.put("oid", at.name()).put("key", at.key()).put("snapid", at.snap());
        json.put("hash", Integer.toUnsignedLong(at.hash())).put("max", at.isMax() ? 1 : 0);
        json.put("pool", at.pool()).put("namespace", at.namespace());
        if (object.generation() != GhObject.NO_GENERATION) {
            json.put("generation", object.generation());
        }
        if (object.shard() != SpgId.NO_SHARD) {
            json.put("shard_id", object.shard());
        }
        json.put("max", 0);
    }

    /** The group of that name. */
    static SpgId group(String text) {
        try {
            return SpgId.replicated(PgId.parse(text));
        } catch (Malformed bad) {
            throw new ToolRefusal("Invalid pgid '" + text + "' specified");
        }
    }

    /** The collections that {@code --pgid} leaves. */
    static List<CollectionId> collections(ToolStore store, Optional<String> pgid) {
        if (pgid.isPresent() && pgid.get().equals(META)) {
            return List.of(CollectionId.META);
        }
        Optional<SpgId> only = pgid.map(ObjectTarget::group);
        return store.groups().stream()
                .filter(pg -> only.isEmpty() || pg.equals(only.get()))
                .map(pg -> (CollectionId) new CollectionId.Pg(pg))
                .toList();
    }

    /** The objects of that name, which is not looked at when it is empty. */
    static List<ObjectTarget> find(ToolStore store, StoreOptions options, String name) {
        List<ObjectTarget> found = new ArrayList<>();
        for (CollectionId collection : collections(store, options.value("pgid"))) {
            store.forEach(
                    collection,
                    object -> {
                        HObject at = object.object();
                        if (!at.name().isEmpty()
                                && (name.isEmpty() || at.name().equals(name))
                                && options.value("namespace").stream()
                                        .allMatch(at.namespace()::equals)
                                && (!options.has("head") || at.isHead())) {
                            found.add(new ObjectTarget(collection, object));
                        }
                    });
        }
        return found;
    }

    /** The one object that the line names. */
    static ObjectTarget one(ToolStore store, StoreOptions options, String text) {
        Optional<String> pgid = options.value("pgid");
        if (text.isEmpty()) {
            SpgId pg = group(pgid.orElseThrow(() -> ToolRefusal.usage("Must provide pgid")));
            return new ObjectTarget(new CollectionId.Pg(pg), StoppedOsd.metaObject(pg));
        }
        Object json = jsonOrNull(text);
        if (json instanceof Map || json instanceof List) {
            return named(store, pgid, json, text);
        }
        List<ObjectTarget> found = find(store, options, text);
        if (found.isEmpty()) {
            throw new ToolRefusal("No object id '" + text + "' found or invalid JSON specified");
        }
        if (found.size() > 1) {
            throw new ToolRefusal(
                    "Found "
                            + found.size()
                            + " objects with id '"
                            + text
                            + "', please use a JSON spec from --op list instead");
        }
        return found.getFirst();
    }

    private static @Nullable Object jsonOrNull(String text) {
        try {
            return JsonText.read(text);
        } catch (Malformed plain) {
            return null;
        }
    }

    private static ObjectTarget named(
            ToolStore store, Optional<String> pgid, Object json, String text) {
        String pg;
        Object object = json;
        if (json instanceof List<?> pair) {
            if (pair.size() != 2 || !(pair.getFirst() instanceof String first)) {
                throw new ToolRefusal(
                        "Object '" + text + "' must be a JSON array of a pgid and an object");
            }
            pg = first;
            if (pgid.isPresent() && !pgid.get().equals(pg)) {
                throw new ToolRefusal(
                        "object '"
                                + text
                                + "' has a pgid different from the --pgid="
                                + pgid.get()
                                + " option");
            }
            object = pair.getLast();
        } else {
            pg =
                    pgid.orElseThrow(() ->
                            new ToolRefusal(
                                    "Without --pgid the object '"
                                            + text
                                            + "' must be a JSON array"));
        }
        if (!(object instanceof Map<?, ?> fields)) {
            throw new ToolRefusal("Decode object JSON error: no object in '" + text + "'");
        }
        GhObject name = decode(fields);
        if (pg.equals(META)) {
            return new ObjectTarget(CollectionId.META, name);
        }
        SpgId id = group(pg);
        checkPlace(store, id, name);
        return new ObjectTarget(new CollectionId.Pg(id), name);
    }

    private static void checkPlace(ToolStore store, SpgId pg, GhObject name) {
        if (pg.pg().pool() != name.object().pool()) {
            throw new ToolRefusal("Object pool and pgid pool don't match");
        }
        StoppedOsd osd = store.osd();
        PgId raw = new PgId(name.object().pool(), name.object().hash());
        boolean elsewhere =
                osd.map(osd.superblock().currentEpoch())
                        .map(OsdMap.CODEC::fromBytes)
                        .filter(map -> map.pool(pg.pg().pool()).isPresent())
                        .filter(map -> !map.actualPg(raw).equals(pg.pg()))
                        .isPresent();
        if (elsewhere) {
            throw new ToolRefusal("object " + text(name) + " not contained by pg " + pg);
        }
    }

    private static GhObject decode(Map<?, ?> fields) {
        return new GhObject(
                new HObject(
                        string(fields, "namespace"),
                        string(fields, "oid"),
                        string(fields, "key"),
                        number(fields, "snapid", HObject.HEAD),
                        (int) number(fields, "hash", 0),
                        number(fields, "pool", 0),
                        number(fields, "max", 0) != 0),
                number(fields, "generation", GhObject.NO_GENERATION),
                (int) number(fields, "shard_id", SpgId.NO_SHARD));
    }

    private static String string(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof String)) {
            throw new ToolRefusal("Decode object JSON error: '" + name + "' is no string");
        }
        return value == null ? "" : (String) value;
    }

    private static long number(Map<?, ?> fields, String name, long otherwise) {
        Object value = fields.get(name);
        if (value != null && !(value instanceof Number)) {
            throw new ToolRefusal("Decode object JSON error: '" + name + "' is no number");
        }
        return value == null ? otherwise : ((Number) value).longValue();
    }
}
