package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

import java.time.Instant;

/**
 * A time of day, or a span, as Ceph writes it (utime_t).
 *
 * <p>Utime := seconds:u32 nanos:u32.
 */
public record Utime(int seconds, int nanos) implements Comparable<Utime> {
    /** Never. */
    public static final Utime ZERO = new Utime(0, 0);

    /** As in the class comment. */
    public static final Codec<Utime> CODEC =
            Primitives.of(
                    (out, time) -> out.u32(time.seconds).u32(time.nanos),
                    in -> new Utime(in.u32(), in.u32()));

    /** The nearest that can be written. */
    public static Utime of(Instant instant) {
        return new Utime((int) instant.getEpochSecond(), instant.getNano());
    }

    /** As Java's instant. */
    public Instant toInstant() {
        return Instant.ofEpochSecond(seconds & 0xffffffffL, nanos & 0xffffffffL);
    }

    @Override
    public int compareTo(Utime other) {
        int bySeconds = Integer.compareUnsigned(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compareUnsigned(nanos, other.nanos);
    }
}
