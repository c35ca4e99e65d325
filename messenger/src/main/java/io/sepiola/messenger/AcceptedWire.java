package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;

import java.util.List;

/** A link that came in. */
final class AcceptedWire extends Wire {
    private static final int EOPNOTSUPP = -95;

    private sealed interface Phase {
        /** Banners and HELLOs are under way. */
        record Greeting() implements Phase {}

        /** AUTH_REQUEST is awaited. */
        record Stranger(EntityType type) implements Phase {}

        /** The peer proves who it is. */
        record LoggingIn(EntityType type, ServerAuth.Login login, ConnectionMode mode)
                implements Phase {}

        /** The peer's signature is awaited. */
        record Signing(EntityType type, Identity identity) implements Phase {}

        /** The peer may open or resume a session. */
        record Known(EntityType type, Identity identity) implements Phase {}

        /** The session stands, or the link is of no more use. */
        record Done() implements Phase {}
    }

    private Phase phase = new Phase.Greeting();

    AcceptedWire(Msgr2 messenger) {
        super(messenger, FrameReader.STRANGER_SIZE_MAX);
    }

    @Override
    EntityAddr peerAddr(Transport.Link link) {
        return EntityAddr.msgr2(link.remote(), 0);
    }

    @Override
    void onHello(Control.Hello hello) {
        if (!(phase instanceof Phase.Greeting)) {
            throw new Malformed("HELLO twice");
        }
        phase = new Phase.Stranger(hello.type());
    }

    @Override
    void onHandshake(Frame frame) {
        switch (phase) {
            case Phase.Greeting s -> throw unexpected(frame);
            case Phase.Stranger s -> inStranger(s, frame);
            case Phase.LoggingIn s -> inLogin(s, frame);
            case Phase.Signing s -> onSignature(frame);
            case Phase.Known s -> inKnown(s, frame);
            case Phase.Done s -> throw unexpected(frame);
        }
    }

    private void inStranger(Phase.Stranger s, Frame frame) {
        if (frame.tag() != FrameTag.AUTH_REQUEST) {
            throw unexpected(frame);
        }
        Control.AuthRequest request = Control.AuthRequest.CODEC.fromBytes(frame.payload());
        ConnectionMode mode = pickOrNull(request.modes(), messenger.allowed(s.type));
        if (mode == null) {
            messenger.refusedModes(s.type, seenAt(), request.modes());
        }
        if (request.method() != Control.METHOD_CEPHX || mode == null) {
            sendBadMethod(
                    s.type, request.method(), EOPNOTSUPP); // it may ask again for what we have
            return;
        }
        ServerAuth.Login login = messenger.serverAuth().begin(s.type);
        phase = new Phase.LoggingIn(s.type, login, mode);
        answer(s.type, login.on(request.payload(), mode), mode);
    }

    private void inLogin(Phase.LoggingIn s, Frame frame) {
        if (frame.tag() != FrameTag.AUTH_REQUEST_MORE) {
            throw unexpected(frame);
        }
        answer(s.type, s.login.on(Control.blob(frame.payload()), s.mode), s.mode);
    }

    private void answer(EntityType type, ServerAuth.Reply reply, ConnectionMode mode) {
        switch (reply) {
            case ServerAuth.Reply.More more ->
                    send(FrameTag.AUTH_REPLY_MORE, Control.of(more.payload()));
            case ServerAuth.Reply.Denied denied -> {
                sendBadMethod(type, Control.METHOD_CEPHX, denied.result());
                drop("refused: " + denied.reason());
            }
            case ServerAuth.Reply.Absent absent -> drop("nobody is let in at present");
            case ServerAuth.Reply.Done done -> {
                checkType(type, done.identity());
                send(
                        FrameTag.AUTH_DONE,
                        Control.AuthDone.CODEC.toBytes(
                                new Control.AuthDone(
                                        done.identity().globalId(), mode, done.payload())));
                phase = new Phase.Signing(type, done.identity());
                sign(done.session(), mode, true);
            }
        }
    }

    /** Whoever says that it is a daemon must have a daemon's key. */
    private static void checkType(EntityType type, Identity identity) {
        if (type != EntityType.CLIENT && type != identity.name().type()) {
            throw new Malformed(identity.name() + " says that it is of type " + type.label());
        }
    }

    private void sendBadMethod(EntityType type, int method, int result) {
        List<Integer> modes =
                messenger.allowed(type).stream().map(ConnectionMode::code).sorted().toList();
        send(
                FrameTag.AUTH_BAD_METHOD,
                Control.AuthBadMethod.CODEC.toBytes(
                        new Control.AuthBadMethod(
                                method, result, List.of(Control.METHOD_CEPHX), modes)));
    }

    @Override
    void onSigned() {
        if (phase instanceof Phase.Signing s) {
            phase = new Phase.Known(s.type, s.identity);
        }
    }

    private void inKnown(Phase.Known s, Frame frame) {
        switch (frame.tag()) {
            case FrameTag.CLIENT_IDENT ->
                    onIdent(s, Control.ClientIdent.CODEC.fromBytes(frame.payload()));
            case FrameTag.SESSION_RECONNECT ->
                    onReconnect(s, Control.Reconnect.CODEC.fromBytes(frame.payload()));
            default -> throw unexpected(frame);
        }
    }

    private void onIdent(Phase.Known s, Control.ClientIdent ident) {
        if (!messenger.addrs().addrs().contains(ident.target())) {
            throw new Malformed("the peer wants " + ident.target() + ", which is not us");
        }
        long missing = messenger.options().featuresRequired() & ~ident.supported();
        if (missing != 0) {
            send(FrameTag.IDENT_MISSING_FEATURES, Control.of(missing));
            drop("the peer lacks features " + Long.toHexString(missing));
            return;
        }
        messenger.onIdent(this, s.identity, new EntityName(s.type, ident.gid()), ident);
    }

    private void onReconnect(Phase.Known s, Control.Reconnect reconnect) {
        messenger.onReconnect(this, s.identity, s.type, reconnect);
    }

    /** The link has found its session. */
    void done() {
        phase = new Phase.Done();
        messenger.forget(this);
    }

    @Override
    void onLost(Loss loss) {
        messenger.forget(this);
    }

    void sendServerIdent(Session session, long globalSeq) {
        send(
                FrameTag.SERVER_IDENT,
                Control.ServerIdent.CODEC.toBytes(
                        new Control.ServerIdent(
                                messenger.addrs(),
                                messenger.self().number(),
                                globalSeq,
                                Features.SUPPORTED,
                                messenger.options().featuresRequired(),
                                session.policy() == Policy.LOSSY,
                                session.serverCookie())));
    }

    void sendReset(boolean full) {
        send(FrameTag.SESSION_RESET, Bytes.of(new byte[] {(byte) (full ? 1 : 0)}));
    }
}
