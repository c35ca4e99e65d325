package io.sepiola.monitor.command;

/** The results that commands answer, negative as on the wire. */
public final class Errno {
    /** Not permitted. */
    public static final int EPERM = -1;

    /** No such thing. */
    public static final int ENOENT = -2;

    /** Something is not there that is needed. */
    public static final int EIO = -5;

    /** Tried too early. */
    public static final int EAGAIN = -11;

    /** No capability for it. */
    public static final int EACCES = -13;

    /** In use. */
    public static final int EBUSY = -16;

    /** Exists already. */
    public static final int EEXIST = -17;

    /** Not a bucket. */
    public static final int ENOTDIR = -20;

    /** Makes no sense. */
    public static final int EINVAL = -22;

    /** Too large or too small. */
    public static final int ERANGE = -34;

    /** Holds something. */
    public static final int ENOTEMPTY = -39;

    /** Would contain itself. */
    public static final int ELOOP = -40;

    /** More than its type holds. */
    public static final int EOVERFLOW = -75;

    /** Not supported. */
    public static final int EOPNOTSUPP = -95;

    private Errno() {}
}
