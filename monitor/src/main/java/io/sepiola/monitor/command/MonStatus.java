package io.sepiola.monitor.command;

import io.sepiola.monitor.state.MonitorState;
import io.sepiola.monitor.text.JsonText;
import io.sepiola.protocol.map.MonMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A monitor's status as commands, pings and managers get it. */
public final class MonStatus {
    private static final long QUORUM_FEATURES = 0x3f01cfbdfffdffffL;

    /** What a monitor of 16.2.15 that needs pacific wants of others. */
    private static final long REQUIRED_FEATURES = 2_449_958_747_317_026_820L;

    private MonStatus() {}

    static ObjectNode quorum(MonitorState state, Facts facts) {
        MonMap map = state.monMap();
        ObjectNode node = JsonText.object();
        node.put("election_epoch", facts.electionEpoch());
        ArrayNode ranks = node.putArray("quorum");
        ArrayNode names = node.putArray("quorum_names");
        facts.quorum()
                .forEach(rank -> {
                    ranks.add((int) rank);
                    names.add(map.ranks().get(rank));
                });
        node.put("quorum_leader_name", facts.leader());
        node.put("quorum_age", facts.quorumAge().toSeconds());
        ObjectNode features = node.putObject("features");
        features.put("quorum_con", Long.toUnsignedString(QUORUM_FEATURES));
        ArrayNode required = features.putArray("quorum_mon");
        MonCommands.features(map).forEach(required::add);
        node.set("monmap", MonCommands.json(map));
        return node;
    }

    /** The status of the monitor that {@code facts} speak for. */
    public static ObjectNode json(MonitorState state, Facts facts) {
        MonMap map = state.monMap();
        int rank = map.rank(facts.name());
        ObjectNode quorum = quorum(state, facts);
        ObjectNode node = JsonText.object();
        node.put("name", facts.name()).put("rank", rank);
        node.put("state", facts.role());
        node.set("election_epoch", quorum.get("election_epoch"));
        node.set("quorum", quorum.get("quorum"));
        node.set("quorum_age", quorum.get("quorum_age"));
        ObjectNode features = node.putObject("features");
        features.put("required_con", Long.toUnsignedString(REQUIRED_FEATURES));
        ArrayNode required = features.putArray("required_mon");
        MonCommands.features(map).forEach(required::add);
        features.setAll((ObjectNode) quorum.get("features"));
        node.putArray("outside_quorum");
        node.putArray("extra_probe_peers");
        node.putArray("sync_provider");
        node.set("monmap", quorum.get("monmap"));
        node.set("feature_map", StatusCommands.featureMap(facts));
        node.put("stretch_mode", map.stretchMode());
        return node;
    }
}
