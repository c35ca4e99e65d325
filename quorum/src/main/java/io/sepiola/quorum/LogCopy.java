package io.sepiola.quorum;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Malformed;
import io.sepiola.monitor.ReplicatedLog.Recovered;

import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a member's files without changing anything. */
final class LogCopy {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.([0-9]+)_([0-9]+)");
    private static final Pattern SEGMENT =
            Pattern.compile("log_(?:inprogress_)?([0-9]+)(?:-[0-9]+)?");
    private static final SizeInBytes ENTRY_SIZE_MAX = SizeInBytes.valueOf("64MB");

    private Recovered base = new Recovered(0, Bytes.EMPTY, List.of());
    private long index = -1; // of the last entry that is taken in
    private final List<Bytes> records = new ArrayList<>();

    private LogCopy() {}

    /**
     * What the group's directory holds.
     *
     * @throws IOException when it cannot be read, is damaged, or there is a gap
     */
    static Recovered read(Path group) throws IOException {
        LogCopy copy = new LogCopy();
        try {
            copy.snapshot(group.resolve("sm"));
            copy.segments(group.resolve("current"));
        } catch (Malformed bad) {
            throw new IOException(group + " is damaged (" + bad.getMessage() + ")", bad);
        }
        copy.records.addAll(0, copy.base.records());
        long version = copy.base.version() - copy.base.records().size() + copy.records.size();
        return new Recovered(version, copy.base.snapshot(), copy.records);
    }

    private void snapshot(Path folder) throws IOException {
        TreeMap<Long, Path> found = new TreeMap<>(); // by the index of its last entry
        if (Files.isDirectory(folder)) {
            try (var files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Matcher name = SNAPSHOT.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        found.put(Long.parseLong(name.group(2)), file);
                    }
                }
            }
        }
        if (!found.isEmpty()) {
            index = found.lastKey();
            Bytes content = Bytes.of(Files.readAllBytes(found.lastEntry().getValue()));
            base = RecordMachine.SNAPSHOT.fromBytes(content);
        }
    }

    private void segments(Path folder) throws IOException {
        TreeMap<Long, Path> found = new TreeMap<>(); // by the index of its first entry
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = SEGMENT.matcher(file.getFileName().toString());
                // The library would delete an empty one, and somebody may be about to fill it.
                if (name.matches() && Files.size(file) > 0) {
                    found.put(Long.parseLong(name.group(1)), file);
                }
            }
        }
        for (Path file : found.values()) {
            LogSegmentPath segment = LogSegmentPath.matchLogSegment(file);
            if (segment != null) {
                LogSegment.readSegmentFile(
                        file.toFile(),
                        segment.getStartEnd(),
                        ENTRY_SIZE_MAX,
                        CorruptionPolicy.EXCEPTION,
                        null,
                        this::take);
            }
        }
    }

    private void take(LogEntryProto entry) {
        if (entry.getIndex() <= index) {
            return;
        }
        if (entry.getIndex() > index + 1) {
            throw new Malformed("entries before " + entry.getIndex() + " are missing");
        }
        index = entry.getIndex();
        if (entry.hasStateMachineLogEntry()) {
            Decoder in =
                    new Decoder(
                            Bytes.of(entry.getStateMachineLogEntry().getLogData().toByteArray()));
            long term = in.u64();
            in.u64(); // the id of the request
            if (term == entry.getTerm()) { // as RecordMachine takes it
                records.add(in.blob());
            }
        }
    }
}
