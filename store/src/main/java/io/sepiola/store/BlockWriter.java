package io.sepiola.store;

import io.sepiola.base.Bytes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SortedMap;

/** Writes blocks to the block file through one buffer. Owned by one thread. */
final class BlockWriter {
    private static final int BUFFER_SIZE = 1 << 20;

    private final Disk.File file;
    private @Nullable ByteBuffer bufferOrNull;
    private long start;

    BlockWriter(Disk.File file) {
        this.file = file;
    }

    /** Writes runs of blocks, by where they lie, neighbours together. */
    void write(SortedMap<Long, Bytes> runs) throws IOException {
        if (runs.isEmpty()) {
            return;
        }
        if (bufferOrNull == null) {
            bufferOrNull = TransactionLog.direct(BUFFER_SIZE);
        }
        ByteBuffer buffer = bufferOrNull;
        for (Map.Entry<Long, Bytes> run : runs.entrySet()) {
            long at = Extent.bytes(run.getKey());
            if (at != start + buffer.position()) {
                flush(buffer);
                start = at;
            }
            Bytes data = run.getValue();
            for (int done = 0; done < data.size(); ) {
                int size = Math.min(data.size() - done, buffer.remaining());
                data.slice(done, size)
                        .forEachPiece((array, offset, length) -> buffer.put(array, offset, length));
                done += size;
                if (!buffer.hasRemaining()) {
                    flush(buffer);
                }
            }
        }
        flush(buffer);
    }

    private void flush(ByteBuffer buffer) throws IOException {
        int size = buffer.position();
        if (size > 0) {
            file.write(start, buffer.flip());
            start += size;
            buffer.clear();
        }
    }
}
