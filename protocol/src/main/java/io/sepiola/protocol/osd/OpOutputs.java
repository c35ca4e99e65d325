package io.sepiola.protocol.osd;

import io.sepiola.base.Bytes;
import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;
import io.sepiola.protocol.EntityAddr;
import io.sepiola.protocol.EntityName;
import io.sepiola.protocol.Utime;

import java.util.List;
import java.util.Map;

/** What operations put out, where it has a structure. */
public final class OpOutputs {
    private OpOutputs() {}

    /** Attributes or omap entries: map of string to blob, in byte order of the keys. */
    public static final Codec<Map<String, Bytes>> ENTRIES =
            Primitives.mapOf(Primitives.STRING, Primitives.BLOB);

    /** Stat := size:u64 modified:Utime. */
    public record Stat(long size, Utime modified) {
        /** As in the comment. */
        public static final Codec<Stat> CODEC =
                Primitives.of(
                        (out, stat) -> Utime.CODEC.encode(stat.modified, out.u64(stat.size)),
                        in -> new Stat(in.u64(), Utime.CODEC.decode(in)));
    }

    /**
     * SparseRead := map of offset:u64 to length:u64, data:blob.
     *
     * @param data of the extents, one after the other
     */
    public record SparseRead(Map<Long, Long> extents, Bytes data) {
        /** As in the comment. */
        public static final Codec<SparseRead> CODEC =
                Primitives.of(
                        (out, read) ->
                                out.map(read.extents, Primitives.U64, Primitives.U64)
                                        .blob(read.data),
                        in -> new SparseRead(in.map(Primitives.U64, Primitives.U64), in.blob()));
    }

    /** OmapKeys := list of string, more:bool. */
    public record OmapKeys(List<String> keys, boolean more) {
        /** As in the comment. */
        public static final Codec<OmapKeys> CODEC =
                Primitives.of(
                        (out, page) -> out.list(page.keys, Primitives.STRING).bool(page.more),
                        in -> new OmapKeys(in.list(Primitives.STRING), in.bool()));
    }

    /** OmapVals := map of string to blob, more:bool. */
    public record OmapVals(Map<String, Bytes> entries, boolean more) {
        /** As in the comment. */
        public static final Codec<OmapVals> CODEC =
                Primitives.of(
                        (out, page) ->
                                out.map(page.entries, Primitives.STRING, Primitives.BLOB)
                                        .bool(page.more),
                        in -> new OmapVals(in.map(Primitives.STRING, Primitives.BLOB), in.bool()));
    }

    /**
     * Objects of a placement group (pg_nls_response_t).
     *
     * <p>PgListing := S(1/1){next:HObject, list of Entry}, Entry := namespace:string name:string
     * key:string.
     *
     * @param next where to go on; in the next group when this one is done
     */
    public record PgListing(HObject next, List<Entry> entries) {
        /** One object. */
        public record Entry(String namespace, String name, String key) {
            private static final Codec<Entry> CODEC =
                    Primitives.of(
                            (out, entry) ->
                                    out.string(entry.namespace)
                                            .string(entry.name)
                                            .string(entry.key),
                            in -> new Entry(in.string(), in.string(), in.string()));
        }

        /** As in the comment. */
        public static final Codec<PgListing> CODEC =
                Primitives.of(
                        (out, listing) ->
                                out.struct(
                                        1,
                                        1,
                                        body -> {
                                            HObject.CODEC.encode(listing.next, body);
                                            body.list(listing.entries, Entry.CODEC);
                                        }),
                        in ->
                                in.struct(
                                        1,
                                        (version, body) ->
                                                new PgListing(
                                                        HObject.CODEC.decode(body),
                                                        body.list(Entry.CODEC))));
    }

    /**
     * Who watches an object (obj_list_watch_response_t).
     *
     * <p>Watchers := S(1/1){list of S(2/1){name:EntityName cookie:u64 timeout:u32 EntityAddr}}.
     */
    public record Watchers(List<Watcher> watchers) {
        /** One watch. */
        public record Watcher(EntityName name, long cookie, int timeoutSeconds, EntityAddr addr) {
            private static final Codec<Watcher> CODEC =
                    Primitives.of(
                            (out, watcher) ->
                                    out.struct(
                                            2,
                                            1,
                                            body -> {
                                                EntityName.CODEC.encode(watcher.name, body);
                                                body.u64(watcher.cookie)
                                                        .u32(watcher.timeoutSeconds);
                                                EntityAddr.CODEC.encode(watcher.addr, body);
                                            }),
                            in ->
                                    in.struct(
                                            2,
                                            (version, body) ->
                                                    new Watcher(
                                                            EntityName.CODEC.decode(body),
                                                            body.u64(),
                                                            body.u32(),
                                                            version >= 2
                                                                    ? EntityAddr.CODEC.decode(body)
                                                                    : EntityAddr.BLANK)));
        }

        /** As in the comment. */
        public static final Codec<Watchers> CODEC =
                Primitives.of(
                        (out, list) ->
                                out.struct(1, 1, body -> body.list(list.watchers, Watcher.CODEC)),
                        in ->
                                in.struct(
                                        1,
                                        (version, body) -> new Watchers(body.list(Watcher.CODEC))));
    }

    /**
     * The clones of an object (obj_list_snap_response_t).
     *
     * <p>Snaps := S(2/1){list of Clone, sequence:u64}, Clone := S(1/1){id:u64, list of u64,
     * overlap: map of offset:u64 to length:u64, size:u64}.
     */
    public record Snaps(List<Clone> clones, long sequence) {
        /**
         * One clone.
         *
         * @param id the clone's, or {@link HObject#HEAD}
         * @param snaps the snapshots it stands for
         * @param overlap what it has in common with the next newer one
         */
        public record Clone(long id, List<Long> snaps, Map<Long, Long> overlap, long size) {
            private static final Codec<Clone> CODEC =
                    Primitives.of(
                            (out, clone) ->
                                    out.struct(
                                            1,
                                            1,
                                            body ->
                                                    body.u64(clone.id)
                                                            .list(clone.snaps, Primitives.U64)
                                                            .map(
                                                                    clone.overlap,
                                                                    Primitives.U64,
                                                                    Primitives.U64)
                                                            .u64(clone.size)),
                            in ->
                                    in.struct(
                                            1,
                                            (version, body) ->
                                                    new Clone(
                                                            body.u64(),
                                                            body.list(Primitives.U64),
                                                            body.map(
                                                                    Primitives.U64, Primitives.U64),
                                                            body.u64())));
        }

        /** As in the comment. */
        public static final Codec<Snaps> CODEC =
                Primitives.of(
                        (out, snaps) ->
                                out.struct(
                                        2,
                                        1,
                                        body ->
                                                body.list(snaps.clones, Clone.CODEC)
                                                        .u64(snaps.sequence)),
                        in ->
                                in.struct(
                                        2,
                                        (version, body) ->
                                                new Snaps(
                                                        body.list(Clone.CODEC),
                                                        version >= 2 ? body.u64() : 0)));
    }
}
