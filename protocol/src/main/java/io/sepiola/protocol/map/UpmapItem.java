package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

/**
 * An exception to CRUSH: instead of {@code from}, {@code to}.
 *
 * <p>UpmapItem := from:s32 to:s32.
 */
public record UpmapItem(int from, int to) {
    /** As in the class comment. */
    public static final Codec<UpmapItem> CODEC =
            Primitives.of(
                    (out, item) -> out.u32(item.from).u32(item.to),
                    in -> new UpmapItem(in.u32(), in.u32()));
}
