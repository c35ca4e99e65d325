package io.sepiola.osd.peering;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.osd.PgInfo;
import io.sepiola.protocol.osd.PgLogDup;

import java.util.List;

/** What happens to a placement group's agreement, other than new maps. */
public sealed interface Event {
    /** A member told what it has, asked or not. */
    record Notified(int from, PgInfo info, List<PgInterval> intervals) implements Event {}

    /** The primary told what is true, or a member confirmed it. */
    record InfoReceived(int from, PgInfo info) implements Event {}

    /**
     * A stretch of a log came.
     *
     * @param dups requests from before it, oldest first
     */
    record LogReceived(
            int from, PgInfo info, LogMerge.Stretch log, List<PgLogDup> dups, MissingSet missing)
            implements Event {}

    /** The primary asks what we have. */
    record InfoAsked(int from, int epoch) implements Event {}

    /**
     * The primary asks for our log.
     *
     * @param since entries after it; {@link EVersion#ZERO} for all
     */
    record LogAsked(int from, EVersion since, int epoch) implements Event {}

    /** What was activated in that interval is on disk. */
    record Activated(int interval) implements Event {}

    /** No present member lacks anything any more. */
    record Recovered() implements Event {}
}
