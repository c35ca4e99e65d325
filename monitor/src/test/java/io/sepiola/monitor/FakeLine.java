package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.Messages;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One monitor's end of a line to another; what is said goes over it as bytes, or nowhere. */
final class FakeLine implements Connection {
    /** What was said here, in order. */
    final List<Message> said = new ArrayList<>();

    private Consumer<Message> otherEnd = message -> {};
    private boolean open = true;

    /** Where what is said here arrives. */
    void arrivesAt(Consumer<Message> other) {
        otherEnd = other;
    }

    @Override
    public void send(Message message) {
        said.add(message);
        otherEnd.accept(Messages.decode(Messages.encode(message)));
    }

    @Override
    public EntityType peerType() {
        return EntityType.MON;
    }

    @Override
    public EntityName peerName() {
        return new EntityName(EntityType.MON, 0);
    }

    @Override
    public EntityAddrVec peerAddrs() {
        return EntityAddrVec.EMPTY;
    }

    @Override
    public EntityAddr peerSeenAt() {
        return EntityAddr.BLANK;
    }

    @Override
    public Identity identityOrNull() {
        return new Identity(AuthName.parse("mon."), 1, Bytes.EMPTY, true);
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
    public void reading(boolean wanted) {}

    @Override
    public void keepAlive() {}

    @Override
    public long heardNanos() {
        return 0;
    }

    @Override
    public @Nullable Object attachmentOrNull() {
        return null;
    }

    @Override
    public void attach(@Nullable Object attachment) {}
}
