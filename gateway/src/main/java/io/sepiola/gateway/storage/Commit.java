package io.sepiola.gateway.storage;

import io.sepiola.base.Await;
import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;
import io.sepiola.client.IoContext;
import io.sepiola.client.IoContext.Comparison;
import io.sepiola.client.RadosException;
import io.sepiola.gateway.protocol.S3Error;
import io.sepiola.gateway.protocol.S3Exception;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A change of one omap that happens only if what was read is still so. Owned by one caller; each
 * method returns this.
 */
final class Commit {
    private final IoContext pool;
    private final String object;
    private final IoContext.WriteOperation operation;
    private final SortedMap<String, Bytes> expected = new TreeMap<>(Utf8::compare);
    private final SortedMap<String, Bytes> entries = new TreeMap<>(Utf8::compare);
    private final SortedSet<String> removed = new TreeSet<>(Utf8::compare);

    Commit(IoContext pool, String object) {
        this.pool = pool;
        this.object = object;
        this.operation = pool.write();
    }

    /** The key must have this value; an empty one stands for none. */
    Commit expect(String key, Bytes value) {
        operation.compareOmap(key, Comparison.EQ, value);
        expected.put(key, value);
        return this;
    }

    /** The tag must not have been given up by a sweeper. */
    Commit fresh(Tag tag) {
        return expect(BucketIndex.POISON + tag.text(), Bytes.EMPTY);
    }

    Commit set(String key, Bytes value) {
        entries.put(key, value);
        return this;
    }

    Commit remove(String key) {
        removed.add(key);
        return this;
    }

    /**
     * Carries it out; false when something was not as expected, and nothing has changed.
     *
     * @throws RadosException ENOENT when the object is not there; others leave the outcome open
     */
    boolean submit() {
        if (!removed.isEmpty()) {
            operation.removeOmap(removed);
        }
        if (!entries.isEmpty()) {
            operation.setOmap(entries);
        }
        try {
            Await.on(operation.submit(object));
            return true;
        } catch (RadosException failure) {
            if (failure.errno() == Errno.ECANCELED) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * After a refusal: what one key holds now.
     *
     * @throws S3Exception SlowDown, when another key is not as expected: trying again is useless,
     *     because a sweeper has given up the tag, or the upload is no longer open
     */
    Bytes reread(String key) {
        SortedMap<String, Bytes> found =
                Await.on(Omap.of(pool, object, expected.keySet().toArray(new String[0])));
        expected.forEach((other, value) -> {
            boolean holds = found.getOrDefault(other, Bytes.EMPTY).equals(value);
            if (!holds && !other.equals(key)) {
                throw new S3Exception(S3Error.SLOW_DOWN);
            }
        });
        return found.getOrDefault(key, Bytes.EMPTY);
    }

    @Override
    public String toString() {
        return "commit on " + pool.pool() + "/" + object;
    }
}
