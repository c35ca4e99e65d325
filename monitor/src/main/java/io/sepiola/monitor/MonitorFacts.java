package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.monitor.command.Facts;
import io.sepiola.monitor.command.MonStatus;
import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.MonitorRules;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.option.RunningOptions;
import io.sepiola.protocol.perf.PerfCounters;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The facts that commands are answered from, as this monitor sees them. */
final class MonitorFacts implements Facts {
    static final long FEATURES = 0x3f01cfbdfffdffffL;

    private final Monitor monitor;

    MonitorFacts(Monitor monitor) {
        this.monitor = monitor;
    }

    @Override
    public String name() {
        return monitor.options().name();
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
    public Optional<String> whyAlone() {
        return monitor.whyAlone();
    }

    @Override
    public Instant now() {
        return monitor.clock().now();
    }

    @Override
    public Duration quorumAge() {
        return Duration.between(monitor.servingSince(), now());
    }

    @Override
    public List<Integer> quorum() {
        return monitor.present();
    }

    @Override
    public int electionEpoch() {
        return monitor.electionEpoch();
    }

    @Override
    public PgDigest digest() {
        return monitor.mgrs().digest();
    }

    @Override
    public Health health(MonitorState state) {
        monitor.rules().heard(digest(), now());
        SortedMap<String, Health.Check> reported = new TreeMap<>(monitor.mgrs().checks());
        MonitorRules.check(reported, state.monMap(), quorum());
        return monitor.rules().check(state, digest(), reported, now());
    }

    @Override
    public ObjectNode serviceMap() {
        return ServiceMaps.json(monitor.subscriptions().serviceMap());
    }

    @Override
    public ObjectNode progress() {
        return monitor.mgrs().progress();
    }

    /** Of this monitor, and of those who follow it. */
    private List<SelfPortrait> portraits() {
        List<SelfPortrait> all = new ArrayList<>(monitor.followers().portraits());
        all.add(SelfPortrait.of(monitor.options(), monitor.sessions()));
        return all;
    }

    @Override
    public SortedMap<EntityType, SortedMap<Long, Integer>> sessionFeatures() {
        List<SelfPortrait> portraits = portraits();
        SortedMap<EntityType, SortedMap<Long, Integer>> counts = new TreeMap<>();
        counts.put(EntityType.MON, new TreeMap<>(Map.of(FEATURES, portraits.size())));
        for (SelfPortrait portrait : portraits) {
            portrait.sessions()
                    .forEach((type, count) ->
                            counts.computeIfAbsent(type, key -> new TreeMap<>())
                                    .merge(FEATURES, count, Integer::sum));
        }
        return counts;
    }

    @Override
    public ArrayNode sessions() {
        ArrayNode all = JsonText.array();
        monitor.sessions().forEach(session -> all.add(session.json(monitor.keys())));
        return all;
    }

    @Override
    public PerfCounters counters() {
        return monitor.counters().shown();
    }

    @Override
    public Operations operations() {
        monitor.configureOperations();
        return monitor.operations();
    }

    @Override
    public SortedMap<String, Map<String, String>> monitors() {
        SortedMap<String, Map<String, String>> byName = new TreeMap<>();
        portraits().forEach(portrait -> byName.put(portrait.name(), portrait.metadata()));
        return byName;
    }

    @Override
    public String version() {
        return monitor.options().version();
    }

    @Override
    public String setting(MonitorState state, String option) {
        return monitor.setting(state, option);
    }

    @Override
    public RunningOptions running(MonitorState state) {
        return monitor.running(state);
    }

    @Override
    public void override(SortedMap<String, String> values) {
        monitor.overrides().set(values);
        monitor.configureOperations();
    }

    @Override
    public RandomGenerator random() {
        return monitor.random();
    }

    /** What the manager is told of this monitor. */
    SelfReport selfReport() {
        MonitorState state = monitor.state();
        return new SelfReport(
                new EntityName(EntityType.MON, state.monMap().rank(name())),
                state.mgrMap(),
                monitor.auth(),
                monitor.running(state),
                counters(),
                monitor.operations().slow());
    }

    /** This monitor's status and the cluster's health, as a string of JSON. */
    Bytes pingText() {
        ObjectNode node = JsonText.object();
        node.set("health", health(monitor.state()).json(false));
        node.set("mon_status", MonStatus.json(monitor.state(), this));
        return new Encoder().string(JsonText.compact(node)).toBytes();
    }
}
