package io.sepiola.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sepiola.base.Mark;
import io.sepiola.lab.simulation.Shrinking.Failing;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A monitor, five OSDs and clients over a network, on disks and clocks of which everything fails by
 * a plan: nothing acknowledged is lost, everything is answered, all copies end up equal. {@code
 * -Dseeds=N} sets how many seeds, {@code -Dfirst=N} with which to begin, {@code -Dops=N} how many
 * requests each; {@code -Dseed=N} runs one, {@code -Dkeep=1,4} with these faults of its plan only
 * ({@code none} for none), {@code -Dtrace=true} shows what happens.
 */
class SimulationTest {
    private static final int SEEDS_DEFAULT = 300;
    private static final int REQUESTS_DEFAULT = 1_000;
    private static final int FAILURES_MAX = 3;
    private static final Duration SHRINKING_MAX = Duration.ofSeconds(60);

    /** What so many stories come upon. */
    private static final String[] ODD_BRANCHES = {
        "clients have sent more than may wait",
        "a long read ended after the interval in which it began",
        "a divergent change is taken back",
        "a member's log was divergent",
    };

    private static int requests() {
        return Integer.getInteger("ops", REQUESTS_DEFAULT);
    }

    private static Set<Integer> kept(long seed) {
        String keep = System.getProperty("keep");
        if (keep == null) {
            return FaultPlan.of(seed, Setting.of(seed, requests())).numbers();
        }
        return keep.equals("none")
                ? Set.of()
                : Arrays.stream(keep.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
    }

    private static Story.Result run(long seed) {
        Setting setting = Setting.of(seed, requests());
        FaultPlan plan = FaultPlan.of(seed, setting).keeping(kept(seed));
        Story story = new Story(seed, setting, plan);
        if (Boolean.getBoolean("trace")) {
            System.out.println(setting + " " + plan);
            story.traced(System.out::println);
        }
        return story.run();
    }

    @Test
    void noAcknowledgedWriteIsLost() throws InterruptedException {
        Long one = Long.getLong("seed");
        long first = one != null ? one : Long.getLong("first", 1);
        long count = one != null ? 1 : Long.getLong("seeds", SEEDS_DEFAULT);
        SortedMap<Long, Throwable> failed = new ConcurrentSkipListMap<>();
        List<Story.Result> results = Collections.synchronizedList(new ArrayList<>());
        long begin = System.nanoTime();
        PrimitiveIterator.OfLong seeds = LongStream.range(first, first + count).iterator();
        Runnable worker =
                () -> {
                    for (Long seed = next(seeds); seed != null; seed = next(seeds)) {
                        try {
                            results.add(run(seed));
                        } catch (RuntimeException | Error failure) {
                            failed.put(seed, failure);
                        }
                        if (failed.size() >= FAILURES_MAX) {
                            return;
                        }
                    }
                };
        Thread other = Thread.ofPlatform().name("simulation").start(worker);
        worker.run();
        other.join();
        double simulated = 0;
        long answers = 0;
        for (Story.Result result : results) {
            simulated += result.simulated().toMillis() / 1e3;
            answers += result.answers();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "Simulation: seeds %d to %d, %d failed %s; %d requests answered, %.0f simulated s"
                        + " in %.1f s (%.0f in one), %.2f s a seed%n",
                first,
                first + count - 1,
                failed.size(),
                failed.keySet(),
                answers,
                simulated,
                seconds,
                simulated / seconds,
                seconds / count);
        if (!failed.isEmpty()) {
            List<String> failures = new ArrayList<>();
            failed.forEach((seed, failure) -> failures.add(describe(seed, failure)));
            fail(String.join("\n", failures));
        }
        if (count >= SEEDS_DEFAULT) {
            assertThat(Mark.all()).containsKeys(ODD_BRANCHES);
        }
    }

    /** Both threads take from it: each story is told by one of them. */
    private static @Nullable Long next(PrimitiveIterator.OfLong seeds) {
        synchronized (seeds) {
            return seeds.hasNext() ? seeds.next() : null;
        }
    }

    private static String describe(long seed, Throwable failure) {
        StringBuilder text = new StringBuilder("seed " + seed + ": " + failure + "\n");
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (!(cause instanceof Violation)) {
                text.append("  ").append(cause).append('\n');
                for (StackTraceElement frame : cause.getStackTrace()) {
                    if (frame.getClassName().startsWith("io.sepiola")) {
                        text.append("    at ").append(frame).append('\n');
                    }
                }
            }
        }
        Failing failing = Shrinking.failingOrNull(seed, requests(), kept(seed));
        if (failing == null) {
            return text + "  and not a second time: something depends on more than the seed";
        }
        Failing small = Shrinking.shrink(failing, SHRINKING_MAX);
        String keep =
                small.kept().isEmpty()
                        ? "none"
                        : new TreeSet<>(small.kept())
                                .stream().map(String::valueOf).collect(Collectors.joining(","));
        return text
                + "  smallest: "
                + small.requests()
                + " requests, "
                + small.setting()
                + small.plan()
                + "\n  "
                + small.violation().getMessage()
                + "\n  replay: mvn -o -q -Dfast -pl lab -am test -Dtest=SimulationTest"
                + "#noAcknowledgedWriteIsLost -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dtrace=true -Dseed="
                + seed
                + " -Dops="
                + small.requests()
                + " -Dkeep="
                + keep;
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed : new long[] {7, 11}) {
            Setting setting = Setting.of(seed, 300);
            FaultPlan plan = FaultPlan.of(seed, setting);
            Story.Result first = new Story(seed, setting, plan).run();
            assertThat(new Story(seed, setting, plan).run()).isEqualTo(first);
        }
    }
}
