package io.sepiola.cluster.daemon;

import io.sepiola.base.Await;
import io.sepiola.base.Shard;
import io.sepiola.osd.Osd;
import io.sepiola.osd.OsdOptions;
import io.sepiola.osd.StoppedOsd;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.store.BlockStore;
import io.sepiola.store.StoreException;
import io.sepiola.store.StoreMemory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The directory of one OSD: its store, {@code fsid}, the OSD's own id, and {@code ceph_fsid}, the
 * cluster's.
 *
 * @param path may not exist yet
 */
public record OsdHome(Path path, int id) {
    private static final long TIB = 1L << 40;
    private static final Path NODENAME = Path.of("/proc/sys/kernel/hostname"); // Linux

    /** Whether a store was made here. */
    public boolean isFormatted() {
        return Files.isRegularFile(path.resolve("fsid"));
    }

    /**
     * Makes an empty store that belongs to this OSD of that cluster; goes on where an earlier
     * attempt was cut off.
     *
     * @param osdFsid the OSD's own id
     * @param blockBytes what it can hold
     */
    public void format(
            UUID cluster, UUID osdFsid, long blockBytes, StoreMemory memory, Shard shard) {
        try {
            if (!BlockStore.isThere(path)) {
                BlockStore.format(path, osdFsid, id, blockBytes);
            }
            try (BlockStore store = open(osdFsid, memory, 0, failure -> {})) {
                if (!store.exists(CollectionId.META)) {
                    Await.on(Osd.mkfs(store, shard, cluster, id, osdFsid));
                }
            }
            write("ceph_fsid", cluster);
            write("fsid", osdFsid); // last: marks it as complete
        } catch (IOException failed) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "cannot make a store in " + path + " (" + failed.getMessage() + ")",
                    failed);
        }
    }

    private void write(String name, UUID value) throws IOException {
        Path fresh = path.resolve(name + ".new");
        Files.writeString(fresh, value + "\n");
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(path, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Opens the store for its OSD; groups that a tool left half put in or taken out go first. */
    public BlockStore openForOsd(
            StoreMemory memory, long reserveBytes, Consumer<StoreException> onFailure) {
        CompletableFuture<Void> failure = new CompletableFuture<>();
        BlockStore store =
                open(
                        memory,
                        reserveBytes,
                        failed -> {
                            failure.completeExceptionally(failed);
                            onFailure.accept(failed);
                        });
        StoppedOsd osd = new StoppedOsd(store);
        List<SpgId> unfinished = osd.unfinished();
        if (!unfinished.isEmpty()) {
            try (StoreWriter writer = new StoreWriter(store, failure)) {
                unfinished.forEach(pg -> writer.remove(osd, pg));
            }
        }
        return store;
    }

    /** Opens the store as it is. */
    public BlockStore open(
            StoreMemory memory, long reserveBytes, Consumer<StoreException> onFailure) {
        return open(fsid(), memory, reserveBytes, onFailure);
    }

    /** The OSD's own id. */
    public UUID fsid() {
        try {
            return UUID.fromString(Files.readString(path.resolve("fsid")).trim());
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "cannot read "
                            + path.resolve("fsid")
                            + "; is this an OSD's directory? --mkfs makes one",
                    unreadable);
        }
    }

    private BlockStore open(
            UUID osdFsid,
            StoreMemory memory,
            long reserveBytes,
            Consumer<StoreException> onFailure) {
        return BlockStore.open(
                new BlockStore.Options(path, osdFsid, id, reserveBytes, memory, onFailure));
    }

    /**
     * Options of an OSD on this host that listens on one address; its port may be 0.
     *
     * @param data its directory; nowhere when it keeps everything in memory
     */
    public static OsdOptions options(
            int id,
            List<EntityAddrVec> monitors,
            EntityAddr addr,
            String deviceClass,
            long bytes,
            Optional<Path> data) {
        String host = hostname();
        SortedMap<String, String> location = new TreeMap<>();
        location.put("host", host);
        location.put("root", "default");
        return OsdOptions.of(
                id,
                monitors,
                addr,
                host,
                location,
                deviceClass,
                Math.max(0.0001, (double) bytes / TIB),
                metadata(data.map(OsdHome::device).orElse("")));
    }

    /** The device on which a directory lies, {@code /dev/sda1}; empty when nobody can tell. */
    private static String device(Path directory) {
        try {
            String name = Files.getFileStore(directory).name();
            return name.startsWith("/dev/") ? name : "";
        } catch (IOException unknown) {
            return "";
        }
    }

    private static SortedMap<String, String> metadata(String device) {
        SortedMap<String, String> metadata = new TreeMap<>(HostFacts.all());
        metadata.put("osd_objectstore", "blockstore");
        if (!device.isEmpty()) {
            metadata.put("bluestore_bdev_dev_node", device); // where Ceph's tools look for it
            metadata.put("devices", device.substring("/dev/".length()));
        }
        return metadata;
    }

    /** This machine's name, without its domain. */
    public static String hostname() {
        String name = nodename();
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** Not by a resolver: a name that it does not know would make all hosts one in the map. */
    private static String nodename() {
        try {
            String name = Files.readString(NODENAME).strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException elsewhere) {
            return resolvedName();
        }
    }

    private static String resolvedName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unknown) {
            return "localhost";
        }
    }
}
