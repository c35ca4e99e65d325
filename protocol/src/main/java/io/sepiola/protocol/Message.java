package io.sepiola.protocol;

/**
 * What one daemon or client says to another. Messages are immutable and may be passed by reference
 * between threads.
 */
public interface Message {
    /** Ceph's default priority. */
    int PRIORITY_DEFAULT = 127;

    /** Ceph's priority of what must not wait behind client operations. */
    int PRIORITY_HIGH = 196;

    /**
     * The transaction id in the header by which an answer is matched; 0 where the type has none.
     */
    default long tid() {
        return 0;
    }

    /** The priority in the header. */
    default int priority() {
        return PRIORITY_DEFAULT;
    }
}
