package io.sepiola.protocol.auth;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

/**
 * What a ticket's holder may do at the service (AuthCapsInfo).
 *
 * <p>AuthCaps := u8 1, allowAll:u8 caps:blob.
 *
 * @param allowAll everything, whatever the caps say
 * @param caps one encoded string, such as {@code allow *}; may be empty
 */
public record AuthCaps(boolean allowAll, Bytes caps) {
    /** Nothing. */
    public static final AuthCaps NONE = new AuthCaps(false, Bytes.EMPTY);

    /** As in the class comment. */
    public static final Codec<AuthCaps> CODEC =
            Primitives.of(
                    (out, caps) -> out.u8(1).bool(caps.allowAll).blob(caps.caps),
                    in -> {
                        int version = in.u8();
                        if (version != 1) {
                            throw new Malformed("AuthCapsInfo of version " + version);
                        }
                        return new AuthCaps(in.bool(), in.blob().detach());
                    });

    /** From the text of the caps. */
    public static AuthCaps of(String text) {
        return new AuthCaps(false, new Encoder().string(text).toBytes());
    }

    /**
     * The text of the caps; empty when there is none.
     *
     * @throws Malformed when the caps hold no string
     */
    public String text() {
        return caps.isEmpty() ? "" : new Decoder(caps).string();
    }
}
