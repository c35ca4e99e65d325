package io.sepiola.manager;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.osd.HealthCheck;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A part of the manager's work that Ceph has as a module of its own. Owned by the manager's shard.
 */
interface Module {
    /** The first word, or words, of its commands. */
    List<String> prefixes();

    /**
     * Answers a command that begins so.
     *
     * @throws Command.Refused when it makes no sense
     */
    Command.Answer run(Command command, Bytes input, PgMap map, Instant now);

    /**
     * Every few seconds while this is the active manager.
     *
     * @return commands for the monitors
     */
    List<String> tick(PgMap map, Instant now);

    /** Another manager takes over: what was under way is forgotten. */
    default void stopped() {}

    /** Adds what is not well. */
    default void judge(Map<String, HealthCheck> checks, Instant now) {}
}
