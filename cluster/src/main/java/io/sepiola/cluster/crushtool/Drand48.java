package io.sepiola.cluster.crushtool;

/**
 * The C library's {@code lrand48} as it is before anybody seeds it: the tool's simulated placements
 * come from it. Not for secrets. Owned by one run.
 */
final class Drand48 {
    private long state;

    /** 0 to 2^31 - 1. */
    int next() {
        state = (state * 0x5DEECE66DL + 0xB) & (1L << 48) - 1;
        return (int) (state >>> 17);
    }
}
