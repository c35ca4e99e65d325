package io.sepiola.gateway.http;

/** The client closed the connection, or reads nothing any more: there is nobody to answer. */
public final class ClientGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message is for logs. */
    public ClientGone(String message) {
        super(message, null, false, false);
    }
}
