package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.Message;

import java.util.Map;

/**
 * Asks a monitor to send maps from now on. Subscriptions stay until the session ends.
 *
 * <p>MMonSubscribe := map of what:string to Subscription, hostname:string.
 *
 * @param what by the name of the map: osdmap, monmap, mgrmap ...
 * @param hostname of the sender
 */
public record MMonSubscribe(Map<String, Subscription> what, String hostname) implements Message {
    static final MessageCodec<MMonSubscribe> CODEC =
            MessageCodec.of(
                    15,
                    3,
                    1,
                    MMonSubscribe.class,
                    (m, out) -> {
                        out.map(m.what, Primitives.STRING, Subscription.CODEC);
                        out.string(m.hostname);
                    },
                    (in, head) ->
                            new MMonSubscribe(
                                    in.map(Primitives.STRING, Subscription.CODEC), in.string()));
}
