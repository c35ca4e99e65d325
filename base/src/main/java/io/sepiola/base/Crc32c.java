package io.sepiola.base;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Castagnoli's checksum as Ceph uses it: any initial value, no final inversion.
 *
 * <p>The JDK's intrinsic starts at ffffffff and inverts at the end; other initial values are
 * brought about by the linearity of the checksum: crc(a, data) = crc(b, data) xor crc(a xor b,
 * zeros).
 */
public final class Crc32c {
    private static final int POLYNOMIAL = 0x82f63b78; // reflected 0x1edc6f41
    private static final int[] BYTE_TABLE = byteTable();

    private Crc32c() {}

    /** The checksum of a range of an array, continuing from {@code seed}. */
    public static int of(int seed, byte[] array, int offset, int length) {
        if (length < 64 && seed != -1) {
            return small(seed, array, offset, length);
        }
        CRC32C crc = new CRC32C();
        crc.update(array, offset, length);
        return continued(seed, ~(int) crc.getValue(), length);
    }

    /** The checksum of a buffer's remaining bytes, continuing from {@code seed}; position stays. */
    public static int of(int seed, ByteBuffer buffer) {
        int length = buffer.remaining();
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate());
        return continued(seed, ~(int) crc.getValue(), length);
    }

    /**
     * The checksum of two ranges in a row, of which the data need not be seen again.
     *
     * @param first of the first range, from any initial value
     * @param second of the second one, from ffffffff
     * @param length of the second one, in bytes
     */
    public static int joined(int first, int second, int length) {
        return continued(first, second, length);
    }

    private static int continued(int seed, int fromOnes, int length) {
        return seed == -1 ? fromOnes : fromOnes ^ zeros(~seed, length);
    }

    private static int small(int seed, byte[] array, int offset, int length) {
        int crc = seed;
        for (int i = offset; i < offset + length; i++) {
            crc = (crc >>> 8) ^ BYTE_TABLE[(crc ^ array[i]) & 0xff];
        }
        return crc;
    }

    /** The checksum of {@code length} zero bytes, continuing from {@code seed}. */
    public static int zeros(int seed, long length) {
        if (seed == 0 || length == 0) {
            return seed;
        }
        int crc = seed;
        int power = 0;
        for (long rest = length; rest != 0; rest >>>= 1, power++) {
            if ((rest & 1) != 0) {
                crc = times(ZERO_OPERATORS[power], crc);
            }
        }
        return crc;
    }

    // Matrices over GF(2): operator p advances a checksum over 2^p zero bytes.
    private static final int[][] ZERO_OPERATORS = zeroOperators();

    private static int[][] zeroOperators() {
        int[][] operators = new int[63][];
        int[] one = new int[32];
        for (int bit = 0; bit < 32; bit++) {
            int crc = 1 << bit;
            for (int i = 0; i < 8; i++) {
                crc = (crc >>> 1) ^ (POLYNOMIAL & -(crc & 1));
            }
            one[bit] = crc;
        }
        operators[0] = one;
        for (int power = 1; power < operators.length; power++) {
            int[] half = operators[power - 1];
            int[] square = new int[32];
            for (int bit = 0; bit < 32; bit++) {
                square[bit] = times(half, half[bit]);
            }
            operators[power] = square;
        }
        return operators;
    }

    private static int times(int[] matrix, int vector) {
        int sum = 0;
        for (int bit = 0, rest = vector; rest != 0; rest >>>= 1, bit++) {
            sum ^= matrix[bit] & -(rest & 1);
        }
        return sum;
    }

    private static int[] byteTable() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (POLYNOMIAL & -(crc & 1));
            }
            table[i] = crc;
        }
        return table;
    }
}
