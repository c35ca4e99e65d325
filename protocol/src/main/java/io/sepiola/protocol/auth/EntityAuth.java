package io.sepiola.protocol.auth;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The monitors' record of one entity: its key, and its caps by service ({@code mon}, {@code
 * osd}...).
 *
 * <p>EntityAuth := u8 2, s64 -1, CryptoKey, map(service:string, blob); each blob holds one encoded
 * string. Quincy's version 3 has one more CryptoKey at its end, which is read past.
 *
 * @param caps the text of the caps, by service
 */
public record EntityAuth(CryptoKey key, SortedMap<String, String> caps) {
    /** As in the class comment. */
    public static final Codec<EntityAuth> CODEC =
            Primitives.of(EntityAuth::encode, EntityAuth::decode);

    /** Copies the map. */
    public EntityAuth {
        caps = Collections.unmodifiableSortedMap(new TreeMap<>(caps));
    }

    private static void encode(Encoder out, EntityAuth auth) {
        CryptoKey.CODEC.encode(auth.key, out.u8(2).u64(-1)); // the u64 was a user id once
        out.u32(auth.caps.size());
        auth.caps.forEach((service, text) -> out.string(service).sized(blob -> blob.string(text)));
    }

    private static EntityAuth decode(Decoder in) {
        int version = in.u8();
        if (version != 2 && version != 3) {
            throw new Malformed("EntityAuth of version " + version);
        }
        in.u64();
        CryptoKey key = CryptoKey.CODEC.decode(in);
        TreeMap<String, String> caps = new TreeMap<>();
        in.map(Primitives.STRING, Primitives.BLOB)
                .forEach((service, blob) -> caps.put(service, text(blob)));
        if (version == 3) {
            CryptoKey.CODEC.decode(in); // quincy's key to come, which pacific has no word for
        }
        return new EntityAuth(key, caps);
    }

    private static String text(Bytes blob) {
        return blob.isEmpty() ? "" : new Decoder(blob).string();
    }
}
