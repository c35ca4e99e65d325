package io.sepiola.osd.daemon;

import io.sepiola.messenger.Connection;
import io.sepiola.osd.pg.Pg;
import io.sepiola.protocol.EntityType;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.message.MOSDForceRecovery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the manager's wishes about what is to be recovered first to the groups. */
final class ForceOrders {
    private static final Logger LOG = LoggerFactory.getLogger(ForceOrders.class);

    private ForceOrders() {}

    /** Tells whether the message was one. */
    static boolean asked(Connection connection, Message message, Iterable<Pg> groups) {
        if (!(message instanceof MOSDForceRecovery order)) {
            return false;
        }
        if (connection.peerType() != EntityType.MGR) {
            LOG.warn("{} may not say what is recovered first", connection.peerName());
            return true;
        }
        for (Pg pg : groups) {
            if (order.pgs().contains(pg.id()) && pg.peering().isPrimary() && !pg.isRemoved()) {
                pg.commands().forced().order(order.options());
            }
        }
        return true;
    }
}
