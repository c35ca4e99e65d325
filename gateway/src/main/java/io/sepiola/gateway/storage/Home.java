package io.sepiola.gateway.storage;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;

/**
 * Where data is referred to once it is committed: in the index, and, as a part, in an upload
 * before.
 *
 * @param upload the upload's object, or ""
 * @param part the part's key there, or ""
 * @param shard the index object
 * @param entry the key there
 */
record Home(String upload, String part, String shard, String entry) {
    /** The xattr on each chunk. */
    static final String XATTR = "home";

    static final Codec<Home> CODEC =
            new Codec<>() {
                @Override
                public void encode(Home home, Encoder out) {
                    out.u8(1)
                            .string(home.upload)
                            .string(home.part)
                            .string(home.shard)
                            .string(home.entry);
                }

                @Override
                public Home decode(Decoder in) {
                    in.u8();
                    return new Home(in.string(), in.string(), in.string(), in.string());
                }
            };

    Bytes toBytes() {
        return CODEC.toBytes(this);
    }
}
