package io.sepiola.store;

import io.sepiola.base.Utf8;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The keys of the index; see the package for the grammar. The unsigned order of the bytes is the
 * order of collections, and within one of objects, and within an omap of its keys.
 */
final class IndexKeys {
    static final byte[] CHECKPOINT = {'P', 'c'};
    static final byte[] REACH = {'P', 'r'};
    static final byte[] COLLECTIONS = {'C'};
    static final byte[] COLLECTIONS_END = {'C' + 1};
    static final byte[] OMAPS = {'M'};
    static final byte[] OMAPS_END = {'M' + 1};
    static final byte[] OBJECTS = {'O'};
    static final byte[] OBJECTS_END = {'O' + 1};

    private static final int META = 0;
    private static final int PG = 1;
    private static final int COLLECTION_SIZE = 14;

    private IndexKeys() {}

    /** Of a collection's entry. */
    static byte[] collection(CollectionId collection) {
        byte[] key = new byte[1 + COLLECTION_SIZE];
        key[0] = 'C';
        putCollection(ByteBuffer.wrap(key, 1, COLLECTION_SIZE), collection);
        return key;
    }

    private static void putCollection(ByteBuffer out, CollectionId collection) {
        switch (collection) {
            case CollectionId.Meta _ -> out.put((byte) META);
            case CollectionId.Pg(SpgId(PgId pg, int shard)) ->
                    out.put((byte) PG)
                            .putLong(pg.pool() ^ Long.MIN_VALUE)
                            .putInt(pg.seed())
                            .put((byte) (shard ^ 0x80));
        }
    }

    /** Reads a collection from its own key or from an object's. */
    static CollectionId collectionOf(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key, 1, COLLECTION_SIZE);
        if (in.get() == META) {
            return CollectionId.META;
        }
        PgId pg = new PgId(in.getLong() ^ Long.MIN_VALUE, in.getInt());
        return new CollectionId.Pg(new SpgId(pg, (byte) (in.get() ^ 0x80)));
    }

    /** Of an object's onode. {@link HObject#MAX} gives a key after every object of its shard. */
    static byte[] object(CollectionId collection, GhObject name) {
        HObject object = name.object();
        byte[] namespace = Utf8.encode(object.namespace());
        byte[] effective = Utf8.encode(object.effectiveKey());
        byte[] own = Utf8.encode(object.name());
        ByteBuffer out =
                ByteBuffer.allocate(
                        1
                                + COLLECTION_SIZE
                                + 14
                                + 2 * (namespace.length + effective.length + own.length + 3)
                                + 16);
        out.put((byte) 'O');
        putCollection(out, collection);
        out.position(1 + COLLECTION_SIZE);
        out.put((byte) (name.shard() ^ 0x80));
        if (object.isMax()) {
            out.put((byte) 1);
        } else {
            out.put((byte) 0)
                    .putLong(object.pool() ^ Long.MIN_VALUE)
                    .putInt(Integer.reverse(object.hash()));
            putText(out, namespace);
            putText(out, effective);
            putText(out, own);
            out.putLong(object.snap());
        }
        out.putLong(name.generation());
        return Arrays.copyOf(out.array(), out.position());
    }

    // A zero byte becomes 00 ff and the end 00 01, so that a text comes before every longer one.
    private static void putText(ByteBuffer out, byte[] text) {
        for (byte b : text) {
            out.put(b);
            if (b == 0) {
                out.put((byte) 0xff);
            }
        }
        out.put((byte) 0).put((byte) 1);
    }

    /** Reads an object from the key of its onode. */
    static GhObject objectOf(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        in.position(1 + COLLECTION_SIZE);
        int shard = (byte) (in.get() ^ 0x80);
        in.get(); // never the maximum
        long pool = in.getLong() ^ Long.MIN_VALUE;
        int hash = Integer.reverse(in.getInt());
        String namespace = text(in);
        String effective = text(in);
        String name = text(in);
        long snap = in.getLong();
        String locator = effective.equals(name) ? "" : effective;
        return new GhObject(
                new HObject(namespace, name, locator, snap, hash, pool, false),
                in.getLong(),
                shard);
    }

    private static String text(ByteBuffer in) {
        byte[] text = new byte[in.remaining()];
        int size = 0;
        while (true) {
            byte b = in.get();
            if (b == 0 && in.get() == 1) {
                return Utf8.decode(text, 0, size);
            }
            text[size++] = b;
        }
    }

    /** After every object of the collection. */
    static byte[] objectsEnd(CollectionId collection) {
        byte[] key = collection(collection);
        key[0] = 'O';
        return increment(key);
    }

    /** Of an omap entry. */
    static byte[] omap(long nid, String key) {
        byte[] text = Utf8.encode(key);
        return ByteBuffer.allocate(9 + text.length).put((byte) 'M').putLong(nid).put(text).array();
    }

    /** After every omap entry of the object. */
    static byte[] omapEnd(long nid) {
        return omap(nid + 1, "");
    }

    /** After every omap entry of the object whose key begins with {@code prefix}. */
    static byte[] omapPrefixEnd(long nid, String prefix) {
        return increment(omap(nid, prefix));
    }

    // The next key of the same length or less: trailing ff bytes have none of their own.
    private static byte[] increment(byte[] key) {
        int end = key.length;
        while (key[end - 1] == (byte) 0xff) {
            end--;
        }
        byte[] next = Arrays.copyOf(key, end);
        next[end - 1]++;
        return next;
    }

    /** Reads the key of an omap entry. */
    static String omapKeyOf(byte[] key) {
        return Utf8.decode(key, 9, key.length - 9);
    }

    /** Reads the object's number from the key of an omap entry. */
    static long omapNidOf(byte[] key) {
        return ByteBuffer.wrap(key, 1, 8).getLong();
    }
}
