package io.sepiola.monitor;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

import java.time.Instant;
import java.util.List;

/**
 * Which monitors agree, as the leader tells those who follow it. Immutable.
 *
 * <p>QuorumView := leader:string ranks:list of u32 since:u64, in milliseconds of the epoch.
 *
 * @param leader its name
 * @param ranks in order
 * @param since when the leader began to serve
 */
record QuorumView(String leader, List<Integer> ranks, Instant since) {
    static final Codec<QuorumView> CODEC =
            Primitives.of(
                    (out, view) ->
                            out.string(view.leader)
                                    .list(view.ranks, Primitives.U32)
                                    .u64(view.since.toEpochMilli()),
                    in ->
                            new QuorumView(
                                    in.string(),
                                    in.list(Primitives.U32),
                                    Instant.ofEpochMilli(in.u64())));

    /** Copies the list. */
    QuorumView {
        ranks = List.copyOf(ranks);
    }
}
