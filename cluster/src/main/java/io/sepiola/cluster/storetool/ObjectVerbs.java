package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.dump.JsonDump;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.SnapSet;
import io.sepiola.protocol.osd.Transaction;
import io.sepiola.store.NoSuchObject;
import io.sepiola.store.ObjectStore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is asked about one object, and done to it. Nothing of this is logged in the group: what is
 * changed on one copy shows as a difference when the group is scrubbed.
 */
final class ObjectVerbs {
    /** The attribute with the object's information. */
    static final String INFO = "_";

    private static final String SNAPSET = "snapset";

    /** The largest object that an OSD takes (osd_max_object_size). */
    private static final int DATA_SIZE_MAX = 128 << 20;

    private static final int VALUE_SIZE_MAX = 16 << 20;
    private static final int CHUNK = 1 << 20;
    private static final int PAGE = 1000;
    private static final int BLOCK_SIZE = 4096;

    private final ToolStore store;
    private final ObjectStore objects;
    private final ToolStreams streams;
    private final CollectionId at;
    private final GhObject object;

    ObjectVerbs(ToolStore store, ToolStreams streams, ObjectTarget target) {
        this.store = store;
        this.objects = store.store();
        this.streams = streams;
        this.at = target.collection();
        this.object = target.object();
    }

    /** Does what the command says; {@code arguments} come after it. */
    void run(String command, List<String> arguments, boolean force, boolean pretty)
            throws IOException {
        try {
            dispatch(command, arguments, force, pretty);
        } catch (NoSuchObject absent) {
            throw new ToolRefusal(command + ": (2) No such file or directory");
        }
    }

    private void dispatch(String command, List<String> arguments, boolean force, boolean pretty)
            throws IOException {
        switch (command) {
            case "get-bytes" -> getBytes(optional(arguments, 0, 1));
            case "set-bytes" -> setBytes(optional(arguments, 0, 1));
            case "get-attr" -> streams.show(attr(one(arguments)));
            case "set-attr" -> setAttr(first(arguments), optional(arguments, 1, 2));
            case "rm-attr" -> {
                size(); // there is such an object
                store.commit(List.of(new Transaction.RemoveAttr(at, object, one(arguments))));
            }
            case "list-attrs" -> objects.attrs(at, object).keySet().forEach(streams.out()::println);
            case "get-omap" -> streams.show(omap(one(arguments)));
            case "set-omap" -> setOmap(first(arguments), optional(arguments, 1, 2));
            case "rm-omap" -> {
                TreeSet<String> keys = new TreeSet<>(List.of(one(arguments)));
                store.commit(List.of(new Transaction.OmapRemove(at, object, keys)));
            }
            case "list-omap" -> listOmap();
            case "get-omaphdr" -> streams.show(objects.omapHeader(at, object));
            case "set-omaphdr" -> {
                Bytes header = streams.read(optional(arguments, 0, 1), VALUE_SIZE_MAX);
                change(new Transaction.OmapSetHeader(at, object, header));
            }
            case "remove" -> remove(false, force);
            case "removeall" -> remove(true, force);
            case "dump" -> dump(pretty);
            case "set-size" -> setSize(one(arguments));
            case "clear-data-digest" -> write(withoutDigest(info(), info().size()));
            case "remove-clone-metadata" ->
                    throw new ToolRefusal(
                            "remove-clone-metadata is not served here: there are no snapshots yet");
            default -> throw ToolRefusal.usage("Unknown object command '" + command + "'");
        }
    }

    private static String first(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw ToolRefusal.usage("the command needs a key");
        }
        return arguments.getFirst();
    }

    private static String one(List<String> arguments) {
        if (arguments.size() != 1) {
            throw ToolRefusal.usage("the command needs one argument");
        }
        return arguments.getFirst();
    }

    private static Optional<String> optional(List<String> arguments, int index, int countMax) {
        if (arguments.size() > countMax) {
            throw ToolRefusal.usage("too many arguments: '" + arguments.getLast() + "'");
        }
        return arguments.stream().skip(index).findFirst();
    }

    private void change(Transaction.Op op) {
        store.commit(List.of(new Transaction.Touch(at, object), op));
    }

    private long size() {
        return objects.size(at, object).orElseThrow(() -> new NoSuchObject(at, object));
    }

    private void getBytes(Optional<String> file) throws IOException {
        long size = size();
        boolean standard = file.isEmpty() || file.get().equals("-");
        OutputStream out = standard ? streams.out() : create(file);
        for (long offset = 0; offset < size; offset += CHUNK) {
            out.write(objects.read(at, object, offset, CHUNK).toArray());
        }
        out.flush();
        if (!standard) {
            out.close();
        }
    }

    private OutputStream create(Optional<String> file) throws IOException {
        try {
            return streams.target(file, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException there) {
            throw new ToolRefusal("open " + file.orElse("") + " (17) File exists");
        }
    }

    private void setBytes(Optional<String> file) throws IOException {
        Bytes data = streams.read(file, DATA_SIZE_MAX);
        List<Transaction.Op> ops = new ArrayList<>();
        ops.add(new Transaction.Touch(at, object));
        ops.add(new Transaction.Truncate(at, object, 0));
        if (!data.isEmpty()) {
            ops.add(new Transaction.Write(at, object, 0, data, 0));
        }
        store.commit(ops);
    }

    private Bytes attr(String name) {
        return objects.attr(at, object, name)
                .orElseThrow(() -> new ToolRefusal("getattr: (61) No data available"));
    }

    private void setAttr(String name, Optional<String> file) throws IOException {
        Bytes value = streams.read(file, VALUE_SIZE_MAX);
        change(new Transaction.SetAttr(at, object, name, value));
    }

    private Bytes omap(String key) {
        Bytes value = objects.omap(at, object, new TreeSet<>(List.of(key))).get(key);
        if (value == null) {
            throw new ToolRefusal("Key not found");
        }
        return value;
    }

    private void setOmap(String key, Optional<String> file) throws IOException {
        SortedMap<String, Bytes> entry = new TreeMap<>();
        entry.put(key, streams.read(file, VALUE_SIZE_MAX));
        change(new Transaction.OmapSet(at, object, entry));
    }

    private void listOmap() {
        String after = "";
        ObjectStore.OmapPage page;
        do {
            page = objects.omap(at, object, after, "", PAGE);
            page.entries().keySet().forEach(streams.out()::println);
            after = page.entries().isEmpty() ? after : page.entries().lastKey();
        } while (page.more());
    }

    private void remove(boolean all, boolean force) {
        size();
        List<Transaction.Op> ops = new ArrayList<>();
        List<Long> clones = snaps().map(SnapSet::clones).orElse(List.of());
        if (!clones.isEmpty() && !all && !force) {
            throw new ToolRefusal("Clones are present, use removeall to delete everything");
        }
        if (all) {
            for (long clone : clones) {
                HObject name = object.object().withSnap(clone);
                streams.out().println("remove clone " + ObjectTarget.text(GhObject.of(name)));
                ops.add(new Transaction.Remove(at, GhObject.of(name)));
            }
        }
        streams.out().println("remove " + ObjectTarget.text(object));
        ops.add(new Transaction.Remove(at, object));
        store.commit(ops);
    }

    private Optional<SnapSet> snaps() {
        return object.object().isHead()
                ? objects.attr(at, object, SNAPSET).map(SnapSet.CODEC::fromBytes)
                : Optional.empty();
    }

    private ObjectInfo info() {
        try {
            return objects.attr(at, object, INFO)
                    .map(ObjectInfo.CODEC::fromBytes)
                    .orElseThrow(() -> attrRefusal("getting", "(61) No data available"));
        } catch (Malformed damaged) {
            throw attrRefusal("decoding", "(22) Invalid argument");
        }
    }

    private ToolRefusal attrRefusal(String doing, String why) {
        return new ToolRefusal(
                "Error "
                        + doing
                        + " attr on : "
                        + at
                        + ","
                        + ObjectTarget.text(object)
                        + ", "
                        + why);
    }

    private void dump(boolean pretty) {
        JsonDump json = new JsonDump(pretty);
        List<String> errors = new ArrayList<>();
        json.object(() -> {
            json.object("id", () -> ObjectTarget.put(object, json));
            Optional<Long> size = objects.size(at, object);
            if (size.isEmpty()) {
                errors.add(attrRefusal("getting", "(2) No such file or directory").getMessage());
                return;
            }
            try {
                ObjectInfo info = info();
                json.object(
                        "info", () -> Dump.fields("object_info_t", ObjectInfo.CODEC, info, json));
            } catch (ToolRefusal bad) {
                errors.add(bad.getMessage());
            }
            json.object(
                    "stat",
                    () -> {
                        json.put("size", size.get()).put("blksize", BLOCK_SIZE);
                        json.put("blocks", (size.get() + BLOCK_SIZE - 1) / BLOCK_SIZE)
                                .put("nlink", 1);
                    });
            snaps().ifPresent(set ->
                    json.object("SnapSet", () -> Dump.fields("SnapSet", SnapSet.CODEC, set, json)));
        });
        streams.out().println(json);
        if (!errors.isEmpty()) {
            throw new ToolRefusal(String.join("\n", errors));
        }
    }

    private void setSize(String text) {
        long size;
        try {
            size = Long.parseLong(text);
        } catch (NumberFormatException bad) {
            size = -1;
        }
        if (size < 0 || size > DATA_SIZE_MAX) {
            throw new ToolRefusal("Invalid size '" + text + "' specified");
        }
        ObjectInfo info = info();
        long stored = size();
        if (stored == size && info.size() == size) {
            streams.out().println("Size of object is already " + size);
            return;
        }
        streams.out()
                .println(
                        "Setting size to %d, stat size %d, obj info size %d"
                                .formatted(size, stored, info.size()));
        List<Transaction.Op> ops = new ArrayList<>();
        ObjectInfo changed = ObjectInfos.with(info, size, info.flags(), info.dataDigest());
        if (stored != size) {
            ops.add(new Transaction.Truncate(at, object, size));
            changed = withoutDigest(info, size);
        }
        ops.add(attrOp(changed));
        store.commit(ops);
    }

    private static ObjectInfo withoutDigest(ObjectInfo info, long size) {
        return ObjectInfos.with(info, size, info.flags() & ~ObjectInfo.DATA_DIGEST, -1);
    }

    private void write(ObjectInfo info) {
        store.commit(List.of(attrOp(info)));
    }

    private Transaction.Op attrOp(ObjectInfo info) {
        return new Transaction.SetAttr(at, object, INFO, ObjectInfo.CODEC.toBytes(info));
    }
}
