package io.sepiola.osd.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sepiola.crush.CrushEditor;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.OsdMapIncremental;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.store.Compression;
import io.sepiola.store.CompressionOptions;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the store is told of the pools' options and the OSD's. */
class StoreCompressionTest {
    private static final CompressionOptions FORCED =
            new CompressionOptions(
                    CompressionOptions.Mode.FORCE, Compression.SNAPPY, 0.875, 8192, 65_536);

    private final List<Map<Long, CompressionOptions>> told = new ArrayList<>();
    private final StoreCompression compression = new StoreCompression(told::add);

    /** Pool 1 has these options, by key; pool 2 has none. */
    private static OsdMap map(Map<Integer, PoolOption> options) {
        OsdMap map = OsdMap.initial(new UUID(1, 2), Utime.ZERO, CrushEditor.initial("osd"));
        OsdMapIncremental.Builder step = OsdMapIncremental.after(map);
        step.osdMax(1).poolMax(2).newPoolName(1, "p").newPoolName(2, "q");
        PgPool plain = PgPool.builder().size(1).minSize(1).pgs(1).build();
        PgPool chosen = plain;
        for (Map.Entry<Integer, PoolOption> option : options.entrySet()) {
            chosen = chosen.with(next -> next.option(option.getKey(), option.getValue()));
        }
        step.newPool(1, chosen);
        step.newPool(2, plain);
        return map.apply(step.build());
    }

    private Map<Long, CompressionOptions> last() {
        return told.getLast();
    }

    @Test
    void aPoolSaysHow() {
        compression.update(map(Map.of()));
        assertThat(told).as("nothing to tell").isEmpty();
        compression.update(map(Map.of(6, new PoolOption.Text("force"))));
        assertThat(last()).containsExactly(Map.entry(1L, FORCED));
        compression.update(map(Map.of(6, new PoolOption.Text("force"))));
        assertThat(told).as("the same is told once").hasSize(1);
        compression.update(
                map(
                        Map.of(
                                6, new PoolOption.Text("passive"),
                                7, new PoolOption.Text("zstd"),
                                8, new PoolOption.Real(0.5),
                                9, new PoolOption.Whole(131_072),
                                10, new PoolOption.Whole(16_384))));
        assertThat(last())
                .containsExactly(
                        Map.entry(
                                1L,
                                new CompressionOptions(
                                        CompressionOptions.Mode.PASSIVE,
                                        Compression.ZSTD,
                                        0.5,
                                        16_384,
                                        131_072)));
        compression.update(map(Map.of(6, new PoolOption.Text("none"))));
        assertThat(last()).isEmpty();
    }

    @Test
    void whatAPoolDoesNotSayTheOsdDoes() {
        compression.configure(
                Map.of(
                        "bluestore_compression_mode", "force",
                        "bluestore_compression_algorithm", "zlib",
                        "bluestore_compression_required_ratio", "0.7",
                        "bluestore_compression_min_blob_size", "16K",
                        "bluestore_compression_max_blob_size", "262144"));
        assertThat(told).as("no map yet").isEmpty();
        compression.update(map(Map.of(7, new PoolOption.Text("lz4"))));
        CompressionOptions own =
                new CompressionOptions(
                        CompressionOptions.Mode.FORCE, Compression.ZLIB, 0.7, 16_384, 262_144);
        assertThat(last())
                .containsOnly(
                        Map.entry(
                                1L,
                                new CompressionOptions(
                                        CompressionOptions.Mode.FORCE,
                                        Compression.LZ4,
                                        0.7,
                                        16_384,
                                        262_144)),
                        Map.entry(2L, own));
        compression.update(map(Map.of(6, new PoolOption.Text("none"))));
        assertThat(last()).containsExactly(Map.entry(2L, own));
        compression.configure(Map.of());
        assertThat(last()).isEmpty();
    }

    @Test
    void noValueIsAbsentAndNoAlgorithmIsNoCompression() {
        compression.configure(
                Map.of(
                        "bluestore_compression_required_ratio", "most",
                        "bluestore_compression_max_blob_size", "big"));
        compression.update(map(Map.of(6, new PoolOption.Text("force"))));
        assertThat(last()).containsExactly(Map.entry(1L, FORCED));
        compression.update(
                map(Map.of(6, new PoolOption.Text("force"), 7, new PoolOption.Text("none"))));
        assertThat(last()).isEmpty();
    }
}
