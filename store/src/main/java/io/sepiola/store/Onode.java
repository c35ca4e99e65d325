package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.base.Utf8;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the index keeps of an object. Not changed once it left its draft.
 *
 * <p>Onode := u8 1, nid:u64 size:u64 hasOmap:u8 omapHeader:blob attrs:map(string, blob) u32 count,
 * Extent... ; Extent := block:u32 disk:u64 u32 count, crc:u32...
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

    private static final int VERSION = 1;

    /** As in the class comment. */
    static final Codec<Onode> CODEC =
            Primitives.of((out, onode) -> onode.encode(out), Onode::decode);

    private void encode(Encoder out) {
        out.u8(VERSION).u64(nid).u64(size).bool(hasOmap).blob(omapHeader);
        out.map(attrs, Primitives.STRING, Primitives.BLOB);
        out.u32(extents.extentCount());
        for (Extent extent : extents.all()) {
            out.u32(extent.block()).u64(extent.disk()).u32(extent.count());
            for (int checksum : extent.checksums()) {
                out.u32(checksum);
            }
        }
    }

    private static Onode decode(Decoder in) {
        int version = in.u8();
        if (version != VERSION) {
            throw new Malformed("onode of version " + version);
        }
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
