package io.sepiola.protocol.osd;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Primitives;
import io.sepiola.base.Utf8;

import java.nio.charset.StandardCharsets;

/**
 * An object in a pool, with its place in the hash space (hobject_t). Order is Ceph's: by pool, by
 * bit-reversed hash, by namespace, by key or name, by snapshot.
 *
 * <p>HObject := S(4/3){key:string name:string snap:u64 hash:u32 isMax:u8 namespace:string
 * pool:s64}.
 *
 * @param key the locator key, empty unless it differs from the name
 * @param snap {@link #HEAD}, {@link #SNAPDIR}, or a clone's snapshot
 * @param hash of the key or name and the namespace
 * @param isMax after every object
 */
public record HObject(
        String namespace, String name, String key, long snap, int hash, long pool, boolean isMax)
        implements Comparable<HObject> {
    /** The snapshot id of the head (CEPH_NOSNAP). */
    public static final long HEAD = -2;

    /** The snapshot id that stands for all clones (CEPH_SNAPDIR). */
    public static final long SNAPDIR = -1;

    /** Before every object. */
    public static final HObject MIN = new HObject("", "", "", 0, 0, Long.MIN_VALUE, false);

    /** After every object. */
    public static final HObject MAX = new HObject("", "", "", 0, 0, -1, true);

    /** As in the class comment. */
    public static final Codec<HObject> CODEC =
            Primitives.of(
                    (out, o) -> out.struct(4, 3, body -> o.encodeFields(body)),
                    in -> in.struct(4, (v, body) -> decodeFields(body)));

    void encodeFields(Encoder out) {
        out.string(key).string(name).u64(snap).u32(hash).bool(isMax).string(namespace).u64(pool);
    }

    static HObject decodeFields(Decoder in) {
        String key = in.string();
        String name = in.string();
        long snap = in.u64();
        int hash = in.u32();
        boolean isMax = in.bool();
        String namespace = in.string();
        long pool = in.u64();
        return new HObject(namespace, name, key, snap, hash, pool, isMax);
    }

    /** Whether this comes before every object. */
    public boolean isMin() {
        return pool == Long.MIN_VALUE && !isMax;
    }

    /** Whether this is the live object, not a clone. */
    public boolean isHead() {
        return snap == HEAD;
    }

    /** The same object at another snapshot. */
    public HObject withSnap(long newSnap) {
        return new HObject(namespace, name, key, newSnap, hash, pool, isMax);
    }

    /** The key by which objects of equal hash and namespace are ordered. */
    public String effectiveKey() {
        return key.isEmpty() ? name : key;
    }

    @Override
    public int compareTo(HObject other) {
        if (isMax || other.isMax) {
            return Boolean.compare(isMax, other.isMax);
        }
        int order = Long.compare(pool, other.pool);
        if (order == 0) {
            order = Integer.compareUnsigned(Integer.reverse(hash), Integer.reverse(other.hash));
        }
        if (order == 0) {
            order = Utf8.compare(namespace, other.namespace);
        }
        if (order == 0) {
            order = Utf8.compare(effectiveKey(), other.effectiveKey());
        }
        if (order == 0) {
            order = Utf8.compare(name, other.name);
        }
        return order != 0 ? order : Long.compareUnsigned(snap, other.snap);
    }

    /** As Ceph prints it. */
    @Override
    public String toString() {
        if (isMax) {
            return "MAX";
        }
        if (isMin()) {
            return "MIN";
        }
        String version =
                snap == HEAD ? "head" : snap == SNAPDIR ? "snapdir" : Long.toHexString(snap);
        return pool
                + ":"
                + String.format("%08x", Integer.reverse(hash))
                + ":"
                + escaped(namespace)
                + ":"
                + escaped(key)
                + ":"
                + escaped(name)
                + ":"
                + version;
    }

    /** What separates, and what does not print, in hexadecimal after a percent sign. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b == '%' || b == ':' || b == '/' || b < 0x20 || b == 0x7f) {
                out.append(String.format("%%%02x", b & 0xff));
            } else {
                out.append((char) b);
            }
        }
        return out.toString();
    }
}
