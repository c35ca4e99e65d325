package io.sepiola.protocol.message;

import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.UuidCodec;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A monitor that is in no map asks the others to be let in.
 *
 * <p>MMonJoin := PaxosPrefix fsid name:string EntityAddrVec location:map(string, string) force:u8.
 * Version 2 ends with the addresses.
 *
 * @param fsid the cluster's
 * @param name the new monitor's, such as {@code d}
 * @param location where it stands, for stretch mode
 * @param forced whether the location replaces the one that is known
 */
public record MMonJoin(
        long version,
        UUID fsid,
        String name,
        EntityAddrVec addrs,
        NavigableMap<String, String> location,
        boolean forced)
        implements Message {
    static final MessageCodec<MMonJoin> CODEC =
            MessageCodec.of(
                    68,
                    3,
                    2,
                    MMonJoin.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        UuidCodec.CODEC.encode(m.fsid, out);
                        out.string(m.name);
                        EntityAddrVec.CODEC.encode(m.addrs, out);
                        out.map(m.location, Primitives.STRING, Primitives.STRING);
                        out.bool(m.forced);
                    },
                    (in, head) -> {
                        long version = PaxosPrefix.decode(in);
                        UUID fsid = UuidCodec.CODEC.decode(in);
                        String name = in.string();
                        EntityAddrVec addrs = EntityAddrVec.CODEC.decode(in);
                        boolean whole = head.version() >= 3;
                        Map<String, String> location =
                                whole ? in.map(Primitives.STRING, Primitives.STRING) : Map.of();
                        return new MMonJoin(
                                version,
                                fsid,
                                name,
                                addrs,
                                new TreeMap<>(location),
                                whole && in.bool());
                    });

    /** Copies the map. */
    public MMonJoin {
        location = Collections.unmodifiableNavigableMap(new TreeMap<>(location));
    }

    /** Without a location. */
    public MMonJoin(UUID fsid, String name, EntityAddrVec addrs) {
        this(0, fsid, name, addrs, new TreeMap<>(), false);
    }
}
