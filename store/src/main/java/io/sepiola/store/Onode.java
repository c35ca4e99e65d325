package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.base.Utf8;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the index keeps of an object. Not changed once it left its draft.
 *
 * <p>Onode := u8 3, crc:u32 nid:u64 size:u64 hasOmap:u8 hints:u32 omapHeader:blob attrs:map(string,
 * blob) u32 count, Extent... ; Extent := block:u32 disk:u64 Packing u32 count, checksum:u32... ;
 * Packing := u8 0 | algorithm:u8 storedSize:u32 rawCount:u32 skip:u32 count:u32 ; crc is crc32c of
 * the entry's key and of what follows.
 *
 * <p>Of format 2 there is u8 2, which has no hints and no Packing; of format 1 u8 1, which has no
 * crc either, and whose checksums are crc32c of the block's bytes. They are read, and never written
 * again.
 *
 * @param nid the object's number in this store: its omap's keys begin with it
 * @param hasOmap whether there may be omap entries
 * @param hints the flags of the last allocation hint
 */
record Onode(
        long nid,
        long size,
        boolean hasOmap,
        int hints,
        Bytes omapHeader,
        SortedMap<String, Bytes> attrs,
        Extents extents) {

    private static final int VERSION = 3;
    private static final int HEAD_SIZE = 5; // what its own checksum does not cover

    /** As in the class comment, for the entry of the index under {@code key}. */
    byte[] encode(byte[] key) {
        Encoder out = new Encoder(512);
        out.u8(VERSION).u32(0);
        encode(out);
        byte[] value = out.toBytes().toArray();
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putInt(1, checksum(key, value));
        return value;
    }

    private static int checksum(byte[] key, byte[] value) {
        int ofKey = Crc32c.of(-1, key, 0, key.length);
        return Crc32c.of(ofKey, value, HEAD_SIZE, value.length - HEAD_SIZE);
    }

    private void encode(Encoder out) {
        out.u64(nid).u64(size).bool(hasOmap).u32(hints).blob(omapHeader);
        out.map(attrs, Primitives.STRING, Primitives.BLOB);
        out.u32(extents.extentCount());
        for (Extent extent : extents.all()) {
            out.u32(extent.block()).u64(extent.disk());
            encode(extent.packingOrNull(), out);
            out.u32(extent.checksums().length);
            for (int checksum : extent.checksums()) {
                out.u32(checksum);
            }
        }
    }

    private static void encode(@Nullable Packing packing, Encoder out) {
        if (packing == null) {
            out.u8(0);
        } else {
            out.u8(packing.algorithm().number()).u32(packing.storedSize());
            out.u32(packing.rawCount()).u32(packing.skip()).u32(packing.count());
        }
    }

    private static @Nullable Packing packingOrNull(Decoder in) {
        int algorithm = in.u8();
        return algorithm == 0
                ? null
                : new Packing(
                        Compression.numbered(algorithm), in.u32(), in.u32(), in.u32(), in.u32());
    }

    private static void check(Extent extent) {
        Packing packing = extent.packingOrNull();
        if (packing != null
                && (packing.rawCount() <= 0
                        || packing.rawCount() > CompressionOptions.BLOB_BLOCKS_MAX
                        || packing.skip() < 0
                        || packing.count() <= 0
                        || packing.count() > packing.rawCount() - packing.skip()
                        || packing.storedSize() <= 0
                        || packing.storedSize() > Extent.bytes(extent.checksums().length))) {
            throw new Malformed("extent with " + packing);
        }
    }

    /**
     * Reads the entry of the index under {@code key}.
     *
     * @throws Malformed when it is damaged, or the entry of another key
     */
    static Onode decode(byte[] key, byte[] value) {
        Decoder in = new Decoder(Bytes.of(value));
        int version = in.u8();
        return switch (version) {
            case 1 -> ofFormat1(decode(in, version));
            case 2, VERSION -> {
                int expected = in.u32();
                int found = checksum(key, value);
                if (found != expected) {
                    throw new Malformed(
                            String.format(
                                    "the entry is damaged or another's: checksum %08x, should be"
                                            + " %08x",
                                    found, expected));
                }
                yield decode(in, version);
            }
            default -> throw new Malformed("onode of version " + version);
        };
    }

    private static Onode ofFormat1(Onode old) {
        Extents sealed = old.extents.resealed(null, new Seal(old.nid));
        return new Onode(old.nid, old.size, old.hasOmap, 0, old.omapHeader, old.attrs, sealed);
    }

    private static Onode decode(Decoder in, int version) {
        long nid = in.u64();
        long size = in.u64();
        boolean hasOmap = in.bool();
        int hints = version < VERSION ? 0 : in.u32();
        Bytes omapHeader = in.blob();
        SortedMap<String, Bytes> attrs = new TreeMap<>(Utf8::compare);
        attrs.putAll(in.map(Primitives.STRING, Primitives.BLOB));
        Extents extents = new Extents();
        int count = in.count(16);
        for (int i = 0; i < count; i++) {
            int block = in.u32();
            long disk = in.u64();
            Packing packing = version < VERSION ? null : packingOrNull(in);
            int[] checksums = new int[in.count(4)];
            for (int j = 0; j < checksums.length; j++) {
                checksums[j] = in.u32();
            }
            Extent extent = new Extent(block, disk, checksums, packing);
            check(extent);
            extents.add(extent);
        }
        if (in.hasMore()) {
            throw new Malformed("onode with more after its end");
        }
        return new Onode(nid, size, hasOmap, hints, omapHeader, attrs, extents);
    }

    /** What its data take. */
    Footprint footprint() {
        return Footprint.of(size, extents);
    }

    /** About what it takes in memory, in bytes. */
    int weight() {
        int weight =
                400 + omapHeader.size() + 96 * extents.extentCount() + 4 * extents.storedCount();
        for (Map.Entry<String, Bytes> attr : attrs.entrySet()) {
            weight += 120 + attr.getKey().length() + attr.getValue().size();
        }
        return weight;
    }
}
