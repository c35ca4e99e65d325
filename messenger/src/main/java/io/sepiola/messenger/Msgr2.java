package io.sepiola.messenger;

import io.sepiola.base.Bytes;
import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.base.Mark;
import io.sepiola.base.Shard;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;

/**
 * A messenger that speaks Ceph's msgr2.1. All its links and sessions live on one shard, which the
 * transport must know; whoever wants to use several event loops opens several messengers.
 *
 * <p>With one peer there is one session at a time, known by the peer's address and nonce.
 */
public final class Msgr2 implements Messenger {
    private static final Logger LOG = LoggerFactory.getLogger(Msgr2.class);
    private static final int HANDSHAKES_MAX = 1024;
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    /**
     * What a messenger is made of.
     *
     * @param shard where its links and sessions live, and where the dispatcher is called
     * @param random secure outside of simulations: cookies and the nonce come from it
     */
    public record Parts(
            Shard shard,
            Transport transport,
            ClientAuth clientAuth,
            ServerAuth serverAuth,
            Dispatcher dispatcher,
            RandomGenerator random) {}

    private final Msgr2Options options;
    private final Parts parts;
    private final int nonce;
    private final ConcurrentNavigableMap<EntityAddr, Session> sessions =
            new ConcurrentSkipListMap<>();
    private volatile EntityName self;
    private volatile EntityAddrVec addrs = EntityAddrVec.EMPTY;
    private volatile ConnectionModes modes;
    private volatile boolean closed;
    private volatile Transport.@Nullable Listener listenerOrNull;

    // What follows is the shard's.
    private final Set<AcceptedWire> handshakes = new LinkedHashSet<>();
    private @Nullable EntityAddr learnedOrNull;
    private long globalSeq;
    private boolean refusedModes;
    private long refusedModesNanos; // when that was last told

    /**
     * A messenger that neither listens nor dials yet.
     *
     * @param self how this end names itself; its number is -1 for clients before they log in
     */
    public Msgr2(EntityName self, Msgr2Options options, Parts parts) {
        this.self = self;
        this.options = options;
        this.modes = options.modes();
        this.parts = parts;
        int chosen = parts.random.nextInt();
        this.nonce = chosen == 0 ? 1 : chosen; // 0 is the monitors'
    }

    @Override
    public EntityName self() {
        return self;
    }

    @Override
    public void rename(EntityName newSelf) {
        self = newSelf;
    }

    @Override
    public void modes(ConnectionModes wanted) {
        modes = wanted;
    }

    @Override
    public EntityAddrVec addrs() {
        return addrs;
    }

    /**
     * Listens.
     *
     * @param wanted its nonce becomes ours; where it is 0, daemons other than monitors get a random
     *     one
     */
    @Override
    public void listen(EntityAddr wanted) {
        Invariant.that(listenerOrNull == null, "%s listens already", self);
        InetSocketAddress at = wanted.socket();
        Transport.Listener listener = parts.transport.listen(at, parts.shard, from -> acceptLink());
        int ownNonce =
                wanted.nonce() != 0 || self.type() == EntityType.MON ? wanted.nonce() : nonce;
        listenerOrNull = listener;
        addrs = EntityAddrVec.of(EntityAddr.msgr2(listener.address(), ownNonce));
        parts.shard.timers().after(options.idleTimeout().dividedBy(4), this::sweep);
    }

    @Override
    public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
        Invariant.that(!closed, "%s is closed", self);
        EntityAddr key =
                target.msgr2().orElseThrow(() -> new Malformed("no v2 address: " + target));
        Session session =
                sessions.compute(
                        key,
                        (at, known) ->
                                known != null && known.isOpen() && known.peerType() == type
                                        ? known
                                        : new Session(this, type, key, target, policy, true));
        parts.shard.execute(session::startDialling);
        return session;
    }

    @Override
    public void close() {
        closed = true;
        Transport.Listener listener = listenerOrNull;
        if (listener != null) {
            listener.close();
        }
        parts.shard.execute(() -> {
            List.copyOf(sessions.values()).forEach(session -> session.end(false));
            List.copyOf(handshakes).forEach(Wire::detach);
            handshakes.clear();
        });
    }

    // Links that come in.

    private Transport.Handler acceptLink() {
        AcceptedWire wire = new AcceptedWire(this);
        if (closed || handshakes.size() >= HANDSHAKES_MAX) {
            Mark.hit("messenger: too many handshakes at once");
            wire.detach();
        } else {
            handshakes.add(wire);
        }
        return wire;
    }

    void forget(AcceptedWire wire) {
        handshakes.remove(wire);
    }

    /** A peer opens a session. */
    void onIdent(AcceptedWire wire, Identity identity, EntityName name, Control.ClientIdent ident) {
        EntityAddr key = Control.keyOf(ident.own());
        Session known = sessions.get(key);
        // Daemons keep their addresses to themselves. Behind those of clients others may come.
        if (known != null
                && known.policy() != Policy.LOSSY
                && !known.belongsTo(identity, name.type())) {
            throw new Malformed(identity.name() + " gives an address of somebody else");
        }
        Policy policy = ident.lossy() ? Policy.LOSSY : options.acceptPolicy(name.type());
        boolean peerIsLower = key.compareTo(ownKey()) < 0;
        Acceptance.Opening opening =
                Acceptance.opening(
                        known == null ? null : known.known(),
                        policy == Policy.LOSSY,
                        ident.cookie(),
                        ident.globalSeq(),
                        peerIsLower);
        switch (opening) {
            case CREATE ->
                    create(key, name, policy, ident).adoptOpened(wire, identity, name, ident);
            case REPLACE -> {
                Mark.hit("messenger: session replaced");
                // Registered first, so that who hears of the reset finds the new one.
                Session fresh = create(key, name, policy, ident);
                require(known).end(true);
                fresh.adoptOpened(wire, identity, name, ident);
            }
            case ADOPT -> {
                Mark.hit("messenger: session adopted");
                require(known).adoptOpened(wire, identity, name, ident);
            }
            case STALE -> wire.drop("a later attempt of the peer is known already");
            case WAIT -> {
                Mark.hit("messenger: race won by our own link");
                wire.send(FrameTag.WAIT, Bytes.EMPTY);
                require(known).hurry();
            }
        }
    }

    private Session create(
            EntityAddr key, EntityName name, Policy policy, Control.ClientIdent ident) {
        Session session = new Session(this, name.type(), key, ident.own(), policy, false);
        sessions.put(key, session);
        return session;
    }

    private static Session require(@Nullable Session session) {
        if (session == null) {
            throw Invariant.broken("decided about a session that is not there");
        }
        return session;
    }

    /** A peer resumes a session. */
    void onReconnect(
            AcceptedWire wire, Identity identity, EntityType type, Control.Reconnect reconnect) {
        EntityAddr key = Control.keyOf(reconnect.own());
        Session known = sessions.get(key);
        if (known != null && !known.belongsTo(identity, type)) {
            throw new Malformed(identity.name() + " resumes a session of somebody else");
        }
        Acceptance.Resuming resuming =
                Acceptance.resuming(
                        known == null ? null : known.known(),
                        reconnect.clientCookie(),
                        reconnect.globalSeq(),
                        reconnect.connectSeq(),
                        key.compareTo(ownKey()) < 0);
        switch (resuming) {
            case RESUME -> require(known).adoptResumed(wire, reconnect);
            case FORGOTTEN -> wire.sendReset(true);
            case UNFINISHED -> wire.sendReset(false);
            case RETRY_GLOBAL ->
                    wire.send(
                            FrameTag.SESSION_RETRY_GLOBAL,
                            Control.of(require(known).known().peerGlobalSeq()));
            case RETRY ->
                    wire.send(
                            FrameTag.SESSION_RETRY,
                            Control.of(require(known).known().connectSeq()));
            case WAIT -> {
                Mark.hit("messenger: race won by our own link");
                wire.send(FrameTag.WAIT, Bytes.EMPTY);
                require(known).hurry();
            }
        }
    }

    private EntityAddr ownKey() {
        return Control.keyOf(addrs);
    }

    // Silent peers would hold their sessions for ever.
    private void sweep() {
        if (closed) {
            return;
        }
        long now = parts.shard.clock().nanos();
        for (Session session : List.copyOf(sessions.values())) {
            boolean silent = now - session.heardNanos() > options.idleTimeout().toNanos();
            if (silent && !session.isDialled() && session.policy() == Policy.LOSSY) {
                session.end(true);
            }
        }
        parts.shard.timers().after(options.idleTimeout().dividedBy(4), this::sweep);
    }

    // What sessions and wires ask.

    boolean isClosed() {
        return closed;
    }

    void dial(EntityAddr target, DialledWire wire) {
        if (closed) {
            wire.detach();
            return;
        }
        parts.transport.connect(target.socket(), parts.shard, wire);
    }

    void unregister(Session session) {
        sessions.remove(session.target(), session);
    }

    long newGlobalSeq(long above) {
        globalSeq = Math.max(globalSeq, above) + 1;
        return globalSeq;
    }

    long newCookie() {
        long cookie = parts.random.nextLong();
        return cookie == 0 ? 1 : cookie;
    }

    /** A peer told how it sees us; ends that listen know better. */
    void learnAddress(EntityAddr seenAt, EntityAddr local) {
        if (learnedOrNull == null) {
            EntityAddr known = seenAt.isBlank() ? local : seenAt;
            InetSocketAddress ip = new InetSocketAddress(known.socket().getAddress(), 0);
            learnedOrNull = EntityAddr.of(EntityAddr.ANY, ip, nonce);
        }
    }

    /** How we name our address to a peer. */
    EntityAddrVec ownAddrs() {
        EntityAddrVec listening = addrs;
        EntityAddr learned = learnedOrNull;
        return !listening.addrs().isEmpty() || learned == null
                ? listening
                : EntityAddrVec.of(learned);
    }

    /** What to offer to a peer that we dial, the preferred one first. */
    List<ConnectionMode> offered(EntityType peer) {
        return modes.of(ConnectionKind.dialled(self.type(), peer));
    }

    /** What a peer that dials us may choose from. */
    List<ConnectionMode> allowed(EntityType peer) {
        return modes.of(ConnectionKind.accepted(self.type(), peer));
    }

    /** Logs that a peer was refused for its modes; one such line each ten seconds at most. */
    void refusedModes(EntityType peer, EntityAddr from, List<Integer> offered) {
        long now = parts.shard.clock().nanos();
        boolean told = refusedModes && now - refusedModesNanos < TELL_AGAIN.toNanos();
        if (told) {
            return;
        }
        refusedModes = true;
        refusedModesNanos = now;
        LOG.warn("{}", refusal(peer, from, offered));
    }

    String refusal(EntityType peer, EntityAddr from, List<Integer> offered) {
        return self
                + " refuses "
                + peer.label()
                + " at "
                + from
                + ", which offers "
                + ConnectionModes.shownCodes(offered)
                + " ("
                + ConnectionKind.dialled(peer, self.type()).option()
                + "), where "
                + ConnectionModes.shown(allowed(peer))
                + " is allowed ("
                + ConnectionKind.accepted(self.type(), peer).option()
                + "); set one of the two options so that they have a mode in common";
    }

    Msgr2Options options() {
        return options;
    }

    Shard shard() {
        return parts.shard;
    }

    RandomGenerator random() {
        return parts.random;
    }

    ClientAuth clientAuth() {
        return parts.clientAuth;
    }

    ServerAuth serverAuth() {
        return parts.serverAuth;
    }

    void deliver(Session session, Message message) {
        parts.transport.delivered(self, session.peerName(), message);
        parts.dispatcher.received(session, message);
    }

    Dispatcher dispatcher() {
        return parts.dispatcher;
    }
}
