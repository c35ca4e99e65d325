package io.sepiola.cluster.daemon;

import io.sepiola.cluster.Release;
import io.sepiola.protocol.AuthName;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What a daemon that ends by a mistake of ours leaves in {@code crash_dir}: a directory {@code
 * TIME_UUID} with {@code meta}, the report as JSON, and {@code done}. Ceph's service ceph-crash
 * posts it from there to the manager, {@code ceph crash} shows it.
 */
final class CrashDump {
    private static final Logger LOG = LoggerFactory.getLogger(CrashDump.class);
    private static final int FRAMES_MAX = 64;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private CrashDump() {}

    /** Writes it; that there is no such directory, or none to be written to, changes nothing. */
    static void write(Path directory, AuthName who, Throwable failure, Instant now, UUID id) {
        String name = STAMP.format(now) + "_" + id;
        try {
            Path home = directory.resolve(name);
            Files.createDirectory(home);
            Files.writeString(
                    home.resolve("meta"),
                    JsonMapper.shared().writeValueAsString(report(name, who, failure, now)));
            Files.createFile(home.resolve("done"));
        } catch (IOException unwritable) {
            LOG.info("no crash report is left in {}: {}", directory, unwritable.toString());
        }
    }

    private static Map<String, Object> report(
            String name, AuthName who, Throwable failure, Instant now) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("crash_id", name);
        report.put("timestamp", STAMP.format(now));
        report.put("process_name", "sepiola-" + who.type().label());
        report.put("entity_name", who.toString());
        report.put("ceph_version", Release.CEPH);
        report.put("utsname_hostname", OsdHome.hostname());
        report.put("utsname_sysname", System.getProperty("os.name", ""));
        report.put("utsname_release", System.getProperty("os.version", ""));
        report.put("utsname_machine", System.getProperty("os.arch", ""));
        List<String> frames = new ArrayList<>();
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frames.size() < FRAMES_MAX) {
                // As Ceph writes them: what stands before the plus tells equal crashes.
                String function = frame.getClassName() + "." + frame.getMethodName();
                frames.add("(" + function + "()+0) [" + frame.getLineNumber() + "]");
            }
        }
        report.put("backtrace", frames);
        report.put("exception", failure.toString());
        return report;
    }
}
