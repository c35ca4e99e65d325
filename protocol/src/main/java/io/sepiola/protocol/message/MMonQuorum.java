package io.sepiola.protocol.message;

import io.sepiola.base.Bytes;
import io.sepiola.protocol.Message;

/**
 * What the consensus library of one monitor says to that of another. Not Ceph's: its monitors agree
 * by Paxos and messages of their own, which mean nothing here.
 *
 * <p>MMonQuorum := kind:u8 answer:u8; data payload. The header's tid pairs questions and answers.
 *
 * @param kind of the question, as the library numbers them
 * @param isAnswer whether it answers the question of that tid
 * @param payload the library's bytes; an empty answer means that the question failed
 */
public record MMonQuorum(long tid, int kind, boolean isAnswer, Bytes payload) implements Message {
    /** Far from Ceph's own numbers. */
    private static final int TYPE = 24_000;

    static final MessageCodec<MMonQuorum> CODEC =
            MessageCodec.of(
                    TYPE,
                    1,
                    1,
                    MMonQuorum.class,
                    (m, out) -> out.u8(m.kind).u8(m.isAnswer ? 1 : 0),
                    m -> m.payload,
                    (in, head) -> new MMonQuorum(head.tid(), in.u8(), in.u8() != 0, head.data()));
}
