package io.sepiola.protocol.dump;

import io.sepiola.protocol.osd.HObject;
import io.sepiola.protocol.osd.MissingItem;
import io.sepiola.protocol.osd.PastIntervals;
import io.sepiola.protocol.osd.PgInfo;

/** Parts of what {@code ceph pg PGID query} and {@code list_unfound} show; each adds its fields. */
public final class GroupParts {
    private GroupParts() {}

    /** What a member has. */
    public static void info(PgInfo info, JsonDump out) {
        GroupDump.info(info, out);
    }

    /** An object's name, apart. */
    public static void object(HObject object, JsonDump out) {
        ObjectDump.object(object, out);
    }

    /** Which version of an object is needed, and which one is there. */
    public static void missing(MissingItem item, JsonDump out) {
        PeeringDump.missing(item, out);
    }

    /** Past intervals, under their own name. */
    public static void intervals(PastIntervals past, JsonDump out) {
        PeeringDump.intervals(past, out);
    }
}
