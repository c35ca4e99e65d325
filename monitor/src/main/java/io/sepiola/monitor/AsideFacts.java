package io.sepiola.monitor;

import io.sepiola.base.Clock;
import io.sepiola.monitor.command.CommandTable;
import io.sepiola.monitor.command.Facts;
import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.PgDigest;
import io.sepiola.monitor.operation.Operations;
import io.sepiola.monitor.state.Draft;
import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.caps.MonCaps;
import io.sepiola.protocol.message.MCommand;
import io.sepiola.protocol.message.MCommandReply;
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
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a monitor that does not lead sees, to answer for itself what it is told. Of the cluster it
 * says nothing: nobody asks it here.
 *
 * @param state as it last heard it; with nothing but the monitors' map when it follows nobody
 * @param quorum as the leader says; nothing when it follows nobody
 * @param epoch of the election
 * @param clients its own sessions by type
 * @param sessions the same, as they are shown
 */
record AsideFacts(
        MonitorOptions options,
        Clock clock,
        Lasting lasting,
        MonitorState state,
        Optional<QuorumView> quorumView,
        int epoch,
        SortedMap<EntityType, Integer> clients,
        ArrayNode sessions,
        PerfCounters counters)
        implements Facts {
    /** Answers whoever may all. */
    MCommandReply answer(MCommand command) {
        CommandTable.Asked asked =
                new CommandTable.Asked(
                        command.command(),
                        command.input(),
                        new AuthName(EntityType.MON, name()),
                        MonCaps.ALL);
        return CommandTable.TELL
                .run(asked, this, state, new Draft(state, clock))
                .reply()
                .to(command);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public String role() {
        return quorumView.isPresent() ? "peon" : "probing";
    }

    @Override
    public String leader() {
        return quorumView.map(QuorumView::leader).orElse("");
    }

    @Override
    public Optional<String> whyAlone() {
        return Optional.empty();
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public Duration quorumAge() {
        Duration age =
                quorumView.map(view -> Duration.between(view.since(), now())).orElse(Duration.ZERO);
        return age.isNegative() ? Duration.ZERO : age; // clocks differ
    }

    @Override
    public List<Integer> quorum() {
        return quorumView.map(QuorumView::ranks).orElse(List.of());
    }

    @Override
    public int electionEpoch() {
        return epoch;
    }

    @Override
    public PgDigest digest() {
        return PgDigest.UNKNOWN;
    }

    @Override
    public Health health(MonitorState of) {
        return Health.OK;
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
    public SortedMap<EntityType, SortedMap<Long, Integer>> sessionFeatures() {
        SortedMap<EntityType, SortedMap<Long, Integer>> all = new TreeMap<>();
        all.put(EntityType.MON, new TreeMap<>(Map.of(MonitorFacts.FEATURES, 1)));
        clients.forEach((type, count) ->
                all.computeIfAbsent(type, key -> new TreeMap<>())
                        .merge(MonitorFacts.FEATURES, count, Integer::sum));
        return all;
    }

    @Override
    public SortedMap<String, Map<String, String>> monitors() {
        return new TreeMap<>(Map.of(name(), options.metadata()));
    }

    @Override
    public String version() {
        return options.version();
    }

    @Override
    public String setting(MonitorState of, String option) {
        return running(of).value(option).orElse("");
    }

    @Override
    public RunningOptions running(MonitorState of) {
        return options.running(of, lasting.overrides().values());
    }

    @Override
    public void override(SortedMap<String, String> values) {
        lasting.overrides().set(values);
        configureOperations();
    }

    @Override
    public Operations operations() {
        configureOperations();
        return lasting.operations();
    }

    private void configureOperations() {
        RunningOptions running = running(state);
        lasting.operations().configure(option -> running.value(option).orElse(""));
    }

    @Override
    public RandomGenerator random() {
        return new SplittableRandom(0); // for new keys, which are made by who leads
    }
}
