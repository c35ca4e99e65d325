package io.sepiola.gateway.auth;

import java.util.zip.Checksum;

/**
 * CRC-64/NVME: reflected polynomial 0x9A6C9329AC4BC9B5, all ones before and after; eight bytes a
 * step. Owned by one caller.
 */
final class Crc64Nvme implements Checksum {
    private static final long[][] TABLE = table();

    private long crc = -1;

    private static long[][] table() {
        long[][] table = new long[8][256];
        for (int i = 0; i < 256; i++) {
            long value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) != 0 ? value >>> 1 ^ 0x9A6C9329AC4BC9B5L : value >>> 1;
            }
            table[0][i] = value;
        }
        for (int i = 0; i < 256; i++) {
            for (int step = 1; step < 8; step++) {
                long before = table[step - 1][i];
                table[step][i] = table[0][(int) (before & 0xff)] ^ before >>> 8;
            }
        }
        return table;
    }

    @Override
    public void update(int b) {
        crc = TABLE[0][(int) ((crc ^ b) & 0xff)] ^ crc >>> 8;
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        long value = crc;
        int at = offset;
        int end = offset + length;
        for (; end - at >= 8; at += 8) {
            value ^= little(bytes, at);
            value =
                    TABLE[7][(int) (value & 0xff)]
                            ^ TABLE[6][(int) (value >>> 8 & 0xff)]
                            ^ TABLE[5][(int) (value >>> 16 & 0xff)]
                            ^ TABLE[4][(int) (value >>> 24 & 0xff)]
                            ^ TABLE[3][(int) (value >>> 32 & 0xff)]
                            ^ TABLE[2][(int) (value >>> 40 & 0xff)]
                            ^ TABLE[1][(int) (value >>> 48 & 0xff)]
                            ^ TABLE[0][(int) (value >>> 56)];
        }
        for (; at < end; at++) {
            value = TABLE[0][(int) ((value ^ bytes[at]) & 0xff)] ^ value >>> 8;
        }
        crc = value;
    }

    private static long little(byte[] bytes, int at) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }

    @Override
    public long getValue() {
        return ~crc;
    }

    @Override
    public void reset() {
        crc = -1;
    }
}
