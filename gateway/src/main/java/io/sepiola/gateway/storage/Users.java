package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Clock;
import io.sepiola.client.IoContext;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The users there are; who asks by access key is answered from memory for a few seconds. May be
 * shared.
 */
public final class Users {
    private static final String BY_ID = "u/";
    private static final String BY_KEY = "k/";
    private static final String BY_EMAIL = "e/";
    private static final int CACHE_COUNT_MAX = 10_000;
    private static final long CACHE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Pools pools;
    private final Clock clock;
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(User user, long untilNanos) {}

    /** Why a user was not stored. */
    public enum Refusal {
        /** Nothing hindered it. */
        NONE,
        /** The user is there already, or has changed since it was read. */
        USER,
        /** One of its access keys is another user's. */
        ACCESS_KEY,
        /** Its email is another user's. */
        EMAIL
    }

    /** Keeps users in these pools. */
    public Users(Pools pools, Clock clock) {
        this.pools = pools;
        this.clock = clock;
    }

    /** The user who has this access key, or null. */
    public @Nullable User findByKeyOrNull(String accessKey) {
        Cached cached = cache.get(accessKey);
        if (cached != null && cached.untilNanos - clock.nanos() > 0) {
            return cached.user;
        }
        Bytes id = Await.on(Omap.get(pools.meta(), Pools.USERS, BY_KEY + accessKey));
        User user = id.isEmpty() ? null : findOrNull(id.toUtf8());
        if (user == null) {
            cache.remove(accessKey);
            return null;
        }
        if (cache.size() > CACHE_COUNT_MAX) {
            cache.clear();
        }
        cache.put(accessKey, new Cached(user, clock.nanos() + CACHE_NANOS));
        return user;
    }

    /** The user of this id, or null. */
    public @Nullable User findOrNull(String id) {
        Bytes bytes = Await.on(Omap.get(pools.meta(), Pools.USERS, BY_ID + id));
        return bytes.isEmpty() ? null : User.CODEC.fromBytes(bytes);
    }

    /** All ids, in order. */
    public List<String> ids() {
        List<String> ids = new ArrayList<>();
        String after = BY_ID;
        while (true) {
            IoContext.OmapEntries page =
                    Await.on(
                            Omap.page(
                                    pools.meta(), Pools.USERS, after, BY_ID, Omap.PAGE_COUNT_MAX));
            page.entries().keySet().forEach(key -> ids.add(key.substring(BY_ID.length())));
            if (!page.more() || page.entries().isEmpty()) {
                return ids;
            }
            after = page.entries().lastKey();
        }
    }

    /**
     * Replaces a user by another of the same id, in one write; null stands for no user.
     *
     * @return what hindered it
     */
    public Refusal replace(@Nullable User before, @Nullable User after) {
        SortedMap<String, Bytes> old = before == null ? new TreeMap<>() : entries(before);
        SortedMap<String, Bytes> next = after == null ? new TreeMap<>() : entries(after);
        for (String key : next.keySet()) {
            boolean taken =
                    !old.containsKey(key)
                            && !Await.on(Omap.get(pools.meta(), Pools.USERS, key)).isEmpty();
            if (taken) {
                return refusal(key);
            }
        }
        Commit commit = new Commit(pools.meta(), Pools.USERS);
        old.forEach(commit::expect);
        next.forEach((key, value) -> {
            if (!old.containsKey(key)) {
                commit.expect(key, Bytes.EMPTY);
            }
            commit.set(key, value);
        });
        old.keySet().stream().filter(key -> !next.containsKey(key)).forEach(commit::remove);
        cache.clear();
        return commit.submit() ? Refusal.NONE : Refusal.USER;
    }

    private static Refusal refusal(String key) {
        if (key.startsWith(BY_KEY)) {
            return Refusal.ACCESS_KEY;
        }
        return key.startsWith(BY_EMAIL) ? Refusal.EMAIL : Refusal.USER;
    }

    private static SortedMap<String, Bytes> entries(User user) {
        SortedMap<String, Bytes> entries = new TreeMap<>();
        entries.put(BY_ID + user.id(), User.CODEC.toBytes(user));
        user.keys().forEach(key -> entries.put(BY_KEY + key.access(), Bytes.utf8(user.id())));
        if (!user.email().isEmpty()) {
            entries.put(BY_EMAIL + user.email(), Bytes.utf8(user.id()));
        }
        return entries;
    }
}
