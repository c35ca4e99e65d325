package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

import java.util.List;

/**
 * A page of what scrubs found in a group (scrub_ls_result_t).
 *
 * <p>ScrubListing := S(1/1){interval:u32, list of blob}.
 *
 * @param interval since which the members are the same; what was found is forgotten with it
 * @param found each an {@link InconsistentObject}
 */
public record ScrubListing(int interval, List<Bytes> found) {
    /** As in the class comment. */
    public static final Codec<ScrubListing> CODEC =
            Primitives.of(
                    (out, page) ->
                            out.struct(
                                    1,
                                    1,
                                    body ->
                                            body.u32(page.interval)
                                                    .list(page.found, Primitives.BLOB)),
                    in ->
                            in.struct(
                                    1,
                                    (v, body) ->
                                            new ScrubListing(
                                                    body.u32(), body.list(Primitives.BLOB))));

    /**
     * Asks for a page (scrub_ls_arg_t).
     *
     * <p>Asked := S(1/1){interval:u32 ofSnapshots:u32 name:string namespace:string snap:u64
     * countMax:u64}.
     *
     * @param interval of the page before; 0 for the first
     * @param ofSnapshots 0 for objects, 1 for sets of snapshots
     * @param name of the last object of the page before; empty, as the next two, for the first
     */
    public record Asked(
            int interval,
            int ofSnapshots,
            String name,
            String namespace,
            long snap,
            long countMax) {
        /** As in the class comment. */
        public static final Codec<Asked> CODEC =
                Primitives.of(
                        (out, asked) ->
                                out.struct(
                                        1,
                                        1,
                                        body ->
                                                body.u32(asked.interval)
                                                        .u32(asked.ofSnapshots)
                                                        .string(asked.name)
                                                        .string(asked.namespace)
                                                        .u64(asked.snap)
                                                        .u64(asked.countMax)),
                        in ->
                                in.struct(
                                        1,
                                        (v, body) ->
                                                new Asked(
                                                        body.u32(),
                                                        body.u32(),
                                                        body.string(),
                                                        body.string(),
                                                        body.u64(),
                                                        body.u64())));
    }
}
