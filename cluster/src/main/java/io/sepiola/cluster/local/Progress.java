package io.sepiola.cluster.local;

import java.io.PrintStream;

/** Shows on a terminal how far a long step is; silent elsewhere. */
final class Progress {
    private final PrintStream stream;
    private final boolean terminal;
    private String shown = "";

    private Progress(PrintStream stream, boolean terminal) {
        this.stream = stream;
        this.terminal = terminal;
    }

    static Progress on(PrintStream stream) {
        return new Progress(stream, System.console() != null && System.console().isTerminal());
    }

    void show(String step) {
        if (terminal && !step.equals(shown)) {
            stream.print("\r\033[K" + step);
            stream.flush();
            shown = step;
        }
    }

    void done() {
        if (terminal && !shown.isEmpty()) {
            stream.print("\r\033[K");
            stream.flush();
        }
    }
}
