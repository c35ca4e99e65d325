package io.sepiola.gateway.storage;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

import java.util.List;

/**
 * A user of the gateway.
 *
 * @param bucketCountMax 0 for no bound, negative for none at all, as radosgw-admin has it
 */
public record User(
        String id,
        String displayName,
        String email,
        boolean suspended,
        int bucketCountMax,
        List<Key> keys) {
    /** A pair of keys. */
    public record Key(String access, String secret) {
        @Override
        public String toString() {
            return access; // never the secret
        }
    }

    private static final Codec<Key> KEY =
            new Codec<>() {
                @Override
                public void encode(Key key, Encoder out) {
                    out.string(key.access).string(key.secret);
                }

                @Override
                public Key decode(Decoder in) {
                    return new Key(in.string(), in.string());
                }
            };

    static final Codec<User> CODEC =
            new Codec<>() {
                @Override
                public void encode(User user, Encoder out) {
                    out.struct(
                            1,
                            1,
                            body ->
                                    body.string(user.id)
                                            .string(user.displayName)
                                            .string(user.email)
                                            .bool(user.suspended)
                                            .u32(user.bucketCountMax)
                                            .list(user.keys, KEY));
                }

                @Override
                public User decode(Decoder source) {
                    return source.struct(
                            1,
                            (version, in) ->
                                    new User(
                                            in.string(),
                                            in.string(),
                                            in.string(),
                                            in.bool(),
                                            in.u32(),
                                            in.list(KEY)));
                }
            };

    /** Copies the list. */
    public User {
        keys = List.copyOf(keys);
    }
}
