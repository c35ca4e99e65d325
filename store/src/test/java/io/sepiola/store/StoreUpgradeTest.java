package io.sepiola.store;

import static io.sepiola.store.ObjectStoreContract.PG;
import static io.sepiola.store.ObjectStoreContract.bytes;
import static io.sepiola.store.ObjectStoreContract.entries;
import static io.sepiola.store.ObjectStoreContract.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Stores that earlier releases wrote, one of each format, and left without closing: their logs have
 * transactions that their indexes have not. Blocks are shared by a clone, others wait in the log.
 */
class StoreUpgradeTest {
    private static final UUID OWNER = UUID.fromString("8d7cdc5f-1d7f-4ba5-9d0c-4e62b3a2b2ef");
    private static final GhObject SHORT = object("short", 1);
    private static final GhObject LONG = object("long", 2);
    private static final GhObject OMAP = object("omap", 3);
    private static final GhObject CLONE = object("clone", 4);
    private static final GhObject LATE = object("late", 5);

    @TempDir Path directory;
    private final StoreMemory memory = new StoreMemory(1 << 20);

    @AfterEach
    void close() {
        memory.close();
    }

    private Path fixture(int format, String name) throws IOException {
        Path store = directory.resolve(name);
        InputStream packed =
                StoreUpgradeTest.class.getResourceAsStream("/store/format-" + format + ".zip");
        try (ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(packed))) {
            for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
                Path file = store.resolve(each.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return store;
    }

    private BlockStore open(Path store) {
        return BlockStore.open(
                new BlockStore.Options(
                        store,
                        OWNER,
                        0,
                        1 << 20,
                        memory,
                        failure -> {
                            throw new AssertionError(failure);
                        }));
    }

    private static void assertAsWritten(BlockStore store) {
        assertThat(store.check()).isEmpty();
        Bytes first = bytes(5000, 1);
        assertThat(store.read(PG, SHORT, 0, 10_000))
                .isEqualTo(
                        Bytes.concat(
                                Bytes.zeros(100),
                                first.slice(0, 3900),
                                bytes(200, 4),
                                first.slice(4100)));
        assertThat(store.attrs(PG, SHORT)).isEqualTo(entries("_", "info", "snapset", "ss"));
        Bytes longer = bytes(70_000, 2);
        assertThat(store.read(PG, CLONE, 0, 100_000)).isEqualTo(longer);
        assertThat(store.read(PG, LONG, 0, 100_000))
                .isEqualTo(
                        Bytes.concat(longer.slice(0, 8000), bytes(3000, 3), longer.slice(11_000)));
        assertThat(store.omapHeader(PG, OMAP)).isEqualTo(Bytes.utf8("head"));
        assertThat(store.omap(PG, OMAP, "", "", 9).entries()).isEqualTo(entries("b", "2"));
        assertThat(store.read(PG, LATE, 0, 100_000))
                .isEqualTo(Bytes.concat(Bytes.zeros(12_288), bytes(4096, 5)));
    }

    private static String label(Path store) throws IOException {
        return Files.readString(store.resolve(StoreLabel.FILE));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void opensWorksAndIsOfTheNewFormat(int format) throws IOException {
        Path place = fixture(format, "osd");
        assertThat(label(place)).contains("format " + format + "\n");
        BlockStore store = open(place);
        assertAsWritten(store);
        assertThat(label(place)).contains("format 3\n").contains("block_bytes 4194304\n");
        InlineShard shard = new InlineShard();
        store.compression(
                Map.of(
                        1L,
                        new CompressionOptions(
                                CompressionOptions.Mode.FORCE,
                                Compression.LZ4,
                                0.875,
                                8192,
                                65_536)));
        Transaction more =
                new Transaction(
                        List.of(
                                new Transaction.Zero(PG, LONG, 4096, 10),
                                new Transaction.Write(PG, LATE, 4096, Bytes.zeros(32_768), 0),
                                new Transaction.Write(PG, LATE, 0, bytes(10, 7), 0),
                                new Transaction.Clone(PG, CLONE, object("again", 6)),
                                new Transaction.Truncate(PG, CLONE, 5000)));
        store.submit(more, shard, () -> {});
        store.close();
        store = open(place);
        assertThat(store.check()).isEmpty();
        assertThat(store.pools().get(1L).compressedOriginal()).isEqualTo(32_768);
        assertThat(store.read(PG, LATE, 0, 10)).isEqualTo(bytes(10, 7));
        assertThat(store.read(PG, LATE, 4096, 40_000)).isEqualTo(Bytes.zeros(32_768));
        assertThat(store.read(PG, object("again", 6), 0, 100_000)).isEqualTo(bytes(70_000, 2));
        assertThat(store.read(PG, CLONE, 0, 100_000)).isEqualTo(bytes(70_000, 2).slice(0, 5000));
        store.close();
    }

    /** What a crash leaves after each step of the upgrade, with and without what is unsynced. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void isWholeWhereverTheUpgradeWasCutOff(int format) throws IOException {
        Path upgraded = fixture(format, "upgraded");
        open(upgraded).close();
        String label = label(upgraded);
        List<String> unfinished = List.of("", "\0".repeat(label.length()), label.substring(0, 40));
        for (int step = 0; step < 5; step++) {
            Path place = fixture(format, "cut" + step);
            Path made = place.resolve(StoreLabel.FILE_NEW);
            if (step < unfinished.size()) {
                Files.writeString(made, unfinished.get(step));
            } else if (step == 3) {
                Files.writeString(made, label); // written, not renamed
            } else {
                Files.writeString(place.resolve(StoreLabel.FILE), label); // nothing else done yet
            }
            assertThat(BlockStore.whoami(place)).isZero();
            for (int times = 0; times < 2; times++) {
                BlockStore store = open(place);
                assertAsWritten(store);
                store.close();
            }
            assertThat(label(place)).isEqualTo(label);
            assertThat(made).doesNotExist();
        }
    }
}
