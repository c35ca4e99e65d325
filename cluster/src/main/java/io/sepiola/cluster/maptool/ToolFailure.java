package io.sepiola.cluster.maptool;

/** A tool gives up: its exit code and what it says on standard error. */
final class ToolFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final boolean usage;

    /** The message has its line ends. */
    ToolFailure(int code, String message) {
        this(code, message, false);
    }

    private ToolFailure(int code, String message, boolean usage) {
        super(message, null, false, false);
        this.code = code;
        this.usage = usage;
    }

    /** With the usage on standard output after it, and exit code 1. */
    static ToolFailure usage(String message) {
        return new ToolFailure(1, message, true);
    }

    int code() {
        return code;
    }

    boolean showsUsage() {
        return usage;
    }
}
