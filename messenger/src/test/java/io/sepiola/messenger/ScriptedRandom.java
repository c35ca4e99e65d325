package io.sepiola.messenger;

import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Chance as it was recorded; asking for more than that fails. */
final class ScriptedRandom implements RandomGenerator {
    private final ArrayDeque<Long> numbers = new ArrayDeque<>();
    private final ArrayDeque<byte[]> arrays = new ArrayDeque<>();

    ScriptedRandom then(long number) {
        numbers.add(number);
        return this;
    }

    ScriptedRandom thenBytes(String hex) {
        arrays.add(HexFormat.of().parseHex(hex));
        return this;
    }

    @Override
    public long nextLong() {
        return numbers.removeFirst();
    }

    @Override
    public int nextInt() {
        return (int) nextLong();
    }

    @Override
    public void nextBytes(byte[] bytes) {
        byte[] next = arrays.removeFirst();
        System.arraycopy(next, 0, bytes, 0, bytes.length);
    }
}
