package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityType;

import java.util.List;

/** The payloads of the control frames that have more than one field. */
sealed interface Control {
    /** The number of cephx among the methods of login. */
    int METHOD_CEPHX = 2;

    /** HELLO := type:u8 seenAt:EntityAddr. */
    record Hello(EntityType type, EntityAddr seenAt) implements Control {
        static final Codec<Hello> CODEC =
                Primitives.of(
                        (out, hello) ->
                                EntityAddr.CODEC.encode(hello.seenAt, out.u8(hello.type.code())),
                        in -> new Hello(EntityType.of(in.u8()), EntityAddr.CODEC.decode(in)));
    }

    /** AUTH_REQUEST := method:u32 modes:list(u32) payload:blob. */
    record AuthRequest(int method, List<Integer> modes, Bytes payload) implements Control {
        static final Codec<AuthRequest> CODEC =
                Primitives.of(
                        (out, request) ->
                                out.u32(request.method)
                                        .list(request.modes, Primitives.U32)
                                        .blob(request.payload),
                        in -> new AuthRequest(in.u32(), in.list(Primitives.U32), in.blob()));
    }

    /** AUTH_BAD_METHOD := method:u32 result:s32 methods:list(u32) modes:list(u32). */
    record AuthBadMethod(int method, int result, List<Integer> methods, List<Integer> modes)
            implements Control {
        static final Codec<AuthBadMethod> CODEC =
                Primitives.of(
                        (out, bad) ->
                                out.u32(bad.method)
                                        .u32(bad.result)
                                        .list(bad.methods, Primitives.U32)
                                        .list(bad.modes, Primitives.U32),
                        in ->
                                new AuthBadMethod(
                                        in.u32(),
                                        in.u32(),
                                        in.list(Primitives.U32),
                                        in.list(Primitives.U32)));
    }

    /** AUTH_DONE := globalId:u64 mode:u32 payload:blob. */
    record AuthDone(long globalId, ConnectionMode mode, Bytes payload) implements Control {
        static final Codec<AuthDone> CODEC =
                Primitives.of(
                        (out, done) ->
                                out.u64(done.globalId).u32(done.mode.code()).blob(done.payload),
                        in -> new AuthDone(in.u64(), ConnectionMode.of(in.u32()), in.blob()));
    }

    /**
     * CLIENT_IDENT := own:EntityAddrVec target:EntityAddr gid:s64 globalSeq:u64 supported:u64
     * required:u64 flags:u64 cookie:u64.
     */
    record ClientIdent(
            EntityAddrVec own,
            EntityAddr target,
            long gid,
            long globalSeq,
            long supported,
            long required,
            boolean lossy,
            long cookie)
            implements Control {
        static final Codec<ClientIdent> CODEC =
                Primitives.of(ClientIdent::encode, ClientIdent::decode);

        private static void encode(Encoder out, ClientIdent ident) {
            EntityAddrVec.CODEC.encode(ident.own, out);
            EntityAddr.CODEC.encode(ident.target, out);
            out.u64(ident.gid).u64(ident.globalSeq).u64(ident.supported).u64(ident.required);
            out.u64(ident.lossy ? LOSSY : 0).u64(ident.cookie);
        }

        private static ClientIdent decode(Decoder in) {
            EntityAddrVec own = EntityAddrVec.CODEC.decode(in);
            EntityAddr target = EntityAddr.CODEC.decode(in);
            return new ClientIdent(
                    own,
                    target,
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    in.u64(),
                    (in.u64() & LOSSY) != 0,
                    in.u64());
        }
    }

    /** The flag of a session that does not outlive its connection. */
    long LOSSY = 1;

    /**
     * SERVER_IDENT := own:EntityAddrVec gid:s64 globalSeq:u64 supported:u64 required:u64 flags:u64
     * cookie:u64.
     */
    record ServerIdent(
            EntityAddrVec own,
            long gid,
            long globalSeq,
            long supported,
            long required,
            boolean lossy,
            long cookie)
            implements Control {
        static final Codec<ServerIdent> CODEC =
                Primitives.of(ServerIdent::encode, ServerIdent::decode);

        private static void encode(Encoder out, ServerIdent ident) {
            EntityAddrVec.CODEC.encode(ident.own, out);
            out.u64(ident.gid).u64(ident.globalSeq).u64(ident.supported).u64(ident.required);
            out.u64(ident.lossy ? LOSSY : 0).u64(ident.cookie);
        }

        private static ServerIdent decode(Decoder in) {
            EntityAddrVec own = EntityAddrVec.CODEC.decode(in);
            return new ServerIdent(
                    own, in.u64(), in.u64(), in.u64(), in.u64(), (in.u64() & LOSSY) != 0, in.u64());
        }
    }

    /**
     * SESSION_RECONNECT := own:EntityAddrVec clientCookie:u64 serverCookie:u64 globalSeq:u64
     * connectSeq:u64 received:u64.
     *
     * @param received the last message that came before the break
     */
    record Reconnect(
            EntityAddrVec own,
            long clientCookie,
            long serverCookie,
            long globalSeq,
            long connectSeq,
            long received)
            implements Control {
        static final Codec<Reconnect> CODEC = Primitives.of(Reconnect::encode, Reconnect::decode);

        private static void encode(Encoder out, Reconnect reconnect) {
            EntityAddrVec.CODEC.encode(reconnect.own, out);
            out.u64(reconnect.clientCookie).u64(reconnect.serverCookie);
            out.u64(reconnect.globalSeq).u64(reconnect.connectSeq).u64(reconnect.received);
        }

        private static Reconnect decode(Decoder in) {
            EntityAddrVec own = EntityAddrVec.CODEC.decode(in);
            return new Reconnect(own, in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
        }
    }

    /** The one u64 of SESSION_RETRY, SESSION_RETRY_GLOBAL, SESSION_RECONNECT_OK, ACK and others. */
    static long number(Bytes payload) {
        return Primitives.U64.fromBytes(payload);
    }

    /** The blob of AUTH_REPLY_MORE and AUTH_REQUEST_MORE. */
    static Bytes blob(Bytes payload) {
        return Primitives.BLOB.fromBytes(payload);
    }

    /** The encoding of a {@link #number}. */
    static Bytes of(long number) {
        return Primitives.U64.toBytes(number);
    }

    /** The encoding of a {@link #blob}. */
    static Bytes of(Bytes blob) {
        return Primitives.BLOB.toBytes(blob);
    }

    /** The key by which a peer is found again: its msgr2 address, else the first that it has. */
    static EntityAddr keyOf(EntityAddrVec own) {
        if (own.addrs().isEmpty() || own.addrs().getFirst().isBlank()) {
            throw new Malformed("a peer without an address");
        }
        return own.msgr2().orElse(own.addrs().getFirst());
    }
}
