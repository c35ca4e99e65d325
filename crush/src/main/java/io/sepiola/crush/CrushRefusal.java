package io.sepiola.crush;

/** A change of a map that Ceph refuses, with the error number that its tool ends with. */
public final class CrushRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** ENOENT. */
    public static final int ABSENT = 2;

    /** EBUSY. */
    public static final int BUSY = 16;

    /** EEXIST. */
    public static final int PRESENT = 17;

    /** EINVAL. */
    public static final int INVALID = 22;

    /** ENOTEMPTY. */
    public static final int NOT_EMPTY = 39;

    /** ELOOP. */
    public static final int LOOP = 40;

    /** EOVERFLOW. */
    public static final int OVERFLOW = 75;

    private final int errorNumber;

    CrushRefusal(int errorNumber, String message) {
        super(message);
        this.errorNumber = errorNumber;
    }

    /** One of the constants here, as Linux numbers them. */
    public int errorNumber() {
        return errorNumber;
    }
}
