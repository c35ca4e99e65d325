package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;

import java.util.List;

/** A link that we dialled, for a session of ours. */
final class DialledWire extends Wire {
    private static final int EOPNOTSUPP = -95;

    private sealed interface Phase {
        /** Banners and HELLOs are under way. */
        record Greeting() implements Phase {}

        /** We prove who we are. */
        record LoggingIn(ClientAuth.Login login, List<ConnectionMode> offered) implements Phase {}

        /** The peer's signature is awaited. */
        record Signing() implements Phase {}

        /** CLIENT_IDENT was sent. */
        record Opening() implements Phase {}

        /** SESSION_RECONNECT was sent. */
        record Resuming() implements Phase {}

        /** The session stands, or the link is of no more use. */
        record Done() implements Phase {}
    }

    private final Session session;
    private Phase phase = new Phase.Greeting();

    DialledWire(Msgr2 messenger, Session session) {
        super(messenger, FrameReader.DIALLED_SIZE_MAX);
        this.session = session;
    }

    @Override
    EntityAddr peerAddr(Transport.Link link) {
        return session.target();
    }

    @Override
    void onHello(Control.Hello hello) {
        if (!(phase instanceof Phase.Greeting)) {
            throw new Malformed("HELLO twice");
        }
        if (hello.type() != session.peerType()) {
            throw new Malformed(
                    "dialled " + session.peerType().label() + ", reached " + hello.type().label());
        }
        messenger.learnAddress(hello.seenAt(), localAddr());
        ClientAuth.Login login = messenger.clientAuth().begin(session.peerType());
        List<ConnectionMode> offered = messenger.offered(session.peerType());
        phase = new Phase.LoggingIn(login, offered);
        List<Integer> modes = offered.stream().map(ConnectionMode::code).toList();
        send(
                FrameTag.AUTH_REQUEST,
                Control.AuthRequest.CODEC.toBytes(
                        new Control.AuthRequest(Control.METHOD_CEPHX, modes, login.request())));
    }

    @Override
    void onHandshake(Frame frame) {
        switch (phase) {
            case Phase.Greeting s -> throw unexpected(frame);
            case Phase.LoggingIn s -> inLogin(s, frame);
            case Phase.Signing s -> onSignature(frame);
            case Phase.Opening s -> inOpening(frame);
            case Phase.Resuming s -> inResuming(frame);
            case Phase.Done s -> throw unexpected(frame);
        }
    }

    private void inLogin(Phase.LoggingIn s, Frame frame) {
        switch (frame.tag()) {
            case FrameTag.AUTH_REPLY_MORE -> {
                Bytes answer = s.login.more(Control.blob(frame.payload()));
                send(FrameTag.AUTH_REQUEST_MORE, Control.of(answer));
            }
            case FrameTag.AUTH_DONE -> {
                Control.AuthDone done = Control.AuthDone.CODEC.fromBytes(frame.payload());
                if (!s.offered.contains(done.mode())) {
                    throw new Malformed("the peer chose a mode that we did not offer");
                }
                AuthSession shared = s.login.done(done.globalId(), done.mode(), done.payload());
                phase = new Phase.Signing();
                sign(shared, done.mode(), false);
            }
            case FrameTag.AUTH_BAD_METHOD -> {
                Control.AuthBadMethod bad = Control.AuthBadMethod.CODEC.fromBytes(frame.payload());
                throw new AuthException(bad.result(), refusal(bad, s.offered));
            }
            default -> throw unexpected(frame);
        }
    }

    private String refusal(Control.AuthBadMethod bad, List<ConnectionMode> offered) {
        String who = session.peerType().label() + " at " + session.peerAddrs();
        boolean common = offered.stream().map(ConnectionMode::code).anyMatch(bad.modes()::contains);
        if (!common && bad.result() == EOPNOTSUPP) {
            ConnectionKind kind =
                    ConnectionKind.dialled(messenger.self().type(), session.peerType());
            return who
                    + " allows "
                    + ConnectionModes.shownCodes(bad.modes())
                    + ", and we offer "
                    + ConnectionModes.shown(offered)
                    + "; set "
                    + kind.option();
        }
        return who
                + " refused the login with "
                + bad.result()
                + (bad.result() == Cephx.EACCES
                        ? ": wrong key, or no such entity; check the key in the keyring"
                        : "");
    }

    @Override
    void onSigned() {
        if (session.isResumable()) {
            sendReconnect();
        } else {
            sendIdent();
        }
    }

    private void sendIdent() {
        phase = new Phase.Opening();
        boolean lossy = session.policy() == Policy.LOSSY;
        send(
                FrameTag.CLIENT_IDENT,
                Control.ClientIdent.CODEC.toBytes(
                        new Control.ClientIdent(
                                messenger.ownAddrs(),
                                session.target(),
                                messenger.self().number(),
                                session.globalSeq(),
                                Features.SUPPORTED,
                                lossy ? Features.REQUIRED_LOSSY : Features.REQUIRED,
                                lossy,
                                session.clientCookie())));
    }

    private void sendReconnect() {
        phase = new Phase.Resuming();
        send(
                FrameTag.SESSION_RECONNECT,
                Control.Reconnect.CODEC.toBytes(session.reconnect(messenger.ownAddrs())));
    }

    private void inOpening(Frame frame) {
        switch (frame.tag()) {
            case FrameTag.SERVER_IDENT ->
                    onServerIdent(Control.ServerIdent.CODEC.fromBytes(frame.payload()));
            case FrameTag.IDENT_MISSING_FEATURES ->
                    throw new AuthException(
                            -95,
                            "the peer wants features that we lack: "
                                    + Long.toHexString(Control.number(frame.payload())));
            case FrameTag.WAIT -> onWait();
            default -> throw unexpected(frame);
        }
    }

    private void onServerIdent(Control.ServerIdent ident) {
        EntityAddr target = session.target();
        if (!ident.own().addrs().contains(target)) {
            throw new Malformed("dialled " + target + ", reached " + ident.own());
        }
        long missing = ident.required() & ~Features.SUPPORTED;
        if (missing != 0) {
            throw new AuthException(
                    -95, "the peer wants features that we lack: " + Long.toHexString(missing));
        }
        phase = new Phase.Done();
        EntityName name = new EntityName(session.peerType(), ident.gid());
        session.onServerIdent(this, ident, name);
    }

    private void inResuming(Frame frame) {
        switch (frame.tag()) {
            case FrameTag.SESSION_RECONNECT_OK -> {
                phase = new Phase.Done();
                session.onResumed(this, Control.number(frame.payload()));
            }
            case FrameTag.SESSION_RETRY -> {
                session.retryConnectSeq(Control.number(frame.payload()));
                sendReconnect();
            }
            case FrameTag.SESSION_RETRY_GLOBAL -> {
                session.newGlobalSeq(Control.number(frame.payload()));
                sendReconnect();
            }
            case FrameTag.SESSION_RESET -> {
                boolean full = Primitives.BOOL.fromBytes(frame.payload());
                if (full) {
                    phase = new Phase.Done();
                    session.onForgotten();
                } else {
                    session.restart();
                    sendIdent();
                }
            }
            case FrameTag.WAIT -> onWait();
            default -> throw unexpected(frame);
        }
    }

    // The peer dials us at the same time, and its link is the one that counts.
    private void onWait() {
        phase = new Phase.Done();
        detach();
        session.onWait();
    }

    @Override
    void onLost(Loss loss) {
        session.onDialFailed(this, loss);
    }
}
