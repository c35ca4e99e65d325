package io.sepiola.cluster.local;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.client.Rados;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a cluster that was just started serves: every placement group active and clean, and no
 * health check other than those that the administrator's own settings cause.
 */
record Readiness(boolean ready, String shown) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Checks that no amount of waiting clears. */
    private static final Set<String> STANDING =
            Set.of(
                    "POOL_APP_NOT_ENABLED",
                    "POOL_NO_REDUNDANCY",
                    "TOO_FEW_OSDS",
                    "OSDMAP_FLAGS",
                    "OSD_NEARFULL",
                    "OSD_BACKFILLFULL",
                    "OSD_FULL",
                    "OSD_OUT_OF_ORDER_FULL",
                    "POOL_NEARFULL",
                    "POOL_BACKFILLFULL",
                    "POOL_FULL",
                    "MON_DISK_LOW");

    static Readiness ask(Rados admin) {
        Rados.CommandReply reply =
                Await.on(
                        admin.monitorCommand(
                                "{\"prefix\":\"status\",\"format\":\"json\"}", Bytes.EMPTY));
        return of(JSON.readTree(reply.output().toUtf8()));
    }

    static Readiness of(JsonNode status) {
        JsonNode groups = status.path("pgmap");
        long all = groups.path("num_pgs").asLong(0);
        long clean = 0;
        for (JsonNode state : groups.path("pgs_by_state")) {
            if (state.path("state_name").asString("").equals("active+clean")) {
                clean += state.path("count").asLong(0);
            }
        }
        TreeSet<String> passing =
                new TreeSet<>(status.path("health").path("checks").propertyNames());
        passing.removeAll(STANDING);
        String shown = clean + " of " + all + " placement groups clean";
        return new Readiness(
                all > 0 && clean == all && passing.isEmpty(),
                passing.isEmpty() ? shown : shown + ", " + String.join(", ", passing));
    }
}
