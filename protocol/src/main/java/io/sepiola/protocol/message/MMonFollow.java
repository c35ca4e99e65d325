package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.base.Malformed;
import io.sepiola.protocol.Message;

/**
 * How a monitor that does not lead keeps up with the one that does. Not Ceph's: there it is a part
 * of Paxos.
 *
 * <p>MMonFollow := kind:u8 epoch:u32 number:u64; data payload.
 *
 * @param epoch of the leader's election; in questions the one that is followed, 0 for none
 * @param number see {@link Kind}
 * @param payload see {@link Kind}
 */
public record MMonFollow(Kind kind, int epoch, long number, Bytes payload) implements Message {
    /** What is said. */
    public enum Kind {
        /** To whoever leads: am I up to date? The number comes back. */
        ASK,
        /**
         * The leader answers who says that it follows: yes, with the number of the question; or no,
         * with 0: then it lets its clients go and asks anew.
         */
        LEASE,
        /** The leader answers who does not yet: the state as of the record of that number. */
        STATE,
        /** From the leader: the record of that number is agreed. */
        RECORD,
        /** To the leader: more global ids are needed. */
        IDS_WANTED,
        /** From the leader: global ids from that number up to the payload's u64, exclusive. */
        IDS
    }

    /** Beside {@link MMonQuorum}'s. */
    private static final int TYPE = 24_001;

    static final MessageCodec<MMonFollow> CODEC =
            MessageCodec.of(
                    TYPE,
                    1,
                    1,
                    MMonFollow.class,
                    (m, out) -> out.u8(m.kind.ordinal()).u32(m.epoch).u64(m.number),
                    m -> m.payload,
                    (in, head) -> new MMonFollow(kind(in.u8()), in.u32(), in.u64(), head.data()));

    private static Kind kind(int code) {
        if (code >= Kind.values().length) {
            throw new Malformed("monitors say nothing of kind " + code);
        }
        return Kind.values()[code];
    }
}
