package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;
import io.sepiola.base.Simulation;
import io.sepiola.client.IoContext;
import io.sepiola.client.RadosException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/**
 * One client that asks for random things, several at a time. What it asks for follows from the seed
 * and its number, whatever happens meanwhile. Owned by the client's shard.
 */
final class Workload {
    /** No room: the request was refused before it was tried. */
    static final int ENOSPC = 28;

    private static final int OBJECTS = 20;
    private static final int OBJECTS_WIDE = 150;
    private static final int HOT_OBJECTS = 12;
    private static final String HOT = "hot";
    private static final int OMAP_PAGE = 1000;
    private static final int READ_SIZE_MAX = 1 << 20;

    private final Simulation simulation;
    private final SimulatedClient client;
    private final History history;
    private final RandomGenerator random;
    private final int depthMax;
    private final int hotPercent;
    private final int objects;
    private final long pauseNanosMax;
    private final List<History.Request> open = new ArrayList<>();
    private int left;
    private int under;
    private boolean waiting;
    private boolean dead;
    private @Nullable Violation violationOrNull;

    /**
     * A client that has not begun.
     *
     * @param count of its requests
     * @param span over which they are spread
     */
    Workload(
            Simulation simulation,
            SimulatedClient client,
            History history,
            Setting setting,
            int count,
            Duration span) {
        this.simulation = simulation;
        this.client = client;
        this.history = history;
        this.random = new SplittableRandom(simulation.seed() * 31 + client.id());
        this.left = count;
        this.depthMax = setting.depthMax();
        this.hotPercent = depthMax >= 64 ? 70 : 20;
        // Among many there are always some that are not there yet.
        this.objects = setting.ambushes() ? OBJECTS_WIDE : OBJECTS;
        // A tenth of the turns asks for as much at once as may be under way.
        double perTurn = 0.9 + 0.1 * depthMax;
        this.pauseNanosMax = (long) (2 * perTurn * span.toNanos() / Math.max(1, count));
    }

    void start() {
        client.shard().execute(this::turn);
    }

    SimulatedClient client() {
        return client;
    }

    /**
     * Whether everything was asked and answered.
     *
     * @throws Violation when an answer was wrong
     */
    boolean isDone() {
        if (violationOrNull != null) {
            throw violationOrNull;
        }
        return dead || left == 0 && under == 0;
    }

    /** The client is gone; what it asked for may have been done or not. */
    void die() {
        dead = true;
        client.shard().kill();
        open.forEach(history::abandon);
    }

    /** A future would keep what its listener throws to itself. */
    private void guard(Runnable listener) {
        try {
            listener.run();
        } catch (Violation violation) {
            violationOrNull = violation;
        }
    }

    private void turn() {
        for (int i = random.nextInt(10) == 0 ? depthMax : 1; i > 0; i--) {
            next();
        }
        if (left > 0) {
            client.shard()
                    .timers()
                    .after(Duration.ofNanos(random.nextLong(pauseNanosMax)), this::turn);
        }
    }

    private void next() {
        waiting = false;
        if (left == 0) {
            return;
        }
        if (under >= depthMax) {
            waiting = true;
            return;
        }
        left--;
        String object =
                random.nextInt(100) < hotPercent
                        ? HOT + random.nextInt(HOT_OBJECTS)
                        : "object" + random.nextInt(objects);
        int kind = random.nextInt(20);
        if (kind < 4) {
            read(object, null);
        } else if (kind == 4) {
            read(object, new Step.CompareXattr(name(), token()));
        } else {
            write(object);
        }
    }

    private void ended(History.Request request) {
        open.remove(request);
        under--;
        if (waiting) {
            next();
        }
    }

    /** Hot objects have their place from a common key: they are of one group. */
    private IoContext pool(String object) {
        return object.startsWith(HOT) ? client.pool().withLocator(HOT) : client.pool();
    }

    /** Reads a good part of the objects that there may be. */
    void readAll() {
        for (int i = 0; i < HOT_OBJECTS; i++) {
            read(HOT + i, null);
        }
        for (int i = 0; i < OBJECTS; i++) {
            read("object" + i, null);
        }
    }

    /** Reads everything of one object, whatever else is under way. */
    void read(String object, Step.@Nullable CompareXattr condition) {
        under++;
        History.Request request = history.read(client.id(), object);
        request.condition = condition;
        open.add(request);
        IoContext.ReadOperation operation = pool(object).read();
        if (condition != null) {
            operation.compareXattr(condition.name(), IoContext.Comparison.EQ, condition.value());
        }
        int first = condition == null ? 0 : 1;
        operation
                .read(0, READ_SIZE_MAX)
                .xattrs()
                .omap("", "", OMAP_PAGE)
                .submit(object)
                .whenComplete((results, failure) ->
                        guard(() -> haveRead(object, request, first, results, failure)));
    }

    private void haveRead(
            String object,
            History.Request request,
            int first,
            IoContext.@Nullable ReadResults results,
            @Nullable Throwable failure) {
        if (results != null) {
            ObjectState seen = state(results, first);
            Step.CompareXattr condition = request.condition;
            if (condition != null && condition.refusal(seen) != 0) {
                throw new Violation("O3", object + ": " + condition + " held in " + seen);
            }
            history.seen(request, seen);
        } else if (request.condition != null && errno(failure) == Step.ECANCELED) {
            history.refused(request);
        } else {
            history.seen(request, absent(object, failure));
        }
        simulation.trace("read of " + object + ": " + request);
        ended(request);
    }

    private static ObjectState state(IoContext.ReadResults results, int first) {
        return new ObjectState(
                true,
                results.data(first).detach().compact(),
                results.entries(first + 1),
                results.omap(first + 2).entries());
    }

    private static ObjectState absent(String object, @Nullable Throwable failure) {
        int errno = errno(failure);
        if (errno != Step.ENOENT) {
            throw new Violation("O2", "reading " + object + " gives error " + errno);
        }
        return ObjectState.ABSENT;
    }

    private static int errno(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        if (cause instanceof RadosException answer) {
            return answer.errno();
        }
        throw new Violation("O7", "a request failed: " + cause);
    }

    private void write(String object) {
        under++;
        List<Step> steps = steps();
        History.Request request = history.write(client.id(), object, steps);
        open.add(request);
        IoContext.WriteOperation operation = pool(object).write();
        steps.forEach(step -> step.addTo(operation));
        operation
                .submit(object)
                .whenComplete((result, failure) ->
                        guard(() ->
                                haveWritten(
                                        object,
                                        request,
                                        result == null ? 0 : result.version(),
                                        failure)));
    }

    private void haveWritten(
            String object, History.Request request, long version, @Nullable Throwable failure) {
        int errno = failure == null ? 0 : errno(failure);
        history.written(request, errno, version);
        simulation.trace("write to " + object + ": " + request);
        ended(request);
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        switch (random.nextInt(16)) {
            case 0 -> {
                steps.add(new Step.WriteFull(content()));
                steps.add(new Step.SetXattr(name(), token()));
                steps.add(setOmap());
            }
            case 1 -> { // compare and swap
                String name = name();
                steps.add(new Step.AssertExists());
                steps.add(new Step.CompareXattr(name, token()));
                steps.add(new Step.SetXattr(name, token()));
                steps.add(new Step.Append(content()));
            }
            case 2 -> {
                steps.add(new Step.Create());
                steps.add(new Step.Append(content()));
            }
            default -> steps.add(step());
        }
        return steps;
    }

    private Step step() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> new Step.WriteFull(content());
            case 2, 3 -> new Step.Write(random.nextInt(6000), content());
            case 4, 5, 6 -> new Step.Append(content());
            case 7 -> new Step.Truncate(random.nextInt(4000));
            case 8, 9 -> new Step.SetXattr(name(), token());
            case 10 -> new Step.RemoveXattr(name());
            case 11 -> setOmap();
            case 12 -> new Step.RemoveOmap(new TreeSet<>(List.of(name(), name())));
            case 13 -> new Step.ClearOmap();
            case 14 -> new Step.Zero(random.nextInt(3000), Math.max(1, random.nextInt(3000)));
            default -> new Step.Remove();
        };
    }

    private Step setOmap() {
        SortedMap<String, Bytes> entries = new TreeMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            entries.put(name(), content());
        }
        return new Step.SetOmap(entries);
    }

    private String name() {
        return "name" + random.nextInt(6);
    }

    /** One of few values, so that comparisons hold now and then. */
    private Bytes token() {
        return Bytes.utf8("token" + random.nextInt(3));
    }

    private Bytes content() {
        boolean large = random.nextInt(25) == 0;
        byte[] bytes = new byte[random.nextInt(large ? 30_000 : 300)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
