package io.sepiola.osd.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/**
 * Every order in which a handful of messages, writes and pauses of one scrub can come. Whatever the
 * order: where nothing is damaged nothing is found, all objects are counted as they are in the end,
 * no write waits for ever, and all slots are given back.
 */
class ScrubOrdersTest {
    private static final int RUNS_MAX = 60_000;

    private static final int SAMPLES = 3_000;

    /** Goes through all sequences of choices, each time one that is the next in order. */
    private static final class Choices implements IntUnaryOperator {
        private final List<int[]> made = new ArrayList<>(); // what was chosen, of how many
        private int at;

        @Override
        public int applyAsInt(int count) {
            if (at == made.size()) {
                made.add(new int[] {0, count});
            }
            return made.get(at++)[0];
        }

        boolean next() {
            while (!made.isEmpty() && made.getLast()[0] + 1 == made.getLast()[1]) {
                made.removeLast();
            }
            if (!made.isEmpty()) {
                made.getLast()[0]++;
            }
            at = 0;
            return !made.isEmpty();
        }
    }

    @ParameterizedTest(
            name = "{0} objects, {1} replicas, {2} writes, {3} preemptions, interval ends: {4}")
    @CsvSource({
        "2, 1, 1, 0, false",
        "0, 1, 2, 0, false",
        "0, 1, 1, 1, true",
        "2, 1, 0, 1, true",
        "0, 2, 0, 1, true",
        "1, 2, 0, 0, false",
    })
    void everyOrder(int objects, int replicas, int writes, int preemptions, boolean intervalEnds) {
        Choices choices = new Choices();
        int runs = 0;
        do {
            runs++;
            ScrubbedGroup group = new ScrubbedGroup(choices, objects, replicas, preemptions);
            group.run(writes, intervalEnds);
            group.assertAllIsWell();
        } while (choices.next() && runs < RUNS_MAX);
        assertThat(runs).isBetween(2, RUNS_MAX - 1);
    }

    /** What is mended is had as it is when the scrub ends, not as it was when it was compared. */
    @ParameterizedTest(name = "{0} objects, {1} replicas, {2} writes, {3} preemptions")
    @CsvSource({"2, 1, 1, 0", "2, 2, 3, 1", "3, 1, 4, 2"})
    void mendsWhatWasWrittenSince(int objects, int replicas, int writes, int preemptions) {
        SplittableRandom random = new SplittableRandom(8);
        for (int run = 0; run < SAMPLES; run++) {
            ScrubbedGroup group =
                    new ScrubbedGroup(random::nextInt, objects, replicas, preemptions).damaged(0);
            group.run(writes, run % 2 == 0);
            group.assertAllIsWell();
        }
    }

    /** There are too many orders to go through: some of them, the same each time. */
    @ParameterizedTest(name = "{0} objects, {1} replicas, {2} writes, {3} preemptions")
    @CsvSource({"2, 2, 3, 1", "3, 1, 4, 2", "3, 2, 6, 5", "2, 3, 2, 0"})
    void manyOrders(int objects, int replicas, int writes, int preemptions) {
        SplittableRandom random = new SplittableRandom(7);
        for (int run = 0; run < SAMPLES; run++) {
            ScrubbedGroup group =
                    new ScrubbedGroup(random::nextInt, objects, replicas, preemptions);
            group.run(writes, run % 2 == 0);
            group.assertAllIsWell();
        }
    }
}
