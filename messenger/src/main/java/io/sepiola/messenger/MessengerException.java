package io.sepiola.messenger;

/** The network refused. The message names cause and remedy. */
public final class MessengerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the cause. */
    public MessengerException(String message, Throwable cause) {
        super(message, cause);
    }
}
