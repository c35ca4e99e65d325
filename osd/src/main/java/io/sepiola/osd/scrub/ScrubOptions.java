package io.sepiola.osd.scrub;

import java.time.Duration;
import java.util.Map;

/**
 * How groups are scrubbed: Ceph's options of the same names, as the monitors keep them. Immutable.
 *
 * @param maxScrubs at once that an OSD takes part in (osd_max_scrubs)
 * @param chunkMin objects compared at once, at least (osd_scrub_chunk_min)
 * @param chunkMax and at most (osd_scrub_chunk_max)
 * @param minInterval between two of a group (osd_scrub_min_interval)
 * @param maxInterval after which neither the hour nor chance matter (osd_scrub_max_interval)
 * @param deepInterval between two deep ones (osd_deep_scrub_interval)
 * @param intervalRandomRatio the share of {@code minInterval} that chance may add
 *     (osd_scrub_interval_randomize_ratio)
 * @param deepRandomRatio how often a scheduled scrub is deep before its time
 *     (osd_deep_scrub_randomize_ratio)
 * @param beginHour of the day, UTC, in which scrubs begin (osd_scrub_begin_hour)
 * @param endHour and in which they do no more; the same for the whole day (osd_scrub_end_hour)
 * @param sleep between two chunks (osd_scrub_sleep)
 * @param autoRepair whether a deep scrub mends what it finds (osd_scrub_auto_repair)
 * @param autoRepairCountMax but only if these are not more objects
 *     (osd_scrub_auto_repair_num_errors)
 * @param preemptionCountMax how often clients' writes may interrupt one scrub
 *     (osd_scrub_max_preemptions)
 * @param strideSize bytes read at once (osd_deep_scrub_stride)
 * @param keyCount omap entries read at once (osd_deep_scrub_keys)
 */
public record ScrubOptions(
        int maxScrubs,
        int chunkMin,
        int chunkMax,
        Duration minInterval,
        Duration maxInterval,
        Duration deepInterval,
        double intervalRandomRatio,
        double deepRandomRatio,
        int beginHour,
        int endHour,
        Duration sleep,
        boolean autoRepair,
        int autoRepairCountMax,
        int preemptionCountMax,
        int strideSize,
        int keyCount) {
    private static final int COUNT_MAX = 10_000;
    private static final int STRIDE_MAX = 16 << 20;

    /** Ceph's. */
    public static final ScrubOptions DEFAULT = of(Map.of());

    /** From the monitors' options; what is absent or no number is Ceph's default. */
    public static ScrubOptions of(Map<String, String> options) {
        int chunkMin = count(options, "osd_scrub_chunk_min", 5, 1, COUNT_MAX);
        return new ScrubOptions(
                count(options, "osd_max_scrubs", 1, 0, COUNT_MAX),
                chunkMin,
                Math.max(chunkMin, count(options, "osd_scrub_chunk_max", 25, 1, COUNT_MAX)),
                span(options, "osd_scrub_min_interval", 86_400),
                span(options, "osd_scrub_max_interval", 604_800),
                span(options, "osd_deep_scrub_interval", 604_800),
                number(options, "osd_scrub_interval_randomize_ratio", 0.5),
                number(options, "osd_deep_scrub_randomize_ratio", 0.15),
                count(options, "osd_scrub_begin_hour", 0, 0, 23),
                count(options, "osd_scrub_end_hour", 0, 0, 24) % 24,
                span(options, "osd_scrub_sleep", 0),
                isTrue(options, "osd_scrub_auto_repair"),
                count(options, "osd_scrub_auto_repair_num_errors", 5, 0, COUNT_MAX),
                count(options, "osd_scrub_max_preemptions", 5, 0, 30),
                count(options, "osd_deep_scrub_stride", 512 << 10, 4096, STRIDE_MAX),
                count(options, "osd_deep_scrub_keys", 1024, 1, COUNT_MAX));
    }

    private static double number(Map<String, String> options, String name, double otherwise) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            double number = Double.parseDouble(text.strip());
            return number >= 0 ? number : otherwise;
        } catch (NumberFormatException noNumber) {
            return otherwise;
        }
    }

    private static int count(
            Map<String, String> options, String name, int otherwise, int least, int most) {
        return (int) Math.clamp(number(options, name, otherwise), least, most);
    }

    private static Duration span(Map<String, String> options, String name, double seconds) {
        double wanted = Math.min(number(options, name, seconds), 1e9);
        return Duration.ofMillis((long) (wanted * 1000));
    }

    private static boolean isTrue(Map<String, String> options, String name) {
        String text = options.getOrDefault(name, "false").strip();
        return text.equalsIgnoreCase("true") || text.equals("1") || text.equals("yes");
    }
}
