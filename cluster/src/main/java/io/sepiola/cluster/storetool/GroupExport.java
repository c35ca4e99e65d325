package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.cluster.pgexport.ExportWriter;
import io.sepiola.cluster.pgexport.Section;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.store.ObjectStore;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a group with everything in it into a file that an OSD, also a genuine one, takes in. */
final class GroupExport {
    /** The layout of groups on the disks of Ceph since 11 (kraken), which readers look at. */
    private static final int STRUCT_VERSION = 10;

    private static final int DATA_SIZE = 1 << 20;
    private static final int OMAP_COUNT = 25;

    private final ToolStore store;
    private final StoppedOsd.Group group;
    private final CollectionId collection;
    private final ExportWriter writer;
    private final PrintStream err;

    private GroupExport(
            ToolStore store, StoppedOsd.Group group, ExportWriter writer, PrintStream err) {
        this.store = store;
        this.group = group;
        this.collection = new CollectionId.Pg(group.info().pg());
        this.writer = writer;
        this.err = err;
    }

    /** Writes the group, and says so on the way. */
    static void run(ToolStore store, StoppedOsd.Group group, OutputStream out, PrintStream err)
            throws IOException {
        err.println("Exporting " + group.info().pg() + " info " + GroupVerbs.text(group.info()));
        Bytes map =
                store.osd()
                        .map(group.epoch())
                        .orElseThrow(() ->
                                new ToolRefusal("Can't find OSDMap for pg epoch " + group.epoch()));
        GroupExport export = new GroupExport(store, group, new ExportWriter(out), err);
        try {
            export.write(map);
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        out.flush();
    }

    private void write(Bytes map) throws IOException {
        writer.write(new Section.Begin(group.info().pg(), store.osd().superblock()));
        writer.write(
                new Section.Metadata(
                        STRUCT_VERSION,
                        group.epoch(),
                        group.info(),
                        group.log(),
                        group.pastIntervals(),
                        map,
                        group.missing()));
        store.forEach(
                collection,
                object -> {
                    // What is being gathered in a temporary object is worth nothing elsewhere.
                    if (!object.object().name().isEmpty() && object.object().pool() >= 0) {
                        try {
                            write(object);
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                    }
                });
        writer.write(new Section.End());
    }

    private void write(GhObject object) throws IOException {
        ObjectStore objects = store.store();
        err.println("Read " + ObjectTarget.text(object));
        ObjectInfo info =
                objects.attr(collection, object, ObjectVerbs.INFO)
                        .map(ObjectInfo.CODEC::fromBytes)
                        .orElseThrow(() ->
                                new ToolRefusal(
                                        "getattr failure object_info of "
                                                + ObjectTarget.text(object)
                                                + "; remove the object first"));
        writer.write(new Section.ObjectBegin(object, info));
        long size = objects.size(collection, object).orElse(0L);
        for (long at = 0; at < size; at += DATA_SIZE) {
            writer.write(new Section.Data(at, objects.read(collection, object, at, DATA_SIZE)));
        }
        writer.write(new Section.Attrs(objects.attrs(collection, object)));
        writer.write(new Section.OmapHeader(objects.omapHeader(collection, object)));
        String after = "";
        ObjectStore.OmapPage page;
        do {
            page = objects.omap(collection, object, after, "", OMAP_COUNT);
            if (!page.entries().isEmpty()) {
                SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
                entries.putAll(page.entries());
                writer.write(new Section.Omap(entries));
                after = entries.lastKey();
            }
        } while (page.more());
        writer.write(new Section.ObjectEnd());
    }
}
