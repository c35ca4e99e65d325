package io.sepiola.cluster.storetool;

/** The tool gives up: its exit code and a line that says why. */
final class ToolRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final boolean usage;

    private ToolRefusal(int code, String message, boolean usage) {
        super(message, null, false, false);
        this.code = code;
        this.usage = usage;
    }

    /** With exit code 1. */
    ToolRefusal(String message) {
        this(1, message, false);
    }

    /** With an exit code of its own. */
    ToolRefusal(int code, String message) {
        this(code, message, false);
    }

    /** With the usage after the line. */
    static ToolRefusal usage(String message) {
        return new ToolRefusal(1, message, true);
    }

    int code() {
        return code;
    }

    boolean showsUsage() {
        return usage;
    }
}
