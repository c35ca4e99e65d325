package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

/**
 * Who speaks on the wire: {@code osd.3}, {@code client.4123} (entity_name_t).
 *
 * <p>EntityName := type:u8 number:s64.
 *
 * @param number the OSD's id, the monitor's rank, or the global id; -1 before there is one
 */
public record EntityName(EntityType type, long number) {
    /** As in the class comment. */
    public static final Codec<EntityName> CODEC =
            Primitives.of(
                    (out, name) -> out.u8(name.type.code()).u64(name.number),
                    in -> new EntityName(EntityType.of(in.u8()), in.u64()));

    /** {@code osd.id}. */
    public static EntityName osd(int id) {
        return new EntityName(EntityType.OSD, id);
    }

    @Override
    public String toString() {
        return type.label() + "." + (number < 0 ? "?" : number);
    }
}
