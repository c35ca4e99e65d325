package io.sepiola.client;

import io.sepiola.base.Bytes;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;

/** Access to the objects of one pool, in one namespace. Immutable; may be shared. */
public interface IoContext {
    /** The pool's name when it was opened. */
    String pool();

    /** The pool's id. */
    long poolId();

    /** The same pool in another namespace; "" is the default one. */
    IoContext withNamespace(String namespace);

    /** The same, placing objects by this key instead of their names; "" for their names. */
    IoContext withLocator(String key);

    /**
     * The same, whose writes fail with ENOSPC or EDQUOT where the pool or the cluster is full,
     * instead of waiting for room.
     */
    IoContext failingWhenFull();

    /** Begins a compound write: all of it takes effect, or none. */
    WriteOperation write();

    /** Begins a compound read: all of it sees one state of the object. */
    ReadOperation read();

    /** Up to {@code length} bytes; fewer at the object's end. */
    default CompletableFuture<Bytes> read(String object, long offset, int length) {
        return read().read(offset, length).submit(object).thenApply(results -> results.data(0));
    }

    /** Size and time. */
    default CompletableFuture<ObjectStat> stat(String object) {
        return read().stat().submit(object).thenApply(results -> results.stat(0));
    }

    /** Replaces the whole object. */
    default CompletableFuture<WriteResult> writeFull(String object, Bytes data) {
        return write().writeFull(data).submit(object);
    }

    /** Removes the object; ENOENT when there is none. */
    default CompletableFuture<WriteResult> remove(String object) {
        return write().remove().submit(object);
    }

    /**
     * Lists objects of this namespace, placement group by placement group.
     *
     * @param cursor null to begin, or the last page's {@link ObjectPage#nextOrNull}
     */
    CompletableFuture<ObjectPage> list(
            @org.jspecify.annotations.Nullable Cursor cursor, int countMax);

    /** Where a listing goes on; opaque. */
    interface Cursor {}

    /**
     * A part of a listing.
     *
     * @param nextOrNull where to go on; null at the end
     */
    record ObjectPage(
            List<ListedObject> objects, @org.jspecify.annotations.Nullable Cursor nextOrNull) {}

    /** An object's name. */
    record ListedObject(String namespace, String name, String locator) {}

    /** Size in bytes and last change. */
    record ObjectStat(long size, Instant modified) {}

    /**
     * A write's outcome.
     *
     * @param version the object's version after it, for {@link WriteOperation#assertVersion}
     */
    record WriteResult(long version) {}

    /** How {@link WriteOperation#compareXattr} and its like compare: stored OP given. */
    enum Comparison {
        /** Equal. */
        EQ,
        /** Not equal. */
        NE,
        /** Greater. */
        GT,
        /** Greater or equal. */
        GTE,
        /** Less. */
        LT,
        /** Less or equal. */
        LTE
    }

    /** A compound write being put together. Owned by one caller; each method returns this. */
    interface WriteOperation {
        /** Fails with ECANCELED or ERANGE/EOVERFLOW unless the object is at this version. */
        WriteOperation assertVersion(long version);

        /** Fails with ENOENT when the object is absent. */
        WriteOperation assertExists();

        /** Fails with ECANCELED unless the attribute compares so; an absent one is empty. */
        WriteOperation compareXattr(String name, Comparison comparison, Bytes value);

        /** Fails with ECANCELED unless the omap value compares so; an absent one is empty. */
        WriteOperation compareOmap(String key, Comparison comparison, Bytes value);

        /** Makes the object; when exclusive, EEXIST if it is there. */
        WriteOperation create(boolean exclusive);

        /** Writes a range. */
        WriteOperation write(long offset, Bytes data);

        /** Replaces all data. */
        WriteOperation writeFull(Bytes data);

        /** Writes at the end. */
        WriteOperation append(Bytes data);

        /** Makes a range read as zeros; one that reaches the object's end cuts it off there. */
        WriteOperation zero(long offset, long length);

        /** Sets the size. */
        WriteOperation truncate(long size);

        /** Removes the object. */
        WriteOperation remove();

        /** Sets an attribute. */
        WriteOperation setXattr(String name, Bytes value);

        /** Removes an attribute. */
        WriteOperation removeXattr(String name);

        /** Sets omap entries. */
        WriteOperation setOmap(SortedMap<String, Bytes> entries);

        /** Removes omap entries. */
        WriteOperation removeOmap(SortedSet<String> keys);

        /** Removes omap entries from {@code first} up to, but without, {@code end}. */
        WriteOperation removeOmapRange(String first, String end);

        /** Removes all omap entries and the header. */
        WriteOperation clearOmap();

        /** Sets the omap header. */
        WriteOperation setOmapHeader(Bytes header);

        /** Tells the expected sizes; never fails. */
        WriteOperation allocationHint(long objectSize, long writeSize);

        /** Calls a class method. */
        WriteOperation call(String className, String method, Bytes input);

        /**
         * Makes the object a copy of another one in the same cluster.
         *
         * @param version of the source, from its last write or read; 0 for whatever it is
         */
        WriteOperation copyFrom(IoContext source, String object, long version);

        /** The last step's failure does not fail the whole. */
        WriteOperation lastMayFail();

        /** Sends it. Completes when the change is durable on every acting member. */
        CompletableFuture<WriteResult> submit(String object);
    }

    /** A compound read being put together; results come in the order of the steps. */
    interface ReadOperation {
        /** Fails with ECANCELED unless the attribute compares so. */
        ReadOperation compareXattr(String name, Comparison comparison, Bytes value);

        /** Up to {@code length} bytes. */
        ReadOperation read(long offset, int length);

        /** Size and time. */
        ReadOperation stat();

        /** One attribute; ENODATA when it is absent. */
        ReadOperation xattr(String name);

        /** All attributes. */
        ReadOperation xattrs();

        /** Omap entries after a key that begin with a prefix. */
        ReadOperation omap(String after, String prefix, int countMax);

        /** Omap keys after a key. */
        ReadOperation omapKeys(String after, int countMax);

        /** Omap entries of these keys, where they exist. */
        ReadOperation omapOf(SortedSet<String> keys);

        /** The omap header. */
        ReadOperation omapHeader();

        /** Calls a class method. */
        ReadOperation call(String className, String method, Bytes input);

        /**
         * What was read may lie in lent memory, where an OSD of the same process has read it: for
         * one who uses it once, and who knows of {@link io.sepiola.base.Lent}.
         */
        default ReadOperation mayLend() {
            return this; // never does
        }

        /** The last step's failure does not fail the whole. */
        ReadOperation lastMayFail();

        /** Sends it; ENOENT when the object is absent. */
        CompletableFuture<ReadResults> submit(String object);
    }

    /** What a compound read gave, step by step; {@code step} counts from 0. */
    interface ReadResults {
        /** The object's version. */
        long version();

        /** 0, or the step's negative errno. */
        int result(int step);

        /** The raw output of a step. */
        Bytes data(int step);

        /** Of {@link ReadOperation#stat}. */
        ObjectStat stat(int step);

        /** Of {@link ReadOperation#xattrs}, {@link ReadOperation#omapOf}. */
        SortedMap<String, Bytes> entries(int step);

        /** Of {@link ReadOperation#omap}. */
        OmapEntries omap(int step);

        /** Of {@link ReadOperation#omapKeys}. */
        OmapKeys omapKeys(int step);
    }

    /**
     * A part of an omap.
     *
     * @param more whether entries are left after the last one
     */
    record OmapEntries(SortedMap<String, Bytes> entries, boolean more) {}

    /**
     * A part of an omap's keys, in byte order.
     *
     * @param more whether keys are left after the last one
     */
    record OmapKeys(List<String> keys, boolean more) {}
}
