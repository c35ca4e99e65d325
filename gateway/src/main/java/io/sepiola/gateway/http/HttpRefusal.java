package io.sepiola.gateway.http;

/** The request breaks HTTP's rules, or our limits: it is answered, and the connection closed. */
public final class HttpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** The message is for the client. */
    public HttpRefusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** The answer's status. */
    public int status() {
        return status;
    }
}
