package io.sepiola.monitor.text;

import io.sepiola.protocol.Utime;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Sizes, counts and times for people. */
public final class Units {
    private static final String[] BINARY = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    private static final String[] DECIMAL = {"", "k", "M", "G", "T", "P", "E"};
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int WIDTH_MAX = 7;

    private Units() {}

    /** {@code 49 KiB}. */
    public static String bytes(long size) {
        return scaled(size, 1024, BINARY);
    }

    /** {@code 1.2k}. */
    public static String count(long count) {
        return scaled(count, 1000, DECIMAL);
    }

    private static String scaled(long value, long step, String[] units) {
        int index = 0;
        long unit = 1;
        while (index < units.length - 1 && value / unit >= step) {
            unit *= step;
            index++;
        }
        if (value % unit == 0) {
            return value / unit + units[index];
        }
        String text = "";
        for (int digits = 2; digits >= 0; digits--) {
            text =
                    String.format(Locale.ROOT, "%." + digits + "f", (double) value / unit)
                            + units[index];
            if (text.length() <= WIDTH_MAX) {
                break;
            }
        }
        return text;
    }

    /** {@code 2026-11-20T22:43:56.293551+0000}. */
    public static String stamp(Instant time) {
        return STAMP.format(time) + "+0000";
    }

    /** {@code 2026-11-20T22:43:56.293551+0000}; never is {@code 0.000000}. */
    public static String stamp(Utime time) {
        return time.equals(Utime.ZERO) ? "0.000000" : stamp(time.toInstant());
    }

    /** {@code 2026-11-20T22:43:56.293551Z}, as the monitor map's times are written. */
    public static String stampZulu(Utime time) {
        return STAMP.format(time.toInstant()) + "Z";
    }

    /** {@code 40s}, {@code 3m}, {@code 2h}, {@code 5d}, {@code 9w}: one unit that is at least 2. */
    public static String age(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + "h";
        }
        long days = seconds / 86400;
        return days < 14
                ? days + "d"
                : days < 90 ? days / 7 + "w" : days < 730 ? days / 30 + "M" : days / 365 + "y";
    }
}
