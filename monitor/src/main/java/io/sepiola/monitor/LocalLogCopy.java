package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the files of a {@link LocalLog} without changing anything, also while its monitor runs: a
 * record that is being written is not there yet.
 */
public final class LocalLogCopy {
    private static final Pattern NAME = Pattern.compile("(log|snapshot)-([0-9]{1,18})");

    private LocalLogCopy() {}

    /**
     * What the log of that directory holds.
     *
     * @throws IOException when it cannot be read; a monitor that runs may have taken a file away in
     *     between, so once more may help
     * @throws Malformed when it is damaged
     */
    public static ReplicatedLog.Recovered read(Path directory) throws IOException {
        SortedMap<Long, Path> logs = new TreeMap<>();
        NavigableMap<Long, Path> snapshots = new TreeMap<>();
        try (var files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    (name.group(1).equals("log") ? logs : snapshots)
                            .put(Long.parseLong(name.group(2)), file);
                }
            }
        }
        Map.Entry<Long, Path> newest = snapshots.lastEntry();
        long base = newest == null ? 0 : newest.getKey();
        Bytes snapshot = newest == null ? Bytes.EMPTY : snapshot(newest.getValue(), base);
        long version = base;
        List<Bytes> records = new ArrayList<>();
        for (Path file : logs.values()) {
            for (LogFrame frame : frames(file)) {
                if (frame.version() == version + 1) {
                    records.add(frame.payload());
                    version++;
                } else if (frame.version() > version) {
                    throw new IOException(file + " begins after a gap");
                }
            }
        }
        return new ReplicatedLog.Recovered(version, snapshot, records);
    }

    private static Bytes snapshot(Path file, long version) throws IOException {
        LogFrame frame = LogFrame.read(Bytes.of(Files.readAllBytes(file)), 0);
        if (frame == null || frame.version() != version) {
            throw new Malformed(file + " is damaged");
        }
        return frame.payload();
    }

    private static List<LogFrame> frames(Path file) throws IOException {
        Bytes content = Bytes.of(Files.readAllBytes(file));
        List<LogFrame> frames = new ArrayList<>();
        int at = 0;
        while (at < content.size()) {
            LogFrame frame = LogFrame.read(content, at);
            if (frame == null) {
                long next = frames.isEmpty() ? 0 : frames.getLast().version() + 1;
                if (LogFrame.anyAfter(content, at, next)) {
                    throw new Malformed(file + " is damaged at byte " + at);
                }
                break;
            }
            frames.add(frame);
            at = frame.end();
        }
        return frames;
    }
}
