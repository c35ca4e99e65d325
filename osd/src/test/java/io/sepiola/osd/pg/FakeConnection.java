package io.sepiola.osd.pg;

import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityAddrVec;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;

import org.jspecify.annotations.Nullable;

/** A client's connection that stands and remembers nothing. */
public abstract class FakeConnection implements Connection {
    /** Open. */
    protected FakeConnection() {}

    @Override
    public EntityType peerType() {
        return EntityType.CLIENT;
    }

    @Override
    public EntityName peerName() {
        return new EntityName(EntityType.CLIENT, 1);
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
    public @Nullable Identity identityOrNull() {
        return null;
    }

    @Override
    public void keepAlive() {}

    @Override
    public void reading(boolean wanted) {}

    @Override
    public long heardNanos() {
        return 0;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}

    @Override
    public @Nullable Object attachmentOrNull() {
        return null;
    }

    @Override
    public void attach(@Nullable Object attachment) {}
}
