package io.sepiola.crush;

/**
 * A change of a CRUSH map, or a text of one, that cannot be. The message names cause and remedy.
 */
public final class CrushException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal, for the answer's error number. */
    public enum Kind {
        /** No such item, type, class or rule (ENOENT). */
        ABSENT,
        /** It is there already (EEXIST). */
        PRESENT,
        /** It is still used (EBUSY, ENOTEMPTY). */
        USED,
        /** It would contain itself (ELOOP). */
        LOOP,
        /** It makes no sense (EINVAL). */
        INVALID
    }

    private final Kind kind;

    /** Why. */
    public CrushException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What kind. */
    public Kind kind() {
        return kind;
    }
}
