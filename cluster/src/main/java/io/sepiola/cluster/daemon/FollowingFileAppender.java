package io.sepiola.cluster.daemon;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to a file of that name, whichever it is: one that was moved away, as log rotation does, is
 * followed by a new one within a second. So no signal need say it, and no log is lost to a rotation
 * that sends none. Thread-safe.
 */
final class FollowingFileAppender extends FileAppender<ILoggingEvent> {
    /** How often it looks, unless told otherwise. */
    static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long interval;
    private final AtomicLong looked = new AtomicLong(System.nanoTime());
    private volatile @Nullable Object open; // by which the file system knows the open file

    /** Looks at most once in so many nanoseconds. */
    FollowingFileAppender(long interval) {
        this.interval = interval;
    }

    @Override
    public void openFile(String name) throws IOException {
        super.openFile(name);
        open = key();
    }

    @Override
    protected void append(ILoggingEvent event) {
        long now = System.nanoTime();
        long last = looked.get();
        if (now - last > interval && looked.compareAndSet(last, now)) {
            follow();
        }
        super.append(event);
    }

    private void follow() {
        Object named = key();
        Object own = open;
        if (own != null && own.equals(named)) {
            return;
        }
        try {
            openFile(getFile());
        } catch (IOException unwritable) {
            addError("cannot open " + getFile() + " anew", unwritable);
        }
    }

    /** Null when there is no file of that name. */
    private @Nullable Object key() {
        try {
            return Files.readAttributes(Path.of(getFile()), BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
