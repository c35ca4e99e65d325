package io.sepiola.osd.daemon;

import io.sepiola.protocol.Message;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.message.MBackfillReserve;
import io.sepiola.protocol.message.MOSDPGBackfill;
import io.sepiola.protocol.message.MOSDPGInfo2;
import io.sepiola.protocol.message.MOSDPGLease;
import io.sepiola.protocol.message.MOSDPGLeaseAck;
import io.sepiola.protocol.message.MOSDPGLog;
import io.sepiola.protocol.message.MOSDPGNotify2;
import io.sepiola.protocol.message.MOSDPGPull;
import io.sepiola.protocol.message.MOSDPGPush;
import io.sepiola.protocol.message.MOSDPGPushReply;
import io.sepiola.protocol.message.MOSDPGQuery2;
import io.sepiola.protocol.message.MOSDPGRecoveryDelete;
import io.sepiola.protocol.message.MOSDPGRecoveryDeleteReply;
import io.sepiola.protocol.message.MOSDPGRemove;
import io.sepiola.protocol.message.MOSDPGScan;
import io.sepiola.protocol.message.MOSDRepOp;
import io.sepiola.protocol.message.MOSDRepOpReply;
import io.sepiola.protocol.message.MOSDRepScrub;
import io.sepiola.protocol.message.MOSDRepScrubMap;
import io.sepiola.protocol.message.MOSDScrubReserve;
import io.sepiola.protocol.message.MRecoveryReserve;

import java.util.List;

/**
 * To which placement groups a message between OSDs goes, and which epoch its sender had reached.
 *
 * @param groups none for messages that are not for groups
 */
record GroupAddress(List<SpgId> groups, int epoch) {
    private static final GroupAddress NOWHERE = new GroupAddress(List.of(), 0);

    static GroupAddress of(Message message) {
        return switch (message) {
            case MOSDRepOp m -> to(m.pg(), m.epoch());
            case MOSDRepOpReply m -> to(m.pg(), m.epoch());
            case MOSDPGNotify2 m -> to(m.pg(), m.notification().epochSent());
            case MOSDPGQuery2 m -> to(m.pg(), m.query().epochSent());
            case MOSDPGInfo2 m -> to(m.pg(), m.epochSent());
            case MOSDPGLog m -> to(m.info().pg(), m.epoch());
            case MOSDPGLease m -> to(m.pg(), m.epoch());
            case MOSDPGLeaseAck m -> to(m.pg(), m.epoch());
            case MOSDPGPush m -> to(m.pg(), m.epoch());
            case MOSDPGPull m -> to(m.pg(), m.epoch());
            case MOSDPGPushReply m -> to(m.pg(), m.epoch());
            case MBackfillReserve m -> to(SpgId.replicated(m.pg()), m.epoch());
            case MRecoveryReserve m -> to(SpgId.replicated(m.pg()), m.epoch());
            case MOSDPGScan m -> to(m.pg(), m.epoch());
            case MOSDPGBackfill m -> to(m.pg(), m.epoch());
            case MOSDPGRecoveryDelete m -> to(m.pg(), m.epoch());
            case MOSDPGRecoveryDeleteReply m -> to(m.pg(), m.epoch());
            case MOSDScrubReserve m -> to(m.pg(), m.epoch());
            case MOSDRepScrub m -> to(m.pg(), m.epoch());
            case MOSDRepScrubMap m -> to(m.pg(), m.epoch());
            case MOSDPGRemove m -> new GroupAddress(m.pgs(), m.epoch());
            default -> NOWHERE;
        };
    }

    private static GroupAddress to(SpgId group, int epoch) {
        return new GroupAddress(List.of(group), epoch);
    }
}
