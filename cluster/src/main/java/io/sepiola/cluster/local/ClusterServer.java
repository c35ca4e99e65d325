package io.sepiola.cluster.local;

import io.sepiola.cluster.daemon.DaemonHost;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The process of a local cluster: starts everything, says how far it is, and ends on a signal. */
final class ClusterServer {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterServer.class);

    private static final Duration CLOSING_MAX = Duration.ofSeconds(15);
    private static final Duration ENDING_MAX = Duration.ofSeconds(10);
    private static final long POLL_NANOS = 20_000_000;

    private final ClusterDirectory directory;
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int exitCode;

    ClusterServer(ClusterDirectory directory) {
        this.directory = directory;
    }

    /** Runs until a signal comes or the cluster fails; returns the exit code. */
    int run() {
        Optional<FileLock> lock = lock();
        if (lock.isEmpty()) {
            // Not a step of a start: the file of steps is the other's.
            LOG.error("another process has {} open; stop it first", directory.path());
            return 1;
        }
        directory.write("pid", out -> out.write(ProcessHandle.current().pid() + "\n"));
        LocalClusterBoot boot =
                new LocalClusterBoot(
                        directory,
                        this::step,
                        cause -> {
                            LOG.error("the cluster cannot go on", cause);
                            exitCode = 1;
                            end.countDown();
                        });
        Thread hook =
                new Thread(
                        () -> {
                            Thread closing = new Thread(boot::close, "closing");
                            closing.setDaemon(true);
                            closing.start();
                            try {
                                closing.join(CLOSING_MAX);
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                            // What is still open loses nothing: all that was acknowledged is on
                            // disk.
                            LOG.info(
                                    closing.isAlive()
                                            ? "stopped before all was closed"
                                            : "stopped");
                        },
                        "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            boot.start();
            step("ready");
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            LOG.error("the cluster did not start", failed);
            step("failed: " + DaemonHost.reason(failed));
            exitCode = 1;
        }
        return exitCode;
    }

    /** The directory's lock, waiting for one who was killed and has not yet let go of it. */
    private Optional<FileLock> lock() {
        long end = System.nanoTime() + ENDING_MAX.toNanos();
        Optional<FileLock> lock = directory.lock();
        while (lock.isEmpty() && directory.isEnding() && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
            lock = directory.lock();
        }
        return lock;
    }

    private void step(String text) {
        LOG.info("{}", text);
        try {
            Files.writeString(
                    directory.boot(),
                    text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failed) {
            LOG.warn("cannot write {}", directory.boot(), failed);
        }
    }
}
