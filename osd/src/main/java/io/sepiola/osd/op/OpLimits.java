package io.sepiola.osd.op;

/**
 * How much one operation may ask for. Ceph's defaults.
 *
 * @param objectSizeMax of an object's data, in bytes (osd_max_object_size)
 * @param writeSizeMax of one message's payload, in bytes (osd_max_write_size)
 * @param nameSizeMax of a name or key, in bytes of UTF-8 (osd_max_object_name_len)
 * @param namespaceSizeMax in bytes of UTF-8 (osd_max_object_namespace_len)
 * @param attrNameSizeMax in bytes of UTF-8 (osd_max_attr_name_len)
 * @param attrSizeMax of an attribute's value, in bytes (osd_max_attr_size)
 * @param omapEntriesMax answered at once (osd_max_omap_entries_per_request)
 * @param listedMax objects listed at once (osd_max_pgls)
 * @param opCountMax operations in one message
 */
public record OpLimits(
        long objectSizeMax,
        long writeSizeMax,
        int nameSizeMax,
        int namespaceSizeMax,
        int attrNameSizeMax,
        int attrSizeMax,
        int omapEntriesMax,
        int listedMax,
        int opCountMax) {
    /** Ceph's. */
    public static final OpLimits DEFAULT =
            new OpLimits(128L << 20, 90L << 20, 2048, 256, 100, 64 << 10, 1024, 1024, 1 << 16);
}
