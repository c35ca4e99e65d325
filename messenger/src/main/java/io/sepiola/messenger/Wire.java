package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Decoder;
import io.sepiola.base.Encoder;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Timers;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Utime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

import javax.crypto.Mac;

/**
 * One link: from the banner through the login to a standing session, then the session's frames.
 * What both ends do alike is here; {@link DialledWire} and {@link AcceptedWire} differ in who asks.
 * Owned by the link's shard.
 *
 * <p>Banner := "ceph v2\n" u16 16, supported:u64 required:u64; bit 0 is revision 1.
 */
abstract class Wire implements Transport.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final Bytes BANNER_START =
            Bytes.of("ceph v2\n".getBytes(StandardCharsets.US_ASCII));
    private static final int BANNER_FEATURES_SIZE = 16;
    private static final int BANNER_SIZE = 26;
    private static final long REVISION_1 = 1;

    final Msgr2 messenger;
    private final FrameReader reader;
    private final FrameWriter writer = new FrameWriter();
    private @Nullable Encoder saidOrNull = new Encoder();
    private Transport.@Nullable Link linkOrNull;
    private Timers.@Nullable Timer deadlineOrNull;
    private boolean bannerSeen;
    private boolean dead;
    private @Nullable Session sessionOrNull;
    private EntityAddr seenAt = EntityAddr.BLANK;

    Wire(Msgr2 messenger, int heardSizeMax) {
        this.messenger = messenger;
        this.reader =
                new FrameReader(
                        heardSizeMax,
                        messenger.options().frontSizeMax(),
                        messenger.options().dataSizeMax());
    }

    /** The peer says what it is. */
    abstract void onHello(Control.Hello hello);

    /** Where the peer is, as far as this end knows. */
    abstract EntityAddr peerAddr(Transport.Link link);

    /** Any other frame before the session stands. */
    abstract void onHandshake(Frame frame);

    /** The peer's signature was right. */
    abstract void onSigned();

    /** The link is gone before a session stood on it. */
    abstract void onLost(Loss loss);

    /**
     * Why a link is of no more use.
     *
     * @param denied whether one end refused the other's credentials
     */
    record Loss(Transport.Cause cause, String reason, boolean denied) {}

    // Life of the link.

    @Override
    public void opened(Transport.Link link) {
        linkOrNull = link;
        if (dead) {
            link.close();
            return;
        }
        deadlineOrNull =
                link.shard()
                        .timers()
                        .after(
                                messenger.options().handshakeTimeout(),
                                () -> drop("the handshake took too long"));
        seenAt = peerAddr(link);
        say(
                new Encoder()
                        .raw(BANNER_START)
                        .u16(BANNER_FEATURES_SIZE)
                        .u64(REVISION_1)
                        .u64(0)
                        .toBytes());
    }

    @Override
    public void received(Transport.Source source) {
        try {
            readAll(source);
        } catch (Malformed bad) {
            drop(String.valueOf(bad.getMessage()));
        } catch (AuthException refused) {
            lost(new Loss(Transport.Cause.BROKEN, String.valueOf(refused.getMessage()), true));
        }
        Session session = sessionOrNull;
        if (session != null && !dead) {
            session.onBatchEnd();
        }
    }

    private void readAll(Transport.Source source) {
        if (!bannerSeen && !dead) {
            Bytes banner = reader.rawOrNull(source, BANNER_SIZE);
            if (banner == null) {
                return;
            }
            onBanner(new Decoder(banner));
            bannerSeen = true;
        }
        while (!dead && !isPaused()) {
            Frame frame = reader.nextOrNull(source);
            if (frame == null) {
                return;
            }
            onFrame(frame);
        }
    }

    private boolean isPaused() {
        Session session = sessionOrNull;
        return session != null && !session.isReading();
    }

    private void onBanner(Decoder in) {
        if (!in.raw(BANNER_START.size()).equals(BANNER_START) || in.u16() != BANNER_FEATURES_SIZE) {
            throw new Malformed("the peer does not speak msgr2");
        }
        long supported = in.u64();
        long required = in.u64();
        if ((supported & REVISION_1) == 0 || (required & ~REVISION_1) != 0) {
            throw new Malformed("the peer does not speak msgr2.1");
        }
        EntityType self = messenger.self().type();
        send(FrameTag.HELLO, Control.Hello.CODEC.toBytes(new Control.Hello(self, seenAt)));
    }

    private void onFrame(Frame frame) {
        Session session = sessionOrNull;
        if (session != null) {
            onSessionFrame(session, frame);
        } else if (frame.tag() == FrameTag.HELLO) {
            onHello(Control.Hello.CODEC.fromBytes(frame.payload()));
        } else {
            onHandshake(frame);
        }
    }

    private void onSessionFrame(Session session, Frame frame) {
        switch (frame.tag()) {
            case FrameTag.MESSAGE ->
                    session.onMessage(MessageHeader.decode(frame.payload()), frame);
            case FrameTag.ACK -> {
                session.onHeard();
                session.onAck(Control.number(frame.payload()));
            }
            case FrameTag.KEEPALIVE2 -> {
                session.onHeard();
                Utime.CODEC.fromBytes(frame.payload());
                send(FrameTag.KEEPALIVE2_ACK, frame.payload());
            }
            case FrameTag.KEEPALIVE2_ACK -> session.onHeard();
            default -> throw unexpected(frame);
        }
    }

    static Malformed unexpected(Frame frame) {
        return new Malformed("a frame of tag " + frame.tag() + " out of turn");
    }

    @Override
    public void closed(Transport.Cause cause) {
        linkOrNull = null;
        boolean refused = cause == Transport.Cause.REFUSED;
        lost(new Loss(cause, refused ? "nobody listens there" : "the link broke", false));
    }

    /** Gives the link up and tells whoever depends on it. */
    final void drop(String reason) {
        lost(new Loss(Transport.Cause.BROKEN, reason, false));
    }

    private void lost(Loss loss) {
        if (dead) {
            return;
        }
        LOG.debug("{}: lost {}: {}", messenger.self(), describe(), loss.reason());
        Session session = sessionOrNull;
        detach();
        if (session != null) {
            session.onLost(this, loss);
        } else {
            onLost(loss);
        }
    }

    /** Closes the link and tells nobody. */
    final void detach() {
        dead = true;
        sessionOrNull = null;
        cancelDeadline();
        Transport.Link link = linkOrNull;
        if (link != null) {
            link.close();
        }
    }

    final boolean isDead() {
        return dead;
    }

    String describe() {
        return seenAt.isBlank() ? "a link that never opened" : "the link with " + seenAt;
    }

    // Talking.

    final void send(int tag, Bytes payload) {
        say(writer.control(tag, payload));
    }

    private void say(Bytes bytes) {
        Encoder said = saidOrNull;
        if (said != null) {
            said.raw(bytes);
        }
        Transport.Link link = linkOrNull;
        if (link != null) {
            link.write(bytes);
        }
    }

    final void sendMessage(MessageHeader header, Bytes front, Bytes middle, Bytes data) {
        say(writer.write(FrameTag.MESSAGE, List.of(header.encode(), front, middle, data)));
    }

    final long queuedBytes() {
        Transport.Link link = linkOrNull;
        return link == null ? 0 : link.queuedBytes();
    }

    final void readable(boolean wanted) {
        Transport.Link link = linkOrNull;
        if (link != null) {
            link.readable(wanted);
        }
    }

    final EntityAddr seenAt() {
        return seenAt;
    }

    final EntityAddr localAddr() {
        Transport.Link link = linkOrNull;
        return link == null ? EntityAddr.BLANK : EntityAddr.msgr2(link.local(), 0);
    }

    // The end of the login.

    private byte @Nullable [] expectedSignatureOrNull;

    /**
     * Goes over to the agreed mode and signs what was heard: each end thereby shows that nobody
     * changed the words before, and that it has the session key.
     */
    final void sign(AuthSession session, ConnectionMode mode, boolean isServer) {
        Encoder said = saidOrNull;
        if (said == null) {
            throw Invariant.broken("signing twice");
        }
        saidOrNull = null;
        Bytes heard = reader.heard();
        expectedSignatureOrNull = hmac(session, said.toBytes());
        if (mode == ConnectionMode.SECURE) {
            GcmKey down = GcmKey.serverToClient(session.connectionSecret());
            GcmKey up = GcmKey.clientToServer(session.connectionSecret());
            reader.secure(isServer ? up : down);
            writer.secure(isServer ? down : up);
        }
        send(FrameTag.AUTH_SIGNATURE, Bytes.of(hmac(session, heard)));
    }

    private static byte[] hmac(AuthSession session, Bytes text) {
        Mac mac = session.key().hmac();
        text.forEachPiece(mac::update);
        return mac.doFinal();
    }

    /** Checks the peer's signature. */
    final void onSignature(Frame frame) {
        byte[] expected = expectedSignatureOrNull;
        if (expected == null || frame.tag() != FrameTag.AUTH_SIGNATURE) {
            throw unexpected(frame);
        }
        if (!MessageDigest.isEqual(expected, frame.payload().toArray())) {
            throw new AuthException(Cephx.EACCES, "the peer's signature is wrong");
        }
        onSigned();
    }

    /** From now on the link carries a session. */
    final void stand(Session session) {
        cancelDeadline();
        reader.allowMessages();
        sessionOrNull = session;
    }

    private void cancelDeadline() {
        Timers.Timer deadline = deadlineOrNull;
        if (deadline != null) {
            deadline.cancel();
            deadlineOrNull = null;
        }
    }

    /** The first of the wanted modes that is allowed. */
    static @Nullable ConnectionMode pickOrNull(List<Integer> wanted, List<ConnectionMode> allowed) {
        for (int code : wanted) {
            for (ConnectionMode mode : allowed) {
                if (mode.code() == code) {
                    return mode;
                }
            }
        }
        return null;
    }
}
