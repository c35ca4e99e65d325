package io.sepiola.lab.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The simulator finds real mistakes: each file in {@code planted} changes the product, and an
 * oracle must object within the seeds that the file names, to which it has nothing to say when the
 * product is as it is. {@code -Dbug=NAME,NAME} tries these, {@code -Dlast=N} with the seeds from 1
 * to N.
 */
class PlantedBugsTest {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Path PLANTED =
            ROOT.resolve("lab/src/test/resources/io/sepiola/lab/simulation/planted");
    private static final int REQUESTS = 1_000;

    /** So many are found; 95 % are wanted. */
    private static final int FOUND_COUNT_MIN = 28;

    /** What the oracles say of the product as it is. */
    private static final Map<Long, String> CONTROLS = new ConcurrentHashMap<>();

    private static List<PlantedBug> bugs() throws IOException {
        List<PlantedBug> bugs = new ArrayList<>();
        try (Stream<Path> files = Files.list(PLANTED)) {
            for (Path file : files.sorted().toList()) {
                bugs.add(PlantedBug.read(file));
            }
        }
        String only = System.getProperty("bug");
        bugs.removeIf(bug -> only != null && !List.of(only.split(",")).contains(bug.name()));
        return bugs;
    }

    @Test
    void everyPlantedBugIsFound() throws InterruptedException, IOException {
        Deque<PlantedBug> left = new ArrayDeque<>(bugs());
        System.out.println("Planted bugs, seeds until found, and what the oracle said:");
        List<String> missed = Collections.synchronizedList(new ArrayList<>());
        int count = left.size();
        Runnable worker =
                () -> {
                    for (PlantedBug bug = next(left); bug != null; bug = next(left)) {
                        Search search = search(bug);
                        System.out.printf("  %-32s %s%n", bug.name(), search.line());
                        if (!search.found()) {
                            missed.add(bug.name());
                        }
                    }
                };
        Thread other = Thread.ofPlatform().name("planted").start(worker);
        worker.run();
        other.join();
        System.out.printf("  found %d of %d, not %s%n", count - missed.size(), count, missed);
        List<String> stale = new ArrayList<>();
        for (PlantedBug bug : bugs()) {
            if (missed.contains(bug.name()) && !bug.seeds().isEmpty()) {
                stale.add(bug.name());
            }
        }
        assertThat(stale).as("not found by their seeds").isEmpty();
        if (System.getProperty("bug") == null) {
            assertThat(count - missed.size()).isGreaterThanOrEqualTo(FOUND_COUNT_MIN);
        }
    }

    private static PlantedBug next(Deque<PlantedBug> left) {
        synchronized (left) {
            return left.pollFirst();
        }
    }

    /** What came of looking for one bug, for people. */
    private record Search(boolean found, String line) {}

    private static Search search(PlantedBug bug) {
        Long last = Long.getLong("last");
        List<Long> seeds =
                last == null ? bug.seeds() : LongStream.rangeClosed(1, last).boxed().toList();
        try {
            MutantLoader mutant = MutantLoader.of(ROOT, bug);
            for (int i = 0; i < seeds.size(); i++) {
                long seed = seeds.get(i);
                String violation = mutant.trial(seed, REQUESTS);
                if (!violation.isEmpty() && control(seed).isEmpty()) {
                    return new Search(
                            true,
                            String.format(
                                    "%4d, seed %-4d %s",
                                    i + 1,
                                    seed,
                                    violation.substring(0, Math.min(120, violation.length()))));
                }
            }
            return new Search(
                    false,
                    seeds.isEmpty()
                            ? "no seed is known that finds it"
                            : "not found within seeds "
                                    + seeds.getFirst()
                                    + " to "
                                    + seeds.getLast());
        } catch (IOException | ReflectiveOperationException | RuntimeException failed) {
            return new Search(false, "not found: " + failed);
        }
    }

    /** An objection that there is without the mistake too says nothing of it. */
    private static String control(long seed) {
        return CONTROLS.computeIfAbsent(seed, s -> Trial.run(s, REQUESTS));
    }
}
