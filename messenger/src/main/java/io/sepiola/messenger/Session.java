package io.sepiola.messenger;

import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.base.Timers;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.Utime;
import io.sepiola.protocol.message.EncodedMessage;
import io.sepiola.protocol.message.Messages;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;

/**
 * A session with one peer over any number of links, one at a time. Owned by the messenger's shard;
 * the public methods may be called from any thread.
 *
 * <p>A lossless session keeps each message until the peer has acknowledged it. After a break what
 * is unacknowledged goes back to the head of the queue, and the peer tells how much of it came.
 */
final class Session implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Set<Integer> KNOWN_TYPES = Messages.types();

    private sealed interface State {
        /** No link, and no wish for one. */
        record Idle() implements State {}

        /** A link of ours is on its way. */
        record Dialling(DialledWire wire) implements State {}

        /** A pause before the next attempt. */
        record Pausing(Timers.Timer timer) implements State {}

        /** The session stands. */
        record Standing(Wire wire) implements State {}

        /** Over for good. */
        record Ended() implements State {}
    }

    private final Msgr2 messenger;
    private final Shard shard;
    private final EntityType peerType;
    private final EntityAddr target;
    private final boolean dialled;
    private volatile EntityAddrVec peerAddrs;
    private volatile EntityName peerName;
    private volatile EntityAddr seenAt = EntityAddr.BLANK;
    private volatile @Nullable Identity identityOrNull;
    private volatile boolean open = true;
    private volatile @Nullable Object attachmentOrNull;
    private volatile long heardNanos;

    // What follows is the shard's.
    private Policy policy;
    private State state = new State.Idle();
    private final Outbox outbox = new Outbox();
    private long inSeq; // of the last message received
    private int acksOwed;
    private long clientCookie;
    private long serverCookie;
    private long globalSeq;
    private long peerGlobalSeq;
    private long connectSeq;
    private int failures;
    private boolean reading = true;
    private boolean stoodBefore;

    /** With a peer to be dialled, or one that dialled us. */
    Session(
            Msgr2 messenger,
            EntityType peerType,
            EntityAddr target,
            EntityAddrVec peerAddrs,
            Policy policy,
            boolean dialled) {
        this.messenger = messenger;
        this.shard = messenger.shard();
        this.peerType = peerType;
        this.target = target;
        this.peerAddrs = peerAddrs;
        this.policy = policy;
        this.dialled = dialled;
        this.peerName = new EntityName(peerType, -1);
        this.heardNanos = shard.clock().nanos();
        this.clientCookie = dialled && policy != Policy.LOSSY ? messenger.newCookie() : 0;
    }

    // For anybody.

    @Override
    public void send(Message message) {
        if (!open) {
            return; // lost with the session
        }
        EncodedMessage encoded = Messages.encode(message);
        if (shard.isCurrent()) {
            enqueue(encoded);
        } else {
            shard.execute(() -> enqueue(encoded));
        }
    }

    @Override
    public EntityType peerType() {
        return peerType;
    }

    @Override
    public EntityName peerName() {
        return peerName;
    }

    @Override
    public EntityAddrVec peerAddrs() {
        return peerAddrs;
    }

    @Override
    public EntityAddr peerSeenAt() {
        return seenAt;
    }

    @Override
    public @Nullable Identity identityOrNull() {
        return identityOrNull;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public @Nullable Object attachmentOrNull() {
        return attachmentOrNull;
    }

    @Override
    public void attach(@Nullable Object attachment) {
        attachmentOrNull = attachment;
    }

    @Override
    public void reading(boolean wanted) {
        if (shard.isCurrent()) {
            setReading(wanted); // at once: the next message may already be here
        } else {
            shard.execute(() -> setReading(wanted));
        }
    }

    private void setReading(boolean wanted) {
        reading = wanted;
        if (state instanceof State.Standing s) {
            s.wire.readable(wanted);
        }
    }

    boolean isReading() {
        return reading;
    }

    @Override
    public void keepAlive() {
        shard.execute(() -> {
            if (state instanceof State.Standing s) {
                Utime now = Utime.of(shard.clock().now());
                s.wire.send(FrameTag.KEEPALIVE2, Utime.CODEC.toBytes(now));
            }
        });
    }

    @Override
    public long heardNanos() {
        return heardNanos;
    }

    @Override
    public void close() {
        open = false;
        messenger.unregister(this);
        shard.execute(() -> end(false));
    }

    @Override
    public String toString() {
        return "session with " + peerName + " at " + peerAddrs;
    }

    // Queues.

    private void enqueue(EncodedMessage message) {
        switch (state) {
            case State.Standing s -> {
                transmit(s.wire, message);
                checkBound(s.wire.queuedBytes());
            }
            case State.Idle s -> {
                keep(message);
                startDialling();
            }
            case State.Dialling s -> keep(message);
            case State.Pausing s -> keep(message);
            case State.Ended s -> {} // lost with the session
        }
    }

    private void keep(EncodedMessage message) {
        outbox.add(message);
        checkBound(0);
    }

    private void checkBound(long queuedBytes) {
        if (Math.max(outbox.bytes(), queuedBytes) > messenger.options().sendBytesMax()) {
            LOG.warn("{}: the peer takes nothing any more; giving it up", this);
            end(true);
        }
    }

    private void transmit(Wire wire, EncodedMessage given) {
        boolean keep = policy != Policy.LOSSY;
        EncodedMessage message = keep ? given.detached() : given; // lent memory is sent once
        long seq = outbox.number(message, keep);
        acksOwed = 0; // the header carries the acknowledgement
        wire.sendMessage(
                MessageHeader.of(message, seq, inSeq),
                message.front(),
                message.middle(),
                message.data());
    }

    private void flush(Wire wire) {
        for (EncodedMessage message = outbox.takeOrNull();
                message != null;
                message = outbox.takeOrNull()) {
            transmit(wire, message);
        }
    }

    private void requeue() {
        outbox.requeue();
        acksOwed = 0;
    }

    // What comes in on the standing link.

    void onHeard() {
        heardNanos = shard.clock().nanos();
    }

    void onMessage(MessageHeader header, Frame frame) {
        onHeard();
        onAck(header.ackSeq());
        if (header.seq() <= inSeq) {
            Mark.hit("messenger: a message came twice");
            return;
        }
        if (header.seq() != inSeq + 1) {
            throw new Malformed("message " + header.seq() + " after " + inSeq);
        }
        inSeq = header.seq();
        acksOwed++;
        Message message;
        try {
            message = Messages.decode(header.message(frame));
        } catch (Malformed bad) {
            onUndecodable(header, bad);
            return;
        }
        messenger.deliver(this, message);
    }

    private void onUndecodable(MessageHeader header, Malformed bad) {
        LOG.debug("{}: message of type {}: {}", this, header.type(), bad.getMessage());
        if (!KNOWN_TYPES.contains(header.type())) {
            return; // a later release may say more than we understand
        }
        // On a lossless session a break would only bring it again.
        end(true);
    }

    void onAck(long seq) {
        if (policy == Policy.LOSSY) {
            return;
        }
        outbox.acknowledged(seq);
    }

    /** All that had come was read. */
    void onBatchEnd() {
        if (acksOwed > 0 && state instanceof State.Standing s && policy != Policy.LOSSY) {
            s.wire.send(FrameTag.ACK, Control.of(inSeq));
        }
        acksOwed = 0;
    }

    // Links.

    /** Dials, unless there is a link or one on its way. */
    void startDialling() {
        if (!(state instanceof State.Idle)) {
            return;
        }
        if (!mayDial()) {
            return; // only the peer can bring the next link
        }
        DialledWire wire = new DialledWire(messenger, this);
        state = new State.Dialling(wire);
        newGlobalSeq(0);
        if (isResumable()) {
            connectSeq++;
        }
        messenger.dial(target, wire);
    }

    private boolean mayDial() {
        return dialled || policy == Policy.LOSSLESS_PEER && target.kind() == EntityAddr.MSGR2;
    }

    void onDialFailed(DialledWire wire, Wire.Loss loss) {
        if (!(state instanceof State.Dialling s) || s.wire != wire) {
            return;
        }
        state = new State.Idle();
        if (loss.cause() == Transport.Cause.REFUSED) {
            messenger.dispatcher().refused(this);
        }
        if (loss.denied()) {
            messenger.dispatcher().denied(this, loss.reason());
        }
        if (policy == Policy.LOSSY) {
            end(true);
        } else if (state instanceof State.Idle && open) {
            failures++;
            pause(backoff());
        }
    }

    private Duration backoff() {
        Duration min = messenger.options().backoffMin();
        Duration max = messenger.options().backoffMax();
        Duration wished = min.multipliedBy(1L << Math.min(failures - 1, 16));
        long nanos = Math.min(wished.toNanos(), max.toNanos());
        return Duration.ofNanos(nanos / 2 + (long) (messenger.random().nextDouble() * nanos / 2));
    }

    private void pause(Duration span) {
        Timers.Timer timer =
                shard.timers()
                        .after(
                                span,
                                () -> {
                                    if (state instanceof State.Pausing) {
                                        state = new State.Idle();
                                        startDialling();
                                    }
                                });
        state = new State.Pausing(timer);
    }

    /** The peer's own link to us counts; it should be here soon. */
    void onWait() {
        if (state instanceof State.Dialling) {
            pause(messenger.options().backoffMax());
        }
    }

    void onLost(Wire wire, Wire.Loss loss) {
        if (!(state instanceof State.Standing s) || s.wire != wire) {
            return;
        }
        state = new State.Idle();
        if (policy == Policy.LOSSY) {
            end(true);
            return;
        }
        requeue();
        if (outbox.isWaiting() || dialled && policy == Policy.LOSSLESS_CLIENT) {
            startDialling();
        }
    }

    private void dropLink() {
        switch (state) {
            case State.Dialling s -> s.wire.detach();
            case State.Pausing s -> s.timer.cancel();
            case State.Standing s -> s.wire.detach();
            case State.Idle s -> {}
            case State.Ended s -> {}
        }
        state = new State.Idle();
        requeue();
    }

    private void stand(Wire wire) {
        failures = 0;
        state = new State.Standing(wire);
        seenAt = wire.seenAt().withNonce(Control.keyOf(peerAddrs).nonce());
        onHeard();
        wire.stand(this);
        if (!reading) {
            wire.readable(false);
        }
        flush(wire);
    }

    // Opening and resuming by our own link.

    /** Whether the peer has accepted the session, and may be asked to go on with it. */
    boolean isResumable() {
        return policy != Policy.LOSSY && serverCookie != 0;
    }

    long newGlobalSeq(long above) {
        globalSeq = messenger.newGlobalSeq(above);
        return globalSeq;
    }

    Control.Reconnect reconnect(EntityAddrVec own) {
        return new Control.Reconnect(own, clientCookie, serverCookie, globalSeq, connectSeq, inSeq);
    }

    void retryConnectSeq(long known) {
        connectSeq = known + 1;
    }

    /** The peer never saw the session stand: it begins anew, with all that was kept. */
    void restart() {
        Mark.hit("messenger: session restarted");
        serverCookie = 0;
        connectSeq = 0;
        inSeq = 0;
        outbox.restart();
    }

    void onServerIdent(DialledWire wire, Control.ServerIdent ident, EntityName name) {
        if (!(state instanceof State.Dialling s) || s.wire != wire) {
            wire.detach();
            return;
        }
        if (ident.lossy()) {
            policy = Policy.LOSSY;
        }
        serverCookie = ident.cookie();
        peerGlobalSeq = ident.globalSeq();
        connectSeq = 0;
        peerName = name;
        peerAddrs = ident.own();
        boolean first = !stoodBefore;
        stoodBefore = true;
        stand(wire);
        if (first) {
            messenger.dispatcher().connected(this);
        }
    }

    void onResumed(DialledWire wire, long received) {
        if (!(state instanceof State.Dialling s) || s.wire != wire) {
            wire.detach();
            return;
        }
        outbox.received(received);
        Mark.hit("messenger: session resumed");
        stand(wire);
    }

    /** The peer knows nothing of the session. */
    void onForgotten() {
        end(true);
    }

    // Opening and resuming by the peer's link.

    Acceptance.Known known() {
        return new Acceptance.Known(
                policy == Policy.LOSSY,
                clientCookie,
                serverCookie,
                peerGlobalSeq,
                connectSeq,
                !mayDial());
    }

    void adoptOpened(
            AcceptedWire wire, Identity identity, EntityName name, Control.ClientIdent ident) {
        dropLink();
        outbox.restart();
        inSeq = 0;
        connectSeq = 0;
        clientCookie = ident.cookie();
        serverCookie = policy == Policy.LOSSY ? 0 : messenger.newCookie();
        peerGlobalSeq = ident.globalSeq();
        peerName = name;
        peerAddrs = ident.own();
        identityOrNull = identity;
        boolean first = !stoodBefore;
        stoodBefore = true;
        wire.done();
        wire.sendServerIdent(this, newGlobalSeq(0));
        stand(wire);
        if (first && dialled) {
            messenger.dispatcher().connected(this);
        } else if (first) {
            messenger.dispatcher().accepted(this);
        }
    }

    void adoptResumed(AcceptedWire wire, Control.Reconnect reconnect) {
        dropLink();
        connectSeq = reconnect.connectSeq();
        peerGlobalSeq = reconnect.globalSeq();
        outbox.received(reconnect.received());
        Mark.hit("messenger: session resumed by the peer");
        wire.done();
        wire.send(FrameTag.SESSION_RECONNECT_OK, Control.of(inSeq));
        stand(wire);
    }

    /** Our own link counts, so there must be one. */
    void hurry() {
        if (state instanceof State.Pausing s) {
            s.timer.cancel();
            state = new State.Idle();
        }
        startDialling();
    }

    // The end.

    /** Ends the session; harmless when it is over. */
    void end(boolean tell) {
        if (state instanceof State.Ended) {
            return;
        }
        dropLink();
        state = new State.Ended();
        boolean wasOpen = open;
        open = false;
        messenger.unregister(this);
        outbox.clear();
        if (tell && wasOpen && !messenger.isClosed()) {
            messenger.dispatcher().reset(this);
        }
    }

    // What the wires ask.

    /** Whether a peer that proved this may go on with the session. */
    boolean belongsTo(Identity identity, EntityType type) {
        Identity known = identityOrNull;
        return type == peerType && (known == null || known.name().equals(identity.name()));
    }

    Policy policy() {
        return policy;
    }

    EntityAddr target() {
        return target;
    }

    boolean isDialled() {
        return dialled;
    }

    long globalSeq() {
        return globalSeq;
    }

    long clientCookie() {
        return clientCookie;
    }

    long serverCookie() {
        return serverCookie;
    }
}
