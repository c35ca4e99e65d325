package io.sepiola.monitor.command;

import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.random.RandomGenerator;

/** What this monitor sees for itself, beyond what is agreed. */
public interface Facts {
    /** The monitor's name, such as {@code a}. */
    String name();

    /** Ceph's word for what it is among the others: leader, peon or probing. */
    String role();

    /** Who leads, as far as it knows; empty when nobody does. */
    String leader();

    /** Why other monitors cannot join; empty when they can. */
    Optional<String> whyAlone();

    /** The time. */
    Instant now();

    /** How long there has been a quorum. */
    Duration quorumAge();

    /** The ranks in the quorum, in order; none when there is no quorum. */
    List<Integer> quorum();

    /** Counts elections; odd while one is on. */
    int electionEpoch();

    /** What the manager last said of the placement groups. */
    PgDigest digest();

    /** The state of the cluster's health. */
    Health health(MonitorState state);

    /** What runs beside the daemons, as the manager last said. */
    ObjectNode serviceMap();

    /** What the manager says is going on. */
    ObjectNode progress();

    /** How many sessions of each kind the monitors in the quorum have, by features. */
    SortedMap<EntityType, SortedMap<Long, Integer>> sessionFeatures();

    /** This monitor's sessions, as {@code sessions} shows them. */
    ArrayNode sessions();

    /** What this monitor counts. */
    PerfCounters counters();

    /** What this monitor works on, and has worked on. */
    Operations operations();

    /** What each monitor in the quorum says about itself, by its name. */
    SortedMap<String, Map<String, String>> monitors();

    /** The release, as {@code ceph version} shows it. */
    String version();

    /** An option of the monitors: from the agreed settings, else from its own, else the default. */
    String setting(MonitorState state, String option);

    /** Where the values of this monitor's options come from. */
    RunningOptions running(MonitorState state);

    /** Sets options for as long as this monitor runs. */
    void override(SortedMap<String, String> values);

    /** For new keys. */
    RandomGenerator random();
}
