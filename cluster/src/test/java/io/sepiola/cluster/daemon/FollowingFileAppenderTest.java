package io.sepiola.cluster.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.LoggingEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A log whose file is moved away under it. */
class FollowingFileAppenderTest {
    private static final LoggerContext CONTEXT = (LoggerContext) LoggerFactory.getILoggerFactory();

    private static void log(FollowingFileAppender appender, String message) {
        Logger logger = CONTEXT.getLogger("log");
        appender.doAppend(new LoggingEvent("test", logger, Level.INFO, message, null, null));
    }

    @Test
    void aFileThatIsMovedAwayIsFollowedByANewOne(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("osd.log");
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(CONTEXT);
        encoder.setPattern("%msg%n");
        encoder.start();
        FollowingFileAppender appender = new FollowingFileAppender(0);
        appender.setContext(CONTEXT);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        log(appender, "one");
        Path rotated = Files.move(file, folder.resolve("osd.log.1"));
        log(appender, "two");
        log(appender, "three");
        appender.stop();
        assertThat(rotated).hasContent("one");
        assertThat(file).hasContent("two\nthree");
    }
}
