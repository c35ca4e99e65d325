package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Crc32c;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.base.Utf8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the index keeps of an object. Not changed once it left its draft.
 *
 * <p>Onode := u8 2, crc:u32 Body | u8 1, Body ; Body := nid:u64 size:u64 hasOmap:u8 omapHeader:blob
 * attrs:map(string, blob) u32 count, Extent... ; Extent := block:u32 disk:u64 u32 count,
 * checksum:u32... ; crc is crc32c of the entry's key and the Body. Version 1 is of stores of format
 * 1, where checksum was crc32c of the block's bytes; it is read, and never written again.
 *
 * @param nid the object's number in this store: its omap's keys begin with it
 * @param hasOmap whether there may be omap entries
 */
record Onode(
        long nid,
        long size,
        boolean hasOmap,
        Bytes omapHeader,
        SortedMap<String, Bytes> attrs,
        Extents extents) {

    private static final int VERSION = 2;
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
        out.u64(nid).u64(size).bool(hasOmap).blob(omapHeader);
        out.map(attrs, Primitives.STRING, Primitives.BLOB);
        out.u32(extents.extentCount());
        for (Extent extent : extents.all()) {
            out.u32(extent.block()).u64(extent.disk()).u32(extent.count());
            for (int checksum : extent.checksums()) {
                out.u32(checksum);
            }
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
            case 1 -> ofFormat1(decode(in));
            case VERSION -> {
                int expected = in.u32();
                int found = checksum(key, value);
                if (found != expected) {
                    throw new Malformed(
                            String.format(
                                    "the entry is damaged or another's: checksum %08x, should be"
                                            + " %08x",
                                    found, expected));
                }
                yield decode(in);
            }
            default -> throw new Malformed("onode of version " + version);
        };
    }

    private static Onode ofFormat1(Onode old) {
        Extents sealed = old.extents.resealed(null, new Seal(old.nid));
        return new Onode(old.nid, old.size, old.hasOmap, old.omapHeader, old.attrs, sealed);
    }

    private static Onode decode(Decoder in) {
        long nid = in.u64();
        long size = in.u64();
        boolean hasOmap = in.bool();
        Bytes omapHeader = in.blob();
        SortedMap<String, Bytes> attrs = new TreeMap<>(Utf8::compare);
        attrs.putAll(in.map(Primitives.STRING, Primitives.BLOB));
        Extents extents = new Extents();
        int count = in.count(16);
        for (int i = 0; i < count; i++) {
            int block = in.u32();
            long disk = in.u64();
            int[] checksums = new int[in.count(4)];
            for (int j = 0; j < checksums.length; j++) {
                checksums[j] = in.u32();
            }
            extents.add(new Extent(block, disk, checksums));
        }
        if (in.hasMore()) {
            throw new Malformed("onode with more after its end");
        }
        return new Onode(nid, size, hasOmap, omapHeader, attrs, extents);
    }

    /** About what it takes in memory, in bytes. */
    int weight() {
        int weight =
                400 + omapHeader.size() + 96 * extents.extentCount() + 4 * extents.blockCount();
        for (Map.Entry<String, Bytes> attr : attrs.entrySet()) {
            weight += 120 + attr.getKey().length() + attr.getValue().size();
        }
        return weight;
    }
}
