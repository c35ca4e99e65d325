package io.sepiola.base;

/** Bytes or text from outside that are not what they claim to be. Caught at the border. */
public class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names what was expected and what was found. */
    public Malformed(String message) {
        super(message);
    }

    /** As above, with the cause. */
    public Malformed(String message, Throwable cause) {
        super(message, cause);
    }
}
