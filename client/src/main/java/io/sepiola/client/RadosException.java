package io.sepiola.client;

/** The cluster's answer is an error. */
public final class RadosException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * An answer.
     *
     * @param errno positive, Linux's numbers: 2 for ENOENT
     */
    public RadosException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** Positive, Linux's numbers: 2 for ENOENT, 17 EEXIST, 125 ECANCELED. */
    public int errno() {
        return errno;
    }
}
