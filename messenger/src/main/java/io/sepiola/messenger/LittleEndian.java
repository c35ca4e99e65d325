package io.sepiola.messenger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Integers at a place in an array. */
final class LittleEndian {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static void u16(byte[] array, int at, int value) {
        SHORT.set(array, at, (short) value);
    }

    static void u32(byte[] array, int at, int value) {
        INT.set(array, at, value);
    }

    static void u64(byte[] array, int at, long value) {
        LONG.set(array, at, value);
    }

    static int u32(byte[] array, int at) {
        return (int) INT.get(array, at);
    }

    static long u64(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }
}
