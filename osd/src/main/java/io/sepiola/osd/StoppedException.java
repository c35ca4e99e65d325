package io.sepiola.osd;

/**
 * The OSD was told to stop ({@code ceph osd stop}) and ends of its own will: it comes up again when
 * somebody starts it, and no service manager should.
 */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says by which epoch of the map. */
    public StoppedException(String message) {
        super(message);
    }
}
