package io.sepiola.crush;

/**
 * Robert Jenkins' 32-bit mix as CRUSH uses it (rjenkins1). Written out flat: a straw2 choice calls
 * it once for each item, and nothing may be allocated there.
 */
public final class CrushHash {
    private static final int SEED = 1315423911;
    private static final int X = 231232;
    private static final int Y = 1232;

    private CrushHash() {}

    /** The hash of two words. */
    public static int of(int first, int second) {
        int a = first;
        int b = second;
        int x = X;
        int y = Y;
        int hash = SEED ^ a ^ b;
        a = (a - b - hash) ^ (hash >>> 13);
        b = (b - hash - a) ^ (a << 8);
        hash = (hash - a - b) ^ (b >>> 13);
        a = (a - b - hash) ^ (hash >>> 12);
        b = (b - hash - a) ^ (a << 16);
        hash = (hash - a - b) ^ (b >>> 5);
        a = (a - b - hash) ^ (hash >>> 3);
        b = (b - hash - a) ^ (a << 10);
        hash = (hash - a - b) ^ (b >>> 15);
        x = (x - a - hash) ^ (hash >>> 13);
        a = (a - hash - x) ^ (x << 8);
        hash = (hash - x - a) ^ (a >>> 13);
        x = (x - a - hash) ^ (hash >>> 12);
        a = (a - hash - x) ^ (x << 16);
        hash = (hash - x - a) ^ (a >>> 5);
        x = (x - a - hash) ^ (hash >>> 3);
        a = (a - hash - x) ^ (x << 10);
        hash = (hash - x - a) ^ (a >>> 15);
        b = (b - y - hash) ^ (hash >>> 13);
        y = (y - hash - b) ^ (b << 8);
        hash = (hash - b - y) ^ (y >>> 13);
        b = (b - y - hash) ^ (hash >>> 12);
        y = (y - hash - b) ^ (b << 16);
        hash = (hash - b - y) ^ (y >>> 5);
        b = (b - y - hash) ^ (hash >>> 3);
        y = (y - hash - b) ^ (b << 10);
        hash = (hash - b - y) ^ (y >>> 15);
        return hash;
    }

    /** The hash of three words. */
    public static int of(int first, int second, int third) {
        int a = first;
        int b = second;
        int c = third;
        int x = X;
        int y = Y;
        int hash = SEED ^ a ^ b ^ c;
        a = (a - b - hash) ^ (hash >>> 13);
        b = (b - hash - a) ^ (a << 8);
        hash = (hash - a - b) ^ (b >>> 13);
        a = (a - b - hash) ^ (hash >>> 12);
        b = (b - hash - a) ^ (a << 16);
        hash = (hash - a - b) ^ (b >>> 5);
        a = (a - b - hash) ^ (hash >>> 3);
        b = (b - hash - a) ^ (a << 10);
        hash = (hash - a - b) ^ (b >>> 15);
        c = (c - x - hash) ^ (hash >>> 13);
        x = (x - hash - c) ^ (c << 8);
        hash = (hash - c - x) ^ (x >>> 13);
        c = (c - x - hash) ^ (hash >>> 12);
        x = (x - hash - c) ^ (c << 16);
        hash = (hash - c - x) ^ (x >>> 5);
        c = (c - x - hash) ^ (hash >>> 3);
        x = (x - hash - c) ^ (c << 10);
        hash = (hash - c - x) ^ (x >>> 15);
        y = (y - a - hash) ^ (hash >>> 13);
        a = (a - hash - y) ^ (y << 8);
        hash = (hash - y - a) ^ (a >>> 13);
        y = (y - a - hash) ^ (hash >>> 12);
        a = (a - hash - y) ^ (y << 16);
        hash = (hash - y - a) ^ (a >>> 5);
        y = (y - a - hash) ^ (hash >>> 3);
        a = (a - hash - y) ^ (y << 10);
        hash = (hash - y - a) ^ (a >>> 15);
        b = (b - x - hash) ^ (hash >>> 13);
        x = (x - hash - b) ^ (b << 8);
        hash = (hash - b - x) ^ (x >>> 13);
        b = (b - x - hash) ^ (hash >>> 12);
        x = (x - hash - b) ^ (b << 16);
        hash = (hash - b - x) ^ (x >>> 5);
        b = (b - x - hash) ^ (hash >>> 3);
        x = (x - hash - b) ^ (b << 10);
        hash = (hash - b - x) ^ (x >>> 15);
        y = (y - c - hash) ^ (hash >>> 13);
        c = (c - hash - y) ^ (y << 8);
        hash = (hash - y - c) ^ (c >>> 13);
        y = (y - c - hash) ^ (hash >>> 12);
        c = (c - hash - y) ^ (y << 16);
        hash = (hash - y - c) ^ (c >>> 5);
        y = (y - c - hash) ^ (hash >>> 3);
        c = (c - hash - y) ^ (y << 10);
        hash = (hash - y - c) ^ (c >>> 15);
        return hash;
    }

    /**
     * The hashes of three words for each of many second words. One plain loop without calls or
     * branches, which the compiler turns into vector instructions.
     *
     * @param hashes receives as many as there are {@code seconds}
     */
    static void ofEach(int first, int[] seconds, int third, int[] hashes) {
        for (int i = 0; i < seconds.length; i++) {
            int a = first;
            int b = seconds[i];
            int c = third;
            int x = X;
            int y = Y;
            int hash = SEED ^ a ^ b ^ c;
            a = (a - b - hash) ^ (hash >>> 13);
            b = (b - hash - a) ^ (a << 8);
            hash = (hash - a - b) ^ (b >>> 13);
            a = (a - b - hash) ^ (hash >>> 12);
            b = (b - hash - a) ^ (a << 16);
            hash = (hash - a - b) ^ (b >>> 5);
            a = (a - b - hash) ^ (hash >>> 3);
            b = (b - hash - a) ^ (a << 10);
            hash = (hash - a - b) ^ (b >>> 15);
            c = (c - x - hash) ^ (hash >>> 13);
            x = (x - hash - c) ^ (c << 8);
            hash = (hash - c - x) ^ (x >>> 13);
            c = (c - x - hash) ^ (hash >>> 12);
            x = (x - hash - c) ^ (c << 16);
            hash = (hash - c - x) ^ (x >>> 5);
            c = (c - x - hash) ^ (hash >>> 3);
            x = (x - hash - c) ^ (c << 10);
            hash = (hash - c - x) ^ (x >>> 15);
            y = (y - a - hash) ^ (hash >>> 13);
            a = (a - hash - y) ^ (y << 8);
            hash = (hash - y - a) ^ (a >>> 13);
            y = (y - a - hash) ^ (hash >>> 12);
            a = (a - hash - y) ^ (y << 16);
            hash = (hash - y - a) ^ (a >>> 5);
            y = (y - a - hash) ^ (hash >>> 3);
            a = (a - hash - y) ^ (y << 10);
            hash = (hash - y - a) ^ (a >>> 15);
            b = (b - x - hash) ^ (hash >>> 13);
            x = (x - hash - b) ^ (b << 8);
            hash = (hash - b - x) ^ (x >>> 13);
            b = (b - x - hash) ^ (hash >>> 12);
            x = (x - hash - b) ^ (b << 16);
            hash = (hash - b - x) ^ (x >>> 5);
            b = (b - x - hash) ^ (hash >>> 3);
            x = (x - hash - b) ^ (b << 10);
            hash = (hash - b - x) ^ (x >>> 15);
            y = (y - c - hash) ^ (hash >>> 13);
            c = (c - hash - y) ^ (y << 8);
            hash = (hash - y - c) ^ (c >>> 13);
            y = (y - c - hash) ^ (hash >>> 12);
            c = (c - hash - y) ^ (y << 16);
            hash = (hash - y - c) ^ (c >>> 5);
            y = (y - c - hash) ^ (hash >>> 3);
            c = (c - hash - y) ^ (y << 10);
            hash = (hash - y - c) ^ (c >>> 15);
            hashes[i] = hash;
        }
    }

    /** The hash of four words. */
    public static int of(int first, int second, int third, int fourth) {
        int a = first;
        int b = second;
        int c = third;
        int d = fourth;
        int x = X;
        int y = Y;
        int hash = SEED ^ a ^ b ^ c ^ d;
        a = (a - b - hash) ^ (hash >>> 13);
        b = (b - hash - a) ^ (a << 8);
        hash = (hash - a - b) ^ (b >>> 13);
        a = (a - b - hash) ^ (hash >>> 12);
        b = (b - hash - a) ^ (a << 16);
        hash = (hash - a - b) ^ (b >>> 5);
        a = (a - b - hash) ^ (hash >>> 3);
        b = (b - hash - a) ^ (a << 10);
        hash = (hash - a - b) ^ (b >>> 15);
        c = (c - d - hash) ^ (hash >>> 13);
        d = (d - hash - c) ^ (c << 8);
        hash = (hash - c - d) ^ (d >>> 13);
        c = (c - d - hash) ^ (hash >>> 12);
        d = (d - hash - c) ^ (c << 16);
        hash = (hash - c - d) ^ (d >>> 5);
        c = (c - d - hash) ^ (hash >>> 3);
        d = (d - hash - c) ^ (c << 10);
        hash = (hash - c - d) ^ (d >>> 15);
        a = (a - x - hash) ^ (hash >>> 13);
        x = (x - hash - a) ^ (a << 8);
        hash = (hash - a - x) ^ (x >>> 13);
        a = (a - x - hash) ^ (hash >>> 12);
        x = (x - hash - a) ^ (a << 16);
        hash = (hash - a - x) ^ (x >>> 5);
        a = (a - x - hash) ^ (hash >>> 3);
        x = (x - hash - a) ^ (a << 10);
        hash = (hash - a - x) ^ (x >>> 15);
        y = (y - b - hash) ^ (hash >>> 13);
        b = (b - hash - y) ^ (y << 8);
        hash = (hash - y - b) ^ (b >>> 13);
        y = (y - b - hash) ^ (hash >>> 12);
        b = (b - hash - y) ^ (y << 16);
        hash = (hash - y - b) ^ (b >>> 5);
        y = (y - b - hash) ^ (hash >>> 3);
        b = (b - hash - y) ^ (y << 10);
        hash = (hash - y - b) ^ (b >>> 15);
        c = (c - x - hash) ^ (hash >>> 13);
        x = (x - hash - c) ^ (c << 8);
        hash = (hash - c - x) ^ (x >>> 13);
        c = (c - x - hash) ^ (hash >>> 12);
        x = (x - hash - c) ^ (c << 16);
        hash = (hash - c - x) ^ (x >>> 5);
        c = (c - x - hash) ^ (hash >>> 3);
        x = (x - hash - c) ^ (c << 10);
        hash = (hash - c - x) ^ (x >>> 15);
        y = (y - d - hash) ^ (hash >>> 13);
        d = (d - hash - y) ^ (y << 8);
        hash = (hash - y - d) ^ (d >>> 13);
        y = (y - d - hash) ^ (hash >>> 12);
        d = (d - hash - y) ^ (y << 16);
        hash = (hash - y - d) ^ (d >>> 5);
        y = (y - d - hash) ^ (hash >>> 3);
        d = (d - hash - y) ^ (y << 10);
        hash = (hash - y - d) ^ (d >>> 15);
        return hash;
    }
}
