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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The simulator finds real mistakes: each file in {@code planted} changes the product, and an
 * oracle must object within the seeds that the file names, some of those that have many crashes.
 * {@code -Dbug=NAME,NAME} tries these, {@code -Dlast=N} with the seeds from 1 to N.
 */
class PlantedBugsTest {
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Path PLANTED =
            ROOT.resolve("lab/src/test/resources/io/sepiola/lab/simulation/planted");
    private static final int REQUESTS = 1_000;
    private static final int COUNT_MIN = 10;

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
        Map<String, String> found = new ConcurrentSkipListMap<>();
        List<String> missed = Collections.synchronizedList(new ArrayList<>());
        Runnable worker =
                () -> {
                    for (PlantedBug bug = next(left); bug != null; bug = next(left)) {
                        String line = search(bug);
                        found.put(bug.name(), line);
                        System.out.printf("  %-32s %s%n", bug.name(), line);
                        if (line.startsWith("not found")) {
                            missed.add(bug.name());
                        }
                    }
                };
        Thread other = Thread.ofPlatform().name("planted").start(worker);
        worker.run();
        other.join();
        if (System.getProperty("bug") == null) {
            assertThat(found.values().stream().filter(line -> !line.startsWith("no")).count())
                    .isGreaterThanOrEqualTo(COUNT_MIN);
        }
        assertThat(missed).isEmpty();
    }

    private static PlantedBug next(Deque<PlantedBug> left) {
        synchronized (left) {
            return left.pollFirst();
        }
    }

    private static String search(PlantedBug bug) {
        Long last = Long.getLong("last");
        List<Long> seeds =
                last == null ? bug.seeds() : LongStream.rangeClosed(1, last).boxed().toList();
        try {
            MutantLoader mutant = MutantLoader.of(ROOT, bug);
            for (int i = 0; i < seeds.size(); i++) {
                String violation = mutant.trial(seeds.get(i), REQUESTS);
                if (!violation.isEmpty()) {
                    return String.format(
                            "%4d, seed %-4d %s",
                            i + 1,
                            seeds.get(i),
                            violation.substring(0, Math.min(120, violation.length())));
                }
            }
            return seeds.isEmpty()
                    ? "no seed is known that finds it"
                    : "not found within seeds " + seeds;
        } catch (IOException | ReflectiveOperationException | RuntimeException failed) {
            return "not found: " + failed;
        }
    }
}
