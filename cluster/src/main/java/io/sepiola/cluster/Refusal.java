package io.sepiola.cluster;

/** What the user asked for cannot be done. The message is one line: cause and remedy. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One line. */
    public Refusal(String message) {
        super(message, null, false, false);
    }
}
