package io.sepiola.monitor.health;

import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Mute;
import io.sepiola.monitor.text.Units;
import io.sepiola.protocol.Utime;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * When what was muted is told of again: its time is over, the check passes, or fails worse than it
 * did. A sticky one only minds its time.
 */
public final class MuteRules {
    private MuteRules() {}

    /** What happens to a mute, and what the cluster log says of it; nothing when it is empty. */
    public record Step(Change change, String text) {}

    /** What is to happen now. */
    public static List<Step> due(Health health, Instant now) {
        List<Step> steps = new ArrayList<>();
        for (Mute mute : health.mutes().values()) {
            Health.Check check = health.checks().get(mute.code());
            if (!mute.ends().equals(Utime.ZERO) && !now.isBefore(mute.ends().toInstant())) {
                steps.add(ends(mute, "passed TTL " + Units.stamp(mute.ends())));
            } else if (mute.sticky()) {
                continue;
            } else if (check == null) {
                steps.add(ends(mute, "health alert cleared"));
            } else if (mute.count() > 0 && check.count() > mute.count()) {
                String worse = "count increased from " + mute.count() + " to " + check.count();
                steps.add(ends(mute, worse));
            } else if (mute.count() > 0 && check.count() < mute.count()) {
                Mute less =
                        new Mute(mute.code(), mute.ends(), false, check.summary(), check.count());
                steps.add(new Step(new Change.HealthMuted(less), ""));
            } else if (mute.count() == 0 && !mute.summary().equals(check.summary())) {
                steps.add(ends(mute, "summary changed"));
            }
        }
        return steps;
    }

    private static Step ends(Mute mute, String why) {
        String text = "Health alert mute " + mute.code() + " cleared (" + why + ")";
        return new Step(new Change.HealthUnmuted(mute.code()), text);
    }
}
