package io.sepiola.client;

import io.sepiola.protocol.message.MMonSubscribe;
import io.sepiola.protocol.message.Subscription;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a monitor's client wants to be told, and how much of it this session has been asked for.
 * Subscriptions are stateful: a session is told each one once, and again only when it changes.
 * Owned by the client's shard.
 */
final class Subscriptions {
    private record Want(long from, boolean once, boolean asked) {}

    private final Map<String, Want> wants = new LinkedHashMap<>();

    /** Wants versions from {@code from} on; 0 is the newest. */
    void want(String what, long from, boolean once) {
        Want before = wants.get(what);
        boolean same = before != null && before.from == from && before.once == once;
        if (!same) {
            wants.put(what, new Want(from, once, false));
        }
    }

    /** Wants no more of it; the session may still tell. */
    void drop(String what) {
        wants.remove(what);
    }

    /** Learns that {@code version} came: that ends what was wanted once, and moves the rest on. */
    void got(String what, long version) {
        Want want = wants.get(what);
        if (want == null || Long.compareUnsigned(version, want.from) < 0) {
            return;
        }
        if (want.once) {
            wants.remove(what);
        } else {
            wants.put(what, new Want(version + 1, false, want.asked));
        }
    }

    /** A new session knows nothing yet. */
    void forgetAsked() {
        wants.replaceAll((what, want) -> new Want(want.from, want.once, false));
    }

    /** What this session has yet to be asked; from now on it counts as asked. */
    Optional<MMonSubscribe> take(String hostname) {
        Map<String, Subscription> news = new java.util.TreeMap<>();
        wants.forEach((what, want) -> {
            if (!want.asked) {
                int flags = want.once ? Subscription.ONCE : 0;
                news.put(what, new Subscription(want.from, flags));
            }
        });
        wants.replaceAll((what, want) -> new Want(want.from, want.once, true));
        return news.isEmpty() ? Optional.empty() : Optional.of(new MMonSubscribe(news, hostname));
    }
}
