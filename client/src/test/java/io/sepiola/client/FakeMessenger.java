package io.sepiola.client;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.ConnectionModes;
import io.sepiola.messenger.Identity;
import io.sepiola.messenger.Messenger;
import io.sepiola.messenger.Policy;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** A messenger whose connections do what a test tells them, and keep what was sent. */
final class FakeMessenger implements Messenger {
    final List<FakeConnection> dialled = new ArrayList<>();
    private EntityName self = new EntityName(EntityType.CLIENT, -1);

    @Override
    public EntityName self() {
        return self;
    }

    @Override
    public void rename(EntityName name) {
        self = name;
    }

    @Override
    public void modes(ConnectionModes wanted) {}

    @Override
    public EntityAddrVec addrs() {
        return EntityAddrVec.EMPTY;
    }

    @Override
    public void listen(EntityAddr wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Connection connect(EntityType type, EntityAddrVec target, Policy policy) {
        FakeConnection connection = new FakeConnection(type, target);
        dialled.add(connection);
        return connection;
    }

    @Override
    public void close() {}

    /** The newest connection to a peer of that type. */
    FakeConnection last(EntityType type) {
        return dialled.stream()
                .filter(connection -> connection.type == type)
                .reduce((before, after) -> after)
                .orElseThrow();
    }

    /** Connections to that address, oldest first. */
    List<FakeConnection> to(EntityAddrVec target) {
        return dialled.stream().filter(c -> c.target.equals(target)).toList();
    }

    /** One connection. */
    static final class FakeConnection implements Connection {
        final EntityType type;
        final EntityAddrVec target;
        final List<Message> sent = new ArrayList<>();
        boolean closed;
        int keepAlives;
        long heardNanos;
        private @Nullable Object attachment;

        FakeConnection(EntityType type, EntityAddrVec target) {
            this.type = type;
            this.target = target;
        }

        /** What was sent of that kind. */
        <M extends Message> List<M> sent(Class<M> kind) {
            return sent.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        @Override
        public void send(Message message) {
            sent.add(message);
        }

        @Override
        public EntityType peerType() {
            return type;
        }

        @Override
        public EntityName peerName() {
            return new EntityName(type, 0);
        }

        @Override
        public EntityAddrVec peerAddrs() {
            return target;
        }

        @Override
        public EntityAddr peerSeenAt() {
            return target.addrs().getFirst();
        }

        @Override
        public @Nullable Identity identityOrNull() {
            return null;
        }

        @Override
        public void reading(boolean wanted) {}

        @Override
        public void keepAlive() {
            keepAlives++;
        }

        @Override
        public long heardNanos() {
            return heardNanos;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public @Nullable Object attachmentOrNull() {
            return attachment;
        }

        @Override
        public void attach(@Nullable Object value) {
            attachment = value;
        }
    }
}
