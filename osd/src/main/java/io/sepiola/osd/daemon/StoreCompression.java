package io.sepiola.osd.daemon;

import io.sepiola.protocol.map.OsdMap;
import io.sepiola.protocol.map.PgPool;
import io.sepiola.protocol.map.PoolOption;
import io.sepiola.store.Compression;
import io.sepiola.store.CompressionOptions;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the store how each pool's data are compressed: as the pool's options say, and where they
 * say nothing, as the OSD's do ({@code bluestore_compression_*}; its ceph.conf goes before the
 * monitors). What is no value counts as absent. Owned by the OSD's shard.
 */
final class StoreCompression {
    private static final int POOL_MODE = 6;
    private static final int POOL_ALGORITHM = 7;
    private static final int POOL_RATIO = 8;
    private static final int POOL_BLOB_SIZE_MAX = 9;
    private static final int POOL_BLOB_SIZE_MIN = 10;

    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,9})\\s*([kmg]?)i?b?", Pattern.CASE_INSENSITIVE);
    private static final int BLOB_SIZE_MAX = 1 << 30;

    private final Consumer<Map<Long, CompressionOptions>> store;
    private Map<String, String> options = Map.of();
    private Map<Long, CompressionOptions> told = Map.of();
    private @Nullable OsdMap mapOrNull;

    /** Tells nothing yet. */
    StoreCompression(Consumer<Map<Long, CompressionOptions>> store) {
        this.store = store;
    }

    /** These options of the OSD are in force. */
    void configure(Map<String, String> inForce) {
        options = new TreeMap<>(inForce);
        tell();
    }

    /** There is a newer map. */
    void update(OsdMap map) {
        mapOrNull = map;
        tell();
    }

    private void tell() {
        if (mapOrNull == null) {
            return;
        }
        Map<Long, CompressionOptions> pools = new HashMap<>();
        mapOrNull.pools().forEach((id, pool) -> of(pool).ifPresent(each -> pools.put(id, each)));
        if (!pools.equals(told)) {
            told = pools;
            store.accept(pools);
        }
    }

    /** Nothing when the pool is stored as it is. */
    private Optional<CompressionOptions> of(PgPool pool) {
        CompressionOptions standard = CompressionOptions.DEFAULT;
        CompressionOptions.Mode mode =
                mode(text(pool, POOL_MODE)).or(() -> mode(option("mode"))).orElse(standard.mode());
        if (mode == CompressionOptions.Mode.NONE) {
            return Optional.empty();
        }
        String algorithm =
                text(pool, POOL_ALGORITHM)
                        .or(() -> option("algorithm"))
                        .orElse(standard.algorithm().text());
        double ratio =
                number(pool, POOL_RATIO)
                        .or(() -> option("required_ratio").flatMap(StoreCompression::real))
                        .orElse(standard.requiredRatio());
        int least = size(pool, POOL_BLOB_SIZE_MIN, "min_blob_size", standard.blobSizeMin());
        int most = size(pool, POOL_BLOB_SIZE_MAX, "max_blob_size", standard.blobSizeMax());
        return Compression.named(algorithm) // none, too, is a name of Ceph's
                .map(known -> new CompressionOptions(mode, known, ratio, least, most));
    }

    private Optional<String> option(String name) {
        return Optional.ofNullable(options.get("bluestore_compression_" + name)).map(String::strip);
    }

    private static Optional<CompressionOptions.Mode> mode(Optional<String> text) {
        return text.flatMap(wanted -> {
            for (CompressionOptions.Mode mode : CompressionOptions.Mode.values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(wanted)) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        });
    }

    private static Optional<String> text(PgPool pool, int key) {
        return pool.option(key).orElse(null) instanceof PoolOption.Text(String value)
                ? Optional.of(value)
                : Optional.empty();
    }

    private static Optional<Double> number(PgPool pool, int key) {
        return switch (pool.option(key).orElse(null)) {
            case PoolOption.Whole(long value) -> Optional.of((double) value);
            case PoolOption.Real(double value) -> Optional.of(value);
            case null -> Optional.empty();
            case PoolOption.Text _ -> Optional.empty();
        };
    }

    private static Optional<Double> real(String text) {
        try {
            return Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }

    /** Nought stands for the default. */
    private int size(PgPool pool, int key, String name, int standard) {
        double wanted =
                number(pool, key)
                        .filter(size -> size > 0)
                        .or(() -> option(name).flatMap(StoreCompression::bytes))
                        .orElse(0.0);
        return wanted > 0 ? (int) Math.min(wanted, BLOB_SIZE_MAX) : standard;
    }

    private static Optional<Double> bytes(String text) {
        Matcher found = SIZE.matcher(text);
        if (!found.matches()) {
            return Optional.empty();
        }
        int power = " kmg".indexOf((found.group(2) + " ").toLowerCase(Locale.ROOT).charAt(0));
        return Optional.of(Double.parseDouble(found.group(1)) * Math.pow(1024, power));
    }
}
