package io.sepiola.lab.simulation;

import org.jspecify.annotations.Nullable;

/** The cluster did what it must not. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String oracle;

    /**
     * A violation.
     *
     * @param oracle which one objects: O1 to O8, as {@link Story} lists them
     */
    Violation(String oracle, String message) {
        super(oracle + ": " + message);
        this.oracle = oracle;
    }

    Violation(String oracle, String message, @Nullable Throwable cause) {
        super(oracle + ": " + message, cause);
        this.oracle = oracle;
    }

    String oracle() {
        return oracle;
    }
}
