package io.sepiola.cluster.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as Ceph's tools show them. */
public final class Shown {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx")
                    .withZone(ZoneId.systemDefault());

    private Shown() {}

    /** In local time, with microseconds. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    /** {@code 7.7 GiB}: seven characters at most, where there are fractions. */
    static String bytes(long bytes) {
        int unit = 0;
        for (long rest = bytes; rest >= 1024 && unit < UNITS.length - 1; rest /= 1024) {
            unit++;
        }
        long size = 1L << (10 * unit);
        if (bytes % size == 0) {
            return bytes / size + " " + UNITS[unit];
        }
        double value = (double) bytes / size;
        for (int digits = 2; digits > 0; digits--) {
            String text = String.format(Locale.ROOT, "%." + digits + "f %s", value, UNITS[unit]);
            if (text.length() <= 7) {
                return text;
            }
        }
        return String.format(Locale.ROOT, "%.0f %s", value, UNITS[unit]);
    }

    /** Six significant digits and no trailing zeros, as C++'s streams print a double. */
    public static String number(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        BigDecimal rounded =
                new BigDecimal(value)
                        .round(new MathContext(6, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent >= 6) {
            String digits = rounded.unscaledValue().abs().toString();
            String mantissa =
                    digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            return String.format(
                    Locale.ROOT,
                    "%s%se%s%02d",
                    value < 0 ? "-" : "",
                    mantissa,
                    exponent < 0 ? "-" : "+",
                    Math.abs(exponent));
        }
        return rounded.toPlainString();
    }
}
