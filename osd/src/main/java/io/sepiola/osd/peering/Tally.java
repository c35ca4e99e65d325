package io.sepiola.osd.peering;

/**
 * How much a placement group holds and has done (the part of object_stat_sum_t that is counted).
 * Members agree on it: the primary counts, the others take over. Owned by one placement group.
 */
public final class Tally {
    /** Objects. */
    public long objects;

    /** Of their data. */
    public long bytes;

    /** Reads. */
    public long reads;

    /** Read, in KiB, rounded up for each read. */
    public long readKib;

    /** Writes. */
    public long writes;

    /** Written, in KiB, rounded up for each write. */
    public long writeKib;

    /** Whether objects and bytes are an estimate, after a split of a group that lacked objects. */
    public boolean estimated;

    /** Found by the last scrub, shallow or deep, without reading. */
    public long shallowErrors;

    /** Found by the last deep scrub by reading. */
    public long deepErrors;

    /** Copies mended. */
    public long repaired;

    /** Takes over all numbers. */
    public void set(Tally other) {
        objects = other.objects;
        bytes = other.bytes;
        reads = other.reads;
        readKib = other.readKib;
        writes = other.writes;
        writeKib = other.writeKib;
        estimated = other.estimated;
        shallowErrors = other.shallowErrors;
        deepErrors = other.deepErrors;
        repaired = other.repaired;
    }
}
