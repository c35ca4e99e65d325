package io.sepiola.cluster.local;

import io.sepiola.cluster.DaemonJvm;
import io.sepiola.cluster.Refusal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The background process of a local cluster, seen from the command line. */
final class ClusterProcess {
    private static final Duration START_MAX = Duration.ofSeconds(120);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);
    private static final Duration ENDING_MAX = Duration.ofSeconds(10);
    private static final Duration ZOMBIE_MAX = Duration.ofSeconds(2);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 15_000_000;

    private final ClusterDirectory directory;
    private final ClusterSpec spec;

    ClusterProcess(ClusterDirectory directory, ClusterSpec spec) {
        this.directory = directory;
        this.spec = spec;
    }

    /**
     * Starts it, or lets another that starts it at this moment have the start, and waits until the
     * cluster is healthy and every endpoint answers.
     */
    void start(Progress progress) {
        Optional<ProcessHandle> other = awaitPorts();
        if (!await(other.orElseGet(() -> spawn().toHandle()), progress)) {
            throw ended();
        }
    }

    /** The process that has our ports, if one of this cluster does. */
    private Optional<ProcessHandle> awaitPorts() {
        long end = System.nanoTime() + ENDING_MAX.toNanos();
        while (true) {
            try {
                Ports.checkFree(spec);
                return Optional.empty();
            } catch (Refusal taken) {
                // A cluster's process writes its pid before it takes a port.
                Optional<ProcessHandle> other = directory.process();
                if (other.isPresent()) {
                    return other;
                }
                if (!directory.isEnding() || System.nanoTime() > end) {
                    throw taken;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Waits until a cluster that somebody started is healthy and every endpoint answers; starts it
     * when that process turns out to be ending.
     */
    void awaitReady(Progress progress) {
        Optional<ProcessHandle> process = directory.process();
        if (process.isEmpty() || !await(process.get(), progress)) {
            start(progress);
        }
    }

    /** Whether all is there; false when the process has ended after it was ready. */
    private boolean await(ProcessHandle spawned, Progress progress) {
        try {
            ProcessHandle process = awaitLastStep(spawned, progress);
            long end = System.nanoTime() + ANSWER_MAX.toNanos();
            while (!answers()) {
                if (!process.isAlive() || directory.isEnding()) {
                    return false;
                }
                if (System.nanoTime() > end) {
                    throw new Refusal("an endpoint does not answer; see " + directory.log());
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
            return true;
        } finally {
            progress.done();
        }
    }

    private boolean answers() {
        return LoopbackHttp.status(spec.address(), spec.s3Port(), "/") != 0
                && LoopbackHttp.status(spec.address(), spec.dashboardPort(), "/") == 200;
    }

    /** The process that is ready. */
    private ProcessHandle awaitLastStep(ProcessHandle spawned, Progress progress) {
        ProcessHandle process = spawned;
        long end = System.nanoTime() + START_MAX.toNanos();
        String step = lastStep().orElse("starting");
        while (!step.equals("ready")) {
            progress.show("cluster '" + spec.name() + "': " + step);
            if (step.startsWith("failed: ")) {
                throw new Refusal(step.substring("failed: ".length()));
            }
            if (!process.isAlive()) {
                // Of two that start at once, one gets the directory's lock: then wait for that one.
                process = directory.process().orElseThrow(this::ended);
            }
            if (System.nanoTime() > end) {
                throw late(step);
            }
            LockSupport.parkNanos(POLL_NANOS);
            step = lastStep().orElse(step);
        }
        return process;
    }

    private Refusal ended() {
        String step = lastStep().orElse("");
        return new Refusal(
                step.startsWith("failed: ")
                        ? step.substring("failed: ".length())
                        : "the cluster's process ended while it was starting; see "
                                + directory.log());
    }

    private Refusal late(String step) {
        return new Refusal(
                "the cluster runs but is not healthy after "
                        + START_MAX.toSeconds()
                        + " s (last step: "
                        + step
                        + "); see 'sepiola cluster status "
                        + spec.name()
                        + "' and "
                        + directory.log());
    }

    private Process spawn() {
        try {
            Files.deleteIfExists(directory.boot());
            List<String> command =
                    DaemonJvm.command("cluster", "serve", directory.path().toString());
            return new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.log().toFile()))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException failed) {
            throw new Refusal("cannot start the cluster's process (" + failed.getMessage() + ")");
        }
    }

    private Optional<String> lastStep() {
        try {
            List<String> lines = Files.readAllLines(directory.boot(), StandardCharsets.UTF_8);
            return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /** Asks it to end, and waits; kills it when it does not. */
    void stop(Progress progress) {
        ProcessHandle handle = directory.process().orElseThrow();
        progress.show("cluster '" + spec.name() + "': stopping");
        handle.destroy();
        if (!awaitEnd(handle, STOP_MAX)) {
            System.err.println(
                    "cluster '"
                            + spec.name()
                            + "' did not end within "
                            + STOP_MAX.toSeconds()
                            + " s; killed");
            handle.destroyForcibly();
            awaitEnd(handle, ENDING_MAX);
        }
        progress.done();
    }

    /** Whether it ended in time; a zombie, for which nobody may ever ask, has ended. */
    private boolean awaitEnd(ProcessHandle handle, Duration max) {
        long end = System.nanoTime() + max.toNanos();
        while (handle.isAlive() && directory.process().isPresent()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        long ending = System.nanoTime() + ZOMBIE_MAX.toNanos();
        while (handle.isAlive() && System.nanoTime() < ending) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** HEALTH_OK and so on, as the dashboard tells it; empty when it does not answer. */
    Optional<String> health() {
        String body = LoopbackHttp.body(spec.address(), spec.dashboardPort(), "/api/status");
        for (String health : List.of("HEALTH_OK", "HEALTH_WARN", "HEALTH_ERR")) {
            if (body.contains("\"" + health + "\"")) {
                return Optional.of(health);
            }
        }
        return Optional.empty();
    }
}
