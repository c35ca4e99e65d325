package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

/**
 * A position in a placement group's log (eversion_t), printed as epoch'version.
 *
 * <p>EVersion := version:u64 epoch:u32.
 *
 * @param epoch the OSD map's epoch at the write, unsigned
 * @param version counts the group's writes
 */
public record EVersion(int epoch, long version) implements Comparable<EVersion> {
    /** Before every write. */
    public static final EVersion ZERO = new EVersion(0, 0);

    /** After every write. */
    public static final EVersion MAX = new EVersion(-1, -1);

    /** As in the class comment. */
    public static final Codec<EVersion> CODEC =
            Primitives.of(
                    (out, v) -> out.u64(v.version).u32(v.epoch),
                    in -> {
                        long version = in.u64(); // version precedes epoch on the wire
                        return new EVersion(in.u32(), version);
                    });

    @Override
    public int compareTo(EVersion other) {
        int byEpoch = Integer.compareUnsigned(epoch, other.epoch);
        return byEpoch != 0 ? byEpoch : Long.compareUnsigned(version, other.version);
    }

    /** Whether this comes after {@code other}. */
    public boolean isAfter(EVersion other) {
        return compareTo(other) > 0;
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(epoch) + "'" + Long.toUnsignedString(version);
    }
}
