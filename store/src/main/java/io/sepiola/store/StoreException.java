package io.sepiola.store;

/** The disk, or what it holds, has failed. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed. */
    public enum Kind {
        /** No room is left. */
        FULL,
        /** A checksum does not match what was read. */
        CORRUPT,
        /** The operating system refused. */
        IO,
        /** The directory is no store, another's, in use, or of a later format. */
        UNUSABLE,
        /** The transaction asks for what cannot be: an absent collection, a negative offset. */
        INVALID
    }

    private final Kind kind;

    /** The message names cause and remedy. */
    public StoreException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** As above, with the cause. */
    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What failed. */
    public Kind kind() {
        return kind;
    }
}
