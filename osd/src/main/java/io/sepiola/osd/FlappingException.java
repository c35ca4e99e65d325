package io.sepiola.osd;

/**
 * The OSD was marked down too often although it lives, and ends of its own will: it should stay
 * away until somebody has looked at its network, so no service manager should start it again.
 */
public final class FlappingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message names cause and remedy. */
    public FlappingException(String message) {
        super(message);
    }
}
