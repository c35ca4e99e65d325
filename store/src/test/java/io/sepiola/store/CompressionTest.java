package io.sepiola.store;

import static io.sepiola.store.ObjectStoreContract.A;
import static io.sepiola.store.ObjectStoreContract.B;
import static io.sepiola.store.ObjectStoreContract.PG;
import static io.sepiola.store.ObjectStoreContract.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.osd.Transaction;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Data that are stored compressed, and what of them is. */
class CompressionTest {
    private static final int SIZE = 300_000;

    private final FakeDisk disk = new FakeDisk();
    private final InlineShard shard = new InlineShard();
    private MemoryIndex index = new MemoryIndex();
    private BlockEngine engine;
    private BlockStore store;

    @BeforeEach
    void open() throws IOException {
        engine =
                new BlockEngine(
                        new BlockEngine.Parts(
                                disk,
                                index,
                                77,
                                8 << 20,
                                0,
                                new ReadBuffers(0),
                                new BlockEngine.Limits(1 << 20, 8, 16 << 20, 16_384, 256, 64 << 10),
                                failure -> {},
                                () -> {}),
                        null);
        store = new BlockStore(engine);
    }

    private void restart() throws IOException {
        engine.checkpointStep();
        index = index.crash(new Random(1));
        disk.restore(new Random(1));
        open();
    }

    private void submit(Transaction.Op... ops) throws IOException {
        store.submit(new Transaction(List.of(ops)), shard, () -> {});
        engine.commitStep();
    }

    private void compress(CompressionOptions.Mode mode, Compression algorithm) throws IOException {
        submit(new Transaction.MakeCollection(PG, 0));
        options(mode, algorithm);
    }

    private void options(CompressionOptions.Mode mode, Compression algorithm) {
        store.compression(Map.of(1L, new CompressionOptions(mode, algorithm, 0.875, 8192, 65_536)));
    }

    /** To about a tenth. */
    private static Bytes soft(int size, int seed) {
        byte[] array = bytes(size, seed).toArray();
        for (int i = 0; i < size; i++) {
            array[i] = i % 64 < 60 ? (byte) seed : array[i];
        }
        return Bytes.of(array);
    }

    private static Transaction.Op write(long offset, Bytes data) {
        return new Transaction.Write(PG, A, offset, data, 0);
    }

    private long usedBlocks() {
        return store.usage().dataBytes() / Extent.BLOCK_SIZE;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void readsBackWhatEachAlgorithmPacked(Compression algorithm) throws IOException {
        compress(CompressionOptions.Mode.FORCE, algorithm);
        Bytes data = soft(SIZE, 1);
        submit(write(0, data));
        assertThat(usedBlocks()).isBetween(4L, 30L);
        submit(
                new Transaction.Clone(PG, A, B),
                new Transaction.CloneRange(PG, A, A, 8192, 40_960, 400_000 & -4096),
                write(100_000, bytes(5000, 2)));
        restart();
        assertThat(store.read(PG, B, 0, SIZE)).isEqualTo(data);
        assertThat(store.read(PG, B, 70_001, 9)).isEqualTo(data.slice(70_001, 9));
        assertThat(store.read(PG, A, 0, SIZE))
                .isEqualTo(
                        Bytes.concat(data.slice(0, 100_000), bytes(5000, 2), data.slice(105_000)));
        assertThat(store.read(PG, A, 400_000 & -4096, 40_960)).isEqualTo(data.slice(8192, 40_960));
        assertThat(store.check()).isEmpty();
        submit(new Transaction.Remove(PG, A), new Transaction.Remove(PG, B));
        assertThat(usedBlocks()).isZero();
        assertThat(store.check()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsDamagedIsMalformedOrOfTheRightSize(Compression algorithm) {
        byte[] raw = soft(65_536, 3).toArray();
        byte[] packed = algorithm.compress(raw);
        assertThat(algorithm.decompress(packed, raw.length)).isEqualTo(raw);
        assertThatThrownBy(() -> algorithm.decompress(packed, raw.length - 1))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> algorithm.decompress(packed, raw.length + 1))
                .isInstanceOf(Malformed.class);
        Random random = new Random(5);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = packed.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(algorithm.decompress(damaged, raw.length)).hasSize(raw.length);
            } catch (Malformed named) {
                assertThat(named).hasMessageContaining(algorithm.text());
            }
        }
        assertThat(Compression.named(algorithm.text())).contains(algorithm);
    }

    @Test
    void aFlippedBitIsFoundBeforeItIsDecompressed() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.LZ4);
        submit(write(0, soft(65_536, 1)));
        engine.checkpointStep();
        disk.flip("block", 77);
        assertThatThrownBy(() -> store.read(PG, A, 50_000, 10))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT));
        assertThat(store.check()).hasSize(1);
    }

    @Test
    void modesAndHintsDecide() throws IOException {
        int[][] packs = { // no hint, compressible, incompressible
            {0, 0, 0}, {0, 1, 0}, {1, 1, 0}, {1, 1, 1}
        };
        submit(new Transaction.MakeCollection(PG, 0));
        for (CompressionOptions.Mode mode : CompressionOptions.Mode.values()) {
            options(mode, Compression.SNAPPY);
            for (int hint = 0; hint < 3; hint++) {
                submit(
                        new Transaction.Touch(PG, A),
                        new Transaction.SetAllocationHint(PG, A, 0, 0, hint == 0 ? 0 : 128 << hint),
                        write(0, soft(65_536, 1)));
                assertThat(usedBlocks() < 16)
                        .as("%s with hint %d", mode, hint)
                        .isEqualTo(packs[mode.ordinal()][hint] == 1);
                submit(new Transaction.Remove(PG, A));
            }
        }
    }

    @Test
    void aHintHoldsForLaterWritesAndThroughACrash() throws IOException {
        compress(CompressionOptions.Mode.PASSIVE, Compression.LZ4);
        submit(
                new Transaction.Touch(PG, A),
                new Transaction.SetAllocationHint(PG, A, 0, 0, CompressionOptions.COMPRESSIBLE));
        restart();
        options(CompressionOptions.Mode.PASSIVE, Compression.LZ4);
        submit(write(0, soft(65_536, 1)), new Transaction.Write(PG, B, 0, soft(65_536, 1), 0));
        assertThat(store.pools().get(1L).compressedOriginal()).isEqualTo(65_536);
        assertThat(store.check()).isEmpty();
    }

    @Test
    void countsWhatAPoolTakes() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.ZSTD);
        submit(write(0, soft(131_072, 1)), new Transaction.Write(PG, B, 0, bytes(5000, 1), 0));
        ObjectStore.PoolUsage usage = store.pools().get(1L);
        assertThat(usage.stored()).isEqualTo(131_072 + 5000);
        assertThat(usage.compressedOriginal()).isEqualTo(131_072);
        assertThat(usage.allocated()).isEqualTo(usage.compressedAllocated() + 8192);
        assertThat(usage.compressedAllocated()).isEqualTo(Extent.bytes(usedBlocks()) - 8192);
        assertThat(usage.compressed())
                .isBetween(usage.compressedAllocated() - 8192, usage.compressedAllocated());
        submit(write(8192, bytes(4096, 2))); // within a piece, which is counted once
        ObjectStore.PoolUsage holed = store.pools().get(1L);
        assertThat(holed.compressed()).isEqualTo(usage.compressed());
        assertThat(holed.compressedOriginal()).isEqualTo(131_072 - 4096);
        restart();
        assertThat(store.pools()).containsExactly(Map.entry(1L, holed));
        submit(new Transaction.Remove(PG, A), new Transaction.Remove(PG, B));
        assertThat(store.pools()).isEmpty();
    }

    /** The rest of a damaged piece is neither lost nor taken for good. */
    @Test
    void whatIsLeftOfADamagedPieceStaysUntilItIsRepaired() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.SNAPPY);
        submit(write(0, soft(65_536, 1)));
        engine.checkpointStep();
        disk.flip("block", 77);
        Bytes most = bytes(65_536 - 4096, 3);
        submit(write(0, most));
        assertThat(store.read(PG, A, 0, most.size())).isEqualTo(most);
        assertThatThrownBy(() -> store.read(PG, A, most.size(), 10))
                .isInstanceOf(StoreException.class);
        assertThat(store.check()).hasSize(1);
        submit(write(0, soft(65_536, 4)));
        assertThat(store.check()).isEmpty();
    }

    @Test
    void aPartOfAPieceIsClonedTowardsTheBeginning() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.ZLIB);
        Bytes data = soft(65_536, 1);
        submit(write(0, data), new Transaction.CloneRange(PG, A, B, 40_960, 16_384, 0));
        submit(new Transaction.Remove(PG, A));
        restart();
        assertThat(store.read(PG, B, 0, 65_536)).isEqualTo(data.slice(40_960, 16_384));
        assertThat(store.check()).isEmpty();
    }

    @Test
    void whatSavesTooLittleIsStoredAsItIs() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.ZSTD);
        submit(write(0, bytes(65_536, 1)));
        assertThat(usedBlocks()).isEqualTo(16);
        submit(write(65_536, soft(4096, 1))); // one block cannot become less
        assertThat(usedBlocks()).isEqualTo(17);
    }

    @Test
    void whatIsOverwrittenPieceByPieceKeepsNoMoreThanItsSize() throws IOException {
        compress(CompressionOptions.Mode.FORCE, Compression.ZSTD);
        submit(write(0, soft(SIZE, 1)));
        byte[] model = soft(SIZE, 1).toArray();
        for (int i = 0; i < 146; i++) {
            int at = i * 77 % 73 * 4096;
            Bytes data = bytes(4096, i);
            data.copyTo(0, model, at, 4096);
            submit(write(at, data));
            assertThat(usedBlocks()).isLessThanOrEqualTo(74 + 20);
        }
        assertThat(usedBlocks()).isEqualTo(74);
        assertThat(store.read(PG, A, 0, SIZE)).isEqualTo(Bytes.of(model));
        assertThat(store.check()).isEmpty();
    }
}
