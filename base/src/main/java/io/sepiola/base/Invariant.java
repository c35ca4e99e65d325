package io.sepiola.base;

import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Conditions that only our own mistake can break. Breaking one stops the daemon. */
public final class Invariant {
    private static final boolean AUDIT = Boolean.getBoolean("sepiola.audit");

    private Invariant() {}

    /** Thrown when an invariant does not hold; nobody may catch it and go on. */
    public static final class Broken extends Error {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    /** Checks a cheap condition; stays on in production. */
    public static void that(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw broken(message, arguments);
        }
    }

    /** For branches that cannot be reached: {@code throw Invariant.broken(...)}. */
    public static Broken broken(String message, Object... arguments) {
        return new Broken(String.format(Locale.ROOT, message, arguments));
    }

    /** Checks a costly condition; on where the system property {@code sepiola.audit} is true. */
    public static void audit(BooleanSupplier holds, String message) {
        if (AUDIT && !holds.getAsBoolean()) {
            throw broken("%s", message);
        }
    }
}
