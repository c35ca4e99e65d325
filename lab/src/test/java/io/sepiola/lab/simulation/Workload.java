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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/**
 * A client that asks for random things, several at a time; before one of them, chosen by chance,
 * something else happens. Owned by its shard.
 */
final class Workload {
    private static final int OBJECTS = 20;
    private static final int OMAP_PAGE = 1000;
    private static final int READ_SIZE_MAX = 1 << 20;

    private final Simulation simulation;
    private final Simulation.SimulatedShard shard;
    private final IoContext pool;
    private final Model model;
    private final RandomGenerator random;
    private final int depthMax;
    private final long pauseNanosMax;
    private final int milestone;
    private final Runnable atMilestone;
    private int left;
    private int under;
    private boolean waiting;
    private @Nullable Violation violationOrNull;

    Workload(
            Simulation simulation,
            Simulation.SimulatedShard shard,
            IoContext pool,
            Model model,
            int count,
            Runnable atMilestone) {
        this.simulation = simulation;
        this.shard = shard;
        this.pool = pool;
        this.model = model;
        this.random = simulation.random();
        this.left = count;
        this.milestone = 1 + random.nextInt(count);
        this.atMilestone = atMilestone;
        this.depthMax = 1 + random.nextInt(16);
        this.pauseNanosMax = Duration.ofMillis(1 + random.nextInt(80)).toNanos();
    }

    void start() {
        shard.execute(this::next);
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
        return left == 0 && under == 0;
    }

    /** A future would keep what its listener throws to itself. */
    private void guard(Runnable listener) {
        try {
            listener.run();
        } catch (Violation violation) {
            violationOrNull = violation;
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
        if (left == milestone) {
            atMilestone.run();
        }
        left--;
        String object = "object" + random.nextInt(OBJECTS);
        if (random.nextInt(5) == 0) {
            read(object);
        } else {
            write(object);
        }
        shard.timers().after(Duration.ofNanos(random.nextLong(pauseNanosMax)), this::next);
    }

    private void ended() {
        under--;
        if (waiting) {
            next();
        }
    }

    /** Reads everything of one object, whatever else is under way. */
    void read(String object) {
        under++;
        Model.Request request = model.read(object);
        pool.read()
                .read(0, READ_SIZE_MAX)
                .xattrs()
                .omap("", "", OMAP_PAGE)
                .submit(object)
                .whenComplete((results, failure) ->
                        guard(() -> haveRead(object, request, results, failure)));
    }

    private void haveRead(
            String object,
            Model.Request request,
            IoContext.@Nullable ReadResults results,
            @Nullable Throwable failure) {
        ObjectState seen = results != null ? state(results) : absent(object, failure);
        simulation.trace("read of " + object + ": " + seen);
        model.seen(object, request, seen);
        ended();
    }

    private static ObjectState state(IoContext.ReadResults results) {
        return new ObjectState(
                true, results.data(0).detach(), results.entries(1), results.omap(2).entries());
    }

    private static ObjectState absent(String object, @Nullable Throwable failure) {
        int errno = errno(failure);
        if (errno != Model.ENOENT) {
            throw new Violation("reading " + object + " gives error " + errno);
        }
        return ObjectState.ABSENT;
    }

    private static int errno(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        if (cause instanceof RadosException answer) {
            return answer.errno();
        }
        throw new Violation("a request failed: " + cause);
    }

    private void write(String object) {
        under++;
        List<Step> steps = steps();
        Model.Request request = model.write(object, steps);
        IoContext.WriteOperation operation = pool.write();
        steps.forEach(step -> step.addTo(operation));
        simulation.trace("write to " + object + ": " + request);
        operation
                .submit(object)
                .whenComplete(
                        (result, failure) -> guard(() -> haveWritten(object, request, failure)));
    }

    private void haveWritten(String object, Model.Request request, @Nullable Throwable failure) {
        int errno = failure == null ? 0 : errno(failure);
        simulation.trace("answer " + errno + " to " + object + ": " + request);
        model.written(object, request, errno);
        ended();
    }

    private List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        if (random.nextInt(12) == 0) {
            steps.add(new Step.WriteFull(content()));
            steps.add(new Step.SetXattr(name(), content()));
            steps.add(setOmap());
        } else {
            steps.add(step());
        }
        return steps;
    }

    private Step step() {
        return switch (random.nextInt(14)) {
            case 0, 1 -> new Step.WriteFull(content());
            case 2, 3 -> new Step.Write(random.nextInt(6000), content());
            case 4, 5, 6 -> new Step.Append(content());
            case 7 -> new Step.Truncate(random.nextInt(4000));
            case 8 -> new Step.SetXattr(name(), content());
            case 9 -> new Step.RemoveXattr(name());
            case 10 -> setOmap();
            case 11 -> new Step.RemoveOmap(new TreeSet<>(List.of(name(), name())));
            case 12 -> new Step.ClearOmap();
            default -> new Step.Remove();
        };
    }

    private Step setOmap() {
        SortedMap<String, Bytes> entries = new TreeMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            entries.put(name(), content());
        }
        return new Step.SetOmap(entries);
    }

    private String name() {
        return "name" + random.nextInt(6);
    }

    private Bytes content() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
