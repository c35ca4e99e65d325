package io.sepiola.monitor.command;

import io.sepiola.base.Clock;
import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A single monitor, beside which there is nothing. */
class FakeFacts implements Facts {
    Instant now = Instant.parse("2030-01-01T00:00:00Z");
    final SortedMap<String, Health.Check> checks = new TreeMap<>();
    private SortedMap<String, String> overrides = Collections.emptySortedMap();

    @Override
    public String name() {
        return "a";
    }

    @Override
    public Optional<String> whyAlone() {
        return Optional.empty();
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Duration quorumAge() {
        return Duration.ofMinutes(1);
    }

    @Override
    public List<Integer> quorum() {
        return List.of(0);
    }

    @Override
    public int electionEpoch() {
        return 2;
    }

    @Override
    public String role() {
        return "leader";
    }

    @Override
    public String leader() {
        return name();
    }

    @Override
    public PgDigest digest() {
        return PgDigest.UNKNOWN;
    }

    @Override
    public Health health(MonitorState state) {
        return new Health(checks, state.mutes());
    }

    @Override
    public ObjectNode serviceMap() {
        return JsonText.object();
    }

    @Override
    public ObjectNode progress() {
        return JsonText.object();
    }

    @Override
    public ArrayNode sessions() {
        return JsonText.array();
    }

    @Override
    public PerfCounters counters() {
        return new PerfCounters();
    }

    @Override
    public SortedMap<EntityType, SortedMap<Long, Integer>> sessionFeatures() {
        return Collections.emptySortedMap();
    }

    @Override
    public Operations operations() {
        return new Operations(Clock.system());
    }

    @Override
    public SortedMap<String, Map<String, String>> monitors() {
        return Collections.emptySortedMap();
    }

    @Override
    public String version() {
        return "ceph version 16.2.15";
    }

    @Override
    public String setting(MonitorState state, String option) {
        return running(state).value(option).orElse("");
    }

    @Override
    public RunningOptions running(MonitorState state) {
        return new RunningOptions(
                List.of(
                        new RunningOptions.Layer(RunningOptions.OVERRIDE, overrides),
                        new RunningOptions.Layer("mon", state.settings().section("mon"))));
    }

    @Override
    public void override(SortedMap<String, String> values) {
        overrides = values;
    }

    @Override
    public RandomGenerator random() {
        return new SplittableRandom(1);
    }
}
