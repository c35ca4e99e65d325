package io.sepiola.store;

/**
 * The store has failed for good, or is closed: it takes nothing and tells nothing any more. Nothing
 * follows from that for any object, so it is no {@link StoreException}: whoever works on the store
 * ends, and answers nobody.
 */
public final class StoreGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names the cause. */
    public StoreGone(String message) {
        super(message);
    }

    /** As above, with what failed. */
    public StoreGone(String message, Throwable cause) {
        super(message, cause);
    }
}
