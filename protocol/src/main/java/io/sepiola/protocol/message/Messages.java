package io.sepiola.protocol.message;

import io.sepiola.base.Invariant;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Message;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The table of all messages: from record to bytes and back. */
public final class Messages {
    // In the order of Ceph's numbers.
    private static final List<MessageCodec<?>> TABLE =
            List.of(
                    MPing.CODEC,
                    MMonMap.CODEC,
                    MMonGetMap.CODEC,
                    MStatfs.CODEC,
                    MStatfsReply.CODEC,
                    MMonSubscribe.CODEC,
                    MAuth.CODEC,
                    MAuthReply.CODEC,
                    MMonGetVersion.CODEC,
                    MMonGetVersionReply.CODEC,
                    MMonJoin.CODEC,
                    MOSDMap.CODEC,
                    MOSDOp.CODEC,
                    MOSDOpReply.CODEC,
                    MForward.CODEC,
                    MRoute.CODEC,
                    MWatchNotify.CODEC,
                    MPoolOpReply.CODEC,
                    MPoolOp.CODEC,
                    MMonCommand.CODEC,
                    MMonCommandAck.CODEC,
                    MMonQuorum.CODEC,
                    MMonFollow.CODEC,
                    MLog.CODEC,
                    MLogAck.CODEC,
                    MKVData.CODEC,
                    MGetPoolStats.CODEC,
                    MGetPoolStatsReply.CODEC,
                    MOSDBackoff.CODEC,
                    MConfig.CODEC,
                    MOSDPing.CODEC,
                    MOSDBoot.CODEC,
                    MOSDFailure.CODEC,
                    MOSDAlive.CODEC,
                    MOSDFull.CODEC,
                    MOSDMarkMeDown.CODEC,
                    MOSDPGTemp.CODEC,
                    MOSDBeacon.CODEC,
                    MOSDPGNotify.CODEC,
                    MOSDPGLog.CODEC,
                    MOSDPGRemove.CODEC,
                    MOSDPGTrim.CODEC,
                    MPGStats.CODEC,
                    MOSDScrubReserve.CODEC,
                    MOSDRepScrub.CODEC,
                    MOSDPGScan.CODEC,
                    MOSDPGBackfill.CODEC,
                    MCommand.CODEC,
                    MCommandReply.CODEC,
                    MBackfillReserve.CODEC,
                    MOSDPGPush.CODEC,
                    MOSDPGPull.CODEC,
                    MOSDPGPushReply.CODEC,
                    MOSDRepOp.CODEC,
                    MOSDRepOpReply.CODEC,
                    MOSDPGUpdateLogMissing.CODEC,
                    MOSDPGUpdateLogMissingReply.CODEC,
                    MOSDPGCreated.CODEC,
                    MOSDRepScrubMap.CODEC,
                    MOSDPGRecoveryDelete.CODEC,
                    MOSDPGRecoveryDeleteReply.CODEC,
                    MOSDPGCreate2.CODEC,
                    MOSDScrub2.CODEC,
                    MOSDForceRecovery.CODEC,
                    MOSDPGReadyToMerge.CODEC,
                    MOSDPGNotify2.CODEC,
                    MOSDPGQuery2.CODEC,
                    MOSDPGInfo2.CODEC,
                    MOSDPGLease.CODEC,
                    MOSDPGLeaseAck.CODEC,
                    MRecoveryReserve.CODEC,
                    MMgrOpen.CODEC,
                    MMgrConfigure.CODEC,
                    MMgrReport.CODEC,
                    MMgrBeacon.CODEC,
                    MMgrMap.CODEC,
                    MMgrDigest.CODEC,
                    MMonMgrReport.CODEC,
                    MServiceMap.CODEC,
                    MFSMap.CODEC,
                    MMDSMap.CODEC,
                    MMgrCommand.CODEC,
                    MMgrCommandReply.CODEC);

    private static final Map<Integer, MessageCodec<?>> BY_TYPE = new HashMap<>();
    private static final Map<Class<?>, MessageCodec<?>> BY_KIND = new HashMap<>();

    static {
        for (MessageCodec<?> codec : TABLE) {
            BY_TYPE.put(codec.type(), codec);
            BY_KIND.put(codec.kind(), codec);
        }
    }

    private Messages() {}

    /** The message as a frame carries it. */
    public static EncodedMessage encode(Message message) {
        MessageCodec<?> codec = BY_KIND.get(message.getClass());
        if (codec == null) {
            throw Invariant.broken("no codec for %s", message.getClass());
        }
        return codec.encode(message);
    }

    /**
     * The message that a frame carried.
     *
     * @throws Malformed for unknown types, later incompatible versions, and bytes that are no such
     *     message
     */
    public static Message decode(EncodedMessage message) {
        MessageCodec<?> codec = BY_TYPE.get(message.type());
        if (codec == null) {
            throw new Malformed("unknown message type " + message.type());
        }
        return codec.decode(message);
    }

    /** The numbers of all types in the table, in order. */
    public static Set<Integer> types() {
        return new TreeSet<>(BY_TYPE.keySet());
    }
}
