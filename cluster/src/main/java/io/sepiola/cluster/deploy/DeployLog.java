package io.sepiola.cluster.deploy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * What is done, as ceph-deploy tells it: lines such as {@code [host][INFO ] ...} on standard error,
 * and with the time, and all of them, in a file of the working directory.
 */
final class DeployLog implements AutoCloseable {
    /** How much a line matters. */
    enum Level {
        DEBUG,
        INFO,
        WARNIN,
        ERROR
    }

    /** Speaks for one host or part of the program. */
    record Speaker(DeployLog log, String name) {
        void debug(String message) {
            log.say(Level.DEBUG, name, message);
        }

        void info(String message) {
            log.say(Level.INFO, name, message);
        }

        void warn(String message) {
            log.say(Level.WARNIN, name, message);
        }

        void error(String message) {
            log.say(Level.ERROR, name, message);
        }
    }

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");

    private final PrintStream console;
    private final Level least;
    private final Clock clock;
    private final @Nullable PrintWriter file;

    /**
     * Both.
     *
     * @param least what the console shows
     * @param file is appended to; nothing is kept where it cannot be written
     */
    DeployLog(PrintStream console, Level least, Path file, Clock clock) {
        this.console = console;
        this.least = least;
        this.clock = clock;
        this.file = open(file);
    }

    private @Nullable PrintWriter open(Path path) {
        try {
            return new PrintWriter(
                    Files.newBufferedWriter(
                            path,
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND),
                    true);
        } catch (IOException unwritable) {
            console.println("sepiola: no log is kept, " + path + " cannot be written");
            return null;
        }
    }

    Speaker speaker(String name) {
        return new Speaker(this, name);
    }

    private void say(Level level, String name, String message) {
        for (String line : message.lines().toList()) {
            String text = String.format("[%s][%-6s] %s", name, level, line);
            if (level.compareTo(least) >= 0) {
                console.println(text);
            }
            if (file != null) {
                file.println("[" + TIME.format(LocalDateTime.now(clock)) + "]" + text);
            }
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
