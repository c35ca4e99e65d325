package io.sepiola.osd.daemon;

import io.sepiola.protocol.osd.GhObject;
import io.sepiola.protocol.osd.HObject;

/** The names of an OSD's own objects, in the collection of that purpose. */
public final class MetaNames {
    /** What the OSD is. */
    public static final GhObject SUPERBLOCK = named("osd_superblock");

    private MetaNames() {}

    private static GhObject named(String name) {
        return GhObject.of(new HObject("", name, "", 0, 0, -1, false));
    }

    /** The whole map of an epoch. */
    public static GhObject map(int epoch) {
        return named("osdmap." + Integer.toUnsignedString(epoch));
    }

    /** What a bench writes to. */
    static GhObject bench(int number) {
        return named("disk_bw_test_" + number);
    }

    /** What the map of an epoch changed of the one before. */
    public static GhObject change(int epoch) {
        return named("inc_osdmap." + Integer.toUnsignedString(epoch));
    }
}
