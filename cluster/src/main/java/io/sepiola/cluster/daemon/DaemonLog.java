package io.sepiola.cluster.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;

import io.sepiola.cluster.Refusal;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where a daemon's process logs: to standard error as it starts, or to a file. */
final class DaemonLog {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSZ} %-5level %logger{0}: %msg%n";

    private DaemonLog() {}

    /** From now on to the end of that file, and no longer to standard error. */
    static void to(Path file) {
        try {
            // Logback would go on without a log and without a word.
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException unwritable) {
            throw new Refusal(
                    "cannot write the log "
                            + file
                            + " ("
                            + unwritable.getMessage()
                            + "); make its directory, or set log_file to another");
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        FollowingFileAppender appender =
                new FollowingFileAppender(FollowingFileAppender.LOOK_NANOS);
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    /** Nothing but what is broken; for work that ends at once. */
    static void quiet() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
    }
}
