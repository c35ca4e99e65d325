package io.sepiola.osd.pg;

import io.sepiola.protocol.osd.ObjectInfo;
import io.sepiola.protocol.osd.OsdOp;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A range of an object that is so long that a shard had better not wait for it.
 *
 * @param offset in bytes
 * @param length in bytes
 */
record LongRead(long offset, int length) {
    /**
     * The first range of at least {@code lengthMin} among those that the operations read; null when
     * there is none.
     */
    static @Nullable LongRead ofOrNull(List<OsdOp> ops, ObjectInfo info, int lengthMin) {
        for (OsdOp op : ops) {
            LongRead range =
                    switch (op) {
                        case OsdOp.Read read ->
                                within(
                                        read.offset(),
                                        read.length() == 0 ? info.size() : read.length(),
                                        info.size(),
                                        lengthMin);
                        case OsdOp.SparseRead read ->
                                within(read.offset(), read.length(), info.size(), lengthMin);
                        default -> null;
                    };
            if (range != null) {
                return range;
            }
        }
        return null;
    }

    private static @Nullable LongRead within(long offset, long length, long size, int lengthMin) {
        if (offset < 0 || offset >= size) {
            return null;
        }
        long left = size - offset;
        long clipped = Long.compareUnsigned(length, left) < 0 ? length : left;
        return clipped < lengthMin || clipped > Integer.MAX_VALUE
                ? null
                : new LongRead(offset, (int) clipped);
    }
}
