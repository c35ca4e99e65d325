package io.sepiola.manager;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** What Ceph's crash reports hold: times, and traces by which equal ones are told. */
final class CrashReport {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd['T'][' ']HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 1, 6, true)
                    .toFormatter(Locale.ROOT);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private CrashReport() {}

    /** Reads {@code 2026-11-29T22:17:52.123456Z}, also with a blank in place of the T. */
    static Optional<Instant> time(String text) {
        try {
            String bare = text.replaceFirst("Z+$", "");
            return Optional.of(LocalDateTime.parse(bare, TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }

    /** {@code 2026-11-29 22:17:52.123456}. */
    static String stamp(Instant time) {
        return STAMP.format(time);
    }

    /** The same for crashes at the same place: of its functions' names, and what was asserted. */
    static String signature(JsonNode crash) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        for (JsonNode frame : crash.path("backtrace")) {
            digest.update(function(frame.asString("")).getBytes(StandardCharsets.UTF_8));
        }
        String asserted = crash.path("assert_msg").asString("");
        digest.update(withoutPlace(asserted).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@code f()} of {@code (f()+0x17) [0x55d7]}. */
    private static String function(String frame) {
        int blank = frame.lastIndexOf(' ');
        String first = blank < 0 ? frame : frame.substring(0, blank);
        String bare = first.length() < 2 ? "" : first.substring(1, first.length() - 1);
        int plus = bare.indexOf('+');
        return plus < 0 ? bare : bare.substring(0, plus);
    }

    /** Without thread, time and line, which differ from run to run. */
    private static String withoutPlace(String asserted) {
        int thread = asserted.lastIndexOf(" thread ");
        int time = asserted.indexOf(" time ", Math.max(thread, 0));
        int end = asserted.lastIndexOf('\n');
        int colon = end < 0 ? -1 : asserted.lastIndexOf(": ", end);
        return thread < 0 || time < 0 || colon < time
                ? asserted
                : asserted.substring(0, thread) + asserted.substring(colon, end);
    }
}
