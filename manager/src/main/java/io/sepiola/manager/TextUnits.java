package io.sepiola.manager;

import io.sepiola.crush.CrushMap;
import io.sepiola.protocol.Utime;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Sizes, times and sets of OSDs as Ceph prints them. */
final class TextUnits {
    private static final String[] BINARY = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    private static final int WIDTH_MAX = 7;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private TextUnits() {}

    /** {@code 49 KiB}: a whole number, or what fits seven characters. */
    static String bytes(long size) {
        int index = 0;
        long unit = 1;
        while (index < BINARY.length - 1 && size / unit >= 1024) {
            unit *= 1024;
            index++;
        }
        if (size % unit == 0) {
            return size / unit + BINARY[index];
        }
        String text = "";
        for (int digits = 2; digits >= 0; digits--) {
            text =
                    String.format(Locale.ROOT, "%." + digits + "f", (double) size / unit)
                            + BINARY[index];
            if (text.length() <= WIDTH_MAX) {
                break;
            }
        }
        return text;
    }

    /** {@code 2026-11-20T22:43:56.293551+0000}; never is {@code 0.000000}. */
    static String stamp(Utime time) {
        return time.equals(Utime.ZERO) ? "0.000000" : STAMP.format(time.toInstant()) + "+0000";
    }

    /** {@code 40s}, {@code 3m}, {@code 2h}, {@code 5d}. */
    static String age(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + "h" : seconds / 86400 + "d";
    }

    /** {@code [1,0,2]}. */
    static String osds(List<Integer> osds) {
        return osds.stream()
                .map(osd -> osd == CrushMap.ITEM_NONE ? "NONE" : osd.toString())
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** As C's %g with six digits, which is what Ceph's streams print. */
    static String significant(double value, int digits) {
        if (value == 0 || Double.isNaN(value)) {
            return "0";
        }
        java.math.BigDecimal rounded =
                new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(digits))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return rounded.toPlainString();
        }
        String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        String sign = exponent < 0 ? "-" : "+";
        return mantissa + String.format(Locale.ROOT, "e%s%02d", sign, Math.abs(exponent));
    }
}
