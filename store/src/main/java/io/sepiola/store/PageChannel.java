package io.sepiola.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Reads a file on threads that are not ours. An interrupt closes the channel on which a thread
 * reads, so it is opened again, for that thread and for the others. Any thread may use it.
 */
final class PageChannel {
    private final Path path;
    private final Set<OpenOption> options;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private PageChannel(Path path, Set<OpenOption> options) throws IOException {
        this.path = path;
        this.options = options;
        this.channel = FileChannel.open(path, options);
    }

    /** Reads through the page cache. */
    static PageChannel cached(Path path) throws IOException {
        return new PageChannel(path, Set.of(StandardOpenOption.READ));
    }

    /** Reads past the page cache, where the file system can; offsets and sizes must be aligned. */
    static @Nullable PageChannel directOrNull(Path path) {
        try {
            return new PageChannel(path, Set.of(StandardOpenOption.READ, direct()));
        } catch (IOException | UnsupportedOperationException cannot) {
            return null;
        }
    }

    /**
     * The option that leads past the page cache. Found by its name, because javac warns of every
     * mention of a class outside of java.base's own packages, and here warnings are errors.
     */
    static OpenOption direct() {
        try {
            for (Object each :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (each instanceof OpenOption option && each.toString().equals("DIRECT")) {
                    return option;
                }
            }
        } catch (ClassNotFoundException absent) {
            throw new UnsupportedOperationException("no direct files in this Java", absent);
        }
        throw new UnsupportedOperationException("no direct files in this Java");
    }

    /** Fills {@code target} as far as the file goes. */
    void read(long offset, ByteBuffer target) throws IOException {
        long at = offset;
        boolean interrupted = false;
        while (target.hasRemaining()) {
            int start = target.position();
            FileChannel used = channel;
            try {
                int count = used.read(target, at);
                if (count < 0) {
                    break;
                }
                at += count;
            } catch (ClosedByInterruptException interrupt) {
                interrupted |= Thread.interrupted();
                target.position(start);
                reopen(used);
            } catch (ClosedChannelException byAnother) {
                target.position(start);
                reopen(used);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void reopen(FileChannel seen) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (channel == seen) {
            channel = FileChannel.open(path, options);
        }
    }

    synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
