package io.sepiola.protocol.message;

import io.sepiola.protocol.EVersion;
import io.sepiola.protocol.Message;
import io.sepiola.protocol.PgId;

/**
 * The last placement group of a pool can be merged into its target, or cannot for now.
 *
 * <p>MOSDPGReadyToMerge := PaxosPrefix source:PgId sourceVersion:EVersion targetVersion:EVersion
 * lastEpochStarted:u32 lastEpochClean:u32 ready:bool. The prefix has the epoch of the sender.
 *
 * @param source goes up in the group that has its objects' hashes in a pool of one group fewer
 * @param sourceVersion the end of its log
 * @param targetVersion the end of the target's log
 * @param lastEpochStarted of the target
 * @param lastEpochClean of the target
 * @param ready false takes the decrease back
 */
public record MOSDPGReadyToMerge(
        long version,
        PgId source,
        EVersion sourceVersion,
        EVersion targetVersion,
        int lastEpochStarted,
        int lastEpochClean,
        boolean ready)
        implements Message {
    static final MessageCodec<MOSDPGReadyToMerge> CODEC =
            MessageCodec.of(
                    122,
                    1,
                    1,
                    MOSDPGReadyToMerge.class,
                    (m, out) -> {
                        PaxosPrefix.encode(out, m.version);
                        PgId.CODEC.encode(m.source, out);
                        EVersion.CODEC.encode(m.sourceVersion, out);
                        EVersion.CODEC.encode(m.targetVersion, out);
                        out.u32(m.lastEpochStarted).u32(m.lastEpochClean).bool(m.ready);
                    },
                    (in, head) ->
                            new MOSDPGReadyToMerge(
                                    PaxosPrefix.decode(in),
                                    PgId.CODEC.decode(in),
                                    EVersion.CODEC.decode(in),
                                    EVersion.CODEC.decode(in),
                                    in.u32(),
                                    in.u32(),
                                    in.bool()));
}
