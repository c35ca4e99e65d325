package io.sepiola.monitor;

import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.health.HealthRules;
import io.sepiola.monitor.health.MuteRules;

import java.time.Instant;

/**
 * Writes into the cluster's log how the health changes, and ends mutes that are over. Owned by the
 * monitor's shard.
 */
final class HealthLog {
    private static final int LOG_INFO = 1;

    private final Monitor monitor;
    private final ClusterLog clusterLog;
    private Health last = Health.OK;

    HealthLog(Monitor monitor, ClusterLog clusterLog) {
        this.monitor = monitor;
        this.clusterLog = clusterLog;
    }

    /** Looks at the health without a word. */
    void begin() {
        last = monitor.facts().health(monitor.state());
    }

    /** Looks at the health, and says what is different. */
    void look(Instant now) {
        Health health = monitor.facts().health(monitor.state());
        HealthRules.transition(last, health)
                .forEach(line -> clusterLog.write(line.level(), line.text(), now));
        last = health;
    }

    /** Ends the mutes that are over by the health as it was last looked at. */
    void endMutes(Instant now) {
        for (MuteRules.Step step : MuteRules.due(last, now)) {
            monitor.draft().propose(step.change());
            if (!step.text().isEmpty()) {
                clusterLog.write(LOG_INFO, step.text(), now);
            }
        }
    }
}
