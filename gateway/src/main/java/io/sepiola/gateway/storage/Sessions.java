package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Encoder;
import io.sepiola.base.Utf8;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This gateway's session: hands out tags, from ranges that are on record before any of their tags
 * is, and takes a range off the record when each of its tags is committed or deleted. One write for
 * {@link #RANGE} tags is all it costs. May be shared.
 */
public final class Sessions {
    /** Tags in a range. */
    static final int RANGE = 256;

    static final String BEAT = "b";
    static final String CLAIM = "r";

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Pools pools;
    private final long id = new SecureRandom().nextLong();
    private final AtomicLong issued;
    private final AtomicLong resolved;
    private final AtomicLong beats = new AtomicLong();
    private final Map<Long, Range> ranges = new ConcurrentHashMap<>();

    private record Range(CompletableFuture<?> ready, AtomicInteger resolved) {}

    /** Begins a session. */
    public Sessions(Pools pools) {
        this(pools, 0);
    }

    /** Begins one whose first tag has that number. */
    Sessions(Pools pools, long first) {
        this.pools = pools;
        this.issued = new AtomicLong(first);
        this.resolved = new AtomicLong(first);
        beat();
    }

    /** Names this session on record. */
    String name() {
        return HexFormat.of().toHexDigits(id);
    }

    /** Tells other gateways that this one lives. */
    public void beat() {
        Await.on(put(BEAT + name(), new Encoder().u64(beats.incrementAndGet()).toBytes()));
    }

    private CompletableFuture<?> put(String key, Bytes value) {
        SortedMap<String, Bytes> entry = new TreeMap<>(Utf8::compare);
        entry.put(key, value);
        return pools.meta().write().setOmap(entry).submit(Pools.SESSIONS);
    }

    /** A tag that nobody had before. Blocks at the start of a range, if at all. */
    Tag next() {
        long number = issued.getAndIncrement();
        long range = number / RANGE;
        CompletableFuture<?> ready = ranges.computeIfAbsent(range, this::claim).ready;
        if (number % RANGE == RANGE / 2) {
            ranges.computeIfAbsent(range + 1, this::claim);
        }
        try {
            Await.on(ready);
        } catch (RuntimeException failure) {
            ranges.remove(range); // asked for again by the next one
            resolved.incrementAndGet();
            throw failure;
        }
        return new Tag(id, number);
    }

    private Range claim(long range) {
        return new Range(
                put(claimKey(name(), range), Bytes.of(new byte[] {1})), new AtomicInteger());
    }

    static String claimKey(String session, long range) {
        return CLAIM + session + "." + range;
    }

    /** The tag is committed, or its data is gone: a sweep has nothing to find there. */
    void resolved(Tag tag) {
        resolved.incrementAndGet();
        long number = tag.number() / RANGE;
        Range range = ranges.get(number);
        if (range != null && range.resolved.incrementAndGet() == RANGE) {
            ranges.remove(number);
            TreeSet<String> key = new TreeSet<>();
            key.add(claimKey(name(), number));
            pools.meta()
                    .write()
                    .removeOmap(key)
                    .submit(Pools.SESSIONS)
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            LOG.info("range {} stays on record for a sweep", number, failure);
                        }
                    });
        }
    }

    /** Takes the session off the record, unless a sweep must look at what it left. */
    public void end() {
        if (issued.get() != resolved.get()) {
            LOG.info("session {} leaves {} tags to a sweep", name(), issued.get() - resolved.get());
            return;
        }
        TreeSet<String> keys = new TreeSet<>();
        keys.add(BEAT + name());
        ranges.keySet().forEach(range -> keys.add(claimKey(name(), range)));
        Await.on(pools.meta().write().removeOmap(keys).submit(Pools.SESSIONS));
    }
}
