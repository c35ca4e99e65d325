package io.sepiola.protocol.auth;

import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.Utime;

/**
 * What the monitors vouch for.
 *
 * <p>AuthTicket := u8 2, AuthName globalId:u64 s64 -1, created:Utime expires:Utime AuthCaps
 * flags:u32.
 */
public record AuthTicket(
        AuthName name, long globalId, Utime created, Utime expires, AuthCaps caps, int flags) {
    /** As in the class comment. */
    public static final Codec<AuthTicket> CODEC =
            Primitives.of(AuthTicket::encode, AuthTicket::decode);

    private static void encode(Encoder out, AuthTicket ticket) {
        out.u8(2);
        AuthName.CODEC.encode(ticket.name, out);
        out.u64(ticket.globalId).u64(-1); // the second was a user id once
        Utime.CODEC.encode(ticket.created, out);
        Utime.CODEC.encode(ticket.expires, out);
        AuthCaps.CODEC.encode(ticket.caps, out);
        out.u32(ticket.flags);
    }

    private static AuthTicket decode(Decoder in) {
        int version = in.u8();
        if (version != 2) {
            throw new Malformed("AuthTicket of version " + version);
        }
        AuthName name = AuthName.CODEC.decode(in);
        long globalId = in.u64();
        in.u64();
        Utime created = Utime.CODEC.decode(in);
        Utime expires = Utime.CODEC.decode(in);
        AuthCaps caps = AuthCaps.CODEC.decode(in);
        return new AuthTicket(name, globalId, created, expires, caps, in.u32());
    }
}
