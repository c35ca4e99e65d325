package io.sepiola.quorum;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * What a member says about itself to the others, besides what the library says.
 *
 * <p>Introduction := id:string initial:list(string) waits:u8 names:list(string).
 *
 * @param id and the next two: see {@link MemberFile}
 * @param waits whether it wants to be let in, at present
 * @param names of the monitors as it knows them
 */
record Introduction(String id, List<String> initial, boolean waits, List<String> names) {
    static final Codec<Introduction> CODEC =
            Primitives.of(
                    (out, said) ->
                            out.string(said.id)
                                    .list(said.initial, Primitives.STRING)
                                    .bool(said.waits)
                                    .list(said.names, Primitives.STRING),
                    in ->
                            new Introduction(
                                    in.string(),
                                    in.list(Primitives.STRING),
                                    in.bool(),
                                    in.list(Primitives.STRING)));

    /** Copies the lists. */
    Introduction {
        initial = List.copyOf(initial);
        names = List.copyOf(names);
    }

    /** Whether it has not found out yet whether there is a cluster. */
    boolean isFresh() {
        return initial.isEmpty() && !waits;
    }
}
