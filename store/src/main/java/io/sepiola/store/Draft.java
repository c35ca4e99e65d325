package io.sepiola.store;

import io.sepiola.base.Bytes;
import io.sepiola.base.Utf8;

import java.util.TreeMap;

/** An onode while a transaction changes it. */
final class Draft {
    final long nid;
    final Seal seal;
    final TreeMap<String, Bytes> attrs = new TreeMap<>(Utf8::compare);
    final Extents extents;
    Bytes omapHeader = Bytes.EMPTY;
    boolean hasOmap;
    int hints;
    long size;

    /** A new object. */
    Draft(long nid) {
        this.nid = nid;
        this.seal = new Seal(nid);
        this.extents = new Extents();
    }

    /** Like {@code onode}, under its own or another number. */
    Draft(long nid, Onode onode) {
        this.nid = nid;
        this.seal = new Seal(nid);
        this.extents =
                nid == onode.nid()
                        ? onode.extents().copy()
                        : onode.extents().resealed(new Seal(onode.nid()), seal);
        this.attrs.putAll(onode.attrs());
        this.omapHeader = onode.omapHeader();
        this.hasOmap = onode.hasOmap();
        this.hints = onode.hints();
        this.size = onode.size();
    }

    /** What was drafted; the draft may not be changed after. */
    Onode onode() {
        return new Onode(nid, size, hasOmap, hints, omapHeader, attrs, extents);
    }
}
