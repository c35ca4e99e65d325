package io.sepiola.quorum;

import io.sepiola.base.Codec;
import io.sepiola.base.Malformed;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * What a member says about itself to the others, besides what the library says.
 *
 * <p>Introduction := id:string initial:list(string) place:u8 names:list(string); {@code place} is
 * the ordinal of a {@link Place}.
 *
 * @param id and {@code initial}: see {@link MemberFile}
 * @param names of the monitors as it knows them
 */
record Introduction(String id, List<String> initial, Place place, List<String> names) {
    /** How it stands to the log at present. */
    enum Place {
        /** It has not found out yet whether there is one. */
        OPEN,
        /** It wants to be let in. */
        WAITS,
        /** It takes part, from the beginning or since it was let in. */
        MEMBER
    }

    static final Codec<Introduction> CODEC =
            Primitives.of(
                    (out, said) ->
                            out.string(said.id)
                                    .list(said.initial, Primitives.STRING)
                                    .u8(said.place.ordinal())
                                    .list(said.names, Primitives.STRING),
                    in ->
                            new Introduction(
                                    in.string(),
                                    in.list(Primitives.STRING),
                                    place(in.u8()),
                                    in.list(Primitives.STRING)));

    /** Copies the lists. */
    Introduction {
        initial = List.copyOf(initial);
        names = List.copyOf(names);
    }

    /**
     * By what it keeps.
     *
     * @param takesPart whether it is among the library's members
     */
    static Introduction of(MemberFile file, boolean takesPart, List<String> names) {
        Place place = Place.MEMBER;
        if (!file.isDecided()) {
            place = Place.OPEN;
        } else if (file.waits() && !takesPart) {
            place = Place.WAITS;
        }
        return new Introduction(file.id(), file.initial(), place, names);
    }

    private static Place place(int ordinal) {
        if (ordinal >= Place.values().length) {
            throw new Malformed("there is no place " + ordinal);
        }
        return Place.values()[ordinal];
    }
}
