package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

/**
 * A placement group (pg_t), printed as pool.seed with the seed in hexadecimal.
 *
 * <p>PgId := u8 1, pool:u64 seed:u32 s32 -1.
 */
public record PgId(long pool, int seed) implements Comparable<PgId> {
    /** As in the class comment. */
    public static final Codec<PgId> CODEC =
            Primitives.of(
                    (out, pg) -> out.u8(1).u64(pg.pool).u32(pg.seed).u32(-1),
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("pg_t of version " + version);
                        }
                        long pool = in.u64();
                        int seed = in.u32();
                        in.u32(); // was the preferred OSD
                        return new PgId(pool, seed);
                    });

    /**
     * Reads {@code 1.2f}.
     *
     * @throws Malformed when the text is no placement group's name
     */
    public static PgId parse(String text) {
        int dot = text.indexOf('.');
        try {
            return new PgId(
                    Long.parseLong(text.substring(0, Math.max(dot, 0))),
                    Integer.parseUnsignedInt(text.substring(dot + 1), 16));
        } catch (NumberFormatException notNumbers) {
            throw new Malformed("'" + text + "' is not a placement group", notNumbers);
        }
    }

    @Override
    public int compareTo(PgId other) {
        int byPool = Long.compare(pool, other.pool);
        return byPool != 0 ? byPool : Integer.compareUnsigned(seed, other.seed);
    }

    @Override
    public String toString() {
        return pool + "." + Integer.toHexString(seed);
    }
}
