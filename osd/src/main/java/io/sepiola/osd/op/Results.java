package io.sepiola.osd.op;

/** Results of operations as they stand on the wire: 0, or Linux's error numbers made negative. */
public final class Results {
    /** Not permitted. */
    public static final int EPERM = -1;

    /** No such object. */
    public static final int ENOENT = -2;

    /** The disk failed. */
    public static final int EIO = -5;

    /** Ask again. */
    public static final int EAGAIN = -11;

    /** The object is there already. */
    public static final int EEXIST = -17;

    /** Nonsense. */
    public static final int EINVAL = -22;

    /** Beyond the greatest object, or attribute. */
    public static final int EFBIG = -27;

    /** No room. */
    public static final int ENOSPC = -28;

    /** Out of range: the object is newer than asserted. */
    public static final int ERANGE = -34;

    /** The name is too long. */
    public static final int ENAMETOOLONG = -36;

    /** No such attribute. */
    public static final int ENODATA = -61;

    /** The object is older than asserted. */
    public static final int EOVERFLOW = -75;

    /** The message is too long. */
    public static final int EMSGSIZE = -90;

    /** Not known here. */
    public static final int EOPNOTSUPP = -95;

    /** The quota is used up. */
    public static final int EDQUOT = -122;

    /** A comparison did not hold. */
    public static final int ECANCELED = -125;

    /** A compared extent differs at the byte that is subtracted from this. */
    public static final int DIFFERS_AT = -4095;

    private Results() {}
}
