package io.sepiola.monitor.command;

import java.io.Serial;

/** A command that is answered with an error. Caught where commands are dispatched. */
public final class Refused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final int result;

    /**
     * The answer.
     *
     * @param result negative, from {@link Errno}
     * @param sentence says what is wrong
     */
    public Refused(int result, String sentence) {
        super(sentence, null, false, false);
        this.result = result;
    }

    /** An argument that makes no sense. */
    public static Refused invalid(String sentence) {
        return new Refused(Errno.EINVAL, sentence);
    }

    /** Something named that does not exist. */
    public static Refused missing(String sentence) {
        return new Refused(Errno.ENOENT, sentence);
    }

    /** Negative, from {@link Errno}. */
    public int result() {
        return result;
    }

    /** What is wrong. */
    public String sentence() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
