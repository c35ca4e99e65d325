package io.sepiola.crush;

/** The hashes of object names (ceph_str_hash_*). */
public final class ObjectHash {
    /** Linux's dcache hash: object_hash 1. */
    public static final int LINUX = 1;

    /** Robert Jenkins' hash: object_hash 2, the default. */
    public static final int RJENKINS = 2;

    private static final int GOLDEN_RATIO = 0x9e3779b9;

    private ObjectHash() {}

    /** The hash that an object_hash number stands for; unknown numbers hash to -1, as in Ceph. */
    public static int of(int kind, byte[] name) {
        return switch (kind) {
            case LINUX -> linux(name);
            case RJENKINS -> rjenkins(name);
            default -> -1;
        };
    }

    /** Robert Jenkins' string hash. */
    public static int rjenkins(byte[] name) {
        int a = GOLDEN_RATIO;
        int b = GOLDEN_RATIO;
        int c = 0;
        int at = 0;
        boolean last;
        do {
            int rest = name.length - at;
            last = rest < 12;
            a += word(name, at, 4);
            b += word(name, at + 4, 4);
            // The last round keeps the low byte of c for the length.
            c += last ? name.length + (word(name, at + 8, 3) << 8) : word(name, at + 8, 4);
            a = (a - b - c) ^ (c >>> 13);
            b = (b - c - a) ^ (a << 8);
            c = (c - a - b) ^ (b >>> 13);
            a = (a - b - c) ^ (c >>> 12);
            b = (b - c - a) ^ (a << 16);
            c = (c - a - b) ^ (b >>> 5);
            a = (a - b - c) ^ (c >>> 3);
            b = (b - c - a) ^ (a << 10);
            c = (c - a - b) ^ (b >>> 15);
            at += 12;
        } while (!last);
        return c;
    }

    private static int word(byte[] name, int at, int size) {
        int word = 0;
        for (int i = 0; i < size && at + i < name.length; i++) {
            word |= (name[at + i] & 0xff) << (8 * i);
        }
        return word;
    }

    private static int linux(byte[] name) {
        int hash = 0;
        for (byte b : name) {
            int value = b & 0xff;
            hash = (hash + (value << 4) + (value >>> 4)) * 11;
        }
        return hash;
    }
}
