package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as people write them: {@code 90}, {@code 10m}, {@code 1d 12h}, {@code 2 weeks}. */
final class Spans {
    private static final int SIZE_MAX = 64;
    private static final Pattern PART = Pattern.compile("\\s*([0-9]{1,9})\\s*([a-z]*)");
    private static final Map<String, Long> SECONDS =
            Map.ofEntries(
                    Map.entry("", 1L),
                    Map.entry("s", 1L),
                    Map.entry("sec", 1L),
                    Map.entry("second", 1L),
                    Map.entry("m", 60L),
                    Map.entry("min", 60L),
                    Map.entry("minute", 60L),
                    Map.entry("h", 3_600L),
                    Map.entry("hr", 3_600L),
                    Map.entry("hour", 3_600L),
                    Map.entry("d", 86_400L),
                    Map.entry("day", 86_400L),
                    Map.entry("w", 604_800L),
                    Map.entry("wk", 604_800L),
                    Map.entry("week", 604_800L),
                    Map.entry("mo", 2_592_000L),
                    Map.entry("month", 2_592_000L),
                    Map.entry("y", 31_536_000L),
                    Map.entry("yr", 31_536_000L),
                    Map.entry("year", 31_536_000L));

    private Spans() {}

    /**
     * The sum of the parts.
     *
     * @throws Malformed when it is no span, and why not
     */
    static Duration parse(String text) {
        if (text.isBlank() || text.length() > SIZE_MAX) {
            throw new Malformed("not a number");
        }
        Matcher part = PART.matcher(text.strip());
        Duration sum = Duration.ZERO;
        int reached = 0;
        while (part.lookingAt()) {
            String unit = part.group(2);
            Long seconds = SECONDS.get(unit.length() > 1 ? unit.replaceFirst("s$", "") : unit);
            if (seconds == null) {
                throw new Malformed("unrecognized unit '" + unit + "'");
            }
            sum = sum.plusSeconds(Math.multiplyExact(Long.parseLong(part.group(1)), seconds));
            reached = part.end();
            part.region(reached, text.strip().length());
        }
        if (reached < text.strip().length()) {
            throw new Malformed("not a number");
        }
        return sum;
    }
}
