package io.sepiola.monitor.health;

import java.util.ArrayList;
import java.util.List;

/** The words of a placement group's state, a mask of PG_STATE_* bits. */
public final class PgStates {
    /** It made its members agree, and serves. */
    public static final long ACTIVE = 1L << 1;

    /** Every copy is where it belongs. */
    public static final long CLEAN = 1L << 2;

    /** It waits for an OSD that may hold the newest writes. */
    public static final long DOWN = 1L << 4;

    private record Word(long bit, String text) {}

    // In the order in which Ceph joins them.
    private static final List<Word> WORDS =
            List.of(
                    new Word(1L << 16, "stale"),
                    new Word(1L, "creating"),
                    new Word(1L << 1, "active"),
                    new Word(1L << 28, "activating"),
                    new Word(1L << 2, "clean"),
                    new Word(1L << 21, "recovery_wait"),
                    new Word(1L << 33, "recovery_toofull"),
                    new Word(1L << 13, "recovering"),
                    new Word(1L << 31, "forced_recovery"),
                    new Word(1L << 4, "down"),
                    new Word(1L << 5, "recovery_unfound"),
                    new Word(1L << 6, "backfill_unfound"),
                    new Word(1L << 10, "degraded"),
                    new Word(1L << 17, "remapped"),
                    new Word(1L << 7, "premerge"),
                    new Word(1L << 8, "scrubbing"),
                    new Word(1L << 25, "deep"),
                    new Word(1L << 11, "inconsistent"),
                    new Word(1L << 12, "peering"),
                    new Word(1L << 14, "repair"),
                    new Word(1L << 15, "backfill_wait"),
                    new Word(1L << 24, "backfilling"),
                    new Word(1L << 30, "forced_backfill"),
                    new Word(1L << 20, "backfill_toofull"),
                    new Word(1L << 19, "incomplete"),
                    new Word(1L << 29, "peered"),
                    new Word(1L << 26, "snaptrim"),
                    new Word(1L << 27, "snaptrim_wait"),
                    new Word(1L << 22, "snaptrim_error"),
                    new Word(1L << 23, "failed_repair"),
                    new Word(1L << 34, "laggy"),
                    new Word(1L << 9, "wait"));

    private static final long UNDERSIZED = 1L << 18;

    private PgStates() {}

    /** {@code active+clean}; {@code unknown} for no bit at all. */
    public static String text(long state) {
        List<String> words = new ArrayList<>();
        for (Word word : WORDS) {
            if (word.bit == 1L << 10 && (state & UNDERSIZED) != 0) {
                words.add("undersized"); // stands before degraded
            }
            if ((state & word.bit) != 0) {
                words.add(word.text);
            }
        }
        return words.isEmpty() ? "unknown" : String.join("+", words);
    }
}
