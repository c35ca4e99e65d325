package io.sepiola.monitor.state;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A whole state as one change of the log: packed by deflate, since a record is bounded. */
public final class RestoredState {
    private static final int STATE_SIZE_MAX = 1 << 29;
    private static final int CHUNK = 1 << 16;

    private RestoredState() {}

    /** Packs a state as its codec wrote it. */
    public static Bytes pack(Bytes state) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(state.toArray());
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!deflater.finished()) {
                out.write(chunk, 0, deflater.deflate(chunk));
            }
            return Bytes.of(out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    static MonitorState unpack(Bytes packed) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed.toArray());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            while (!inflater.finished()) {
                int count = inflater.inflate(chunk);
                if (count == 0 || out.size() > STATE_SIZE_MAX) {
                    throw new Malformed("the restored state is cut off, or too large");
                }
                out.write(chunk, 0, count);
            }
            return MonitorState.CODEC.fromBytes(Bytes.of(out.toByteArray()));
        } catch (DataFormatException bad) {
            throw new Malformed("the restored state cannot be unpacked", bad);
        } finally {
            inflater.end();
        }
    }
}
