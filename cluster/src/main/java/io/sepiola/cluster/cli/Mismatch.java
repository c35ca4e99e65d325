package io.sepiola.cluster.cli;

/** Words do not match a command's signature. */
final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    /** How far the matching came. */
    enum Kind {
        /** A literal word differs: another command is meant. */
        OTHER_COMMAND,
        /** Right so far, but a required argument is absent. */
        MISSING,
        /** Right so far, but there are too few words. */
        TOO_FEW,
        /** The right command with a wrong argument. */
        WRONG
    }

    private final Kind kind;

    Mismatch(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
