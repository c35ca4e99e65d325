package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Dispatcher;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A network of connections that a test opens by hand; what the monitor sends is kept. */
final class FakeMessenger implements Messenger {
    private final EntityName self;
    private final Dispatcher dispatcher;
    private EntityAddrVec addrs = EntityAddrVec.EMPTY;
    private ConnectionModes modes = ConnectionModes.DEFAULT;
    private boolean closed;

    FakeMessenger(EntityName self, Dispatcher dispatcher) {
        this.self = self;
        this.dispatcher = dispatcher;
    }

    /** A peer that has logged in. */
    Peer peer(String name, long globalId, EntityAddrVec peerAddrs) {
        Peer peer = new Peer(AuthName.parse(name), globalId, peerAddrs);
        dispatcher.accepted(peer);
        return peer;
    }

    /** The same; what it hears is not kept, but handed on. */
    Peer peer(String name, long globalId, EntityAddrVec peerAddrs, Consumer<Message> ear) {
        Peer peer = peer(name, globalId, peerAddrs);
        peer.ear = ear;
        return peer;
    }

    @Override
    public EntityName self() {
        return self;
    }

    @Override
    public void rename(EntityName newSelf) {}

    @Override
    public void modes(ConnectionModes wanted) {
        modes = wanted;
    }

    /** As last told. */
    ConnectionModes modes() {
        return modes;
    }

    @Override
    public EntityAddrVec addrs() {
        return addrs;
    }

    @Override
    public void listen(EntityAddr wanted) {
        addrs = EntityAddrVec.of(wanted);
    }

    @Override
    public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
        throw new UnsupportedOperationException("monitors do not dial");
    }

    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    final class Peer implements Connection {
        final List<Message> heard = new ArrayList<>();
        private final Identity identity;
        private final EntityAddrVec peerAddrs;
        private Consumer<Message> ear = heard::add;
        private boolean open = true;

        Peer(AuthName name, long globalId, EntityAddrVec peerAddrs) {
            this.identity = new Identity(name, globalId, Bytes.EMPTY, false);
            this.peerAddrs = peerAddrs;
        }

        /** Sends to the monitor. */
        void say(Message message) {
            dispatcher.received(this, message);
        }

        /** The messages of that type heard so far. */
        <T extends Message> List<T> heard(Class<T> type) {
            return heard.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void send(Message message) {
            ear.accept(message);
        }

        @Override
        public EntityType peerType() {
            return identity.name().type();
        }

        @Override
        public EntityName peerName() {
            return new EntityName(peerType(), identity.globalId());
        }

        @Override
        public EntityAddrVec peerAddrs() {
            return peerAddrs;
        }

        @Override
        public EntityAddr peerSeenAt() {
            return peerAddrs.addrs().isEmpty() ? EntityAddr.BLANK : peerAddrs.addrs().getFirst();
        }

        @Override
        public Identity identityOrNull() {
            return identity;
        }

        @Override
        public void reading(boolean wanted) {}

        @Override
        public void keepAlive() {}

        @Override
        public long heardNanos() {
            return 0;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }

        @Override
        public @Nullable Object attachmentOrNull() {
            return null;
        }

        @Override
        public void attach(@Nullable Object attachment) {}
    }
}
