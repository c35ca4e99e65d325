package io.sepiola.gateway.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The three ways in which S3 writes a time. */
public final class Timestamps {
    private static final DateTimeFormatter XML =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HTTP =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Timestamps() {}

    /** As in listings. */
    public static String xml(long millis) {
        return XML.format(Instant.ofEpochMilli(millis));
    }

    /** As in headers. */
    public static String http(long millis) {
        return HTTP.format(Instant.ofEpochMilli(millis));
    }

    /** Reads a header's time; empty when it is none. */
    public static Optional<Instant> parseHttp(String text) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /** Reads a signature's time, {@code yyyyMMddTHHmmssZ}; empty when it is none. */
    public static Optional<Instant> parseBasic(String text) {
        if (text.length() != 16 || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        for (int i = 0; i < 15; i++) {
            if (i != 8 && (text.charAt(i) < '0' || text.charAt(i) > '9')) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(
                    LocalDateTime.of(
                                    number(text, 0, 4),
                                    number(text, 4, 6),
                                    number(text, 6, 8),
                                    number(text, 9, 11),
                                    number(text, 11, 13),
                                    number(text, 13, 15))
                            .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException outOfRange) {
            return Optional.empty();
        }
    }

    private static int number(String text, int first, int end) {
        return Integer.parseInt(text, first, end, 10);
    }
}
