package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

/**
 * Who holds a key: {@code client.admin}, {@code osd.0}, {@code mon.} (Ceph's EntityName).
 *
 * <p>AuthName := type:u32 id:string.
 *
 * @param id what follows the dot; may be empty
 */
public record AuthName(EntityType type, String id) implements Comparable<AuthName> {
    /** As in the class comment. */
    public static final Codec<AuthName> CODEC =
            Primitives.of(
                    (out, name) -> out.u32(name.type.code()).string(name.id),
                    in -> new AuthName(EntityType.of(in.u32()), in.string()));

    /**
     * Reads {@code type.id}.
     *
     * @throws Malformed when there is no dot, or no such type
     */
    public static AuthName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new Malformed("'" + text + "' is not of the form type.id");
        }
        return new AuthName(EntityType.of(text.substring(0, dot)), text.substring(dot + 1));
    }

    @Override
    public int compareTo(AuthName other) {
        int byType = Integer.compare(type.code(), other.type.code());
        return byType != 0 ? byType : id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return type.label() + "." + id;
    }
}
