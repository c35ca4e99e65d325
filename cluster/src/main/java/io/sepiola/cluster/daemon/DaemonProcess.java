package io.sepiola.cluster.daemon;

import io.sepiola.cluster.Refusal;
import io.sepiola.osd.FlappingException;
import io.sepiola.osd.StoppedException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The process of one daemon: writes its pid, starts it, and runs until a signal comes (exit code 0)
 * or the daemon cannot go on (exit code 1, with one line on standard error; 0 for an OSD that was
 * marked down too often and for a monitor that was removed, as with Ceph).
 */
final class DaemonProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonProcess.class);
    private static final Duration CLOSING_MAX = Duration.ofSeconds(15);
    private static final String CRASH_DIR = "/var/lib/ceph/crash";

    private final DaemonSettings settings;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicReference<Throwable> cause = new AtomicReference<>();

    private volatile boolean stopping;

    private DaemonProcess(DaemonSettings settings) {
        this.settings = settings;
    }

    /** Runs the daemon that {@code start} starts; the exit code. */
    static int run(DaemonSettings settings, boolean logToStderr, Consumer<DaemonHost> start) {
        if (!logToStderr) {
            settings.logFile().ifPresent(DaemonLog::to);
        }
        return new DaemonProcess(settings).run(start);
    }

    private int run(Consumer<DaemonHost> start) {
        DaemonHost host =
                new DaemonHost(this::fail, name -> settings.adminSocket(), settings.ports()::over);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(host), "shutdown"));
        try {
            settings.pidFile().ifPresent(DaemonProcess::writePid);
            LOG.info("{} starts as process {}", settings.name(), ProcessHandle.current().pid());
            start.accept(host);
            end.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            fail(failed);
        }
        return exitCode();
    }

    /** Who leaves of its own will is not to be started again by a service manager. */
    private int exitCode() {
        Throwable why = cause.get();
        boolean willing =
                why == null
                        || why instanceof FlappingException
                        || why instanceof StoppedException
                        || why instanceof RemovedException;
        return willing ? 0 : 1;
    }

    private void fail(Throwable failure) {
        if (stopping) {
            LOG.debug("while stopping", failure); // who was still joining hears that it is over
        } else if (cause.compareAndSet(null, failure)) {
            if (DaemonHost.isSaid(failure)) {
                LOG.error("{} cannot go on: {}", settings.name(), DaemonHost.reason(failure));
            } else {
                LOG.error("{} cannot go on", settings.name(), failure);
                Path directory = Path.of(settings.conf().get("crash_dir", CRASH_DIR));
                CrashDump.write(
                        directory, settings.name(), failure, Instant.now(), UUID.randomUUID());
            }
            System.err.println("sepiola: " + settings.name() + ": " + DaemonHost.reason(failure));
            end.countDown();
        }
    }

    /** Ends the process from within its shutdown: else Java would answer a signal with 143. */
    private void shutDown(DaemonHost host) {
        stopping = true;
        Thread closing = new Thread(host::close, "closing");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(CLOSING_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // What is still open loses nothing: all that was acknowledged is on disk.
        LOG.info(
                "{} {}",
                settings.name(),
                closing.isAlive() ? "ends before all was closed" : "has stopped");
        settings.pidFile().ifPresent(DaemonProcess::removePid);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode());
    }

    private static void writePid(Path file) {
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n");
        } catch (IOException unwritable) {
            throw new Refusal(
                    "cannot write the pid file "
                            + file
                            + " ("
                            + unwritable.getMessage()
                            + "); make its directory, or set pid_file to another");
        }
    }

    private static void removePid(Path file) {
        try {
            // Another process may have taken the name meanwhile.
            if (Files.readString(file).strip().equals("" + ProcessHandle.current().pid())) {
                Files.delete(file);
            }
        } catch (IOException gone) {
            LOG.debug("no pid file {}", file, gone);
        }
    }
}
