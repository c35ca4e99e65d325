package io.sepiola.monitor.command;

import io.sepiola.base.Malformed;
import io.sepiola.monitor.health.Health;
import io.sepiola.monitor.state.Change;
import io.sepiola.monitor.state.Mute;
import io.sepiola.protocol.Utime;

import java.time.Duration;
import java.util.List;

/** {@code health mute} and {@code health unmute}. */
final class HealthMuting {
    private static final int CODE_SIZE_MAX = 64;
    private static final int MUTES_MAX = 256;

    private HealthMuting() {}

    static Reply mute(Call call) {
        String code = call.arguments().text("code");
        if (!code.matches("[A-Za-z0-9_]{1," + CODE_SIZE_MAX + "}")) {
            throw Refused.invalid("must specify an alert code to mute");
        }
        Utime ends =
                call.arguments()
                        .textIfGiven("ttl")
                        .map(ttl -> Utime.of(call.facts().now().plus(span(ttl))))
                        .orElse(Utime.ZERO);
        boolean sticky = call.arguments().flag("sticky");
        Health.Check check = call.facts().health(call.state()).checks().get(code);
        if (check == null && !sticky) {
            throw Refused.missing("health alert " + code + " is not currently raised");
        }
        if (call.state().mutes().size() >= MUTES_MAX && !call.state().mutes().containsKey(code)) {
            throw Refused.invalid(MUTES_MAX + " health checks are muted; unmute some first");
        }
        Health.Check known = sticky ? null : check;
        call.draft()
                .propose(
                        new Change.HealthMuted(
                                new Mute(
                                        code,
                                        ends,
                                        sticky,
                                        known == null ? "" : known.summary(),
                                        known == null ? 0 : known.count())));
        return Reply.said("");
    }

    private static Duration span(String text) {
        try {
            Duration span = Spans.parse(text);
            if (span.isZero()) {
                throw new Malformed("timespan = 0");
            }
            return span;
        } catch (Malformed why) {
            throw Refused.invalid("invalid duration: " + text + " (" + why.getMessage() + ")");
        }
    }

    static Reply unmute(Call call) {
        call.arguments()
                .textIfGiven("code")
                .map(List::of)
                .orElseGet(() -> List.copyOf(call.state().mutes().keySet()))
                .forEach(code -> {
                    if (call.state().mutes().containsKey(code)) {
                        call.draft().propose(new Change.HealthUnmuted(code));
                    }
                });
        return Reply.said("");
    }
}
