package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that a client can see of an object. Immutable; compared by digest first. */
final class ObjectState {
    static final ObjectState ABSENT =
            new ObjectState(false, Bytes.EMPTY, new TreeMap<>(), new TreeMap<>());

    private final boolean exists;
    private final Bytes data;
    private final SortedMap<String, Bytes> xattrs;
    private final SortedMap<String, Bytes> omap;
    private int digest;
    private boolean digested;

    ObjectState(
            boolean exists,
            Bytes data,
            SortedMap<String, Bytes> xattrs,
            SortedMap<String, Bytes> omap) {
        this.exists = exists;
        this.data = data;
        this.xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
        this.omap = Collections.unmodifiableSortedMap(new TreeMap<>(omap));
    }

    boolean exists() {
        return exists;
    }

    Bytes data() {
        return data;
    }

    SortedMap<String, Bytes> xattrs() {
        return xattrs;
    }

    SortedMap<String, Bytes> omap() {
        return omap;
    }

    ObjectState withData(Bytes newData) {
        return new ObjectState(true, newData.compact(), xattrs, omap);
    }

    ObjectState withXattrs(SortedMap<String, Bytes> newXattrs) {
        return new ObjectState(true, data, newXattrs, omap);
    }

    ObjectState withOmap(SortedMap<String, Bytes> newOmap) {
        return new ObjectState(true, data, xattrs, newOmap);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || other instanceof ObjectState that
                        && hashCode() == that.hashCode()
                        && exists == that.exists
                        && data.equals(that.data)
                        && xattrs.equals(that.xattrs)
                        && omap.equals(that.omap);
    }

    @Override
    public int hashCode() {
        if (!digested) {
            digested = true;
            digest =
                    ((data.crc32c(exists ? 1 : 0) * 31 + xattrs.hashCode()) * 31) + omap.hashCode();
        }
        return digest;
    }

    @Override
    public String toString() {
        return exists
                ? data.size()
                        + " bytes, crc "
                        + Integer.toHexString(data.crc32c(0))
                        + ", xattrs "
                        + xattrs.keySet()
                        + " omap "
                        + omap.keySet()
                        + " #"
                        + Integer.toHexString(hashCode())
                : "absent";
    }
}
