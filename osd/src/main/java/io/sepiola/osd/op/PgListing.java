package io.sepiola.osd.op;

import io.sepiola.base.Encoder;
import io.sepiola.protocol.PgId;
import io.sepiola.protocol.SpgId;
import io.sepiola.protocol.osd.CollectionId;
import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.OpOutputs;
import io.sepiola.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Lists the objects of a group in the order of their bit-reversed hashes, page by page. The cursor
 * of the last page names the first hash of the next group in that order.
 */
public final class PgListing {
    /** The namespace that stands for all namespaces. */
    public static final String ALL_NAMESPACES = "\001";

    private PgListing() {}

    /**
     * A page.
     *
     * @param done whether the group has no more
     */
    public record Page(List<HObject> objects, HObject next, boolean done) {
        /** In the layout of pgnls. */
        public io.sepiola.base.Bytes encode() {
            List<OpOutputs.PgListing.Entry> entries = new ArrayList<>(objects.size());
            for (HObject object : objects) {
                entries.add(
                        new OpOutputs.PgListing.Entry(
                                object.namespace(), object.name(), object.key()));
            }
            return OpOutputs.PgListing.CODEC.toBytes(new OpOutputs.PgListing(next, entries));
        }

        /** In the layout of pgls, which has no namespaces: S(1/1){HObject, list of name key}. */
        public io.sepiola.base.Bytes encodeOld() {
            Encoder out = new Encoder();
            out.struct(
                    1,
                    1,
                    body -> {
                        HObject.CODEC.encode(next, body);
                        body.u32(objects.size());
                        for (HObject object : objects) {
                            body.string(object.name()).string(object.key());
                        }
                    });
            return out.toBytes();
        }
    }

    /**
     * Reads a page.
     *
     * @param bits how many low bits of hashes are the group's own
     * @param missing objects that this member lacks, which count all the same
     * @param namespace of the objects wanted
     */
    public static Page page(
            ObjectStore store,
            SpgId pg,
            int bits,
            SortedSet<HObject> missing,
            HObject cursor,
            String namespace,
            int countMax) {
        CollectionId collection = new CollectionId.Pg(pg);
        HObject first = first(pg.pg());
        HObject from = cursor.compareTo(first) < 0 ? first : cursor;
        List<HObject> found = new ArrayList<>();
        HObject at = from;
        while (true) {
            List<GhObject> stored = store.list(collection, GhObject.of(at), countMax + 1);
            SortedSet<HObject> both = new TreeSet<>();
            boolean more = stored.size() > countMax;
            stored.forEach(object -> both.add(object.object()));
            HObject last = more ? stored.getLast().object() : HObject.MAX;
            for (HObject object : missing.tailSet(at)) {
                if (object.compareTo(last) > 0) {
                    break;
                }
                both.add(object);
            }
            for (HObject object : both) {
                if (found.size() >= countMax) {
                    return new Page(found, object, false);
                }
                if (more && object.equals(last)) {
                    break; // begins the next round
                }
                if (isListed(object, namespace)) {
                    found.add(object);
                }
            }
            if (!more) {
                return new Page(found, end(pg.pg(), bits), true);
            }
            at = last;
        }
    }

    private static boolean isListed(HObject object, String namespace) {
        return object.isHead()
                && !object.name().isEmpty()
                && object.pool() >= 0
                && (namespace.equals(ALL_NAMESPACES) || namespace.equals(object.namespace()));
    }

    private static HObject first(PgId pg) {
        return new HObject("", "", "", 0, pg.seed(), pg.pool(), false);
    }

    /** The first place after the group (pg_t::get_hobj_end). */
    static HObject end(PgId pg, int bits) {
        long start = Integer.toUnsignedLong(Integer.reverse(pg.seed()));
        long end = bits == 32 ? start + 1 : (start | (0xffffffffL >>> bits)) + 1;
        if (end >= 1L << 32) {
            return HObject.MAX;
        }
        return new HObject("", "", "", HObject.HEAD, Integer.reverse((int) end), pg.pool(), false);
    }
}
