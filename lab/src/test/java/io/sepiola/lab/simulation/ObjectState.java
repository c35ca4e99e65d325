package io.sepiola.lab.simulation;

import io.sepiola.base.Bytes;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that a client can see of an object. */
record ObjectState(
        boolean exists,
        Bytes data,
        SortedMap<String, Bytes> xattrs,
        SortedMap<String, Bytes> omap) {
    static final ObjectState ABSENT =
            new ObjectState(false, Bytes.EMPTY, new TreeMap<>(), new TreeMap<>());

    ObjectState {
        xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
        omap = Collections.unmodifiableSortedMap(new TreeMap<>(omap));
    }

    ObjectState withData(Bytes newData) {
        return new ObjectState(true, newData, xattrs, omap);
    }

    ObjectState withXattrs(SortedMap<String, Bytes> newXattrs) {
        return new ObjectState(true, data, newXattrs, omap);
    }

    ObjectState withOmap(SortedMap<String, Bytes> newOmap) {
        return new ObjectState(true, data, xattrs, newOmap);
    }

    @Override
    public String toString() {
        return exists
                ? data
                        + " xattrs "
                        + xattrs.keySet()
                        + " omap "
                        + omap.keySet()
                        + " #"
                        + Integer.toHexString(hashCode())
                : "absent";
    }
}
