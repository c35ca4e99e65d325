package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Changes to one store that take effect together or not at all (ObjectStore::Transaction), applied
 * in order. On the wire it is the payload of MOSDRepOp, in Ceph's encoding.
 */
public record Transaction(List<Op> ops) {
    /** Ceph's encoding of its release 16; see {@link TransactionCodec}. */
    public static final Codec<Transaction> CODEC = new TransactionCodec();

    /** Copies the list. */
    public Transaction {
        ops = List.copyOf(ops);
    }

    /** One change. Offsets and lengths are in bytes. */
    public sealed interface Op {
        /** The collection it touches. */
        CollectionId collection();
    }

    /** Does nothing. */
    public record Nop(CollectionId collection) implements Op {}

    /** Makes the object, of which the caller knows that there is none; else the same as Touch. */
    public record Create(CollectionId collection, GhObject object) implements Op {}

    /** Makes the object if there is none. */
    public record Touch(CollectionId collection, GhObject object) implements Op {}

    /** Writes data; makes or extends the object. */
    public record Write(
            CollectionId collection, GhObject object, long offset, Bytes data, int adviceFlags)
            implements Op {}

    /** Makes a range read as zeros; extends the object. */
    public record Zero(CollectionId collection, GhObject object, long offset, long length)
            implements Op {}

    /** Sets the object's size. */
    public record Truncate(CollectionId collection, GhObject object, long size) implements Op {}

    /** Removes the object with its attributes and omap; fine when there is none. */
    public record Remove(CollectionId collection, GhObject object) implements Op {}

    /** Sets attributes, keeps the others. */
    public record SetAttrs(CollectionId collection, GhObject object, SortedMap<String, Bytes> attrs)
            implements Op {}

    /** Sets one attribute. */
    public record SetAttr(CollectionId collection, GhObject object, String name, Bytes value)
            implements Op {}

    /** Removes one attribute; fine when there is none. */
    public record RemoveAttr(CollectionId collection, GhObject object, String name) implements Op {}

    /** Removes all attributes. */
    public record RemoveAttrs(CollectionId collection, GhObject object) implements Op {}

    /** Makes {@code target} equal to {@code object}: data, attributes, omap. */
    public record Clone(CollectionId collection, GhObject object, GhObject target) implements Op {}

    /** Copies a range of data onto another object. */
    public record CloneRange(
            CollectionId collection,
            GhObject object,
            GhObject target,
            long offset,
            long length,
            long targetOffset)
            implements Op {}

    /** Makes a collection. */
    public record MakeCollection(CollectionId collection, int bits) implements Op {}

    /** Removes an empty collection. */
    public record RemoveCollection(CollectionId collection) implements Op {}

    /** Tells how many objects are to come. */
    public record CollectionHint(CollectionId collection, int kind, Bytes hint) implements Op {}

    /** Moves an object between collections, or renames it. */
    public record MoveRename(
            CollectionId collection,
            GhObject object,
            CollectionId targetCollection,
            GhObject target)
            implements Op {}

    /** Renames an object within its collection; fine when there is none. */
    public record TryRename(CollectionId collection, GhObject object, GhObject target)
            implements Op {}

    /** Sets omap keys, keeps the others. */
    public record OmapSet(
            CollectionId collection, GhObject object, SortedMap<String, Bytes> entries)
            implements Op {}

    /** Removes omap keys; fine where there are none. */
    public record OmapRemove(CollectionId collection, GhObject object, SortedSet<String> keys)
            implements Op {}

    /** Removes the omap keys from {@code first} up to, but without, {@code end}. */
    public record OmapRemoveRange(
            CollectionId collection, GhObject object, String first, String end) implements Op {}

    /** Removes all omap keys and the header. */
    public record OmapClear(CollectionId collection, GhObject object) implements Op {}

    /** Sets the omap header. */
    public record OmapSetHeader(CollectionId collection, GhObject object, Bytes header)
            implements Op {}

    /** Tells the expected sizes. */
    public record SetAllocationHint(
            CollectionId collection,
            GhObject object,
            long expectedObjectSize,
            long expectedWriteSize,
            int flags)
            implements Op {}

    /** Splits by hash bits: what has {@code remainder} in the low {@code bits} moves to target. */
    public record SplitCollection(
            CollectionId collection, int bits, int remainder, CollectionId targetCollection)
            implements Op {}
}
