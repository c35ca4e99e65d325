package io.sepiola.client;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Linux's error numbers, as they stand on the wire, with their names and sentences. */
public final class Errno {
    /** Not permitted. */
    public static final int EPERM = 1;

    /** Absent. */
    public static final int ENOENT = 2;

    /** Interrupted. */
    public static final int EINTR = 4;

    /** Input or output failed. */
    public static final int EIO = 5;

    /** No such device or address. */
    public static final int ENXIO = 6;

    /** Too big. */
    public static final int E2BIG = 7;

    /** Try again. */
    public static final int EAGAIN = 11;

    /** No memory. */
    public static final int ENOMEM = 12;

    /** Denied. */
    public static final int EACCES = 13;

    /** In use. */
    public static final int EBUSY = 16;

    /** Exists already. */
    public static final int EEXIST = 17;

    /** Invalid. */
    public static final int EINVAL = 22;

    /** No space. */
    public static final int ENOSPC = 28;

    /** Out of range. */
    public static final int ERANGE = 34;

    /** The name is too long. */
    public static final int ENAMETOOLONG = 36;

    /** Not empty. */
    public static final int ENOTEMPTY = 39;

    /** No data. */
    public static final int ENODATA = 61;

    /** Too large for its type. */
    public static final int EOVERFLOW = 75;

    /** Not supported. */
    public static final int EOPNOTSUPP = 95;

    /** The client was shut out of the cluster, or is being closed (Ceph's blocklist error). */
    public static final int ESHUTDOWN = 108;

    /** Took too long. */
    public static final int ETIMEDOUT = 110;

    /** Not connected. */
    public static final int ENOTCONN = 107;

    /** Quota exceeded. */
    public static final int EDQUOT = 122;

    /** Cancelled. */
    public static final int ECANCELED = 125;

    private record Entry(String name, String sentence) {}

    private static final Map<Integer, Entry> TABLE = table();

    private Errno() {}

    /** {@code ENOENT} for 2 and for -2; the number itself where it has no name. */
    public static String name(int errno) {
        Entry entry = TABLE.get(Math.abs(errno));
        return entry == null ? Integer.toString(Math.abs(errno)) : entry.name;
    }

    /** {@code No such file or directory} for 2 and for -2. */
    public static String sentence(int errno) {
        Entry entry = TABLE.get(Math.abs(errno));
        return entry == null ? "Unknown error " + Math.abs(errno) : entry.sentence;
    }

    private static Map<Integer, Entry> table() {
        Map<Integer, Entry> table = new TreeMap<>();
        String rows =
                """
                1 EPERM Operation not permitted
                2 ENOENT No such file or directory
                4 EINTR Interrupted system call
                5 EIO Input/output error
                6 ENXIO No such device or address
                7 E2BIG Argument list too long
                9 EBADF Bad file descriptor
                11 EAGAIN Resource temporarily unavailable
                12 ENOMEM Cannot allocate memory
                13 EACCES Permission denied
                16 EBUSY Device or resource busy
                17 EEXIST File exists
                19 ENODEV No such device
                20 ENOTDIR Not a directory
                21 EISDIR Is a directory
                22 EINVAL Invalid argument
                27 EFBIG File too large
                28 ENOSPC No space left on device
                30 EROFS Read-only file system
                33 EDOM Numerical argument out of domain
                34 ERANGE Numerical result out of range
                36 ENAMETOOLONG File name too long
                38 ENOSYS Function not implemented
                39 ENOTEMPTY Directory not empty
                61 ENODATA No data available
                62 ETIME Timer expired
                75 EOVERFLOW Value too large for defined data type
                95 EOPNOTSUPP Operation not supported
                98 EADDRINUSE Address already in use
                99 EADDRNOTAVAIL Cannot assign requested address
                104 ECONNRESET Connection reset by peer
                106 EISCONN Transport endpoint is already connected
                107 ENOTCONN Transport endpoint is not connected
                108 ESHUTDOWN Cannot send after transport endpoint shutdown
                110 ETIMEDOUT Connection timed out
                111 ECONNREFUSED Connection refused
                114 EALREADY Operation already in progress
                115 EINPROGRESS Operation now in progress
                116 ESTALE Stale file handle
                122 EDQUOT Disk quota exceeded
                125 ECANCELED Operation canceled
                """;
        for (String row : rows.lines().toList()) {
            String[] parts = row.split(" ", 3);
            table.put(Integer.valueOf(parts[0]), new Entry(parts[1], parts[2]));
        }
        return Map.copyOf(table);
    }

    /** {@code ENOENT: No such file or directory}, for messages. */
    public static String describe(int errno) {
        return String.format(Locale.ROOT, "%s: %s", name(errno), sentence(errno));
    }
}
