package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One transaction in the log, ready to be done again: keys with their new values and blocks with
 * their new data. Doing it twice, or again after later ones that are then done again too, changes
 * nothing.
 *
 * <p>LogRecord := u32 count, Change... u32 count, Block... ; Change := key:blob present:u8
 * [value:blob] ; Block := disk:u64, 4096 bytes.
 */
record LogRecord(List<Index.Change> changes, Map<Long, Bytes> blocks) {
    Bytes encode() {
        Encoder out = new Encoder(1024);
        out.u32(changes.size());
        for (Index.Change change : changes) {
            out.u32(change.key().length).raw(change.key());
            byte @Nullable [] value = change.value();
            out.bool(value != null);
            if (value != null) {
                out.u32(value.length).raw(value);
            }
        }
        out.u32(blocks.size());
        blocks.forEach((disk, block) -> out.u64(disk).raw(block));
        return out.toBytes();
    }

    static LogRecord decode(Decoder in) {
        List<Index.Change> changes = new ArrayList<>();
        int changeCount = in.count(5);
        for (int i = 0; i < changeCount; i++) {
            byte[] key = in.blob().toArray();
            changes.add(new Index.Change(key, in.bool() ? in.blob().toArray() : null));
        }
        Map<Long, Bytes> blocks = new TreeMap<>();
        int blockCount = in.count(8 + Extent.BLOCK_SIZE);
        for (int i = 0; i < blockCount; i++) {
            long disk = in.u64();
            blocks.put(disk, in.raw(Extent.BLOCK_SIZE));
        }
        return new LogRecord(changes, blocks);
    }
}
