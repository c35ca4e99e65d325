package io.sepiola.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

class BlockStoreTest extends ObjectStoreContract {
    private static final UUID OWNER = UUID.fromString("8d7cdc5f-1d7f-4ba5-9d0c-4e62b3a2b2ef");

    @TempDir Path directory;
    private final StoreMemory memory = new StoreMemory(8 << 20);
    private final List<StoreException> storeFailures = new ArrayList<>();

    @Override
    ObjectStore create() {
        BlockStore.format(directory.resolve("osd"), OWNER, 0, 256 << 20);
        return open();
    }

    private BlockStore open() {
        return open("osd", OWNER, 0);
    }

    private BlockStore open(String name, UUID owner, int whoami) {
        return BlockStore.open(
                new BlockStore.Options(
                        directory.resolve(name),
                        owner,
                        whoami,
                        1 << 20,
                        memory,
                        storeFailures::add));
    }

    @Override
    ObjectStore reopen(ObjectStore closing) {
        assertThat(((BlockStore) closing).check()).isEmpty();
        closing.close();
        return open();
    }

    @Test
    void aFlippedBitIsFoundAndHarmsNothingElse() throws IOException {
        commit(write(A, 0, bytes(100_000, 1)), write(B, 0, bytes(100_000, 2)));
        commit(new Transaction.SetAttrs(PG, A, entries("x", "1")));
        store.close();
        flip(indexOf(bytes(100_000, 1).slice(50_000, 64)));
        store = open();
        assertThatThrownBy(() -> store.read(PG, A, 49_000, 5000))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
        assertThat(answer(A, 49_000, 5000))
                .isInstanceOfSatisfying(
                        ReadAnswer.Failed.class,
                        failed ->
                                assertThat(failed.cause().kind())
                                        .isEqualTo(StoreException.Kind.CORRUPT));
        assertThat(store.read(PG, A, 0, 40_960)).isEqualTo(bytes(100_000, 1).slice(0, 40_960));
        assertThat(store.attrs(PG, A)).isEqualTo(entries("x", "1"));
        assertThat(all(B)).isEqualTo(bytes(100_000, 2));
        assertThat(((BlockStore) store).check()).hasSize(1);
        commit(new Transaction.Remove(PG, A));
    }

    @Test
    void longReadsLendMemoryAsFarAsThereIsSome() throws IOException {
        int size = 3 << 20;
        Bytes content = bytes(size, 1);
        commit(write(A, 0, content), write(B, 300_000, bytes(700_000, 2)));
        List<Bytes> kept = new ArrayList<>();
        int lent = 0;
        for (int i = 0; i < 30; i++) {
            Bytes data = readAside(A, 5000 * i, size);
            assertThat(data).isEqualTo(content.slice(5000 * i));
            assertThat(data.crc32c(i)).isEqualTo(content.slice(5000 * i).crc32c(i));
            lent += data.isLent() ? 1 : 0;
            kept.add(data);
        }
        assertThat(lent).as("with 64 buffers of 1 MiB").isEqualTo(22);
        kept.forEach(Bytes::settle); // what is lent in part is used in full
        assertThat(readAside(A, 0, size).isLent()).isTrue();
        assertThat(readAside(B, 0, size))
                .isEqualTo(Bytes.concat(Bytes.zeros(300_000), bytes(700_000, 2)));
        store.close();
        flip(indexOf(content.slice(2_500_000, 64)));
        store = open();
        for (int i = 0; i < 100; i++) { // a failed read keeps no buffer
            assertThat(answer(A, 0, size)).isInstanceOf(ReadAnswer.Failed.class);
            Bytes good = readAside(A, 0, 2 << 20);
            assertThat(good.isLent()).isTrue();
            assertThat(good.settle()).isEqualTo(content.slice(0, 2 << 20));
        }
        commit(new Transaction.Remove(PG, A));
    }

    private long indexOf(Bytes part) throws IOException {
        byte[] file = Files.readAllBytes(directory.resolve("osd/block"));
        for (int at = 0; ; at++) {
            if (file[at] == part.at(0) && Bytes.of(file, at, part.size()).equals(part)) {
                return at;
            }
        }
    }

    private void flip(long at) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        directory.resolve("osd/block"),
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1));
            file.write(one.flip(), at);
        }
    }

    @Test
    void refusesADirectoryThatIsNotItsOwn() throws IOException {
        assertThatThrownBy(this::open).hasMessageContaining("in use");
        store.close();
        assertThatThrownBy(() -> BlockStore.format(directory.resolve("osd"), OWNER, 0, 1 << 20))
                .hasMessageContaining("there is a store in it");
        assertThatThrownBy(() -> open("osd", UUID.randomUUID(), 0))
                .hasMessageContaining("belongs to");
        assertThatThrownBy(() -> open("osd", OWNER, 1)).hasMessageContaining("belongs to osd.0");
        assertThatThrownBy(() -> open("nothing", OWNER, 0)).hasMessageContaining("no store");
        Files.createDirectories(directory.resolve("foreign/block"));
        assertThatThrownBy(() -> BlockStore.format(directory.resolve("foreign"), OWNER, 0, 1 << 20))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNUSABLE))
                .hasMessageContaining("no store's");
        Path label = directory.resolve("osd/label");
        String text = Files.readString(label);
        Files.writeString(label, text.replace("format 3", "format 4"));
        assertThatThrownBy(this::open).hasMessageContaining("format 4, this program knows 1 to 3");
        Files.writeString(label, "something else");
        assertThatThrownBy(this::open).hasMessageContaining("not ours");
        Files.writeString(label, text);
        store = open();
    }

    @Test
    void anInterruptedReaderReads() throws InterruptedException {
        commit(write(A, 0, bytes(100_000, 1)));
        Thread.currentThread().interrupt();
        assertThat(all(A)).isEqualTo(bytes(100_000, 1));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(all(A)).isEqualTo(bytes(100_000, 1));
        commit(write(B, 0, bytes(100_000, 1)));
    }

    @AfterEach
    void check() {
        assertThat(((BlockStore) store).check()).isEmpty();
        store.close();
        memory.close();
        assertThat(storeFailures).isEmpty();
    }
}
