package io.sepiola.protocol;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The addresses of one listener (entity_addrvec_t).
 *
 * <p>EntityAddrVec := u8 2, u32 count, EntityAddr... A lone EntityAddr (first byte 1) is read too.
 */
public record EntityAddrVec(List<EntityAddr> addrs) {
    /** Nowhere. */
    public static final EntityAddrVec EMPTY = new EntityAddrVec(List.of());

    /** As in the class comment. */
    public static final Codec<EntityAddrVec> CODEC =
            Primitives.of(
                    (out, vec) -> out.u8(2).list(vec.addrs, EntityAddr.CODEC),
                    in -> {
                        int marker = in.u8();
                        return switch (marker) {
                            case 1 -> of(EntityAddr.decodeAfterMarker(in));
                            case 2 -> new EntityAddrVec(in.list(EntityAddr.CODEC));
                            default -> throw new Malformed("entity_addrvec_t of marker " + marker);
                        };
                    });

    /** Copies the list. */
    public EntityAddrVec {
        addrs = List.copyOf(addrs);
    }

    /** One address. */
    public static EntityAddrVec of(EntityAddr addr) {
        return new EntityAddrVec(List.of(addr));
    }

    /** The messenger v2 address, where there is one. */
    public Optional<EntityAddr> msgr2() {
        return addrs.stream().filter(addr -> addr.kind() == EntityAddr.MSGR2).findFirst();
    }

    /** As Ceph prints it: one address bare, several in brackets. */
    @Override
    public String toString() {
        return addrs.size() == 1
                ? addrs.getFirst().toString()
                : addrs.stream()
                        .map(EntityAddr::toString)
                        .collect(Collectors.joining(",", "[", "]"));
    }
}
