package io.sepiola.cluster.cli;

import io.sepiola.protocol.message.LogEntry;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A line of the cluster's log, as {@code ceph -w} prints it. */
final class LogLine {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx")
                    .withZone(ZoneId.systemDefault());

    private LogLine() {}

    static String of(LogEntry entry) {
        Instant stamp = entry.stamp().toInstant();
        return STAMP.format(stamp)
                + " "
                + entry.name()
                + " "
                + level(entry.level())
                + " "
                + entry.text();
    }

    private static String level(int level) {
        return switch (level) {
            case 0 -> "[DBG]";
            case 1 -> "[INF]";
            case 2 -> "[SEC]";
            case 3 -> "[WRN]";
            case 4 -> "[ERR]";
            default -> "[???]";
        };
    }
}
