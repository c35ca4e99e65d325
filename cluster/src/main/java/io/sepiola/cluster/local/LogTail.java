package io.sepiola.cluster.local;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Prints the end of a file, and what is added to it. */
final class LogTail {
    private static final int TAIL_BYTES_MAX = 4 << 20;
    private static final long POLL_NANOS = 200_000_000;

    private final Path file;

    LogTail(Path file) {
        this.file = file;
    }

    void print(PrintStream out, int lines, boolean follow) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = in.length();
            byte[] tail = new byte[(int) Math.min(end, TAIL_BYTES_MAX)];
            in.seek(end - tail.length);
            in.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            out.print(lastLines(text, lines));
            out.flush();
            while (follow && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(POLL_NANOS);
                long grown = in.length();
                if (grown < end) {
                    end = 0; // begun anew
                }
                byte[] more = new byte[(int) Math.min(grown - end, TAIL_BYTES_MAX)];
                in.seek(end);
                in.readFully(more);
                end += more.length;
                out.write(more);
                out.flush();
            }
        }
    }

    static String lastLines(String text, int lines) {
        int at = text.length();
        if (text.endsWith("\n")) {
            at--;
        }
        for (int seen = 0; seen < lines; seen++) {
            at = text.lastIndexOf('\n', at - 1);
            if (at < 0) {
                return text;
            }
        }
        return text.substring(Math.min(at + 1, text.length()));
    }
}
