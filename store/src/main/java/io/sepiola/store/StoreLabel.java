package io.sepiola.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The first file that is read of a store: whose it is, and of which format. Written last when a
 * store is made, so that a store with a label is whole.
 *
 * <p>Text, one "name value" per line; the first line says what it is.
 *
 * @param format of the files; {@link StoreFiles#upgrade} brings it up
 * @param store drawn when the store is made; seeds the log's checksums
 * @param owner the daemon's uuid
 * @param whoami the daemon's number
 * @param blockBytes the size of the block file
 */
record StoreLabel(int format, UUID store, UUID owner, int whoami, long blockBytes) {
    /** What this program writes. */
    static final int FORMAT = 3;

    /** The oldest that it reads. */
    static final int FORMAT_MIN = 1;

    static final String FILE = "label";
    static final String FILE_NEW = "label.new";

    private static final String TITLE = "sepiola block store";

    void write(Path directory) throws IOException {
        String text =
                TITLE
                        + "\nformat "
                        + format
                        + "\nstore "
                        + store
                        + "\nowner "
                        + owner
                        + "\nwhoami "
                        + whoami
                        + "\nblock_bytes "
                        + blockBytes
                        + "\n";
        Path made = directory.resolve(FILE_NEW);
        Files.writeString(made, text);
        try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(made, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        DirectoryDisk.syncDirectory(directory);
    }

    static StoreLabel read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            throw unusable(directory, "there is no store in it; make one first", null);
        }
        try {
            return parse(directory, Files.readString(file));
        } catch (IOException | IllegalArgumentException failure) {
            throw unusable(directory, "its label cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static StoreLabel parse(Path directory, String text) {
        if (!text.startsWith(TITLE + "\n")) {
            throw unusable(directory, "its label is not ours; give another directory", null);
        }
        Map<String, String> values = new HashMap<>();
        text.lines()
                .skip(1)
                .map(line -> line.split(" ", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> values.put(pair[0], pair[1]));
        int format = Integer.parseInt(values.getOrDefault("format", ""));
        if (format < FORMAT_MIN || format > FORMAT) {
            throw unusable(
                    directory,
                    "it has format "
                            + format
                            + ", this program knows "
                            + FORMAT_MIN
                            + " to "
                            + FORMAT
                            + "; start it with the release that wrote it, or a later one",
                    null);
        }
        return new StoreLabel(
                format,
                UUID.fromString(values.getOrDefault("store", "")),
                UUID.fromString(values.getOrDefault("owner", "")),
                Integer.parseInt(values.getOrDefault("whoami", "")),
                Long.parseLong(values.getOrDefault("block_bytes", "")));
    }

    /** Throws when the store belongs to another daemon. */
    void checkOwner(Path directory, UUID expectedOwner, int expectedWhoami) {
        if (!owner.equals(expectedOwner) || whoami != expectedWhoami) {
            throw unusable(
                    directory,
                    "it belongs to osd."
                            + whoami
                            + " ("
                            + owner
                            + "), not to osd."
                            + expectedWhoami
                            + " ("
                            + expectedOwner
                            + "); give each OSD its own directory",
                    null);
        }
    }

    int logSeed() {
        return Long.hashCode(store.getMostSignificantBits() ^ store.getLeastSignificantBits());
    }

    static StoreException unusable(
            Path directory, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = "cannot use " + directory + ": " + why;
        return cause == null
                ? new StoreException(StoreException.Kind.UNUSABLE, message)
                : new StoreException(StoreException.Kind.UNUSABLE, message, cause);
    }
}
