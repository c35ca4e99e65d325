package io.sepiola.monitor;

import io.sepiola.base.Bytes;
import io.sepiola.messenger.Connection;
import io.sepiola.messenger.Identity;
import io.sepiola.monitor.state.OsdMaps;
import io.sepiola.protocol.AuthName;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.message.MForward;
import io.sepiola.protocol.message.MRoute;

import java.util.Optional;

/**
 * A client of another monitor, for the time of one message that it said: answers go back by way of
 * that monitor, and OSD maps from there.
 */
final class ForwardedSession extends Session {
    private final Connection line;
    private final long number;

    ForwardedSession(Connection line, MForward forward) {
        super(
                new Identity(forward.client(), 0, Bytes.EMPTY, false),
                peer(forward.client()),
                forward.clientAddrs(),
                forward.clientSeenAt(),
                message -> line.send(new MRoute(forward.session(), Optional.of(message), 0)));
        this.line = line;
        this.number = forward.session();
    }

    /** Of others than OSDs the number is not told. */
    private static EntityName peer(AuthName client) {
        boolean isOsd = client.type() == EntityType.OSD && client.id().matches("[0-9]{1,9}");
        return new EntityName(client.type(), isOsd ? Long.parseLong(client.id()) : -1);
    }

    @Override
    void sendMaps(OsdMaps maps, int first) {
        line.send(new MRoute(number, Optional.empty(), first));
    }
}
