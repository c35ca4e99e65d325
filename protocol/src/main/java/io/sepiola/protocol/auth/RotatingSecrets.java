package io.sepiola.protocol.auth;

import io.sepiola.base.Codec;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.Utime;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The secrets under which tickets for one service are sealed: the previous, the current and the
 * next one, each valid for a while longer than the one before.
 *
 * <p>RotatingSecrets := u8 1, map(id:u64, ExpiringKey), newest:u64.
 *
 * @param newest the highest id ever given out
 */
public record RotatingSecrets(SortedMap<Long, ExpiringKey> secrets, long newest) {
    /** None yet. */
    public static final RotatingSecrets EMPTY =
            new RotatingSecrets(Collections.emptySortedMap(), 0);

    /** How many are kept. */
    public static final int KEPT = 3;

    /** As in the class comment. */
    public static final Codec<RotatingSecrets> CODEC =
            Primitives.of(
                    (out, rotating) ->
                            out.u8(1)
                                    .map(rotating.secrets, Primitives.U64, ExpiringKey.CODEC)
                                    .u64(rotating.newest),
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("RotatingSecrets of version " + version);
                        }
                        SortedMap<Long, ExpiringKey> secrets =
                                new TreeMap<>(in.map(Primitives.U64, ExpiringKey.CODEC));
                        return new RotatingSecrets(secrets, in.u64());
                    });

    /** Copies the map. */
    public RotatingSecrets {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /** The secret of that id, if it is still kept. */
    public Optional<ExpiringKey> secret(long id) {
        return Optional.ofNullable(secrets.get(id));
    }

    /**
     * The secret to seal new tickets with: the one before the newest, because a service may not yet
     * have heard of the newest.
     *
     * @throws Invariant.Broken when there is none
     */
    public Map.Entry<Long, ExpiringKey> current() {
        Invariant.that(!secrets.isEmpty(), "no rotating secret");
        SortedMap<Long, ExpiringKey> before = secrets.headMap(secrets.lastKey());
        long id = before.isEmpty() ? secrets.lastKey() : before.lastKey();
        return Map.entry(id, secrets.get(id));
    }

    /** How long the newest is the current one; empty when that cannot be told. */
    public Optional<Duration> validity() {
        if (secrets.size() < 2) {
            return Optional.empty();
        }
        Instant last = secrets.lastEntry().getValue().expires().toInstant();
        return Optional.of(Duration.between(current().getValue().expires().toInstant(), last));
    }

    /** Whether {@link #rotated} would change anything. */
    public boolean isDue(Instant now) {
        return secrets.size() < KEPT || !current().getValue().expires().toInstant().isAfter(now);
    }

    /**
     * The same with new secrets added, and the oldest dropped, until the current one is valid at
     * {@code now}. The same when that is so already.
     *
     * @param type of the new ones
     * @param validity how long each secret is the current one
     */
    public RotatingSecrets rotated(
            KeyType type, Instant now, Duration validity, RandomGenerator random) {
        RotatingSecrets next = this;
        while (next.isDue(now)) {
            next = next.withOneMore(type, now, validity, random);
        }
        return next;
    }

    private RotatingSecrets withOneMore(
            KeyType type, Instant now, Duration validity, RandomGenerator random) {
        TreeMap<Long, ExpiringKey> more = new TreeMap<>(secrets);
        Instant base = now;
        if (!more.isEmpty()) {
            Instant last = more.lastEntry().getValue().expires().toInstant();
            base = last.isAfter(now) ? last : now;
        }
        Utime expires = Utime.of(base.plus(validity));
        more.put(newest + 1, new ExpiringKey(CryptoKey.generate(type, random, now), expires));
        while (more.size() > KEPT) {
            more.pollFirstEntry();
        }
        return new RotatingSecrets(more, newest + 1);
    }
}
