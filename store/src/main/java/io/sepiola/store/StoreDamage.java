package io.sepiola.store;

/**
 * Something that is wrong with a store.
 *
 * @param text what it is, with the object and the block that it is about
 */
public record StoreDamage(Kind kind, String text) {
    /** What kind of damage, and with it who can mend it. */
    public enum Kind {
        /** A block is not what was written. Another copy has it: {@code ceph pg repair}. */
        DATA,
        /** What the index says of an object cannot be. Another copy is right. */
        OBJECT,
        /** Objects in a collection that the index does not name. */
        COLLECTION,
        /** Omap entries that are no object's. */
        OMAP,
        /** The count of free blocks is not the objects'. It is made anew at every opening. */
        SPACE
    }

    /** Whether {@link BlockStore#repair} mends it without losing anything. */
    public boolean isMendable() {
        return switch (kind) {
            case DATA, OBJECT -> false;
            case COLLECTION, OMAP, SPACE -> true;
        };
    }
}
