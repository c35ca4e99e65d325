package io.sepiola.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;

import io.sepiola.base.Malformed;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

import org.xerial.snappy.Snappy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * How data are compressed: the algorithms and names of Ceph's pool option {@code
 * compression_algorithm}, with its numbers on the disk. Each compresses a run of bytes alone. What
 * is decompressed is bounded by the size that is expected. Any thread may use them.
 */
public enum Compression {
    /** Google's Snappy. */
    SNAPPY(1),
    /** The JDK's zlib. */
    ZLIB(2),
    /** Zstandard, level 1. */
    ZSTD(3),
    /** LZ4 in Java. */
    LZ4(4);

    private static final int ZLIB_LEVEL = 5;
    private static final int ZSTD_LEVEL = 1;

    private final int number;

    Compression(int number) {
        this.number = number;
    }

    /** The algorithm of a name of Ceph's. */
    public static Optional<Compression> named(String name) {
        return Arrays.stream(values()).filter(each -> each.text().equals(name)).findAny();
    }

    /** Ceph's name. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    int number() {
        return number;
    }

    static Compression numbered(int number) {
        return Arrays.stream(values())
                .filter(each -> each.number == number)
                .findAny()
                .orElseThrow(() -> new Malformed("compression of number " + number));
    }

    byte[] compress(byte[] raw) {
        return switch (this) {
            case SNAPPY -> snappy(raw);
            case ZLIB -> deflate(raw);
            case ZSTD -> Zstd.compress(raw, ZSTD_LEVEL);
            case LZ4 -> LZ4Factory.safeInstance().fastCompressor().compress(raw);
        };
    }

    private static byte[] snappy(byte[] raw) {
        try {
            return Snappy.compress(raw);
        } catch (IOException failure) {
            throw new StoreException(StoreException.Kind.IO, "snappy failed: " + failure, failure);
        }
    }

    private static byte[] deflate(byte[] raw) {
        Deflater deflater = new Deflater(ZLIB_LEVEL, true);
        try {
            deflater.setInput(raw);
            deflater.finish();
            byte[] packed = new byte[raw.length + raw.length / 8 + 64];
            int size = 0;
            while (!deflater.finished() && size < packed.length) {
                size += deflater.deflate(packed, size, packed.length - size);
            }
            return Arrays.copyOf(packed, size); // too long to be used when it did not finish
        } finally {
            deflater.end();
        }
    }

    /**
     * Exactly {@code rawSize} bytes.
     *
     * @throws Malformed when the packed bytes hold anything else
     */
    byte[] decompress(byte[] packed, int rawSize) {
        byte[] raw = new byte[rawSize];
        int size;
        try {
            size =
                    switch (this) {
                        case SNAPPY -> unsnap(packed, raw);
                        case ZLIB -> inflate(packed, raw);
                        case ZSTD -> unzstd(packed, raw);
                        case LZ4 ->
                                LZ4Factory.safeInstance()
                                        .safeDecompressor()
                                        .decompress(packed, 0, packed.length, raw, 0, rawSize);
                    };
        } catch (LZ4Exception | ZstdException | IOException | DataFormatException failure) {
            throw new Malformed("not what " + text() + " wrote: " + failure.getMessage());
        }
        if (size != rawSize) {
            throw new Malformed(text() + " gives " + size + " bytes, not " + rawSize);
        }
        return raw;
    }

    private static int unsnap(byte[] packed, byte[] raw) throws IOException {
        int size = Snappy.uncompressedLength(packed);
        return size == raw.length ? Snappy.uncompress(packed, 0, packed.length, raw, 0) : size;
    }

    private static int inflate(byte[] packed, byte[] raw) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            int size = 0;
            while (size < raw.length && !inflater.finished()) {
                int more = inflater.inflate(raw, size, raw.length - size);
                if (more == 0) {
                    break;
                }
                size += more;
            }
            return inflater.finished() ? size : size + inflater.inflate(new byte[1]);
        } finally {
            inflater.end();
        }
    }

    private static int unzstd(byte[] packed, byte[] raw) {
        return (int) Zstd.decompressByteArray(raw, 0, raw.length, packed, 0, packed.length);
    }
}
