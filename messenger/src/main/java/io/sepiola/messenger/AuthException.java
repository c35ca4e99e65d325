package io.sepiola.messenger;

/** Credentials were missing or refused. The message says which and why. */
public final class AuthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int result;

    /** With Ceph's negative error number. */
    public AuthException(int result, String message) {
        super(message);
        this.result = result;
    }

    /** A negative error number: -13 for refused, -2 for a credential that we lack. */
    public int result() {
        return result;
    }
}
