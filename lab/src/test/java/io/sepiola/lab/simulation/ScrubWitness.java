package io.sepiola.lab.simulation;

import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.LogEntry;
import io.sepiola.protocol.message.MLog;

import org.jspecify.annotations.Nullable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hears what OSDs write to the cluster's log: that a copy is no good they may say only of objects
 * of which a copy was damaged, and nothing was counted wrong.
 */
final class ScrubWitness {
    private static final int ERROR = 4;
    private static final Pattern OBJECT = Pattern.compile("[0-9]+:[0-9a-f]{8}:\\S*:head");

    private final Damages damages;
    private @Nullable Violation firstOrNull;

    ScrubWitness(Damages damages) {
        this.damages = damages;
    }

    /** A message was delivered. */
    void delivered(EntityName to, EntityName from, Message message) {
        if (to.type() == EntityType.MON && message instanceof MLog log) {
            log.entries().forEach(this::said);
        }
    }

    private void said(LogEntry entry) {
        String text = entry.text();
        Matcher object = OBJECT.matcher(text);
        boolean wrong =
                text.contains("stat mismatch")
                        || entry.level() >= ERROR
                                && (damages.ever().isEmpty()
                                        || object.find()
                                                && !damages.ever().contains(object.group()));
        if (wrong && firstOrNull == null) {
            firstOrNull = new Violation("O5", "the cluster's log: " + entry.rank() + " " + text);
        }
    }

    /** Throws when something was said that is not so. */
    void check() {
        if (firstOrNull != null) {
            throw firstOrNull;
        }
    }
}
