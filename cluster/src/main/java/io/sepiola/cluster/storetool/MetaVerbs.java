package io.sepiola.cluster.storetool;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.osd.OsdSuperblock;
import io.sepiola.protocol.osd.StoreStat;
import io.sepiola.store.ObjectStore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** What an OSD keeps of itself: its superblock, its maps, how full it is. */
final class MetaVerbs {
    private static final int MAP_SIZE_MAX = 256 << 20;

    private final ToolStore store;
    private final ToolStreams streams;
    private final StoreOptions options;

    MetaVerbs(ToolStore store, ToolStreams streams, StoreOptions options) {
        this.store = store;
        this.streams = streams;
        this.options = options;
    }

    void dumpSuperblock() {
        Bytes encoded = OsdSuperblock.CODEC.toBytes(store.osd().superblock());
        streams.out().println(Dump.json(options.isPretty(), "OSDSuperblock", encoded));
    }

    void statfs() {
        ObjectStore.Usage usage = store.store().usage();
        ObjectStore.PoolUsage held = store.store().allPools();
        StoreStat stat =
                new StoreStat(
                        usage.totalBytes(),
                        usage.availableBytes(),
                        0,
                        usage.totalBytes() - usage.availableBytes(),
                        held.stored(),
                        held.compressed(),
                        held.compressedAllocated(),
                        held.compressedOriginal(),
                        usage.omapBytes(),
                        usage.metadataBytes());
        Bytes encoded = StoreStat.CODEC.toBytes(stat);
        streams.out().println(Dump.json(options.isPretty(), "store_statfs_t", encoded));
    }

    void getMap() throws IOException {
        int epoch = epoch();
        Bytes map =
                store.osd()
                        .map(epoch)
                        .orElseThrow(() ->
                                new ToolRefusal(
                                        "Can't find OSDMap for pg epoch "
                                                + epoch
                                                + "\nFailed to get osdmap#"
                                                + epoch
                                                + ": (2) No such file or directory"));
        put(map, "osdmap#" + epoch + " exported.");
    }

    void getChange() throws IOException {
        int epoch = epoch();
        Bytes change =
                store.osd()
                        .change(epoch)
                        .orElseThrow(() ->
                                new ToolRefusal(
                                        "Failed to get incremental osdmap# "
                                                + epoch
                                                + ": (2) No such file or directory"));
        put(change, "inc-osdmap#" + epoch + " exported.");
    }

    void getSuperblock() throws IOException {
        put(OsdSuperblock.CODEC.toBytes(store.osd().superblock()), "superblock exported.");
    }

    private int epoch() {
        return options.epoch() != 0 ? options.epoch() : store.osd().superblock().currentEpoch();
    }

    private void put(Bytes bytes, String said) throws IOException {
        if (!store.isDryRun()) {
            OutputStream out = ObjectstoreToolVerb.target(streams, options);
            out.write(bytes.toArray());
            out.flush();
            if (out != streams.out()) {
                out.close();
            }
        }
        streams.out().println(said);
    }

    void setMap() throws IOException {
        Bytes map = streams.read(options.value("file"), MAP_SIZE_MAX);
        int epoch = fits(decoded("osdmap", () -> OsdMap.CODEC.fromBytes(map).epoch()), "osdmap");
        exists(store.osd().map(epoch), "osdmap (osdmap." + epoch + ")");
        store.commit(StoppedOsd.writeMap(epoch, map));
    }

    void setChange() throws IOException {
        Bytes change = streams.read(options.value("file"), MAP_SIZE_MAX);
        int epoch =
                fits(
                        decoded(
                                "incremental osdmap",
                                () -> OsdMapIncremental.CODEC.fromBytes(change).epoch()),
                        "incremental");
        exists(store.osd().change(epoch), "inc-osdmap (inc_osdmap." + epoch + ")");
        store.commit(StoppedOsd.writeChange(epoch, change));
    }

    void setSuperblock() throws IOException {
        Bytes encoded = streams.read(options.value("file"), MAP_SIZE_MAX);
        OsdSuperblock fresh = decoded("superblock", () -> OsdSuperblock.CODEC.fromBytes(encoded));
        store.commit(StoppedOsd.writeSuperblock(fresh));
        streams.out().println("Superblock was set");
    }

    private static <T> T decoded(String what, java.util.function.Supplier<T> decode) {
        try {
            return decode.get();
        } catch (Malformed damaged) {
            throw new ToolRefusal("Failed to read " + what + ": " + damaged.getMessage());
        }
    }

    /** The epoch to write at; 0 on the line stands for that in the file. */
    private int fits(int inFile, String what) {
        int named = options.epoch();
        if (named == 0 || named == inFile) {
            return inFile;
        }
        String mismatch = what + ".epoch mismatch: " + named + " != " + inFile;
        if (!options.has("force")) {
            throw new ToolRefusal(mismatch);
        }
        streams.err().println(mismatch + "\nBut will continue anyway.");
        return named;
    }

    private void exists(Optional<Bytes> there, String what) {
        if (there.isEmpty()) {
            if (!options.has("force")) {
                throw new ToolRefusal(what + " does not exist; --force makes it");
            }
            streams.out().println("Creating a new epoch.");
        }
    }
}
